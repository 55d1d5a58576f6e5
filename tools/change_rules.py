"""The rules on a change, asked about a preview of a stack that has a state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tools.engine import Finished, write
from tools.local_services import ROOT
from tools.pull_request.refusals import errors

Held = Mapping[str, Mapping[str, int]]


def tell(
    preview: Finished,
    state: Mapping[str, Any],
    held: Callable[[], Held],
    stack: str,
    file: str,
    say: Callable[[str], None],
) -> int:
    """Say what the rules find in the change of a preview, add it to the report of the pack, and return the exit code.

    Args:
        preview: the preview, with its events.
        state: the exported state from before; nothing is said of a stack without one.
        held: returns the addresses in use, by subnet and holder.
        stack: name of the stack.
        file: the report of the policy pack, to which the findings are added; empty for none.
        say: gets each line.

    Raises:
        SpecError: a file of the policies has problems.
    """
    made = [each for each in (state.get("deployment") or {}).get("resources") or [] if each.get("custom")]
    if all(each["type"].startswith("pulumi:") for each in made):
        return 0
    stopped = errors(preview) if preview.code else []
    if stopped:
        say(f"the change rules were not evaluated: the preview stopped at '{stopped[0]}'")
        return 0
    # The rules take a second to read, which other verbs need not wait for.
    from policies.changes.judging import judge_change  # noqa: PLC0415 - as said
    from policies.outputs import json_output  # noqa: PLC0415 - as said
    from policies.plan import of_events  # noqa: PLC0415 - as said
    from policies.report import joined  # noqa: PLC0415 - as said

    report = judge_change(of_events(preview.events, state, held()), ROOT, stack)
    for finding in report.open:
        say(f"{finding.level} {finding.rule} {finding.subject}: {finding.message}")
    if not report.open:
        say("the rules on the change pass")
    if file and Path(file).is_file():
        write(Path(file), json_output.render(joined([report, json_output.load(Path(file))])))
    return int(report.stops)
