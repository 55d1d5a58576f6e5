"""What services add to a resource by themselves: the local Azure adds all that the toolkit is prepared for, and shows it.

The table is the toolkit's own; what is added here is read from other sources, so that either finds a mistake of the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from app_requests import Apps
from arm_client import GROUP, NETWORK, REGISTRY, Arm
from cluster_requests import CLUSTER, body, extend, prepared

from planning.service_additions import ADDITIONS, Addition

if TYPE_CHECKING:
    from collections.abc import Callable

GROUPS = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups"
INERT = ("Registry", "Replication")
"""Types whose zone redundancy is inert, and not shown by the local Azure [ACR-9]."""


def _pool(arm: Arm, addition: Addition) -> Any:
    prepared(arm).put(CLUSTER, body(arm))
    sent = dict(addition.when)
    if sent.get("enableAutoScaling"):
        sent |= {"minCount": 2, "maxCount": 5}
    extend(arm, "added", **sent)
    return arm.get(f"{CLUSTER}/agentPools/added")


def _environment(arm: Arm, addition: Addition) -> Any:
    apps = Apps(arm)
    node = {"name": "big", "workloadProfileType": "D4", "minimumCount": 1, "maximumCount": 1}
    network = {"infrastructureSubnetId": apps.network(prefix="10.0.0.0/25"), "internal": True}
    return apps.create(vnetConfiguration=network, workloadProfiles=[node])


def _endpoint(arm: Arm, addition: Addition) -> Any:
    arm.registry("contoso")
    arm.network("vnet", endpoints="10.0.1.0/24")
    connection = {"name": "c", "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
    subnet = {"id": f"{NETWORK}/virtualNetworks/vnet/subnets/endpoints"}
    sent = {"location": "eastus", "properties": {"subnet": subnet, "privateLinkServiceConnections": [connection]}}
    return arm.put(f"{NETWORK}/privateEndpoints/pe", sent)


def _container_group(arm: Arm, addition: Addition) -> Any:
    delegation = {"name": "d", "properties": {"serviceName": "Microsoft.ContainerInstance/containerGroups"}}
    subnet = {"name": "cg", "properties": {"addressPrefix": "10.0.1.0/24", "delegations": [delegation]}}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    arm.put(f"{NETWORK}/virtualNetworks/spoke", {"location": "eastus", "properties": space})
    container = {"image": "mcr.microsoft.com/a:1", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}}
    properties = {
        "osType": "Linux",
        "containers": [{"name": "main", "properties": container}],
        "subnetIds": [{"id": f"{NETWORK}/virtualNetworks/spoke/subnets/cg"}],
        "ipAddress": {"type": "Private", "ports": [{"port": 80, "protocol": "TCP"}]},
    }
    arm.put(f"{GROUPS}/g", {"location": "eastus", "properties": properties}, "2026-07-01")
    return arm.get(f"{GROUPS}/g", "2026-07-01")


MAKE: dict[str, Callable[[Arm, Addition], Any]] = {
    "AgentPool": _pool,
    "ManagedEnvironment": _environment,
    "PrivateEndpoint": _endpoint,
    "ContainerGroup": _container_group,
}
PLAYED = [each for each in ADDITIONS if each.type not in INERT]


@pytest.mark.parametrize("addition", PLAYED, ids=[f"{each.type}.{each.member}" for each in PLAYED])
def test_what_a_service_is_known_to_add_is_added_here(arm: Arm, addition: Addition) -> None:
    shown = MAKE[addition.type](arm, addition)["properties"]
    for name in addition.member.split("."):
        shown = shown[name]
    assert shown
    if isinstance(addition.value, dict):
        assert addition.value.items() <= shown.items()
    elif isinstance(addition.value, list):
        found = [{key: each[key] for key in addition.value[0]} if isinstance(each, dict) else each for each in shown]
        assert all(each in found for each in addition.value)


def test_every_type_that_something_is_added_to_is_made() -> None:
    assert {each.type for each in ADDITIONS} == MAKE.keys() | set(INERT)
