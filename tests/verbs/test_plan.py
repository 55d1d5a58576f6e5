"""`./moorings plan` as a verb: its arguments, its output and its exit codes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policies.plan import LostPull
from stacks.rollout.steps import Step
from tests.verbs.asking import answer, run
from tools.engine import Workspace
from tools.rollout import run as rollout
from tools.rollout.local import LocalDeployment
from tools.rollout.rehearsal import Rehearsed
from tools.verbs import running

OLD: dict[str, Any] = {"registry": {"name": "contosopr"}}
NEW: dict[str, Any] = {"registry": {"name": "contosopr", "admin_user": True}}
STEP = Step(NEW, ("no ordering applies",))
LOST = LostPull(
    "container app web", "/web", "pull", "r.azurecr.io/web:1", "it is closed", "/r", "PUT a", "PUT b", ("PUT a",)
)
SAFE = Rehearsed(STEP, {"update": 1, "same": 3}, 1, pulls="pulls: 1 of 1 work")
BREAKS = Rehearsed(STEP, {"update": 1}, 2, [LOST])
NOTHING = Rehearsed(STEP, {"same": 4})


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[rollout.Rollout]:
    """The rollouts that were applied, in a workspace of the test."""
    found: list[rollout.Rollout] = []

    def apply(planned: rollout.Rollout, *_: object) -> int:
        found.append(planned)
        return 0

    monkeypatch.setattr(running, "workspace", lambda: Workspace(tmp_path, tmp_path, tmp_path, tmp_path))
    monkeypatch.setattr(rollout, "apply", apply)
    return found


def plans(monkeypatch: pytest.MonkeyPatch, *rehearsed: Rehearsed, running: dict[str, Any] = OLD) -> None:
    planned = rollout.Rollout(running, [each.step for each in rehearsed], rehearsed)
    monkeypatch.setattr(rollout, "plan", lambda *_: planned)


def test_a_plan_shows_steps_reasons_and_pulls_and_applies_nothing(
    monkeypatch: pytest.MonkeyPatch, applied: list[rollout.Rollout]
) -> None:
    plans(monkeypatch, SAFE)
    result = run("plan", "pr", "--local")
    assert (result.exit_code, applied) == (0, [])
    assert result.stdout.splitlines() == [
        "step 1 of 1: 1 updated",
        "    because no ordering applies",
        "    changes registry.admin_user",
        "    every pull works after each of 1 write; pulls: 1 of 1 work",
    ]


def test_a_safe_plan_is_applied_on_request(monkeypatch: pytest.MonkeyPatch, applied: list[rollout.Rollout]) -> None:
    plans(monkeypatch, SAFE)
    assert run("plan", "pr", "--local", "--apply").exit_code == 0
    assert len(applied) == 1


def test_a_plan_that_breaks_a_pull_fails_names_the_moment_and_is_not_applied(
    monkeypatch: pytest.MonkeyPatch, applied: list[rollout.Rollout]
) -> None:
    plans(monkeypatch, BREAKS)
    result = run("plan", "pr", "--local", "--apply")
    assert (result.exit_code, applied) == (1, [])
    said = "container app web cannot pull r.azurecr.io/web:1 from PUT a until PUT b: it is closed (/r)"
    assert f"    BREAKS  {said}" in result.stdout.splitlines()
    (step,) = answer("plan", "pr", "--local", code=1)
    assert (step["safe"], step["breaks"], step["settings"]) == (False, [said], ["registry.admin_user"])


def test_a_stack_that_is_as_described_has_nothing_to_change(
    monkeypatch: pytest.MonkeyPatch, applied: list[rollout.Rollout]
) -> None:
    plans(monkeypatch, NOTHING, running=NEW)
    assert run("plan", "pr", "--local").stdout == "nothing to change: the stack is as its file describes\n"
    assert rollout.Rollout(NEW, [STEP], [NOTHING]).kept == []
    assert applied == []


def test_a_step_without_effect_is_applied_only_to_record_the_description() -> None:
    assert rollout.Rollout(OLD, [STEP], [NOTHING]).kept == [1]
    assert rollout.Rollout(OLD, [STEP, STEP], [NOTHING, SAFE]).kept == [2]


def test_a_stack_without_a_recorded_description_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch, applied: list[rollout.Rollout]
) -> None:
    monkeypatch.setattr(LocalDeployment, "description", lambda _: None)
    monkeypatch.setattr(rollout, "wanted", lambda *_: NEW)
    result = run("plan", "pr", "--local")
    assert (result.exit_code, applied) == (1, [])
    assert "has not recorded its description" in result.stderr
