"""GitHub workflow annotations: one command a line, errors for findings that fail the run, warnings and notices for the rest.

GitHub shows ten of each kind for a step [GITHUB-COMMANDS], so the most severe come first.
"""

from __future__ import annotations

from policies.model import Finding
from policies.report import Excuse, Report


def render(report: Report) -> str:
    """Return the run as workflow commands."""
    findings = [each for each in report.findings if each.loud]
    findings.sort(key=lambda each: (not each.stops, not each.open))
    lines = [_command(each, report.rules[each.rule].title) for each in findings]
    lines += [
        f"::notice {_place(each)}title={_property('exemption ' + each.state)}::"
        + _data(f"{each.place} {each.rule} on {each.resource}: {each.reason} ({each.owner}, until {each.expires})")
        for each in report.excuses
    ]
    lines.append(f"::{'error' if report.stops else 'notice'} title=policies::{_data(report.summary())}")
    return "\n".join(lines) + "\n"


def _command(finding: Finding, title: str) -> str:
    kind = "error" if finding.stops else "warning" if finding.open else "notice"
    text = f"{finding.subject}: {finding.message}"
    if finding.status == "undetermined":
        text = f"undetermined: {text}"
    if finding.exemption is not None:
        text = f"exempt: {finding.exemption}: {text}"
    elif finding.known:
        text = f"in the baseline: {text}"
    return f"::{kind} {_place(finding)}title={_property(f'{finding.rule} {title}')}::{_data(text)}"


def _place(at: Finding | Excuse) -> str:
    return f"file={_property(at.file)},line={at.line}," if at.file else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
