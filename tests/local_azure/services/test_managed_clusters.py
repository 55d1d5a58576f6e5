from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from arm_client import GROUP, NETWORK, ROOT, Arm, Clients, StandingClock
from cluster_requests import (
    CLUSTER,
    FLAT,
    KUBELET,
    OVERLAY,
    PLANE,
    PODS,
    SUBNET,
    body,
    extend,
    permit,
    pool,
    prepared,
)


@pytest.fixture
def ground(arm: Arm) -> Arm:
    return prepared(arm)


def taken(arm: Arm, subnet: str = SUBNET) -> int:
    """Addresses of a subnet that are in use."""
    assert arm.cloud is not None
    query = "SELECT COUNT(*) FROM addresses WHERE subnet = ?"
    return arm.cloud.store.connection.execute(query, (subnet.lower(),)).fetchone()[0]


def test_a_cluster_is_creating_first_and_then_there_with_its_pool_and_group(ground: Arm) -> None:
    reply = ground("PUT", CLUSTER, body(ground))
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Creating")
    assert "/providers/Microsoft.ContainerService/locations/eastus/operations/" in reply.headers["azure-asyncoperation"]
    assert ground.get(reply.headers["azure-asyncoperation"])["status"] == "Succeeded"
    shown = ground.get(CLUSTER)["properties"]
    assert shown["provisioningState"] == "Succeeded"
    assert [(each["name"], each["provisioningState"]) for each in shown["agentPoolProfiles"]] == [
        ("system", "Succeeded")
    ]
    assert shown["nodeResourceGroup"] == "MC_rg_aks_eastus"
    assert ground.get(f"{ROOT}/resourceGroups/MC_rg_aks_eastus")["managedBy"] == CLUSTER


def test_the_management_client_reads_back_cluster_and_pools(ground: Arm, clients: Clients) -> None:
    ground.put(CLUSTER, body(ground, oidcIssuerProfile={"enabled": True}))
    assert extend(ground, "apps", count=2).status == 201
    found = clients.clusters.managed_clusters.get("rg", "aks")
    assert (found.provisioning_state, found.network_profile.network_plugin_mode) == ("Succeeded", "overlay")
    assert found.oidc_issuer_profile.issuer_url.startswith("https://eastus.oic.prod-aks.azure.com/")
    assert [each.name for each in clients.clusters.agent_pools.list("rg", "aks")] == ["system", "apps"]
    assert clients.clusters.agent_pools.get("rg", "aks", "apps").count == 2
    (credential,) = clients.clusters.managed_clusters.list_cluster_user_credentials("rg", "aks").kubeconfigs
    assert b"kubelogin" in bytes(credential.value)
    clients.clusters.managed_clusters.begin_delete("rg", "aks").result()
    assert list(clients.clusters.managed_clusters.list()) == []


def test_an_overlay_takes_an_address_per_node(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground))
    assert taken(ground) == 3
    assert extend(ground, "apps", count=4).status == 201
    assert taken(ground) == 7
    assert extend(ground, "apps", count=2).status == 200
    assert taken(ground) == 5
    ground.delete(f"{CLUSTER}/agentPools/apps")
    assert taken(ground) == 3


def test_a_flat_network_takes_an_address_for_every_pod_that_may_run(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, pool(count=1), network=FLAT))
    assert taken(ground) == 31


def test_pods_in_a_subnet_of_their_own_take_batches_of_16(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, pool(count=2, maxPods=30, podSubnetID=PODS), network=FLAT))
    assert (taken(ground), taken(ground, PODS)) == (2, 64)
    ground.delete(CLUSTER)
    assert (taken(ground), taken(ground, PODS)) == (0, 0)


def test_nodes_with_a_subnet_of_pods_run_110_of_them_where_nothing_is_stated(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, pool(count=1, podSubnetID=PODS), network=FLAT))
    assert ground.get(f"{CLUSTER}/agentPools/system")["properties"]["maxPods"] == 110
    assert taken(ground, PODS) == 112


def test_a_private_api_server_takes_one_address(ground: Arm) -> None:
    shown = ground.put(CLUSTER, body(ground, apiServerAccessProfile={"enablePrivateCluster": True}))["properties"]
    assert taken(ground) == 4
    assert shown["privateFQDN"].endswith(".privatelink.eastus.azmk8s.io")


@pytest.mark.parametrize(("pods", "status"), [(58, 201), (59, 400)])
def test_a_subnet_that_just_holds_a_flat_node_and_one_that_is_an_address_short(
    ground: Arm, pods: int, status: int
) -> None:
    reply = ground("PUT", CLUSTER, body(ground, pool(count=1, maxPods=pods), network=FLAT))
    assert reply.status == status
    if status == 400:
        assert reply.code == "InsufficientSubnetSize"
        assert (
            "Pre-allocated IPs 60 exceeds IPs available 59 in Subnet Cidr 10.0.0.0/26, Subnet Name nodes"
            in reply.message
        )


def test_a_pool_that_scales_counts_as_its_largest_and_starts_with_its_least(ground: Arm) -> None:
    scales = {"enableAutoScaling": True, "minCount": 2}
    without = {k: v for k, v in pool(**scales, maxCount=59).items() if k != "count"}
    ground.put(CLUSTER, body(ground, without))
    assert taken(ground) == 2
    reply = ground("PUT", CLUSTER, body(ground, {**without, "maxCount": 60}))
    assert (reply.status, reply.code) == (400, "InsufficientSubnetSize")


def test_a_pool_that_scales_keeps_its_nodes_when_nobody_states_a_count(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground))
    assert extend(ground, "apps", enableAutoScaling=True, minCount=1, maxCount=5, count=4).status == 201
    assert extend(ground, "apps", enableAutoScaling=True, minCount=1, maxCount=6).status == 200
    assert ground.get(f"{CLUSTER}/agentPools/apps")["properties"]["count"] == 4


def test_an_upgrade_needs_room_for_the_nodes_that_it_adds(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, pool(count=2, maxPods=28), network=FLAT, kubernetesVersion="1.34"))
    assert taken(ground) == 58
    ground.put(CLUSTER, body(ground, pool(count=2, maxPods=28), network=FLAT, kubernetesVersion="1.35"))
    refused = extend(ground, "system", mode="System", count=2, maxPods=28, orchestratorVersion="1.35")
    assert (refused.status, refused.code) == (400, "InsufficientSubnetSize")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"network": {"networkPlugin": "kubenet"}}, "PropertyChangeNotAllowed"),
        (
            {"network": {**OVERLAY, "serviceCidr": "10.9.0.0/16", "dnsServiceIP": "10.9.0.10"}},
            "PropertyChangeNotAllowed",
        ),
        ({"dnsPrefix": "other"}, "PropertyChangeNotAllowed"),
        ({"nodeResourceGroup": "other"}, "PropertyChangeNotAllowed"),
        ({"apiServerAccessProfile": {"enablePrivateCluster": True}}, "PropertyChangeNotAllowed"),
        ({"location": "westeurope"}, "InvalidResourceLocation"),
    ],
)
def test_what_is_fixed_does_not_change(ground: Arm, change: dict[str, Any], code: str) -> None:
    ground.put(CLUSTER, body(ground))
    reply = ground("PUT", CLUSTER, body(ground, **change))
    assert reply.code == code, reply.body


def test_a_flat_network_may_become_an_overlay_in_place(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, pool(count=1), network=FLAT))
    assert ground("PUT", CLUSTER, body(ground, pool(count=1, maxPods=30), network=OVERLAY)).status == 200


@pytest.mark.parametrize("change", [{"vmSize": "Standard_D8ds_v5"}, {"maxPods": 40}, {"availabilityZones": ["1"]}])
def test_what_is_fixed_of_a_pool_does_not_change(ground: Arm, change: dict[str, Any]) -> None:
    ground.put(CLUSTER, body(ground))
    assert extend(ground, "apps", count=1).status == 201
    assert extend(ground, "apps", count=1, **change).code == "PropertyChangeNotAllowed"


def test_a_put_of_the_cluster_keeps_pools_that_it_does_not_name(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground))
    assert extend(ground, "apps", count=2).status == 201
    shown = ground.put(CLUSTER, body(ground))["properties"]["agentPoolProfiles"]
    assert [(each["name"], each["count"]) for each in shown] == [("system", 3), ("apps", 2)]


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no System pool": ({"pools": [pool(mode="User")]}, "InvalidParameter"),
    "a System pool without nodes": ({"pools": [pool(count=0)]}, "InvalidParameter"),
    "a System pool of Spot nodes": ({"pools": [pool(scaleSetPriority="Spot")]}, "InvalidParameter"),
    "bounds the wrong way round": (
        {"pools": [pool(enableAutoScaling=True, minCount=5, maxCount=3)]},
        "InvalidParameter",
    ),
    "a System pool with room for too few pods": ({"pools": [pool(maxPods=10, count=2)]}, "InvalidParameter"),
    "a System pool of a small size": ({"pools": [pool(vmSize="Standard_B2ats_v2")]}, "SystemPoolSkuTooLow"),
    "too many pods": ({"pools": [pool(maxPods=251)]}, "InvalidParameter"),
    "a subnet that is not there": ({"pools": [pool(vnetSubnetID=f"{SUBNET}s")]}, "InvalidResourceReference"),
    "a name server outside its range": ({"network": {**OVERLAY, "dnsServiceIP": "10.1.0.10"}}, "InvalidDNSServiceIP"),
    "Cilium with another policy": ({"network": {**OVERLAY, "networkPolicy": "calico"}}, "BadRequest"),
    "workload identity without an issuer": (
        {"securityProfile": {"workloadIdentity": {"enabled": True}}},
        "BadRequest",
    ),
    "no local accounts without Entra": ({"disableLocalAccounts": True}, "BadRequest"),
    "ranges on a private cluster": (
        {"apiServerAccessProfile": {"enablePrivateCluster": True, "authorizedIPRanges": ["203.0.113.0/24"]}},
        "InvalidParameter",
    ),
    "an old version": ({"kubernetesVersion": "1.20"}, "K8sVersionNotSupported"),
    "zones where there are none": (
        {"pools": [pool(availabilityZones=["1"])], "location": "westus"},
        "AvailabilityZoneNotSupported",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_cluster_that_cannot_be_is_refused(ground: Arm, case: str) -> None:
    change, code = REFUSED[case]
    members = dict(change)
    reply = ground("PUT", CLUSTER, body(ground, *members.pop("pools", []), **members))
    assert (reply.status, reply.code) == (400, code), reply.body
    assert not [found for found in ground.ids() if "managedClusters" in found or "MC_" in found]
    assert taken(ground) == 0


def test_the_control_plane_must_be_allowed_to_hand_out_the_kubelets_identity(arm: Arm) -> None:
    for identity in (PLANE, KUBELET):
        arm.put(identity, {"location": "eastus"})
    arm.network("net", nodes="10.0.0.0/26")
    reply = arm("PUT", CLUSTER, body(arm))
    assert (reply.status, reply.code) == (400, "CustomKubeletIdentityMissingPermissionError")
    permit(arm)
    assert arm("PUT", CLUSTER, body(arm)).status == 201


def test_versions_go_up_one_minor_at_a_time_and_never_down(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, kubernetesVersion="1.34"))
    for version, code in (("1.36", "OperationNotAllowed"), ("1.33", "OperationNotAllowed")):
        assert ground("PUT", CLUSTER, body(ground, kubernetesVersion=version)).code == code
    assert ground("PUT", CLUSTER, body(ground, kubernetesVersion="1.35")).status == 200
    assert ground.get(CLUSTER)["properties"]["currentKubernetesVersion"] == "1.35.3"
    newer = extend(ground, "apps", count=1, orchestratorVersion="1.36")
    assert newer.code == "NodePoolMcVersionIncompatible"


def _too_long(length: int) -> str:
    """The sentence of the service [AKS-NODES]."""
    return (
        f"The length of the node resource group name is too long. The maximum length is 80 and the length of the value provided "
        f"is {length}. Please see https://aka.ms/aks-naming-rules for more details."
    )


def test_a_long_name_of_the_nodes_resource_group_is_refused(ground: Arm) -> None:
    reply = ground("PUT", CLUSTER, body(ground, nodeResourceGroup="n" * 87))
    assert (reply.status, reply.code, reply.message) == (400, "InvalidParameter", _too_long(87))


def test_a_long_name_that_the_service_makes_is_refused_too(ground: Arm) -> None:
    group = f"rg-{'g' * 67}"
    ground.put(CLUSTER.partition("/resourceGroups/")[0] + f"/resourceGroups/{group}", {"location": "eastus"})
    reply = ground("PUT", CLUSTER.replace("/resourceGroups/rg/", f"/resourceGroups/{group}/"), body(ground))
    assert (reply.status, reply.message) == (400, _too_long(len(f"MC_{group}_aks_eastus")))


def test_a_version_in_long_term_support_needs_the_plan(ground: Arm) -> None:
    # 1.33 is in long-term support only since the release of AKS of 2026-07-17 [AKS-VERSION].
    refused = ground("PUT", CLUSTER, body(ground, kubernetesVersion="1.33"))
    assert (refused.status, refused.code) == (400, "K8sVersionNotSupported")
    assert "is on version 1.33.3, which is only available for Long-Term Support (LTS)." in refused.message
    assert (
        ground("PUT", CLUSTER, body(ground, kubernetesVersion="1.33", supportPlan="AKSLongTermSupport")).status == 201
    )


def test_the_last_system_pool_stays_as_long_as_its_cluster(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground))
    assert extend(ground, "apps", count=1).status == 201
    assert ground("DELETE", f"{CLUSTER}/agentPools/system").code == "SystemPoolDeletionNotAllowed"
    assert extend(ground, "second", mode="System", count=1).status == 201
    ground.delete(f"{CLUSTER}/agentPools/system")
    ground.delete(CLUSTER)
    assert not [found for found in ground.ids() if "managedClusters" in found or "MC_" in found]
    assert taken(ground) == 0


def test_a_subnet_with_nodes_in_it_stays(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground))
    assert ground("DELETE", SUBNET).code == "InUseSubnetCannotBeDeleted"


def test_a_cluster_is_deleted_with_its_resource_group(ground: Arm) -> None:
    ground.put(CLUSTER, body(ground, nodeResourceGroup="rg-nodes"))
    ground.delete(GROUP)
    assert ground.ids() == []


def test_an_existing_group_cannot_be_that_of_the_nodes(ground: Arm) -> None:
    reply = ground("PUT", CLUSTER, body(ground, nodeResourceGroup="rg"))
    assert (reply.status, reply.code) == (409, "NodeResourceGroupExists")


@pytest.mark.parametrize(("local", "status"), [(True, 400), (False, 200)])
def test_admin_credentials_are_given_while_local_accounts_work(ground: Arm, local: bool, status: int) -> None:
    ground.put(CLUSTER, body(ground, disableLocalAccounts=local, aadProfile={"managed": True}))
    assert ground("POST", f"{CLUSTER}/listClusterAdminCredential").status == status
    assert ground("POST", f"{CLUSTER}/listClusterUserCredential").status == 200


def test_a_pool_waits_for_its_cluster(start: Callable[..., Arm]) -> None:
    slow = start(StandingClock(1.0))
    slow.group()
    for identity in (PLANE, KUBELET):
        slow.put(identity, {"location": "eastus"})
    permit(slow)
    vnet = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": "nodes", "properties": {"addressPrefix": "10.0.0.0/26"}}],
    }
    slow("PUT", f"{NETWORK}/virtualNetworks/net", {"location": "eastus", "properties": vnet})
    assert slow("PUT", CLUSTER, body(slow)).status == 201
    reply = extend(slow, "apps", count=1)
    assert (reply.status, reply.code) == (409, "OperationNotAllowed")


def test_nodes_show_the_image_that_they_run(start: Callable[..., Arm]) -> None:
    arm = start(node_image="202606.01.0")
    arm.group()
    for identity in (PLANE, KUBELET):
        arm.put(identity, {"location": "eastus"})
    permit(arm)
    arm.network("net", nodes="10.0.0.0/26")
    arm.put(CLUSTER, body(arm, pool(osSKU="AzureLinux")))
    (shown,) = arm.get(CLUSTER)["properties"]["agentPoolProfiles"]
    assert shown["nodeImageVersion"] == "AKSAzureLinux-V3gen2-202606.01.0"


def window(hours: int) -> dict[str, Any]:
    schedule = {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}}
    return {"properties": {"maintenanceWindow": {"schedule": schedule, "durationHours": hours, "startTime": "01:00"}}}


@pytest.mark.parametrize(
    ("name", "hours", "status"),
    [
        ("aksManagedAutoUpgradeSchedule", 4, 201),
        ("aksManagedNodeOSUpgradeSchedule", 24, 201),
        ("aksManagedAutoUpgradeSchedule", 3, 400),
        ("weekends", 4, 400),
    ],
)
def test_maintenance_has_three_names_and_at_least_four_hours(ground: Arm, name: str, hours: int, status: int) -> None:
    ground.put(CLUSTER, body(ground))
    assert ground("PUT", f"{CLUSTER}/maintenanceConfigurations/{name}", window(hours)).status == status
