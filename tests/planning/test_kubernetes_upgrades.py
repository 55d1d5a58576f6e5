"""Upgrades of a cluster: one minor version at a time, and no second one while a pool is behind [AKS-20]."""

import pytest

from planning.kubernetes_upgrades import (
    left_behind,
    second_step_problem,
    staying_message,
    step_problem,
    upgrade_command,
)

COMMAND = "az aks nodepool upgrade --resource-group rg --cluster-name aks-x --name system --kubernetes-version 1.35"


@pytest.mark.parametrize(
    ("before", "after"),
    [("1.34", "1.34"), ("1.34", "1.35"), ("1.34.2", "1.35"), ("1.34", "1.35.1"), ("1.34.1", "1.34.2")],
)
def test_a_step_within_a_minor_version_or_to_the_next_is_taken(before: str, after: str) -> None:
    assert step_problem("aks-x", before, after) is None


def test_two_minor_versions_at_once_are_refused_with_the_one_between() -> None:
    problem = step_problem("aks-x", "1.34.2", "1.36") or ""
    assert "1.34.2 to 1.36 spans 2 minor versions, and Azure upgrades one at a time; state 1.35 first" in problem
    assert step_problem("aks-x", "1.34.2", "1.35") is None


def test_an_older_version_is_refused_with_the_one_that_exists() -> None:
    assert "1.33 is older than the current 1.34, and Azure does not downgrade; state 1.34" in (
        step_problem("aks-x", "1.34", "1.33") or ""
    )


def test_a_pool_is_left_behind_by_a_second_step_only() -> None:
    assert left_behind("1.34", "1.35", {"system": "1.34.3"}) == {}
    assert left_behind("1.35", "1.36", {"system": "1.34.3"}) == {"system": "1.34.3"}
    assert left_behind("1.35", "1.36", {"system": "1.35.1"}) == {}
    assert left_behind("1.35", "1.35.2", {"system": "1.34.3"}) == {}


def test_what_is_behind_is_reported_with_the_command_that_brings_it_on() -> None:
    assert upgrade_command("rg", "aks-x", "system", "1.35") == COMMAND
    assert COMMAND in second_step_problem("aks-x", "rg", "1.35", {"system": "1.34.3"})
    assert COMMAND in staying_message("aks-x", "rg", "1.35", "system", "1.34")
