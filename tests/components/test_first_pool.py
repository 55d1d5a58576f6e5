"""What the guard of a cluster's first pool says of an upgrade, from the bodies that the engine hands to a hook [AKS-20]."""

from typing import Any

import pulumi
import pytest

from components.aks.first_pool import FirstPoolGuard

POOL: dict[str, Any] = {"name": "system", "mode": "System"}


def change(before: str, after: str, *, pool: str | None = None, running: str | None = None) -> pulumi.ResourceHookArgs:
    """An update of a cluster that states ``before``, runs ``running``, and whose first pool runs ``pool``."""
    return pulumi.ResourceHookArgs(
        urn="urn",
        id="id",
        name="c",
        type="t",
        old_inputs={"kubernetesVersion": before, "agentPoolProfiles": [POOL]},
        old_outputs={
            "kubernetesVersion": before,
            "currentKubernetesVersion": running or f"{before}.2",
            "agentPoolProfiles": [{**POOL, "currentOrchestratorVersion": pool or f"{before}.2"}],
        },
        new_inputs={"kubernetesVersion": after, "agentPoolProfiles": [POOL], "resourceGroupName": "rg-c"},
    )


@pytest.fixture
def report(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lines.append)
    return lines


def guard(*, others: bool = True) -> FirstPoolGuard:
    return FirstPoolGuard("c", "aks-x", others=others)


def test_a_first_pool_that_stays_behind_is_reported_with_the_command(report: list[str]) -> None:
    guard().cluster_changes(change("1.34", "1.35"))
    (line,) = report
    assert "system, which is part of the cluster, stays at 1.34.2 until you run az aks nodepool upgrade" in line
    assert "--resource-group rg-c --cluster-name aks-x --name system --kubernetes-version 1.35" in line


def test_the_only_pool_of_a_cluster_goes_with_it(report: list[str]) -> None:
    guard(others=False).cluster_changes(change("1.34", "1.35"))
    assert report == []


def test_nothing_is_reported_where_the_minor_version_stays(report: list[str]) -> None:
    guard().cluster_changes(change("1.34", "1.34.3"))
    assert report == []


def test_a_second_step_is_refused_while_the_first_pool_is_behind_and_taken_once_it_is_not(report: list[str]) -> None:
    with pytest.raises(ValueError, match=r"bring them to 1\.35\.2 before the next version"):
        guard().cluster_changes(change("1.35", "1.36", pool="1.34.2"))
    guard().cluster_changes(change("1.35", "1.36", pool="1.35.2"))
    assert len(report) == 1


@pytest.mark.parametrize("others", [True, False])
def test_two_minor_versions_at_once_are_refused(report: list[str], others: bool) -> None:
    with pytest.raises(ValueError, match=r"Azure upgrades one at a time; state 1\.35 first"):
        guard(others=others).cluster_changes(change("1.34", "1.36"))


def test_what_runs_counts_and_not_what_the_file_once_said(report: list[str]) -> None:
    guard(others=False).cluster_changes(change("1.34", "1.36", running="1.35.1"))
    assert report == []


def test_a_cluster_whose_version_nobody_stated_is_held_to_what_runs() -> None:
    entry = change("1.34", "1.36")
    entry.old_inputs = {"agentPoolProfiles": [POOL]}
    with pytest.raises(ValueError, match=r"1\.34\.2 to 1\.36 spans 2 minor versions"):
        guard().cluster_changes(entry)


def with_pools(*names: str) -> pulumi.ResourceHookArgs:
    """An update of a cluster after a refresh, which finds every pool in the cluster's own inputs."""
    entry = change("1.35", "1.35")
    entry.old_inputs = {"agentPoolProfiles": [{**POOL, "name": name} for name in names]}
    return entry


def test_a_pool_that_is_made_in_place_of_itself_is_taken_after_a_refresh() -> None:
    entry = FirstPoolGuard("c", "aks-x", others=True, separate={"work"})
    entry.cluster_changes(with_pools("system", "work"))
    entry.pool_is_made("work")


def test_a_pool_that_the_cluster_was_made_with_is_not_made_beside_itself() -> None:
    entry = FirstPoolGuard("c", "aks-x", others=True, separate={"work"})
    entry.cluster_changes(with_pools("system", "work"))
    with pytest.raises(ValueError, match="has a pool system that this program did not create"):
        entry.pool_is_made("system")
