"""What the policies say of a branch's plan: the rules on its resources, and the rules on the change itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planning.problems import SpecError
from policies.changes import judge_changes, load_approvals
from policies.changes.common import APPROVALS_FILE
from policies.changes.judging import judge_change
from policies.fronts.offline import graph_of
from policies.model import Finding
from policies.places import of_program, placed
from policies.plan import LostPull, of_preview
from policies.preparation import folder_for, prepare
from policies.report import Report, joined
from policies.rules import RULES


@dataclass(frozen=True)
class Verdicts:
    """What the policies say.

    Attributes:
        report: every finding, for the outputs; None where a file of the policies is wrong.
        refusals: one line for each finding that stops the change, and for each problem of such a file.
        new: one line for each failure that the state from before does not have.
        mended: one line for each failure that only that state has; none where the plan is not whole.
        whole: whether all resources and the change were judged, and not only single resources of a plan that broke off.
    """

    report: Report | None
    refusals: tuple[str, ...]
    new: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()
    whole: bool = True

    @property
    def judged(self) -> int:
        """How many resources have a verdict."""
        return len({each.urn for each in self.report.findings}) if self.report else 0


def judged(
    program: Path,
    stack: str,
    plan: Mapping[str, Any],
    state: Mapping[str, Any],
    held: Mapping[str, Mapping[str, int]],
    *,
    resources: bool = True,
    whole: bool = True,
) -> Verdicts:
    """Judge a plan.

    Of a plan that is not whole only single resources are judged: what a rule misses may be what the engine never reached.

    Args:
        program: folder of the program, with the settings, exemptions and approvals below it.
        stack: name of the stack.
        plan: what `pulumi preview --json --show-sames` printed.
        state: the exported state from before.
        held: addresses taken, by subnet and holder.
        resources: whether to judge the resources too, and not only the change.
        whole: whether the plan holds all that the program wants, and all that goes.
    """
    changes = of_preview(plan, state if whole else None, held)
    folder = folder_for(program)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    try:
        prepared = prepare(folder, stack, RULES, today=today, program=program)
        approvals = load_approvals(folder / APPROVALS_FILE, today=today, stack=stack)
    except SpecError as error:
        return Verdicts(None, tuple(str(error).splitlines()))
    reports: list[Report] = []
    if whole:
        reports.append(judge_changes(changes, settings=prepared.settings, stack=stack, approvals=approvals))
    had: dict[tuple[str, str, str | None], Finding] = {}
    if resources:
        reports.append(prepared.judge(changes) if whole else prepared.judge_singly(changes))
        # With exemptions of its own, for they note what they were used for.
        before = replace(prepared, exemptions=replace(prepared.exemptions, used=set(), missed=set()))
        had = _failures(before.judge(graph_of((state.get("deployment") or {}).get("resources") or ())).findings)
    places = of_program(program, stack, changes)
    report = joined([placed(each, places) for each in reports])
    if not whole:
        # Who knows what an exemption that was not needed yet would have excused.
        report = replace(report, excuses=tuple(each for each in report.excuses if each.state != "unused"))
    findings = [finding for each in reports for finding in each.findings]
    has = _failures(findings)
    return Verdicts(
        report,
        tuple(_told(each) for each in findings if each.stops),
        new=tuple(_told(each) for key, each in has.items() if key not in had),
        mended=tuple(_told(each) for key, each in had.items() if key not in has) if whole else (),
        whole=whole,
    )


def with_pulls(
    verdicts: Verdicts | None,
    program: Path,
    stack: str,
    plan: Mapping[str, Any],
    state: Mapping[str, Any],
    lost: Sequence[LostPull],
) -> Verdicts:
    """Return verdicts with those of the rules on pulls, once a plan is applied.

    Args:
        verdicts: what the policies said of the plan; None where they were not asked.
        program: folder of the program, as for `judged`.
        stack: name of the stack.
        plan: the plan that was applied.
        state: the exported state from before.
        lost: the pulls that it broke.
    """
    changes = of_preview(plan, state, pulls=lost)
    try:
        report = judge_change(changes, program, stack)
    except SpecError as error:
        return Verdicts(None, tuple(str(error).splitlines()))
    before = verdicts or Verdicts(None, ())
    reports = [before.report] if before.report else []
    return replace(
        before,
        report=joined([*reports, report]),
        refusals=(*before.refusals, *(_told(each) for each in report.findings if each.stops)),
        new=(*before.new, *(_told(each) for each in _failures(report.findings).values())),
    )


def _failures(findings: Iterable[Finding]) -> dict[tuple[str, str, str | None], Finding]:
    """Return what failed and nobody excused, by rule, resource and property."""
    return {
        (each.rule, each.urn, each.path): each
        for each in findings
        if each.status == "fail" and each.exemption is None and not each.known
    }


def _told(finding: Finding) -> str:
    """Return a finding as one line: rule, resource, what is wrong."""
    return f"{finding.rule} {finding.urn.rpartition('::')[2]}: {' '.join(finding.message.split())}"
