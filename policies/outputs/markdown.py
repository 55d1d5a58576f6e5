"""A pull request's comment: what must be mended first, never longer than GitHub takes.

A comment holds 65,536 characters [GITHUB-COMMENT]. Rows are written, the worst first, for as long as there is room for
them and for the line that counts the rest; exemptions and the summary have their room kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from policies.outputs.sheet import Excuse, Row, Sheet, by_severity

LIMIT: Final = 65_536
"""Characters that a comment may have."""

MARKER: Final = "<!-- moorings-policies -->"
"""First line, by which an earlier comment is found again."""

_CELL: Final = 400
_SHARES: Final = {"undetermined": 6_000, "known": 3_000, "exempt": 8_000, "exemptions": 8_000}
"""Characters kept for each section after the failures."""

Item = TypeVar("Item")


def render(sheet: Sheet, limit: int = LIMIT) -> str:
    """Return the run as Markdown of at most `limit` characters."""
    head = f"{MARKER}\n## Policies{f' of stack {_cell(sheet.stack)}' if sheet.stack else ''}\n\n{sheet.summary()}\n"
    rest = _sections(sheet, limit)
    failures = _failures(sheet, limit - len(head) - len(rest))
    return head + failures + rest


def _sections(sheet: Sheet, limit: int) -> str:
    """Return all sections after the failures, each within its share of the limit."""

    def share(name: str) -> int:
        return _SHARES[name] * limit // LIMIT

    open_questions = [row for row in sheet.open if row.status == "undetermined"]
    return "".join(
        (
            _section("Undetermined", _HEADING, open_questions, _line, share("undetermined")),
            _section("Known before", _HEADING, sheet.known, _line, share("known")),
            _section("Exempt", _EXEMPT, sheet.excused, _exempt_line, share("exempt")),
            _section("Exemptions", _EXCUSES, sheet.excuses, _excuse_line, share("exemptions")),
        )
    )


def _failures(sheet: Sheet, room: int) -> str:
    """Return the failures by severity, as many rows as there is room for."""
    text = ""
    failed = [row for row in sheet.open if row.status == "fail"]
    for severity, rows in by_severity(sorted(failed, key=lambda row: not row.stops)):
        text += _section(severity.capitalize(), _HEADING, rows, _line, room - len(text))
    return text


_HEADING: Final = "| rule | resource | what is wrong | place |\n|---|---|---|---|\n"
_EXEMPT: Final = "| rule | resource | what is excused | why |\n|---|---|---|---|\n"
_EXCUSES: Final = "| state | rule | resource | reason | owner | until |\n|---|---|---|---|---|---|\n"


def _section(title: str, heading: str, items: Sequence[Item], line: Callable[[Item], str], room: int) -> str:
    """Return a section with as many rows as fit, and the number of those that do not; nothing without items."""
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


def _line(row: Row) -> str:
    mark = "⛔ " if row.stops else ""
    return _table_row(
        f"{mark}{row.rule}", f"`{_code(row.subject)}`", row.message, f"`{_code(row.place)}`" if row.file else ""
    )


def _exempt_line(row: Row) -> str:
    return _table_row(row.rule, f"`{_code(row.subject)}`", row.message, row.exemption or "")


def _excuse_line(excuse: Excuse) -> str:
    return _table_row(
        excuse.state, excuse.rule, f"`{_code(excuse.resource)}`", excuse.reason, excuse.owner, excuse.expires
    )


def _table_row(*cells: str) -> str:
    return f"| {' | '.join(cell if cell.startswith('`') else _cell(cell) for cell in cells)} |\n"


def _cell(text: str) -> str:
    """Return a text that stays one cell and is neither markup nor a mention of somebody."""
    short = text if len(text) <= _CELL else text[: _CELL - 1] + "…"
    for mark, safe in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("@", "&#64;"), ("\r", " "), ("\n", " ")):
        short = short.replace(mark, safe)
    return short


def _code(text: str) -> str:
    return text[:_CELL].replace("`", "'").replace("|", "\\|").replace("\n", " ")
