"""A pull request comment: findings that fail the run first, never longer than GitHub accepts.

A comment holds 65,536 characters [GITHUB-COMMENT]. Rows are written, most severe first, as long as there is room for them and
for the line that counts the rest. Room for exemptions and the summary is reserved.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from policies.model import Finding
from policies.report import Excuse, Report, by_severity

LIMIT: Final = 65_536
"""Characters that a comment may have."""

MARKER: Final = "<!-- moorings-policies -->"
"""First line, which identifies an earlier comment."""

_CELL: Final = 400
_SHARES: Final = {"undetermined": 6_000, "known": 3_000, "exempt": 8_000, "exemptions": 8_000}
"""Characters reserved for each section after the failures."""

Item = TypeVar("Item")


def render(report: Report, limit: int = LIMIT) -> str:
    """Return the run as Markdown of at most `limit` characters."""
    head = f"{MARKER}\n## Policies{f' of stack {_cell(report.stack)}' if report.stack else ''}\n\n{report.summary()}\n"
    rest = _sections(report, limit)
    failures = _failures(report, limit - len(head) - len(rest))
    return head + failures + rest


def _sections(report: Report, limit: int) -> str:
    """Return all sections after the failures, each within its share of the limit."""

    def share(name: str) -> int:
        return _SHARES[name] * limit // LIMIT

    undetermined = [each for each in report.open if each.status == "undetermined"]
    return "".join(
        (
            _section("Undetermined", _HEADING, undetermined, _line, share("undetermined")),
            _section("In the baseline", _HEADING, report.known, _line, share("known")),
            _section("Exempt", _EXEMPT, report.excused, _exempt_line, share("exempt")),
            _section("Exemptions", _EXCUSES, report.excuses, _excuse_line, share("exemptions")),
        )
    )


def _failures(report: Report, room: int) -> str:
    """Return the failures by severity, as many rows as there is room for."""
    text = ""
    failed = [each for each in report.open if each.status == "fail"]
    for severity, findings in by_severity(sorted(failed, key=lambda each: not each.stops)):
        text += _section(severity.capitalize(), _HEADING, findings, _line, room - len(text))
    return text


_HEADING: Final = "| rule | resource | finding | place |\n|---|---|---|---|\n"
_EXEMPT: Final = "| rule | resource | finding | exemption |\n|---|---|---|---|\n"
_EXCUSES: Final = "| state | rule | resource | reason | owner | until |\n|---|---|---|---|---|---|\n"


def _section(title: str, heading: str, items: Sequence[Item], line: Callable[[Item], str], room: int) -> str:
    """Return a section with as many rows as fit and the number of those that do not; empty without items."""
    if not items:
        return ""
    top = f"\n### {title} ({len(items)})\n\n{heading}"
    last = f"\n… and {len(items)} more: see the full report.\n"
    left = room - len(top) - len(last)
    shown: list[str] = []
    for item in items:
        text = line(item)
        left -= len(text)
        if left < 0:
            break
        shown.append(text)
    if not shown:
        return last if len(last) <= room else ""
    missing = len(items) - len(shown)
    return top + "".join(shown) + (f"\n… and {missing} more: see the full report.\n" if missing else "")


def _line(finding: Finding) -> str:
    mark = "⛔ " if finding.stops else ""
    place = f"`{_code(finding.place)}`" if finding.file else ""
    return _table_row(f"{mark}{finding.rule}", f"`{_code(finding.subject)}`", finding.message, place)


def _exempt_line(finding: Finding) -> str:
    return _table_row(finding.rule, f"`{_code(finding.subject)}`", finding.message, finding.exemption or "")


def _excuse_line(excuse: Excuse) -> str:
    return _table_row(
        excuse.state, excuse.rule, f"`{_code(excuse.resource)}`", excuse.reason, excuse.owner, excuse.expires
    )


def _table_row(*cells: str) -> str:
    return f"| {' | '.join(cell if cell.startswith('`') else _cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    """Return a text that stays in one cell and is neither markup nor a mention."""
    short = text if len(text) <= _CELL else text[: _CELL - 1] + "…"
    for mark, safe in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("@", "&#64;"), ("\r", " "), ("\n", " ")):
        short = short.replace(mark, safe)
    return short


def _code(text: str) -> str:
    return text[:_CELL].replace("`", "'").replace("|", "\\|").replace("\n", " ")
