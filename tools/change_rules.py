"""Evaluates the change rules for the preview of a stack that has a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tools.engine import Finished, write
from tools.local_services import ROOT
from tools.pull_request.refusals import errors

Held = Mapping[str, Mapping[str, int]]


def evaluate(
    preview: Finished,
    state: Mapping[str, Any],
    held: Callable[[], Held],
    stack: str,
    file: str,
    say: Callable[[str], None],
) -> int:
    """Print the findings of the change rules for a preview, add them to the report of the policy pack, and return the exit code.

    Args:
        preview: the preview, with its events.
        state: the exported state before the change; a stack without a state has no findings.
        held: returns the addresses in use, by subnet and owner.
        stack: name of the stack.
        file: the report of the policy pack, to which the findings are added; empty for none.
        say: called with each line of output.

    Raises:
        SpecError: a settings, exemptions or approvals file is invalid.
    """
    resources = [each for each in (state.get("deployment") or {}).get("resources") or [] if each.get("custom")]
    if all(each["type"].startswith("pulumi:") for each in resources):
        return 0
    stopped = errors(preview) if preview.code else []
    if stopped:
        say(f"the change rules were not evaluated: the preview stopped at '{stopped[0]}'")
        return 0
    # Importing the rules takes a second, which other verbs must not pay for.
    from policies.changes.judging import judge_change  # noqa: PLC0415 - see above
    from policies.outputs import json_output  # noqa: PLC0415 - see above
    from policies.plan import of_events  # noqa: PLC0415 - see above
    from policies.report import joined  # noqa: PLC0415 - see above

    report = judge_change(of_events(preview.events, state, held()), ROOT, stack)
    for finding in report.open:
        say(f"{finding.level} {finding.rule} {finding.subject}: {finding.message}")
    if not report.open:
        say("the rules on the change pass")
    if file and Path(file).is_file():
        write(Path(file), json_output.render(joined([report, json_output.load(Path(file))])))
    return int(report.stops)
