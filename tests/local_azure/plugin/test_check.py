from __future__ import annotations

import uuid
from typing import Any

import pytest

from local_azure.arm_types import lookup_token
from local_azure.arm_types_catalogue import SdkType
from local_azure.plugin import check
from local_azure.plugin.values import UNKNOWN, Secret

REGISTRY = "azure-native_containerregistry_v20260301preview:containerregistry:Registry"
GOOD: dict[str, Any] = {
    "registryName": "acmereg",
    "resourceGroupName": "rg",
    "location": "eastus",
    "sku": {"name": "Premium"},
}


def sdk_type(token: str) -> SdkType:
    found = lookup_token(token)
    assert found is not None
    return found


def reasons(inputs: dict[str, Any], token: str = REGISTRY) -> list[str]:
    return check.failures(sdk_type(token), inputs)


def test_good_inputs_pass() -> None:
    assert reasons(GOOD) == []


def test_unknown_values_pass_at_any_depth() -> None:
    unknown = {
        **GOOD,
        "registryName": UNKNOWN,
        "sku": {"name": UNKNOWN},
        "networkRuleSet": UNKNOWN,
        "tags": {"a": UNKNOWN},
    }
    assert reasons(unknown) == []


def test_a_whole_object_may_stand_where_only_an_id_is_asked_for() -> None:
    """The SDK adds the defaults of `SubnetArgs` to its id; azure-native drops them [AN-CHECK]."""
    gateway = "azure-native:network:VirtualNetworkGateway"
    subnet = {"id": "/subscriptions/s", "privateEndpointNetworkPolicies": "Disabled"}
    inputs = {"resourceGroupName": "rg", "virtualNetworkGatewayName": "g", "ipConfigurations": [{"subnet": subnet}]}
    assert reasons(inputs, gateway) == []
    del subnet["id"]
    assert reasons(inputs, gateway) == ["unknown property 'ipConfigurations[0].subnet.privateEndpointNetworkPolicies'"]


WRONG = [
    ({"georeplicated": True}, "unknown property 'georeplicated'"),
    ({"RegionalEndpoints": "Enabled"}, "unknown property 'RegionalEndpoints', did you mean 'regionalEndpoints'?"),
    (
        {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"value": "1.2.3.4"}]}},
        "unknown property 'networkRuleSet.ipRules[0].value'",
    ),
    ({"adminUserEnabled": "no"}, "'adminUserEnabled' should be of type 'boolean' but got a string"),
    ({"sku": "Premium"}, "'sku' should be of type 'object' but got a string"),
    (
        {"policies": {"retentionPolicy": {"days": "7"}}},
        "'policies.retentionPolicy.days' should be of type 'integer' but got a string",
    ),
    (
        {"policies": {"retentionPolicy": {"days": True}}},
        "'policies.retentionPolicy.days' should be of type 'integer' but got a boolean",
    ),
    (
        {"identity": {"userAssignedIdentities": {"/i": {}}}},
        "'identity.userAssignedIdentities' should be of type 'array' but got an object",
    ),
    ({"sku": {}}, "missing required property 'sku.name'"),
    ({"resourceGroupName": None}, "missing required property 'resourceGroupName'"),
    (
        {"location": None},
        "missing required property 'location'. Either set it explicitly or configure it with "
        "'pulumi config set azure-native:location <value>'.",
    ),
]


@pytest.mark.parametrize(("change", "reason"), WRONG, ids=[reason for _, reason in WRONG])
def test_wrong_inputs_are_refused_with_their_path(change: dict[str, Any], reason: str) -> None:
    assert reason in reasons({**GOOD, **change})


def test_a_wrong_secret_is_refused_without_showing_it() -> None:
    found = reasons({**GOOD, "sku": {"name": Secret(["hunter2"])}})
    assert found == ["'sku.name' should be of type 'string' but got an array"]


def test_a_property_of_a_newer_version_is_unknown_to_the_default_class() -> None:
    token = "azure-native:containerregistry:Registry"
    assert reasons({**GOOD, "regionalEndpoints": "Enabled"}, token) == ["unknown property 'regionalEndpoints'"]


def named(token: str, own: str, inputs: dict[str, Any], olds: dict[str, Any]) -> Any:
    return check.with_name(sdk_type(token), inputs, olds, "logical", b"seed")[own]


def test_a_given_name_is_kept() -> None:
    assert named("azure-native:network:VirtualNetwork", "virtualNetworkName", {"virtualNetworkName": "v"}, {}) == "v"


def test_a_name_once_made_is_kept() -> None:
    assert (
        named("azure-native:network:VirtualNetwork", "virtualNetworkName", {}, {"virtualNetworkName": "old"}) == "old"
    )


def test_a_missing_name_is_the_logical_name_with_eight_digits_of_the_seed() -> None:
    first = named("azure-native:network:VirtualNetwork", "virtualNetworkName", {}, {})
    assert first == named("azure-native:network:VirtualNetwork", "virtualNetworkName", {}, {})
    assert first.startswith("logical")
    assert len(first) == len("logical") + 8


def test_a_child_without_a_name_takes_the_logical_name() -> None:
    assert named("azure-native:network:Subnet", "subnetName", {}, {}) == "logical"


def test_a_role_assignment_without_a_name_gets_a_guid() -> None:
    assert uuid.UUID(named("azure-native:authorization:RoleAssignment", "roleAssignmentName", {}, {}))


def located(inputs: dict[str, Any], olds: dict[str, Any], default: str | None) -> Any:
    groups = {"rg": "norwayeast"}
    return check.with_location(sdk_type(REGISTRY), inputs, olds, default, groups.get).get("location")


LOCATIONS = [
    ({"location": "eastus"}, {"location": "old"}, "default", "eastus"),
    ({}, {"location": "old"}, "default", "old"),
    ({}, {}, "default", "default"),
    ({"resourceGroupName": "rg"}, {}, None, "norwayeast"),
    ({"resourceGroupName": UNKNOWN}, {}, None, UNKNOWN),
    ({"resourceGroupName": "nowhere"}, {}, None, None),
]


@pytest.mark.parametrize(("inputs", "olds", "default", "expected"), LOCATIONS)
def test_a_location_comes_from_inputs_then_state_then_provider_then_group(
    inputs: dict[str, Any], olds: dict[str, Any], default: str | None, expected: Any
) -> None:
    assert located(inputs, olds, default) == expected


def test_a_type_without_a_location_gets_none() -> None:
    peering = sdk_type("azure-native:network:VirtualNetworkPeering")
    assert check.with_location(peering, {}, {}, "eastus", lambda _: None) == {}
