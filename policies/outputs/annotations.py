"""GitHub's annotations: one workflow command a line, errors for what must be mended, warnings and notices for the rest.

GitHub shows ten of each kind and step [GITHUB-COMMANDS]; the worst come first.
"""

from __future__ import annotations

from policies.outputs.sheet import Excuse, Row, Sheet


def render(sheet: Sheet) -> str:
    """Return the run as workflow commands."""
    rows = [row for row in sheet.rows if row.loud]
    rows.sort(key=lambda row: (not row.stops, not row.open))
    lines = [_command(row) for row in rows]
    lines += [
        f"::notice {_place(each)}title={_property('exemption ' + each.state)}::"
        + _data(f"{each.place} {each.rule} on {each.resource}: {each.reason} ({each.owner}, until {each.expires})")
        for each in sheet.excuses
    ]
    lines.append(f"::{'error' if sheet.stops else 'notice'} title=policies::{_data(sheet.summary())}")
    return "\n".join(lines) + "\n"


def _command(row: Row) -> str:
    kind = "error" if row.stops else "warning" if row.open else "notice"
    text = f"{row.subject}: {row.message}"
    if row.status == "undetermined":
        text = f"undetermined: {text}"
    if row.exemption is not None:
        text = f"exempt: {row.exemption}: {text}"
    elif row.known:
        text = f"known before: {text}"
    return f"::{kind} {_place(row)}title={_property(f'{row.rule} {row.title}')}::{_data(text)}"


def _place(at: Row | Excuse) -> str:
    return f"file={_property(at.file)},line={at.line}," if at.file else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
