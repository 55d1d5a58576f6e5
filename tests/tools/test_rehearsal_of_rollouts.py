"""The pull-request check on the changes that a rollout cuts into steps: which of them one update breaks, and what it advises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.branches import Branch
from tests.tools.test_rollout_on_engine import BASE, CHANGES
from tools.local_services import ROOT
from tools.pull_request.report import comment

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def _toolkit_is_importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.mark.parametrize("name", ["public access off", "a firewall in front"])
def test_a_change_that_one_update_cannot_order_is_red_and_names_the_plan(name: str, tmp_path: Path) -> None:
    changes, reason = CHANGES[name]
    branch = Branch(tmp_path, BASE)
    branch.change(*changes)
    outcome = branch.rehearse()
    refused = [line for line in outcome.refusals if line.startswith("MOOR-CHG-007")]
    (line,) = {line.partition(" for a while")[0]: line for line in refused if "app web cannot pull" in line}.values()
    assert reason in line
    assert "; make the change in steps with `./moorings plan`; to allow it, approve MOOR-CHG-007" in line
    assert "./moorings plan" in comment([outcome])


@pytest.mark.parametrize("name", ["a replica removed", "a cache rule for Docker Hub"])
def test_what_the_engine_orders_by_itself_breaks_no_pull(name: str, tmp_path: Path) -> None:
    """The engine deletes a replica after all updates, so that apps have moved to the global host by then.

    Whatever pulls depends on the cache rules of its registry, so that they exist before an image is named after one.
    """
    branch = Branch(tmp_path, BASE)
    branch.change(*CHANGES[name][0])
    outcome = branch.rehearse()
    assert (outcome.refusals, outcome.pulls) == ([], "pulls: 3 of 3 work")
