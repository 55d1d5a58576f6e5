"""What the policies say of a branch's plan: the rules on its resources, and the rules on the change itself."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planning.problems import SpecError
from policies import rules
from policies.changes import APPROVALS_FILE, CHANGE_RULES, judge_changes, load_approvals
from policies.engine import Report
from policies.model import Finding
from policies.plan import of_preview
from policies.preparation import prepare


@dataclass(frozen=True)
class Verdicts:
    """What the policies say.

    Attributes:
        report: every finding, for the outputs; None where a file of the policies is wrong.
        refusals: one line for each finding that stops the change, and for each problem of such a file.
    """

    report: Report | None
    refusals: tuple[str, ...]


def judged(
    folder: Path,
    stack: str,
    plan: Mapping[str, Any],
    state: Mapping[str, Any],
    held: Mapping[str, Mapping[str, int]],
    *,
    resources: bool = True,
) -> Verdicts:
    """Judge a plan.

    Args:
        folder: where the policies' settings, exemptions and approvals are.
        stack: name of the stack.
        plan: what `pulumi preview --json --show-sames` printed.
        state: the exported state from before.
        held: addresses taken, by subnet and holder.
        resources: whether to judge the resources too, and not only the change.
    """
    changes = of_preview(plan, state, held)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    try:
        prepared = prepare(folder, stack, (*(rules.RULES if resources else ()), *CHANGE_RULES), today=today)
        approvals = load_approvals(folder / APPROVALS_FILE, today=today, stack=stack)
    except SpecError as error:
        return Verdicts(None, tuple(str(error).splitlines()))
    report = judge_changes(changes, settings=prepared.settings, stack=stack, approvals=approvals)
    if resources:
        ids = {each.id for each in CHANGE_RULES}
        own = replace(prepared, active=[each for each in prepared.active if each.rule.id not in ids])
        report = _joined(own.judge(changes), report)
    return Verdicts(report, tuple(refusal(each) for each in report.findings if each.stops))


def _joined(policies: Report, changes: Report) -> Report:
    findings = (*changes.of("fail", "undetermined"), *policies.findings, *changes.of("pass", "not_applicable"))
    return replace(policies, findings=findings, rules={**policies.rules, **changes.rules})


def refusal(finding: Finding) -> str:
    """Return a finding that stops a change as one line: rule, resource, what is wrong."""
    return f"{finding.rule} {finding.urn.rpartition('::')[2]}: {' '.join(finding.message.split())}"
