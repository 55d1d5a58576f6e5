"""Networks of clusters and versions of their pools: what is filled in, added at the end, and refused."""

from __future__ import annotations

from typing import Any

import pytest
from arm_client import NETWORK, Arm
from cluster_requests import CLUSTER, FLAT, OVERLAY, SERVICES, body, extend, pool, prepared


@pytest.fixture
def ground(arm: Arm) -> Arm:
    return prepared(arm)


def test_a_cluster_shows_at_its_end_what_azure_adds(ground: Arm) -> None:
    sent = body(ground)
    del sent["properties"]["identityProfile"]
    first = ground("PUT", CLUSTER, sent)
    assert "podCidrs" not in first.body["properties"]["networkProfile"]
    ground("GET", first.headers["azure-asyncoperation"])
    shown = ground.get(CLUSTER)["properties"]
    network, kubelet = shown["networkProfile"], shown["identityProfile"]["kubeletidentity"]
    assert (network["podCidrs"], network["serviceCidrs"]) == (["10.244.0.0/16"], ["172.16.0.0/16"])
    assert "/publicIPAddresses/" in network["loadBalancerProfile"]["effectiveOutboundIPs"][0]["id"]
    assert f"/resourceGroups/{shown['nodeResourceGroup']}/" in kubelet["resourceId"]
    assert ground.get(kubelet["resourceId"])["properties"]["principalId"] == kubelet["objectId"]
    again = ground.put(CLUSTER, {**sent, "tags": {"a": "b"}})["properties"]
    assert (again["networkProfile"], again["identityProfile"]) == (network, shown["identityProfile"])
    ground.delete(CLUSTER)
    assert not any("/userAssignedIdentities/aks-agentpool" in found for found in ground.ids())


@pytest.mark.parametrize(
    ("version", "network"),
    [
        ("1.35", {"networkPlugin": "azure", "networkPluginMode": "overlay", "podCidr": "10.244.0.0/16"}),
        ("1.29", {"networkPlugin": "kubenet", "podCidr": "10.244.0.0/16"}),
    ],
)
def test_the_network_of_a_cluster_that_names_none_follows_its_version(
    ground: Arm, version: str, network: dict[str, str]
) -> None:
    sent = body(ground, network=SERVICES, kubernetesVersion=version, supportPlan="AKSLongTermSupport")
    shown = ground.put(CLUSTER, sent)["properties"]
    assert network.items() <= shown["networkProfile"].items()


@pytest.mark.parametrize(
    ("network", "pods"),
    [(OVERLAY, 250), ({"networkPlugin": "kubenet", **SERVICES}, 110), (FLAT, 30)],
    ids=["overlay", "kubenet", "flat"],
)
def test_how_many_pods_a_node_runs_follows_the_network(ground: Arm, network: dict[str, Any], pods: int) -> None:
    ground.put(CLUSTER, body(ground, pool(count=1), network=network))
    assert ground.get(f"{CLUSTER}/agentPools/system")["properties"]["maxPods"] == pods


@pytest.mark.parametrize(
    ("network", "code"),
    [
        ({"serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10"}, "ServiceCidrOverlapExistingSubnetsCidr"),
        ({"podCidr": "10.0.0.0/16"}, "PodCidrOverlapExistingSubnetsCidr"),
        ({"serviceCidr": "172.0.0.0/12", "dnsServiceIP": "172.0.0.10"}, "InvalidParameter"),
        ({"serviceCidr": "172.30.0.0/16", "dnsServiceIP": "172.30.0.10"}, "InvalidParameter"),
        ({"podCidr": "172.16.128.0/17"}, "InvalidParameter"),
        ({"serviceCidr": "services"}, "InvalidParameter"),
        ({"dnsServiceIP": "first"}, "InvalidDNSServiceIP"),
        ({"dnsServiceIP": "172.16.0.1"}, "InvalidDNSServiceIP"),
    ],
)
def test_ranges_that_azure_refuses(ground: Arm, network: dict[str, str], code: str) -> None:
    reply = ground("PUT", CLUSTER, body(ground, network={**OVERLAY, **network}))
    assert (reply.status, reply.code) == (400, code)


def test_a_range_of_services_that_meets_a_subnet_is_refused_in_the_services_words(ground: Arm) -> None:
    services = {"serviceCidr": "10.0.0.0/16", "dnsServiceIP": "10.0.0.10"}
    reply = ground("PUT", CLUSTER, body(ground, network={**OVERLAY, **services}))
    assert reply.message.startswith(
        "The specified service CIDR 10.0.0.0/16 is conflicted with an existing subnet CIDR 10.0."
    )
    assert reply.message.endswith("Please see https://aka.ms/aks/servicecidroverlap for how to fix the error.")
    assert reply.body["error"]["target"] == "networkProfile.serviceCIDR"


def test_a_range_that_meets_a_peered_network_is_refused(ground: Arm) -> None:
    remote = ground.network("remote", "10.9.0.0/16")
    peering = {"properties": {"remoteVirtualNetwork": {"id": remote}}}
    ground.put(f"{NETWORK}/virtualNetworks/net/virtualNetworkPeerings/remote", peering)
    reply = ground("PUT", CLUSTER, body(ground, network={**OVERLAY, "podCidr": "10.9.0.0/20"}))
    assert (reply.status, reply.code) == (400, "PodCidrOverlapExistingSubnetsCidr")


def test_a_put_of_the_cluster_moves_all_pools_or_none(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, kubernetesVersion="1.34"))
    extend(ground, "user", count=1)
    moved = body(ground, pool(orchestratorVersion="1.35"), kubernetesVersion="1.35")
    reply = ground("PUT", CLUSTER, moved)
    assert (reply.status, reply.code) == (400, "NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged")
    assert ground("PUT", CLUSTER, body(ground, kubernetesVersion="1.35")).status == 200
    assert ground.get(f"{CLUSTER}/agentPools/system")["properties"]["currentOrchestratorVersion"].startswith("1.34")
    both = (pool(orchestratorVersion="1.35"), pool("user", "User", 1, orchestratorVersion="1.35"))
    assert ground("PUT", CLUSTER, body(ground, *both, kubernetesVersion="1.35")).status == 200


def test_a_control_plane_leaves_its_pools_at_most_three_minors_behind(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, kubernetesVersion="1.31", supportPlan="AKSLongTermSupport"))
    for minor in ("1.32", "1.33", "1.34"):
        ground.put(CLUSTER, body(ground, kubernetesVersion=minor))
    reply = ground("PUT", CLUSTER, body(ground, kubernetesVersion="1.35"))
    assert (reply.status, reply.code) == (400, "NodePoolMcVersionIncompatible")
