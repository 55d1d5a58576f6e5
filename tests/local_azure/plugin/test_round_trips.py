from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from local_azure.arm_types import catalogue, lookup_token, violations
from local_azure.arm_types_catalogue import SdkType
from local_azure.plugin import translate
from tests import published

GROUP = "/subscriptions/s/resourceGroups/g/providers"
REGISTRY = "azure-native_containerregistry_v20260301preview:containerregistry:Registry"

CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "azure-native:network:VirtualNetwork",
        {
            "location": "eastus",
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "subnets": [
                {"name": "a", "addressPrefixes": ["10.0.0.0/24"], "delegations": [{"name": "d", "serviceName": "S/t"}]}
            ],
        },
        {
            "location": "eastus",
            "properties": {
                "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                "subnets": [
                    {
                        "name": "a",
                        "properties": {
                            "addressPrefixes": ["10.0.0.0/24"],
                            "delegations": [{"name": "d", "properties": {"serviceName": "S/t"}}],
                        },
                    }
                ],
            },
        },
    ),
    (
        "azure-native:network:PrivateEndpoint",
        {
            "subnet": {"id": "/s"},
            "privateLinkServiceConnections": [{"name": "c", "privateLinkServiceId": "/r", "groupIds": ["registry"]}],
            "ipConfigurations": [
                {"name": "i", "groupId": "registry", "memberName": "registry", "privateIPAddress": "1.2.3.4"}
            ],
        },
        {
            "properties": {
                "subnet": {"id": "/s"},
                "privateLinkServiceConnections": [
                    {"name": "c", "properties": {"privateLinkServiceId": "/r", "groupIds": ["registry"]}}
                ],
                "ipConfigurations": [
                    {
                        "name": "i",
                        "properties": {"groupId": "registry", "memberName": "registry", "privateIPAddress": "1.2.3.4"},
                    }
                ],
            }
        },
    ),
    (
        "azure-native:network:PrivateDnsZoneGroup",
        {"privateDnsZoneConfigs": [{"name": "acr", "privateDnsZoneId": "/z"}]},
        {"properties": {"privateDnsZoneConfigs": [{"name": "acr", "properties": {"privateDnsZoneId": "/z"}}]}},
    ),
    (
        "azure-native:privatedns:PrivateRecordSet",
        {"recordType": "A", "ttl": 3600, "aRecords": [{"ipv4Address": "10.0.0.4"}]},
        {"properties": {"ttl": 3600, "aRecords": [{"ipv4Address": "10.0.0.4"}]}},
    ),
    (
        REGISTRY,
        {
            "location": "eastus",
            "sku": {"name": "Premium"},
            "regionalEndpoints": "Enabled",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": ["/i"]},
            "networkRuleSet": {
                "defaultAction": "Deny",
                "ipRules": [{"action": "Allow", "iPAddressOrRange": "1.2.3.0/24"}],
            },
        },
        {
            "location": "eastus",
            "sku": {"name": "Premium"},
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/i": {}}},
            "properties": {
                "regionalEndpoints": "Enabled",
                "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"action": "Allow", "value": "1.2.3.0/24"}]},
            },
        },
    ),
    (
        "azure-native:containerregistry:Registry",
        {"sku": {"name": "Premium"}, "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/i": {}}}},
        {"sku": {"name": "Premium"}, "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/i": {}}}},
    ),
    ("azure-native:authorization:RoleAssignment", {}, {"properties": {}}),
]


def sdk_type(token: str) -> SdkType:
    found = lookup_token(token)
    assert found is not None
    return found


@pytest.mark.parametrize(("token", "inputs", "body"), CASES, ids=[case[0].rsplit(":", 1)[1] for case in CASES])
def test_inputs_become_the_body_that_arm_publishes(token: str, inputs: dict[str, Any], body: dict[str, Any]) -> None:
    assert translate.to_body(sdk_type(token), inputs, f"{GROUP}/x") == body


@pytest.mark.parametrize(("token", "inputs", "body"), CASES, ids=[case[0].rsplit(":", 1)[1] for case in CASES])
def test_a_body_read_back_gives_the_inputs_again(token: str, inputs: dict[str, Any], body: dict[str, Any]) -> None:
    sdk = sdk_type(token)
    expected = {name: value for name, value in inputs.items() if name not in sdk.arm.path_inputs}
    assert translate.to_inputs(sdk, translate.to_outputs(sdk, body)) == expected


_SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=5),
    "int": st.integers(-5, 5),
    "number": st.integers(-5, 5),
    "bool": st.booleans(),
    "any": st.text(max_size=3),
    "set": st.lists(st.text(min_size=1, max_size=4), max_size=2, unique=True),
}


def _values(shape: dict[str, Any], depth: int) -> st.SearchStrategy[Any]:
    match shape["k"]:
        case "enum":
            return st.sampled_from(shape["values"])
        case "array":
            return st.lists(_values(shape["of"], depth), max_size=2)
        case "map":
            return st.dictionaries(st.text(min_size=1, max_size=4), _values(shape["of"], depth), max_size=2)
        case "union":
            return _values(shape["of"][0], depth)
        case "ref":
            return _objects(shape["ref"], depth)
        case kind:
            return _SCALARS[kind]


def _objects(key: str, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    members = [m for m in catalogue().definition(key).members.values() if not m.read_only]
    inner = {
        m.sdk: _values(m.shape, depth - 1) for m in members if depth > 0 or m.shape["k"] not in ("ref", "array", "map")
    }
    required = {m.sdk: inner.pop(m.sdk) for m in members if m.required and m.sdk in inner}
    return st.fixed_dictionaries(required, optional=inner)


@st.composite
def _resources(draw: st.DrawFn) -> tuple[SdkType, dict[str, Any]]:
    sdk = sdk_type(draw(st.sampled_from([case[0] for case in CASES])))
    return sdk, draw(_objects(sdk.root, 2))


@settings(max_examples=60, deadline=None)
@given(_resources())
def test_any_inputs_survive_the_way_to_the_body_and_back(resource: tuple[SdkType, dict[str, Any]]) -> None:
    sdk, inputs = resource
    body = json.loads(json.dumps(translate.to_body(sdk, inputs, f"{GROUP}/x")))
    assert translate.to_inputs(sdk, translate.to_outputs(sdk, body)) == inputs


@settings(max_examples=60, deadline=None)
@given(_resources())
def test_no_body_has_a_member_of_the_wrong_place_or_type(resource: tuple[SdkType, dict[str, Any]]) -> None:
    sdk, inputs = resource
    found = violations(sdk.arm, sdk.version, translate.to_body(sdk, inputs, f"{GROUP}/x"))
    assert [v for v in found if "missing" not in v.problem and "serviceGateway" not in v.path] == []


def test_a_reference_to_a_part_of_the_resource_itself_is_expanded() -> None:
    body = translate.to_body(
        sdk_type("azure-native:privatedns:VirtualNetworkLink"), {"virtualNetwork": {"id": "$self/part/x"}}, "/id"
    )
    assert body["properties"]["virtualNetwork"] == {"id": "/id/part/x"}


def test_an_entry_that_left_a_string_set_is_sent_as_null() -> None:
    before = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/a", "/b"]}}
    after = {"identity": {"type": "UserAssigned", "userAssignedIdentities": ["/b"]}}
    body = translate.to_body(sdk_type(REGISTRY), after, "/id", before)
    assert body["identity"]["userAssignedIdentities"] == {"/b": {}, "/a": None}


def test_an_id_is_built_from_the_path_inputs_and_read_back() -> None:
    sdk = sdk_type("azure-native:network:Subnet")
    inputs = {"resourceGroupName": "rg", "virtualNetworkName": "v", "subnetName": "s"}
    arm_id = translate.resource_id(sdk, inputs, "sub")
    assert arm_id == "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/s"
    assert translate.path_inputs(sdk.arm, arm_id.replace("resourceGroups", "resourcegroups")) == inputs


def test_a_scope_goes_into_the_id_unencoded_and_comes_back_with_its_leading_slash() -> None:
    sdk = sdk_type("azure-native:authorization:RoleAssignment")
    arm_id = translate.resource_id(sdk, {"scope": "/subscriptions/s/", "roleAssignmentName": "n"}, "ignored")
    assert arm_id == "/subscriptions/s/providers/Microsoft.Authorization/roleAssignments/n"
    assert translate.path_inputs(sdk.arm, arm_id) == {"scope": "/subscriptions/s", "roleAssignmentName": "n"}


def test_an_id_of_another_type_is_refused() -> None:
    with pytest.raises(ValueError, match=r"is not the id of a Microsoft\.Network/virtualNetworks"):
        translate.path_inputs(sdk_type("azure-native:network:VirtualNetwork").arm, "/subscriptions/s/resourceGroups/g")


def test_bodies_of_the_table_pass_the_published_types() -> None:
    sent = []
    for token, _, body in CASES[:5]:
        sdk = sdk_type(token)
        sent.append({"type": sdk.arm.name, "apiVersion": sdk.version, "name": "abcde", "body": body})
    assert [line for line in published.violations(sent) if "does not match" not in line] == []
