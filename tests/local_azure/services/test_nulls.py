"""A null in a body is taken as absent: at every place of a body, in every type."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from app_requests import IDENTITY, PROVIDER, WORKSPACE, Apps
from arm_client import GROUP, NETWORK, REGISTRY, Arm, version_for

from local_azure.arm_types import catalogue, lookup
from local_azure.arm_types_catalogue import Member
from local_azure.resource_id import ResourceId

Json = dict[str, Any]

INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
STORAGE = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/acmestore"
WEB = f"{GROUP}/providers/Microsoft.Web"
VNET = f"{NETWORK}/virtualNetworks/vnet"
ZONE = f"{NETWORK}/privateDnsZones/contoso.internal"
USERS = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
VERSIONS = {
    "microsoft.storage": "2024-01-01",
    "microsoft.web": "2025-03-01",
    "datacollectionendpoints": "2022-06-01",
    "components": "2020-02-02",
    "microsoft.monitor": "2023-04-03",
}
"""API versions beside those of the other tests."""


def _network() -> dict[str, Json]:
    east: Json = {"location": "eastus"}
    everywhere: Json = {"location": "global"}
    rule = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "443",
    }
    return {
        f"{NETWORK}/networkSecurityGroups/nsg": {
            **east,
            "properties": {"securityRules": [{"name": "r", "properties": rule}]},
        },
        VNET: {
            **east,
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [{"name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}],
            },
        },
        f"{VNET}/subnets/a": {"properties": {"addressPrefix": "10.0.0.0/24"}},
        ZONE: everywhere,
        f"{ZONE}/A/www": {"properties": {"aRecords": [{"ipv4Address": "10.0.0.4"}]}},
        f"{ZONE}/virtualNetworkLinks/l": {**everywhere, "properties": {"virtualNetwork": {"id": VNET}}},
    }


def _bodies(apps: Apps) -> dict[str, Json]:
    """One body for each type, by address, in an order in which they can be made."""
    east: Json = {"location": "eastus"}
    job = {"triggerType": "Schedule", "replicaTimeout": 60, "scheduleTriggerConfig": {"cronExpression": "0 * * * *"}}
    container = {"name": "main", "image": "contoso.azurecr.io/web:1"}
    pulls = [{"server": "contoso.azurecr.io", "identity": IDENTITY}]
    return {
        IDENTITY: east,
        **_network(),
        REGISTRY: {
            **east,
            "identity": USERS,
            "sku": {"name": "Premium"},
            "properties": {"networkRuleSet": {"defaultAction": "Allow"}, "policies": {"retentionPolicy": {}}},
        },
        WORKSPACE: {**east, "properties": {"sku": {"name": "PerGB2018"}, "features": {}}},
        f"{PROVIDER}/managedEnvironments/cae": {
            **east,
            "properties": {
                "workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}],
                "peerAuthentication": {"mtls": {}},
            },
        },
        f"{PROVIDER}/containerApps/web": apps.app_body(scale={}),
        f"{PROVIDER}/jobs/nightly": {
            **east,
            "identity": USERS,
            "properties": {
                "environmentId": f"{PROVIDER}/managedEnvironments/cae",
                "configuration": {**job, "registries": pulls},
                "template": {"containers": [container]},
            },
        },
        f"{INSIGHTS}/dataCollectionEndpoints/dce": {**east, "properties": {"networkAcls": {}}},
        f"{INSIGHTS}/components/app": {
            **east,
            "kind": "web",
            "properties": {"Application_Type": "web", "WorkspaceResourceId": WORKSPACE},
        },
        STORAGE: {
            **east,
            "kind": "StorageV2",
            "sku": {"name": "Standard_LRS"},
            "properties": {"networkAcls": {"defaultAction": "Allow"}},
        },
        f"{STORAGE}/blobServices/default": {"properties": {"cors": {}}},
        f"{STORAGE}/blobServices/default/containers/packages": {"properties": {}},
        f"{WEB}/serverfarms/plan": {**east, "sku": {"name": "B1"}, "properties": {}},
        f"{WEB}/sites/site": {
            **east,
            "identity": USERS,
            "properties": {"serverFarmId": f"{WEB}/serverfarms/plan", "siteConfig": {}},
        },
    }


def _version(path: str) -> str:
    tail = path.lower().rpartition("/providers/")[2].split("/")
    return next((version for part, version in VERSIONS.items() if part in tail), version_for(path))


@pytest.fixture
def world(arm: Arm) -> tuple[Arm, dict[str, Json]]:
    """Every resource of the table, made."""
    apps = Apps(arm)
    apps.registry()
    bodies = _bodies(apps)
    for path, body in bodies.items():
        reply = arm("PUT", path, body, _version(path))
        assert reply.status in {200, 201, 202}, (path, reply.body)
        if "location" in reply.headers:
            arm("GET", reply.headers["location"])
    return arm, bodies


def _left_out(value: Any, tree: Mapping[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The address of each member that a body's objects have a place for and leave out."""
    for name, node in tree.items():
        if name not in value:
            yield (*path, name)
        elif isinstance(node, dict):
            yield from _left_out(value[name], node, (*path, name))
        elif isinstance(node, Member):
            yield from _below(value[name], node.shape, (*path, name))


def _below(value: Any, shape: Json, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if shape["k"] == "ref" and isinstance(value, dict):
        yield from _left_out(value, catalogue().definition(shape["ref"]).tree, path)
    elif shape["k"] == "array" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _below(item, shape["of"], (*path, index))


def _with_null(body: Json, path: tuple[str | int, ...]) -> Json:
    changed: Any = copy.deepcopy(body)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = None
    return changed


def test_a_put_with_a_null_anywhere_is_answered_as_the_put_without_it(world: tuple[Arm, dict[str, Json]]) -> None:
    arm, bodies = world
    differing, tried = [], 0
    for path, body in bodies.items():
        known = lookup(ResourceId.parse(path).type)
        assert known is not None, path
        version = _version(path)
        plain = arm("PUT", path, body, version).status
        for place in _left_out(body, catalogue().definition(known.root_for(version)).tree):
            reply = arm("PUT", path, _with_null(body, place), version)
            # A member that only later versions have is unknown, null or not.
            if reply.status == 400 and "unknown property" in reply.message:
                continue
            tried += 1
            if reply.status != plain:
                differing.append((path.rpartition("/providers/")[2], place, reply.status, reply.body))
    assert differing == []
    assert tried > 500


def test_a_null_in_a_list_is_refused_with_its_place(world: tuple[Arm, dict[str, Json]]) -> None:
    arm, bodies = world
    body = _with_null(bodies[f"{ZONE}/A/www"], ("properties", "aRecords", 0))
    reply = arm("PUT", f"{ZONE}/A/www", body)
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")
    assert "properties.aRecords[0]: null in a list" in reply.message


def test_a_null_among_the_identities_of_a_put_is_no_identity(world: tuple[Arm, dict[str, Json]]) -> None:
    arm, bodies = world
    app = f"{PROVIDER}/jobs/nightly"
    absent = IDENTITY.replace("puller", "absent")
    users = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}, absent: None}}
    shown = arm.put(app, {**bodies[app], "identity": users})
    assert list(shown["identity"]["userAssignedIdentities"]) == [IDENTITY]
