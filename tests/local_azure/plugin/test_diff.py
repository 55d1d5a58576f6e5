from __future__ import annotations

from typing import Any

import pytest

from local_azure.arm_types import lookup_token
from local_azure.plugin.diff import apply_drift, difference
from local_azure.plugin.values import UNKNOWN, Secret

REGISTRY = "azure-native_containerregistry_v20260301preview:containerregistry:Registry"


def diff(token: str, old: dict[str, Any], new: dict[str, Any], outputs: dict[str, Any] | None = None) -> dict[str, str]:
    sdk = lookup_token(token)
    assert sdk is not None
    return dict(difference(sdk, old, new, outputs or {}).detailed)


REPLACED = [
    (
        "azure-native:network:VirtualNetwork",
        {"virtualNetworkName": "a"},
        {"virtualNetworkName": "b"},
        "virtualNetworkName",
    ),
    (
        "azure-native:network:VirtualNetwork",
        {"resourceGroupName": "a"},
        {"resourceGroupName": "b"},
        "resourceGroupName",
    ),
    ("azure-native:network:VirtualNetwork", {"location": "eastus"}, {"location": "westus"}, "location"),
    ("azure-native:network:PrivateEndpoint", {"subnet": {"id": "a"}}, {"subnet": {"id": "b"}}, "subnet.id"),
    ("azure-native:network:PrivateEndpoint", {"subnet": {"id": "a"}}, {"subnet": {"id": UNKNOWN}}, "subnet.id"),
    ("azure-native:authorization:RoleAssignment", {"principalId": "a"}, {"principalId": "b"}, "principalId"),
    ("azure-native:authorization:RoleAssignment", {"scope": "a"}, {"scope": "b"}, "scope"),
    ("azure-native:privatedns:PrivateRecordSet", {"recordType": "A"}, {"recordType": "AAAA"}, "recordType"),
    (REGISTRY, {"location": "eastus"}, {"location": "westus"}, "location"),
    (REGISTRY, {"registryName": "aaaaa"}, {"registryName": "bbbbb"}, "registryName"),
]


@pytest.mark.parametrize(("token", "old", "new", "path"), REPLACED)
def test_a_path_input_or_forced_member_replaces(
    token: str, old: dict[str, Any], new: dict[str, Any], path: str
) -> None:
    assert diff(token, old, new) == {path: "UPDATE_REPLACE"}


UPDATED = [
    (REGISTRY, {"regionalEndpoints": "Disabled"}, {"regionalEndpoints": "Enabled"}, {"regionalEndpoints": "UPDATE"}),
    (REGISTRY, {}, {"tags": {"a": "b"}}, {"tags": "ADD"}),
    (REGISTRY, {"tags": {"a": "b", "c.d": "e"}}, {"tags": {"a": "b"}}, {'tags.["c.d"]': "DELETE"}),
    (REGISTRY, {"sku": {"name": "Basic"}}, {"sku": {"name": "Premium"}}, {"sku.name": "UPDATE"}),
    (
        "azure-native:network:VirtualNetwork",
        {"subnets": [{"name": "a"}, {"name": "b"}]},
        {"subnets": [{"name": "a", "addressPrefix": "x"}]},
        {"subnets[0].addressPrefix": "ADD", "subnets[1]": "DELETE"},
    ),
    ("azure-native:network:PrivateEndpoint", {"tags": {"a": UNKNOWN}}, {"tags": {"a": "b"}}, {"tags.a": "UPDATE"}),
]


@pytest.mark.parametrize(("token", "old", "new", "changes"), UPDATED)
def test_other_changes_update_in_place(
    token: str, old: dict[str, Any], new: dict[str, Any], changes: dict[str, str]
) -> None:
    assert diff(token, old, new) == changes


CLUSTER = "azure-native:containerservice:ManagedCluster"
NETWORK: dict[str, Any] = {"networkPlugin": "azure", "networkPluginMode": "overlay", "loadBalancerSku": "standard"}


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        ({"networkPlugin": "kubenet"}, {"networkProfile.networkPlugin": "UPDATE_REPLACE"}),
        ({"podCidr": "10.244.0.0/16"}, {"networkProfile.podCidr": "ADD_REPLACE"}),
        ({"loadBalancerSku": "basic"}, {"networkProfile.loadBalancerSku": "UPDATE"}),
    ],
)
def test_a_member_of_an_object_may_replace_where_its_neighbour_does_not(
    change: dict[str, Any], changes: dict[str, str]
) -> None:
    assert diff(CLUSTER, {"networkProfile": NETWORK}, {"networkProfile": {**NETWORK, **change}}) == changes


SAME = [
    ({"location": "East US"}, {"location": "eastus"}),
    ({"tags": {"a": "b"}}, {"tags": {"a": Secret("b")}}),
    ({"sku": {"name": "Premium"}}, {"sku": {"name": "Premium"}}),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_spelling_of_a_place_and_secrecy_are_no_changes(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert diff(REGISTRY, old, new) == {}


def test_naming_the_location_that_a_resource_already_has_does_not_replace() -> None:
    assert diff(REGISTRY, {}, {"location": "eastus"}, {"location": "eastus"}) == {"location": "ADD"}
    assert diff(REGISTRY, {}, {"location": "westus"}, {"location": "eastus"}) == {"location": "ADD_REPLACE"}


def test_drift_is_applied_to_what_the_program_set_and_not_to_defaults() -> None:
    inputs = {"a": 1, "nested": {"x": 1}, "list": [{"n": 1}]}
    before = {"a": 1, "nested": {"x": 1, "default": 5}, "list": [{"n": 1, "default": 5}], "other": 1}
    after = {"a": 2, "nested": {"x": 3, "default": 5}, "list": [{"n": 1, "default": 5}, {"n": 2}], "other": 1}
    assert apply_drift(inputs, before, after) == {"a": 2, "nested": {"x": 3}, "list": [{"n": 1}, {"n": 2}]}


def test_drift_that_removed_a_member_removes_the_input() -> None:
    assert apply_drift({"a": 1, "tags": {"k": "v"}}, {"a": 1, "tags": {"k": "v"}}, {"a": 1}) == {"a": 1}
