"""What a region or a machine's size does not have, and what the service adds to a pool of Spot nodes."""

from __future__ import annotations

from typing import Any

import pytest
from app_requests import CONSUMPTION, PROVIDER, Apps
from arm_client import GROUP, Arm, Reply
from cluster_requests import CLUSTER, body, extend, pool, prepared

LABEL, VALUE = "kubernetes.azure.com/scalesetpriority", "spot"
TAINT = f"{LABEL}={VALUE}:NoSchedule"


@pytest.mark.parametrize(
    ("size", "disk_gib", "shown"),
    [
        # The figures of https://github.com/Azure/AKS/issues/2672 and https://github.com/rancher/rancher/issues/33679.
        ("Standard_DS2_v2", 128, "has a cache size of 92341796864 bytes, but the OS disk requires 137438953472 bytes"),
        ("Standard_D4s_v5", 64, "has a cache size of 0 bytes, but the OS disk requires 68719476736 bytes"),
    ],
)
def test_an_ephemeral_disk_that_does_not_fit_is_refused(arm: Arm, size: str, disk_gib: int, shown: str) -> None:
    refused = prepared(arm)("PUT", CLUSTER, body(arm, pool(vmSize=size, osDiskType="Ephemeral", osDiskSizeGB=disk_gib)))
    assert (refused.status, refused.code) == (400, "VMCacheSizeTooSmall")
    assert f"The virtual machine size {size} {shown}. Use a VM size" in refused.body["error"]["message"]


@pytest.mark.parametrize(
    ("size", "disk_gib", "kind"),
    [
        ("Standard_D4ds_v5", 128, "Ephemeral"),
        ("Standard_D2ds_v5", 128, "Managed"),
        ("Standard_D2ds_v5", 75, "Ephemeral"),
        ("Standard_D4s_v5", 30, "Managed"),
        ("Standard_M416ms_v2", 128, "Managed"),
    ],
)
def test_a_pool_that_states_no_disk_has_an_ephemeral_one_where_it_fits(
    arm: Arm, size: str, disk_gib: int, kind: str
) -> None:
    created = prepared(arm).put(CLUSTER, body(arm, pool(vmSize=size, osDiskSizeGB=disk_gib)))
    assert created["properties"]["agentPoolProfiles"][0]["osDiskType"] == kind


@pytest.mark.parametrize("size", ["Standard_NC6s_v2", "Standard_NC24rs_v3", "Standard_NV6", "Standard_ND6s"])
def test_a_retired_size_is_not_offered(arm: Arm, size: str) -> None:
    refused = prepared(arm)("PUT", CLUSTER, body(arm, pool(vmSize=size)))
    assert f"The VM size of {size} is not allowed in your subscription" in refused.body["error"]["message"]


@pytest.mark.parametrize("size", ["Standard_NC6ads_A10_v4", "Standard_NC4as_T4_v3", "Standard_NV12ads_A10_v5"])
def test_a_size_of_a_later_series_is_offered(arm: Arm, size: str) -> None:
    assert prepared(arm)("PUT", CLUSTER, body(arm, pool(vmSize=size))).status == 201


def test_the_label_and_the_taint_of_spot_nodes_are_added_to_what_is_stated(arm: Arm) -> None:
    prepared(arm).put(CLUSTER, body(arm))
    spot: dict[str, Any] = {"scaleSetPriority": "Spot", "nodeLabels": {"team": "data"}, "nodeTaints": ["a=b:NoExecute"]}
    created = extend(arm, "spot", count=1, **spot).body["properties"]
    assert created["nodeLabels"] == {LABEL: VALUE, "team": "data"}
    assert created["nodeTaints"] == [TAINT, "a=b:NoExecute"]


def test_an_update_that_leaves_the_label_of_spot_nodes_out_does_not_take_it_away(arm: Arm) -> None:
    prepared(arm).put(CLUSTER, body(arm))
    extend(arm, "spot", count=1, scaleSetPriority="Spot")
    again = extend(arm, "spot", count=2, scaleSetPriority="Spot", nodeTaints=[TAINT]).body["properties"]
    assert (again["nodeLabels"], again["nodeTaints"]) == ({LABEL: VALUE}, [TAINT])


@pytest.fixture
def west(arm: Arm) -> Apps:
    """A network in a region without zones."""
    apps = Apps(arm)
    service = {"name": "d", "properties": {"serviceName": "Microsoft.App/environments"}}
    subnet = {"name": "apps", "properties": {"addressPrefix": "10.0.0.0/27", "delegations": [service]}}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    arm.put(f"{GROUP}/providers/Microsoft.Network/virtualNetworks/west", {"location": "westus", "properties": space})
    return apps


@pytest.mark.parametrize(("redundant", "status"), [(True, 400), (False, 201)])
def test_an_environment_is_zone_redundant_where_the_region_has_zones(west: Apps, redundant: bool, status: int) -> None:
    subnet = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/west/subnets/apps"
    properties = {"workloadProfiles": [CONSUMPTION], "vnetConfiguration": {"infrastructureSubnetId": subnet}}
    sent = {"location": "westus", "properties": {**properties, "zoneRedundant": redundant}}
    reply = west.arm("PUT", f"{PROVIDER}/managedEnvironments/cae", sent)
    assert reply.status == status
    if redundant:
        assert reply.code == "ManagedEnvironmentZoneRedundantNotSupportedInRegion"


@pytest.mark.parametrize(
    ("location", "zones", "code"),
    [
        ("westus", ["1"], "AvailabilityZoneNotSupported"),
        ("eastus", ["1", "2"], "InvalidZones"),
    ],
)
def test_a_container_group_is_in_one_zone_of_a_region_that_has_them(
    arm: Arm, location: str, zones: list[str], code: str
) -> None:
    assert group(arm, location, zones).code == code
    assert group(arm, location, []).status == 201
    assert group(arm, "eastus", ["1"], "zonal").status == 201


def group(arm: Arm, location: str, zones: list[str], name: str = "run") -> Reply:
    requests = {"resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}, "image": "mcr.microsoft.com/app:1"}
    properties = {"containers": [{"name": "main", "properties": requests}], "osType": "Linux"}
    path = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/{name}"
    return arm("PUT", path, {"location": location, "zones": zones, "properties": properties}, "2026-07-01")
