"""Rules on a change: deletions and replacements that need an approval, interruptions, and subnets that become too small.

They judge `policies.plan.Changes`, where other rules judge one program, with the same ids, levels, configuration and outputs. An
approval in `policies/approvals.yaml` allows a change that they would stop. It has the form of an exemption::

    approvals:
      - rule: MOOR-CHG-001
        resource: contoso-registry-registry
        reason: the registry moves to another subscription; all clients have pulled from the new one since 1 March
        owner: platform@contoso.example
        expires: 2027-03-31
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Final

from policies import exemptions
from policies.changes.addresses import every_subnet_has_room_afterwards
from policies.changes.dependents import consumers_are_not_left_behind
from policies.changes.interruptions import work_is_not_interrupted_unasked
from policies.changes.pulls import PULL_RULES
from policies.changes.replicas import replicas_go_last, replicas_leave_routing_first
from policies.configuration import Settings, select
from policies.engine import judge
from policies.exemptions import Exemptions
from policies.model import Rule
from policies.plan import Changes
from policies.report import Report

LONGEST_APPROVAL_DAYS: Final = 92
"""Longest time until an approval expires: it is for one change (chosen)."""

PLAN_RULES: Final[tuple[Rule, ...]] = (
    consumers_are_not_left_behind,
    replicas_go_last,
    replicas_leave_routing_first,
    every_subnet_has_room_afterwards,
    work_is_not_interrupted_unasked,
)
"""The rules that judge a plan."""

CHANGE_RULES: Final = (*PLAN_RULES, *PULL_RULES)
"""All rules on changes."""


def load_approvals(path: Path, *, today: datetime.date, stack: str = "") -> Exemptions:
    """Read the approvals file; without one, nothing is approved.

    Args:
        path: the file.
        today: the date that expiry is compared with.
        stack: the stack whose change is judged.

    Raises:
        SpecError: an entry is incomplete, names no change rule, or expires too late.
    """
    known = [each.id for each in CHANGE_RULES]
    longest = LONGEST_APPROVAL_DAYS
    return exemptions.load(path, today=today, known_rules=known, stack=stack, longest_days=longest, under="approvals")


def judge_changes(
    changes: Changes, *, settings: Settings | None = None, stack: str = "", approvals: Exemptions | None = None
) -> Report:
    """Judge a change by the rules on plans; one that was applied, by the rules on pulls.

    Args:
        changes: the change.
        settings: levels of single rules; None for the defaults.
        stack: name of the stack.
        approvals: changes that are approved.
    """
    rules = PLAN_RULES if changes.pulls is None else PULL_RULES
    ids = {each.id for each in rules}
    given = (settings or Settings()).of_stack(stack)
    own = given.model_copy(update={"rules": {k: v for k, v in given.rules.items() if k in ids}, "baseline": None})
    report = judge(select(rules, own), changes, stack=stack, exemptions=approvals)
    return replace(report, excuses=tuple(excuse for excuse in report.excuses if excuse.rule in ids))
