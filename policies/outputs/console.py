"""A run on the console: findings that fail it, then advice, then exemptions, then a summary."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Final

from rich.console import Console
from rich.control import strip_control_codes
from rich.segment import Segment, Segments
from rich.text import Text

from policies.model import Finding, Severity
from policies.report import Report

_STYLES: Final[dict[Severity, str]] = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def show(report: Report, console: Console, *, every: bool = False) -> None:
    """Print a run.

    Args:
        report: the run.
        console: where to print.
        every: also print findings that pass or do not apply.
    """
    advice = [each for each in report.open if not each.stops]
    _group(console, "Mandatory to fix", [each for each in report.open if each.stops])
    _group(console, "Advisory", [each for each in advice if each.status == "fail"])
    _group(console, "Undetermined", [each for each in advice if each.status == "undetermined"])
    _group(console, "In the baseline", report.known)
    _group(console, "Exempt", report.excused)
    if report.excuses:
        console.print(Text("Exemptions", style="bold"))
        for each in report.excuses:
            text = f"{each.place} {each.rule} on {each.resource}: {each.reason} ({each.owner}, until {each.expires})"
            _print(console, f"  {each.state:8} ", "bold" if each.state != "used" else "", text)
    if report.gone:
        console.print(Text(f"{len(report.gone)} findings of the baseline are gone; save it again", style="dim"))
    if every:
        _group(console, "Passed", report.of("pass"))
        _group(console, "Not applicable", report.of("not_applicable"))
        for rule in report.idle:
            _print(console, f"  {rule} ", "dim", "found no resource of its types")
    _print(console, report.summary(), "bold red" if report.stops else "bold green", "")


def render(report: Report, *, every: bool = False) -> str:
    """Return a run as plain text."""
    text = StringIO()
    show(report, Console(file=text, width=200, no_color=True, highlight=False), every=every)
    return text.getvalue()


def _group(console: Console, title: str, findings: Iterable[Finding]) -> None:
    listed = list(findings)
    if not listed:
        return
    # Segments are neither measured nor wrapped, which keeps thousands of findings fast.
    segments = [Segment(f"{title} ({len(listed)})\n", console.get_style("bold"))]
    for each in listed:
        label = Segment(f"  {each.severity:8} ", console.get_style(_STYLES[each.severity]))
        segments += (label, Segment(f"{strip_control_codes(_text(each))}\n"))
    console.print(Segments(segments), end="", soft_wrap=True)


def _text(finding: Finding) -> str:
    text = f"{finding.rule} {finding.subject}"
    text += f": {finding.message}" if finding.message else ""
    text += f" [{finding.place}]" if finding.file else ""
    return text + (f" (exempt: {finding.exemption})" if finding.exemption is not None else "")


def _print(console: Console, label: str, style: str, text: str) -> None:
    # Brackets in messages are not markup, and one line is one finding.
    console.print(Text.assemble((label, style), text), soft_wrap=True)
