"""Virtual nodes: addresses, room on machines, and the values of their chart."""

from typing import Any

import pytest

from planning.addresses import Subnet, ledger
from planning.networks import parse
from planning.virtual_nodes import (
    Machines,
    Standby,
    Trusted,
    consumer,
    network_problem,
    room_problem,
    value_problems,
    values,
)

IDENTITY = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"


def report(**changes: Any) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "nodes": 2,
        "subnet": "cg",
        "cloud": "public",
        "zone": None,
        "kube_proxy": True,
        "labels": {},
        "tags": {},
        "standby": None,
        "trusted": None,
    }
    return values(**stated | changes)


@pytest.mark.parametrize(
    ("pods", "standby", "verdict"), [(59, 0, "fits"), (60, 0, "short"), (49, 10, "fits"), (50, 10, "short")]
)
def test_each_pod_and_each_machine_kept_ready_takes_an_address(pods: int, standby: int, verdict: str) -> None:
    taken = consumer(("n", "cg"), "west", pods=pods, standby=standby)
    (row,) = ledger([Subnet("n", "cg", parse("10.0.0.0/26"))], [taken])
    assert (row.need, row.verdict) == (pods + standby, verdict)


@pytest.mark.parametrize(
    ("plugin", "mode", "shown"),
    [("azure", "overlay", "network_plugin_mode overlay"), ("kubenet", "overlay", "kubenet")],
)
def test_only_a_flat_network_takes_virtual_nodes(plugin: str, mode: str, shown: str) -> None:
    assert f"the cluster has {shown}; virtual nodes need" in str(network_problem(plugin, mode))
    assert network_problem("azure", "flat") is None


@pytest.mark.parametrize(
    ("nodes", "pools", "fits"),
    [
        (1, [("Standard_D4ds_v5", 1)], True),
        (2, [("Standard_D4ds_v5", 1)], False),
        (2, [("Standard_D8ds_v5", 1)], True),
        (3, [("Standard_D8ds_v5", 1)], False),
        (1, [("Standard_D2ds_v5", 50)], False),
        (1, [("Standard_D4lds_v5", 9)], False),
        (1, [("Standard_D2ds_v5", 1), ("Standard_B4ms", 1)], True),
        (1, [], False),
    ],
)
def test_each_virtual_node_needs_room_on_one_machine(nodes: int, pools: list[tuple[str, int]], fits: bool) -> None:
    problem = room_problem(nodes, [Machines(f"p{index}", *pool) for index, pool in enumerate(pools)])
    assert (problem is None) is fits
    assert fits or f"{nodes} virtual nodes need 3 vCPU and 12 GiB each, on one node" in str(problem)


def test_the_chart_receives_what_it_reads() -> None:
    plain = report(labels={"b": "2", "a": "1"}, tags={"team": "shop"}, zone="1")
    assert list(value_problems(plain)) == []
    assert plain["nodeLabels"] == "a=1,b=2"
    assert (plain["customTags"], plain["zones"], plain["sandboxProviderType"]) == ("team=shop", "1", "OnDemand")
    assert not {"standbyPool", "acrTrustedAccess"} & set(plain)


def test_numbers_of_machines_kept_ready_are_text() -> None:
    standby = report(standby=Standby(3.5, 15, 10))
    assert list(value_problems(standby)) == []
    assert standby["sandboxProviderType"] == "StandbyPool"
    assert {"standbyPoolsCpu": "3.5", "standbyPoolsMemory": "15", "maxReadyCapacity": "10"}.items() <= standby[
        "standbyPool"
    ].items()


def test_the_chart_receives_the_identity_that_pulls_from_a_private_registry() -> None:
    trusted = report(trusted=Trusted(IDENTITY, "principal"))["acrTrustedAccess"]
    assert trusted == {"enabled": True, "identityResourceId": IDENTITY, "identityPrincipalId": "principal"}


def test_another_cloud_has_another_resource_manager() -> None:
    assert report(cloud="usgovernment")["armEndpointBaseUrl"] == "https://management.usgovcloudapi.net/"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"aciSubnet": "cg"}, "aciSubnet: the chart reads no such value [VN-6]"),
        ({"replicaCount": "2"}, "replicaCount: '2' is not of type int [VN-6]"),
        ({"replicaCount": True}, "replicaCount: True is not of type int [VN-6]"),
        ({"kubeProxy": {"enable": True}}, "kubeProxy.enable: the chart reads no such value [VN-6]"),
        ({"kubeProxy": True}, "kubeProxy: True is not a mapping [VN-6]"),
        ({"zones": "1;2"}, "zones: '1;2' names more than one, Azure takes one [VN-8]"),
        (
            {"sandboxProviderType": "Standby"},
            "sandboxProviderType: 'Standby' is neither OnDemand nor StandbyPool [VN-6]",
        ),
        (
            {"acrTrustedAccess": {"enabled": True}},
            "acrTrustedAccess: needs identityResourceId and identityPrincipalId [VN-5]",
        ),
    ],
)
def test_what_the_chart_would_not_take_is_reported(change: dict[str, Any], problem: str) -> None:
    assert list(value_problems({**report(), **change})) == [problem]


def test_a_trusted_identity_does_not_go_with_workload_identity() -> None:
    both = {**report(trusted=Trusted(IDENTITY, "p")), "IsWorkloadIdentityEnabled": "Enabled"}
    assert list(value_problems(both)) == [
        "acrTrustedAccess: does not go with IsWorkloadIdentityEnabled; keep one of the two [VN-5]"
    ]


def test_anything_may_be_said_of_affinity_and_images() -> None:
    assert list(value_problems({**report(), "affinity": {"a": {"b": 1}}, "images": {"pullPolicy": "Always"}})) == []
