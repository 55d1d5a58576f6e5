"""Formats the refusals of a change: errors of the engine and violations of the policy pack, one line each."""

from __future__ import annotations

import re

from tools.engine import PROTECTED, Finished

_MARKUP = re.compile(r"<\{%.*?%\}>|\x1b\[[0-9;]*m")
KEPT = "is protected, and would be replaced or deleted; state protect: false for it first"
"""Message for a protected resource."""

_UNSPECIFIC = re.compile(
    r"^(update|preview) failed$|^Running program .* failed with an unhandled exception"
    r"|^an unhandled error occurred: Program exited with non-zero exit code"
)
_PLACE = re.compile(r"^\S+:\d+ ")
_CANCELLED = re.compile(r"(?i)\bcontext cancell?ed\b|\bcode = Cancell?ed\b")
"""Message of a pending resource if another resource fails the operation."""


def further(lines: list[str], known: list[str]) -> list[str]:
    """Return the lines without those already known; the policy pack and the report word the same finding differently."""
    findings = tuple(line.partition(": ")[0] + ": " for line in known if line.startswith("MOOR-"))
    return [line for line in lines if line not in known and not line.startswith(findings)]


def refusals(finished: Finished) -> list[str]:
    """Return a line for each refusal of the change; a failure of the engine always has one."""
    found = [*_violations(finished), *(errors(finished) if finished.code else [])]
    if finished.code and not found:
        lines = [line.strip() for line in finished.output.splitlines() if line.strip()]
        found = [lines[-1] if lines else f"the engine ended with {finished.code} without a message"]
    return _causes(found)


def _violations(finished: Finished) -> list[str]:
    """Return the mandatory violations of the policy pack, one line each."""
    events = (event["policyEvent"] for event in finished.events if "policyEvent" in event)
    return [
        f"{event['policyName']} {str(event.get('resourceUrn') or '').rpartition('::')[2]}: {_one_line(event['message'])}"
        for event in events
        if event.get("enforcementLevel") == "mandatory"
    ]


def errors(finished: Finished) -> list[str]:
    """Return the engine's errors, one line each, without unspecific errors.

    Errors of resources that were cancelled because another one failed are included only if there is no other error.
    """
    lines: list[str] = []
    for event in finished.events:
        diagnostic = event.get("diagnosticEvent") or {}
        if diagnostic.get("severity") != "error":
            continue
        name = str(diagnostic.get("urn") or "").rpartition("::")[2]
        texts = [text for text in _MARKUP.sub("", str(diagnostic.get("message") or "")).splitlines() if text.strip()]
        if any(words in text for words in PROTECTED for text in texts):
            lines.append(f"{name}: {KEPT}")
            continue
        if any(text.startswith("Traceback ") for text in texts):
            texts = [f"the program ends with {texts[-1]}"]
        for text in texts:
            line = text.strip().removeprefix("error:").strip()
            if not _UNSPECIFIC.match(line):
                is_program = (
                    line.startswith("stacks/") or not name or "pulumi:pulumi:Stack" in str(diagnostic.get("urn"))
                )
                lines.append(line if is_program else f"{name}: {line}")
    return _causes(lines)


def warnings(finished: Finished) -> list[str]:
    """Return the warnings of the program and the engine, one line each."""
    diagnostics = (event.get("diagnosticEvent") or {} for event in finished.events)
    texts = (_one_line(str(each.get("message") or "")) for each in diagnostics if each.get("severity") == "warning")
    return list(dict.fromkeys(text.removeprefix("warning: ") for text in texts if text))


def further_warnings(lines: list[str], before: list[str]) -> list[str]:
    """Return the warnings without those already known; the line number in a stack file may have changed."""
    known = {_PLACE.sub("", line) for line in before}
    return [line for line in lines if _PLACE.sub("", line) not in known]


def _causes(lines: list[str]) -> list[str]:
    """Return the lines without duplicates and without those of cancelled resources."""
    causes = [line for line in lines if not _CANCELLED.search(line)]
    return list(dict.fromkeys(causes or lines))


def _one_line(text: str) -> str:
    return " ".join(_MARKUP.sub("", text).split())
