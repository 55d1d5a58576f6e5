"""Evaluates the policies for the plan of a branch: the rules on resources, and the rules on the change."""

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
    """The verdicts of the policies.

    Attributes:
        report: every finding, for the outputs; None if a file of the policies is invalid.
        refusals: one line for each finding that stops the change, and for each problem of such a file.
        new: one line for each failure that the state before the change does not have.
        resolved: one line for each failure that only that state has; empty for an incomplete plan.
        whole: whether all resources and the change were evaluated, not only single resources of an incomplete plan.
    """

    report: Report | None
    refusals: tuple[str, ...]
    new: tuple[str, ...] = ()
    resolved: tuple[str, ...] = ()
    whole: bool = True

    @property
    def judged(self) -> int:
        """Number of resources with a verdict."""
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
    """Evaluate the policies for a plan.

    In an incomplete plan, only single resources are evaluated, because the engine may not have reached related resources.

    Args:
        program: folder of the program, with its settings, exemptions and approvals.
        stack: name of the stack.
        plan: output of `pulumi preview --json --show-sames`.
        state: the exported state before the change.
        held: addresses in use, by subnet and owner.
        resources: whether to evaluate the resources too, not only the change.
        whole: whether the plan contains all registered and all deleted resources.
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
    failures_before: dict[tuple[str, str, str | None], Finding] = {}
    if resources:
        reports.append(prepared.judge(changes) if whole else prepared.judge_singly(changes))
        # A separate copy of the exemptions, because they record their uses.
        before = replace(prepared, exemptions=replace(prepared.exemptions, used=set(), missed=set()))
        failures_before = _failures(
            before.judge(graph_of((state.get("deployment") or {}).get("resources") or ())).findings
        )
    places = of_program(program, stack, changes)
    report = joined([placed(each, places) for each in reports])
    if not whole:
        # An exemption may apply to a resource that was not reached, so it is not reported as unused.
        report = replace(report, excuses=tuple(each for each in report.excuses if each.state != "unused"))
    findings = [finding for each in reports for finding in each.findings]
    failures = _failures(findings)
    return Verdicts(
        report,
        tuple(_line(each) for each in findings if each.stops),
        new=tuple(_line(each) for key, each in failures.items() if key not in failures_before),
        resolved=tuple(_line(each) for key, each in failures_before.items() if key not in failures) if whole else (),
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
    """Return verdicts with those of the rules on pulls, after a plan was applied.

    Args:
        verdicts: the verdicts on the plan; None if it was not evaluated.
        program: folder of the program, as for `judged`.
        stack: name of the stack.
        plan: the plan that was applied.
        state: the exported state before the change.
        lost: the pulls that the change broke.
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
        refusals=(*before.refusals, *(_line(each) for each in report.findings if each.stops)),
        new=(*before.new, *(_line(each) for each in _failures(report.findings).values())),
    )


def _failures(findings: Iterable[Finding]) -> dict[tuple[str, str, str | None], Finding]:
    """Return the failures that are not exempt, by rule, resource and property."""
    return {
        (each.rule, each.urn, each.path): each
        for each in findings
        if each.status == "fail" and each.exemption is None and not each.known
    }


def _line(finding: Finding) -> str:
    """Return a finding as one line: rule, resource, message."""
    return f"{finding.rule} {finding.urn.rpartition('::')[2]}: {' '.join(finding.message.split())}"
