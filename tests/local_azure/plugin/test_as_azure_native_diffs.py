"""Diff: what is a change of a resource, one row for each answer of azure-native 3.29."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from as_azure_native import Diff, bridge, kinds
from pulumi.runtime.proto import provider_pb2

from local_azure.plugin.values import Secret

NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
ENDPOINT = "azure-native:network:PrivateEndpoint"
REGISTRY = "azure-native:containerregistry:Registry"
ENVIRONMENT = "azure-native:app:ManagedEnvironment"
APP = "azure-native:app:ContainerApp"
CLUSTER = "azure-native:containerservice:ManagedCluster"
VAULT = "azure-native:keyvault:Vault"
COMPONENT = "azure-native:applicationinsights:Component"
RULE = "azure-native:monitor:DataCollectionRule"
VNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/"
VNET_LOWER = "/subscriptions/s/resourcegroups/rg/providers/microsoft.network/virtualNetworks/v/subnets/"
CONSUMPTION = {"name": "Consumption", "workloadProfileType": "Consumption"}
DEDICATED = {"name": "d4", "workloadProfileType": "D4", "minimumCount": 1}

SAME = [
    Diff(
        "the case of a resource group's name",
        "#2910; diff_test.go TestResourceGroupNameDiffingIsCaseInsensitive",
        NETWORK,
        {"resourceGroupName": "MyRG"},
        {"resourceGroupName": "myrg"},
        same=True,
    ),
    Diff(
        "the spelling of a location",
        "diff_test.go TestLocationDiffingIsInsensitiveToSpacesAndCasing",
        NETWORK,
        {"location": "West US 2"},
        {"location": "westus2"},
        same=True,
    ),
    Diff(
        "Basic and Paid are Base and Standard",
        "#2600, #2688; diff_test.go TestSkuDiffingIsInsensitiveToAksPermutations",
        CLUSTER,
        {"sku": {"name": "Basic", "tier": "Paid"}},
        {"sku": {"name": "Base", "tier": "Standard"}},
        same=True,
    ),
    Diff(
        "the tier may be another one all the same",
        "#2744, #2746; diff_test.go TestSkuDiffingIsInsensitiveToAksPermutations",
        CLUSTER,
        {"sku": {"name": "Base", "tier": "Standard"}},
        {"sku": {"name": "Basic", "tier": "Free"}},
        {"sku.name": "UPDATE", "sku.tier": "UPDATE"},
    ),
    Diff(
        "an SKU with other members than name and tier is compared as it is",
        "#2746; diff.go: AKS SKUs have name and tier",
        CLUSTER,
        {"sku": {"name": "Basic", "tier": "Paid"}},
        {"sku": {"name": "Base"}},
        {"sku.name": "UPDATE", "sku.tier": "DELETE"},
    ),
    Diff(
        "a number is no switch",
        "diff.go: values of different types differ",
        REGISTRY,
        {"adminUserEnabled": 1},
        {"adminUserEnabled": True},
        {"adminUserEnabled": "UPDATE"},
    ),
    Diff(
        "a private key of the provider",
        "diff.go ignoreKey",
        NETWORK,
        {"__createBeforeDelete": True, "location": "eastus"},
        {"location": "eastus"},
        same=True,
    ),
    Diff(
        "a new member at its schema default",
        "#2506; diff_test.go TestChangesAndReplacements_AddedPropertyWithDefaultCausesNoDiff",
        SUBNET,
        {},
        {"privateEndpointNetworkPolicies": "Disabled"},
        {"privateEndpointNetworkPolicies": "ADD"},
        same=True,
    ),
    Diff(
        "a new member beside its schema default is a change",
        "diff_test.go TestChangesAndReplacements_AddedPropertyWithDefaultButDifferentValueCausesDiff",
        SUBNET,
        {},
        {"privateEndpointNetworkPolicies": "Enabled"},
        {"privateEndpointNetworkPolicies": "ADD"},
    ),
    Diff(
        "a new create-only member at its default neither changes nor replaces",
        "diff_test.go TestChangesAndReplacements_AddedForceNewPropertyWithDefaultCausesNoDiff",
        COMPONENT,
        {},
        {"applicationType": "web"},
        {"applicationType": "ADD"},
        same=True,
    ),
    Diff(
        "a new switch that is off: a switch without a default counts as off",
        "diff.go azureResourcePropertyDefaultValue",
        ENVIRONMENT,
        {},
        {"zoneRedundant": False},
        {"zoneRedundant": "ADD"},
        same=True,
    ),
    Diff(
        "the case of an id before the resource's own type",
        "#854, #2993; diff_test.go TestStringsEqualCaseInsensitiveAzureIds",
        ENDPOINT,
        {"subnet": {"id": f"{VNET}a"}},
        {"subnet": {"id": f"{VNET_LOWER}a"}},
        same=True,
    ),
    Diff(
        "the case of a name in an id is a change",
        "diff_test.go TestStringsEqualCaseInsensitiveAzureIds",
        ENDPOINT,
        {"subnet": {"id": f"{VNET}a"}},
        {"subnet": {"id": f"{VNET}A"}},
        {"subnet.id": "UPDATE_REPLACE"},
    ),
    Diff(
        "the case of a load balancer's pool type",
        "#4772, #4776; diff_test.go TestManagedClusterBackendPoolTypeDiffingIsCaseInsensitive",
        CLUSTER,
        {"networkProfile": {"loadBalancerProfile": {"backendPoolType": "nodeIPConfiguration"}}},
        {"networkProfile": {"loadBalancerProfile": {"backendPoolType": "NodeIPConfiguration"}}},
        same=True,
    ),
    Diff(
        "the case of a vault's SKU, and not of its family",
        "#1749; diff_test.go TestVaultSkuNameDiffingIsCaseInsensitive",
        VAULT,
        {"properties": {"sku": {"name": "Standard", "family": "A"}}},
        {"properties": {"sku": {"name": "standard", "family": "a"}}},
        {"properties.sku.family": "UPDATE"},
    ),
    Diff(
        "that a value became secret",
        "provider.go Check: secrets are not kept in its inputs",
        REGISTRY,
        {"tags": {"a": "b"}},
        {"tags": {"a": Secret("b")}},
        same=True,
    ),
]

KEYED = [
    Diff(
        "workload profiles in another order",
        "#2781; app/…/2025-02-02-preview/ManagedEnvironments.json: x-ms-identifiers name",
        ENVIRONMENT,
        {"workloadProfiles": [CONSUMPTION, DEDICATED]},
        {"workloadProfiles": [DEDICATED, CONSUMPTION]},
        same=True,
    ),
    Diff(
        "a changed profile at its new place, a new one, a lost one at its old place",
        "diff_test.go TestDiffKeyedArrays: basic example",
        ENVIRONMENT,
        {"workloadProfiles": [CONSUMPTION, DEDICATED, {"name": "gone", "workloadProfileType": "E4"}]},
        {
            "workloadProfiles": [
                {**DEDICATED, "minimumCount": 2},
                {"name": "new", "workloadProfileType": "E4"},
                CONSUMPTION,
            ]
        },
        {
            "workloadProfiles[0].minimumCount": "UPDATE",
            "workloadProfiles[1]": "ADD",
            "workloadProfiles[2]": "DELETE",
        },
    ),
    Diff(
        "elements that share a key are compared by position",
        "#3311, #3320; diff_test.go TestDiffKeyedArrays: duplicate key value",
        ENVIRONMENT,
        {"workloadProfiles": [CONSUMPTION, {**CONSUMPTION, "minimumCount": 1}]},
        {"workloadProfiles": [{**CONSUMPTION, "minimumCount": 1}, CONSUMPTION]},
        {"workloadProfiles[0].minimumCount": "ADD", "workloadProfiles[1].minimumCount": "DELETE"},
    ),
    Diff(
        "an array below an element of an array",
        "app/…/2025-02-02-preview/CommonDefinitions.json, BaseContainer.env: x-ms-identifiers name",
        APP,
        {
            "template": {
                "containers": [{"name": "c", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]
            }
        },
        {
            "template": {
                "containers": [{"name": "c", "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]}]
            }
        },
        same=True,
    ),
    Diff(
        "access policies, by three keys of which one is an object",
        "keyvault/…/2024-11-01/keyvault.json: x-ms-identifiers tenantId, objectId, permissions",
        VAULT,
        {
            "properties": {
                "accessPolicies": [{"tenantId": "t", "objectId": o, "permissions": {"keys": ["get"]}} for o in "ab"]
            }
        },
        {
            "properties": {
                "accessPolicies": [{"tenantId": "t", "objectId": o, "permissions": {"keys": ["get"]}} for o in "ba"]
            }
        },
        same=True,
    ),
    Diff(
        "the destinations of a collection rule in another order",
        "monitor/…/2022-06-01/dataCollectionRules_API.json, DestinationsSpec.logAnalytics",
        RULE,
        {"destinations": {"logAnalytics": [{"name": "a"}, {"name": "b"}]}},
        {"destinations": {"logAnalytics": [{"name": "b"}, {"name": "a"}]}},
        same=True,
    ),
    Diff(
        "subnets have no identifiers: another order is a change of each",
        "network/…/2024-05-01/virtualNetwork.json, VirtualNetworkPropertiesFormat.subnets",
        NETWORK,
        {"subnets": [{"name": "a"}, {"name": "b"}]},
        {"subnets": [{"name": "b"}, {"name": "a"}]},
        {"subnets[0].name": "UPDATE", "subnets[1].name": "UPDATE"},
    ),
    Diff(
        "nor have the pools of a cluster",
        "containerservice/…/aks/models.tsp: @identifiers(#[]) agentPoolProfiles",
        CLUSTER,
        {"agentPoolProfiles": [{"name": "a"}, {"name": "b"}]},
        {"agentPoolProfiles": [{"name": "b"}, {"name": "a"}]},
        {"agentPoolProfiles[0].name": "UPDATE", "agentPoolProfiles[1].name": "UPDATE"},
    ),
]

VERSIONS = [
    Diff(
        "a default API version that moved is an update",
        "#4015",
        NETWORK,
        {"azureApiVersion": "2023-11-01"},
        {"azureApiVersion": "2024-05-01"},
        {"azureApiVersion": "UPDATE"},
    ),
    Diff(
        "a state without the input takes the output",
        "#4015; provider.go Diff: migratedApiVersion",
        NETWORK,
        {},
        {"azureApiVersion": "2024-05-01"},
        outputs={"azureApiVersion": "2024-05-01"},
        same=True,
    ),
    Diff(
        "and differs where the output is an older version",
        "#4015; provider.go Diff: migratedApiVersion",
        NETWORK,
        {},
        {"azureApiVersion": "2024-05-01"},
        {"azureApiVersion": "UPDATE"},
        outputs={"azureApiVersion": "2023-11-01"},
    ),
    Diff(
        "a state that knows neither gains the input",
        "provider.go Diff",
        NETWORK,
        {},
        {"azureApiVersion": "2024-05-01"},
        {"azureApiVersion": "ADD"},
    ),
]

ROWS = [*SAME, *KEYED, *VERSIONS]


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with bridge() as created:
        yield created


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_diff_answers_as_the_provider_does(stub: Any, row: Diff) -> None:
    answer = row.call(stub)
    assert kinds(answer) == row.detailed, row.source
    none = answer.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert none == row.same, row.source
    assert set(answer.replaces) == {path for path, kind in row.detailed.items() if kind.endswith("_REPLACE")}
    if row.delete_first is not None:
        assert answer.deleteBeforeReplace == row.delete_first, row.source


def test_only_changes_of_inputs_are_marked_as_such(stub: Any) -> None:
    """provider.go Diff: a version that the old outputs give is no input; diff.go: nor is what is no change."""
    moved = next(row for row in VERSIONS if row.what.startswith("and differs"))
    assert not moved.call(stub).detailedDiff["azureApiVersion"].inputDiff
    assert VERSIONS[0].call(stub).detailedDiff["azureApiVersion"].inputDiff
    default = next(row for row in SAME if row.same and row.detailed)
    assert not any(found.inputDiff for found in default.call(stub).detailedDiff.values())


def test_changes_are_named_by_their_top_level(stub: Any) -> None:
    """diff.go reducePropertyPathToTopLevelKey."""
    row = next(row for row in KEYED if row.what.startswith("subnets have no"))
    assert list(row.call(stub).diffs) == ["subnets"]
