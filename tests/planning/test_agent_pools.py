from __future__ import annotations

from typing import Any

import pytest

from planning.agent_pools import FIXED_IN_CLUSTER, first_pool_problems, known_pools, pool_is_there

SYSTEM: dict[str, Any] = {
    "name": "system",
    "mode": "System",
    "vmSize": "Standard_D4ds_v5",
    "maxPods": 30,
    "osDiskSizeGB": 128,
    "osDiskType": "Ephemeral",
    "osType": "Linux",
    "availabilityZones": ["1", "2", "3"],
    "enableEncryptionAtHost": True,
    "scaleSetPriority": "Regular",
    "vnetSubnetID": "/subscriptions/s/resourceGroups/rg/subnets/nodes",
    "podSubnetID": "/subscriptions/s/resourceGroups/rg/subnets/pods",
}
OTHER: dict[str, Any] = {
    "vmSize": "Standard_D8ds_v5",
    "maxPods": 50,
    "osDiskSizeGB": 256,
    "osDiskType": "Managed",
    "osType": "Windows",
    "availabilityZones": ["1"],
    "enableEncryptionAtHost": False,
    "scaleSetPriority": "Spot",
    "vnetSubnetID": "/subscriptions/s/resourceGroups/rg/subnets/more",
    "podSubnetID": "/subscriptions/s/resourceGroups/rg/subnets/less",
}


def problems(before: list[dict[str, Any]], now: dict[str, Any]) -> list[str]:
    return list(first_pool_problems("aks-x", before, now))


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"count": 5, "nodeLabels": {"a": "b"}, "maxCount": 9},
        {"availabilityZones": ["3", "1", "2"]},
        {"vnetSubnetID": "/subscriptions/s/resourcegroups/RG/subnets/nodes"},
        {"vmSize": object()},
        {"vmSize": None, "podSubnetID": ""},
    ],
    ids=["nothing", "what may", "zones in another order", "case of an id", "not known yet", "not stated"],
)
def test_what_azure_takes_is_let_through(change: dict[str, Any]) -> None:
    assert problems([SYSTEM], SYSTEM | change) == []


def test_every_fixed_member_has_a_case() -> None:
    assert set(OTHER) == set(FIXED_IN_CLUSTER)


@pytest.mark.parametrize("member", sorted(OTHER))
def test_what_azure_does_not_change_is_named(member: str) -> None:
    (problem,) = problems([SYSTEM], SYSTEM | {member: OTHER[member]})
    assert problem.startswith(f"cluster aks-x: pool system is its first pool, and Azure does not change its {member}")


def test_another_first_pool_would_leave_the_old_one_behind() -> None:
    (problem,) = problems([SYSTEM], SYSTEM | {"name": "second"})
    assert "second is the first pool of mode System now, but the cluster was created with system" in problem


def test_after_a_refresh_any_pool_there_is_may_be_meant() -> None:
    second = SYSTEM | {"name": "second"}
    assert problems([SYSTEM, second], second) == []
    assert pool_is_there("aks-x", [SYSTEM, second], "system") is not None


def test_a_cluster_that_does_not_exist_yet_refuses_nothing() -> None:
    assert problems([], SYSTEM) == []
    assert pool_is_there("aks-x", [SYSTEM], "apps") is None


def test_what_the_program_stated_goes_before_what_azure_reported() -> None:
    report = [SYSTEM | {"vmSize": "told"}, SYSTEM | {"name": "apps"}]
    assert known_pools([SYSTEM], report) == [SYSTEM, SYSTEM | {"name": "apps"}]
