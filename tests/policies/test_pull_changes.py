"""Rules on the pulls that a change breaks: what is reported, of which resource, and what an approval lets pass."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from policies.changes import CHANGE_RULES, PLAN_RULES, PULL_RULES, judge_changes, load_approvals
from policies.plan import Changes, LostPull, of_preview
from policies.report import Report

APP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.App/containerApps/web"
REGISTRY = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso"
FLIP = "PUT Microsoft.ContainerRegistry/registries contoso"
GRANT = "PUT Microsoft.Authorization/roleAssignments 1"
TODAY = datetime.date(2026, 12, 1)


def pull(**changed: Any) -> LostPull:
    given: dict[str, Any] = {
        "consumer": "container app web",
        "consumer_id": APP.upper(),
        "action": "pull",
        "image": "contoso.azurecr.io/web:1",
        "reason": "its identity has no role on registry contoso",
        "resource": REGISTRY,
        "began": FLIP,
        **changed,
    }
    return LostPull(**given)


def applied(*pulls: LostPull) -> Changes:
    """A change of an app that was there before, once it is applied."""
    state = {
        "urn": "urn:pulumi:prod::moorings::azure-native:app:ContainerApp::contoso-web",
        "type": "azure-native:app:ContainerApp",
        "custom": True,
        "id": APP,
        "inputs": {},
    }
    step = {"op": "same", "urn": state["urn"], "oldState": state, "newState": {**state, "id": ""}}
    return of_preview({"steps": [step]}, pulls=pulls)


def failures(report: Report) -> list[tuple[str, str, str]]:
    return [(each.rule, each.urn.rpartition("::")[2], each.message) for each in report.of("fail")]


def test_a_change_that_breaks_no_pull_passes_both_rules() -> None:
    report = judge_changes(applied())
    assert ({each.rule for each in report.of("pass")}, report.stops) == ({each.id for each in PULL_RULES}, False)


def test_plans_and_applied_changes_are_evaluated_by_rules_of_their_own() -> None:
    assert {*PLAN_RULES} | {*PULL_RULES} == {*CHANGE_RULES}
    assert not {*PLAN_RULES} & {*PULL_RULES}
    report = judge_changes(of_preview({"steps": []}))
    assert {each.rule for each in report.findings} == {each.id for each in PLAN_RULES}


def test_a_pull_that_fails_afterwards_is_reported_of_its_consumer() -> None:
    report = judge_changes(applied(pull(writes=(FLIP,))))
    assert report.stops
    assert failures(report) == [
        (
            "MOOR-CHG-006",
            "contoso-web",
            "container app web cannot pull contoso.azurecr.io/web:1, because its identity has no role on registry contoso "
            f"({REGISTRY}), after the change; it fails since {FLIP}; to allow it, approve MOOR-CHG-006 for contoso-web in "
            "policies/approvals.yaml",
        )
    ]


def test_a_pull_that_fails_for_a_while_is_reported_with_the_writes_between() -> None:
    writes = (FLIP, *(f"DELETE {number}" for number in range(4)))
    report = judge_changes(applied(pull(ended=GRANT, writes=writes)))
    ((rule, name, message),) = failures(report)
    assert (rule, name, report.stops) == ("MOOR-CHG-007", "contoso-web", True)
    assert f"for a while, from {FLIP} until {GRANT} (5 writes: {FLIP}, DELETE 0, DELETE 1 and 2 more)" in message
    assert "; make the change in steps with `./moorings plan`; to allow it, approve MOOR-CHG-007" in message


def test_a_consumer_without_a_resource_is_reported_of_the_stack() -> None:
    report = judge_changes(applied(pull(consumer="client ci", consumer_id="ci", began="")))
    ((_, _, message),) = failures(report)
    assert "it fails since" not in message


@pytest.mark.parametrize(("rule", "ended"), [("MOOR-CHG-006", ""), ("MOOR-CHG-007", GRANT)])
def test_an_approval_lets_a_broken_pull_pass(tmp_path: Path, rule: str, ended: str) -> None:
    entry = (
        f"approvals:\n  - rule: {rule}\n    resource: contoso-web\n    reason: it is scaled to zero until the grant is there\n"
        "    owner: platform@contoso.example\n    expires: 2027-01-31\n"
    )
    (tmp_path / "approvals.yaml").write_text(entry, encoding="utf-8")
    approvals = load_approvals(tmp_path / "approvals.yaml", today=TODAY)
    report = judge_changes(applied(pull(ended=ended, writes=(FLIP,))), approvals=approvals)
    assert (report.stops, [each.rule for each in report.findings if each.exemption]) == (False, [rule])
    assert [(each.rule, each.state) for each in report.excuses] == [(rule, "used")]


def test_an_approval_of_a_pull_is_not_unused_before_the_change_is_applied(tmp_path: Path) -> None:
    entry = (
        "approvals:\n  - rule: MOOR-CHG-006\n    resource: contoso-web\n    reason: it is scaled to zero until the grant is\n"
        "    owner: platform@contoso.example\n    expires: 2027-01-31\n"
    )
    (tmp_path / "approvals.yaml").write_text(entry, encoding="utf-8")
    approvals = load_approvals(tmp_path / "approvals.yaml", today=TODAY)
    assert judge_changes(of_preview({"steps": []}), approvals=approvals).excuses == ()
