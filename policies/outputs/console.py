"""A run on the console: what must be mended, then what is only told, then exemptions, then one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Final

from rich.console import Console
from rich.control import strip_control_codes
from rich.segment import Segment, Segments
from rich.text import Text

from policies.model import Severity
from policies.outputs.sheet import Row, Sheet

_STYLES: Final[dict[Severity, str]] = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def show(sheet: Sheet, console: Console, *, every: bool = False) -> None:
    """Print a run.

    Args:
        sheet: the run.
        console: where to.
        every: print passes and what does not apply too.
    """
    _group(console, "Must be mended", [row for row in sheet.open if row.stops])
    _group(console, "Told", [row for row in sheet.open if row.status == "fail" and not row.stops])
    _group(console, "Undetermined", [row for row in sheet.open if row.status == "undetermined" and not row.stops])
    _group(console, "Known before", sheet.known)
    _group(console, "Exempt", sheet.excused)
    if sheet.excuses:
        console.print(Text("Exemptions", style="bold"))
        for each in sheet.excuses:
            told = f"{each.place} {each.rule} on {each.resource}: {each.reason} ({each.owner}, until {each.expires})"
            _print(console, f"  {each.state:8} ", "bold" if each.state != "used" else "", told)
    if sheet.gone:
        console.print(Text(f"{len(sheet.gone)} findings of the baseline are gone: save it again", style="dim"))
    if every:
        _group(console, "Passed", [row for row in sheet.rows if row.status == "pass"])
        _group(console, "Not applicable", [row for row in sheet.rows if row.status == "not_applicable"])
        for rule in sheet.idle:
            _print(console, f"  {rule} ", "dim", "found no resource of its types")
    _print(console, sheet.summary(), "bold red" if sheet.stops else "bold green", "")


def render(sheet: Sheet, *, every: bool = False) -> str:
    """Return a run as plain text."""
    text = StringIO()
    show(sheet, Console(file=text, width=200, no_color=True, highlight=False), every=every)
    return text.getvalue()


def _group(console: Console, title: str, rows: Iterable[Row]) -> None:
    listed = list(rows)
    if not listed:
        return
    # As segments, which nobody measures or wraps: thousands of findings are printed in no time.
    segments = [Segment(f"{title} ({len(listed)})\n", console.get_style("bold"))]
    for row in listed:
        label = Segment(f"  {row.severity:8} ", console.get_style(_STYLES[row.severity]))
        segments += (label, Segment(f"{strip_control_codes(_told(row))}\n"))
    console.print(Segments(segments), end="", soft_wrap=True)


def _told(row: Row) -> str:
    told = f"{row.rule} {row.subject}"
    told += f": {row.message}" if row.message else ""
    told += f" [{row.place}]" if row.file else ""
    return told + (f" (exempt: {row.exemption})" if row.exemption is not None else "")


def _print(console: Console, label: str, style: str, told: str) -> None:
    # As text, for brackets in messages are no markup, and not wrapped, for a line is a finding.
    console.print(Text.assemble((label, style), told), soft_wrap=True)
