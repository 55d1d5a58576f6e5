"""Diff, called as the engine calls it: one row for each answer of azure-native 3.29, with the source of that answer.

`diff.go` is provider/pkg/provider/diff.go of pulumi/pulumi-azure-native, `replacement.go` its provider/pkg/gen/replacement.go;
`#N` is a pull request or an issue there. Other sources are paths in Azure/azure-rest-api-specs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import grpc
import pytest
from fake_arm import FakeArm
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from local_azure.plugin.arm_client import ArmClient
from local_azure.plugin.server import start
from local_azure.plugin.values import UNKNOWN, Secret, to_struct

NETWORK = "azure-native:network:VirtualNetwork"
SUBNET = "azure-native:network:Subnet"
ENDPOINT = "azure-native:network:PrivateEndpoint"
ADDRESS = "azure-native:network:PublicIPAddress"
REGISTRY = "azure-native:containerregistry:Registry"
WEBHOOK = "azure-native:containerregistry:Webhook"
ENVIRONMENT = "azure-native:app:ManagedEnvironment"
APP = "azure-native:app:ContainerApp"
CLUSTER = "azure-native:containerservice:ManagedCluster"
POOL = "azure-native:containerservice:AgentPool"
GROUP = "azure-native:containerinstance:ContainerGroup"
VAULT = "azure-native:keyvault:Vault"
COMPONENT = "azure-native:applicationinsights:Component"
PLAN = "azure-native:web:AppServicePlan"
SITE = "azure-native:web:WebApp"
LOGS = "azure-native:operationalinsights:Cluster"
ACCOUNT = "azure-native:storage:StorageAccount"
RULE = "azure-native:monitor:DataCollectionRule"

VNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/"
VNET_LOWER = "/subscriptions/s/resourcegroups/rg/providers/microsoft.network/virtualNetworks/v/subnets/"
CONSUMPTION = {"name": "Consumption", "workloadProfileType": "Consumption"}
DEDICATED = {"name": "d4", "workloadProfileType": "D4", "minimumCount": 1}


@dataclass(frozen=True)
class Row:
    """One call of Diff: old and new inputs, old outputs, and the answer.

    `detailed` is the provider's detailed diff. `same` says that the answer is "no change" although it may hold paths;
    `delete_first` is the order of a replacement.
    """

    what: str
    source: str
    token: str
    old: dict[str, Any]
    new: dict[str, Any]
    detailed: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, Any] = field(default_factory=dict)
    same: bool = False
    delete_first: bool | None = None


CREATE_ONLY = [
    Row(
        "a part of the resource's path replaces",
        "diff.go calculateDetailedDiff: Location == path",
        NETWORK,
        {"virtualNetworkName": "a"},
        {"virtualNetworkName": "b"},
        {"virtualNetworkName": "UPDATE_REPLACE"},
    ),
    Row(
        "a listed member replaces",
        "replacement.go Network/VirtualNetwork",
        NETWORK,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE_REPLACE"},
    ),
    Row(
        "the subnet of a private endpoint replaces, also where it is not known yet",
        "#3883; replacement.go Network/PrivateEndpoint",
        ENDPOINT,
        {"subnet": {"id": "a"}},
        {"subnet": {"id": UNKNOWN}},
        {"subnet.id": "UPDATE_REPLACE"},
    ),
    Row(
        "the SKU of a public address replaces",
        "replacement.go Network/PublicIPAddress",
        ADDRESS,
        {"sku": {"name": "Basic", "tier": "Regional"}},
        {"sku": {"name": "Standard", "tier": "Regional"}},
        {"sku.name": "UPDATE_REPLACE"},
    ),
    Row(
        "an environment's zone redundancy replaces",
        "app/…/2025-02-02-preview/ManagedEnvironments.json",
        ENVIRONMENT,
        {"zoneRedundant": False},
        {"zoneRedundant": True},
        {"zoneRedundant": "UPDATE_REPLACE"},
    ),
    Row(
        "an environment's subnet replaces: a mark of a nested type",
        "#2970, #3006; app/…/2025-02-02-preview/ManagedEnvironments.json, VnetConfiguration",
        ENVIRONMENT,
        {"vnetConfiguration": {"infrastructureSubnetId": f"{VNET}a", "internal": True}},
        {"vnetConfiguration": {"infrastructureSubnetId": f"{VNET}b", "internal": True}},
        {"vnetConfiguration.infrastructureSubnetId": "UPDATE_REPLACE"},
    ),
    Row(
        "a new create-only member of a nested type replaces",
        "diff.go calculateObjectDiff: ADD_REPLACE",
        ENVIRONMENT,
        {"vnetConfiguration": {"internal": True}},
        {"vnetConfiguration": {"internal": True, "dockerBridgeCidr": "10.2.0.1/16"}},
        {"vnetConfiguration.dockerBridgeCidr": "ADD_REPLACE"},
    ),
    Row(
        "an environment gaining its network is an update: the object itself is not marked",
        "app/…/2025-02-02-preview/ManagedEnvironments.json, vnetConfiguration",
        ENVIRONMENT,
        {},
        {"vnetConfiguration": {"internal": True}},
        {"vnetConfiguration": "ADD"},
    ),
    Row(
        "the suffix of an environment's domain replaces, its certificate does not",
        "app/…/2025-02-02-preview/CommonDefinitions.json, CustomDomainConfiguration",
        ENVIRONMENT,
        {"customDomainConfiguration": {"dnsSuffix": "a.example", "certificatePassword": "x"}},
        {"customDomainConfiguration": {"dnsSuffix": "b.example", "certificatePassword": "y"}},
        {"customDomainConfiguration.dnsSuffix": "UPDATE_REPLACE", "customDomainConfiguration.certificatePassword": "UPDATE"},
    ),
    Row(
        "the kind of a container app replaces: an enum of the resource itself is marked",
        "app/…/2025-02-02-preview/ContainerApps.json; provider/pkg/gen/properties.go genProperty",
        APP,
        {"kind": "a"},
        {"kind": "workflowapp"},
        {"kind": "UPDATE_REPLACE"},
    ),
    Row(
        "the type of an Application Insights component replaces",
        "applicationinsights/…/2020-02-02/components_API.json",
        COMPONENT,
        {"applicationType": "web"},
        {"applicationType": "other"},
        {"applicationType": "UPDATE_REPLACE"},
    ),
    Row(
        "an App Service plan becoming one for Linux replaces",
        "azure-mgmt-web 11.0.1, AppServicePlanProperties.reserved",
        PLAN,
        {"reserved": False},
        {"reserved": True},
        {"reserved": "UPDATE_REPLACE"},
    ),
    Row(
        "the environment that hosts a site replaces, member by member",
        "azure-mgmt-web 11.0.1, SiteProperties.hostingEnvironmentProfile; diff.go calculateValueDiff",
        SITE,
        {"hostingEnvironmentProfile": {"id": "a"}},
        {"hostingEnvironmentProfile": {"id": "b"}},
        {"hostingEnvironmentProfile.id": "UPDATE_REPLACE"},
    ),
    Row(
        "the double encryption of a Log Analytics cluster replaces",
        "azure-mgmt-loganalytics 14.0.0, ClusterProperties.isDoubleEncryptionEnabled",
        LOGS,
        {"isDoubleEncryptionEnabled": True},
        {"isDoubleEncryptionEnabled": False},
        {"isDoubleEncryptionEnabled": "UPDATE_REPLACE"},
    ),
    Row(
        "the location of a webhook is an update: its own body does not mark it",
        "azure-mgmt-containerregistry 15.0.0, WebhookCreateParameters",
        WEBHOOK,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE"},
    ),
    Row(
        "so is the location of a vault",
        "keyvault/…/2024-11-01/keyvault.json, VaultCreateOrUpdateParameters",
        VAULT,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE"},
    ),
    Row(
        "and that of a container group",
        "containerinstance/…/2024-05-01-preview/containerInstance.json, Resource",
        GROUP,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE"},
    ),
    Row(
        "only the listed members of a cluster's network profile replace",
        "#4756, #4771; diff_test.go TestManagedClusterNetworkProfileOnlyForceNewsImmutableSubProperties",
        CLUSTER,
        {"networkProfile": {"serviceCidr": "10.0.0.0/16", "advancedNetworking": {"enabled": False}}},
        {"networkProfile": {"serviceCidr": "10.1.0.0/16", "advancedNetworking": {"enabled": True}}},
        {"networkProfile.serviceCidr": "UPDATE_REPLACE", "networkProfile.advancedNetworking.enabled": "UPDATE"},
    ),
    Row(
        "an element of a listed array replaces",
        "#4839; replacement.go ContainerService/ManagedCluster; diff.go ForceNewOnElementChanges",
        CLUSTER,
        {"networkProfile": {"serviceCidrs": ["10.0.0.0/16"]}},
        {"networkProfile": {"serviceCidrs": ["10.1.0.0/16"]}},
        {"networkProfile.serviceCidrs[0]": "UPDATE_REPLACE"},
    ),
    Row(
        "an element that a listed array gains replaces the array",
        "diff.go calculateValueDiff: ForceNewOnElementChanges",
        CLUSTER,
        {"networkProfile": {"ipFamilies": ["IPv4"]}},
        {"networkProfile": {"ipFamilies": ["IPv4", "IPv6"]}},
        {"networkProfile.ipFamilies[1]": "ADD", "networkProfile.ipFamilies": "UPDATE_REPLACE"},
    ),
    Row(
        "the size of a pool's machines replaces",
        "replacement.go ContainerService/AgentPool",
        POOL,
        {"vmSize": "Standard_D2s_v5"},
        {"vmSize": "Standard_D4s_v5"},
        {"vmSize": "UPDATE_REPLACE"},
    ),
    Row(
        "the size of a cluster's own pool is an update: the list names it for pools",
        "replacement.go ContainerService/ManagedCluster",
        CLUSTER,
        {"agentPoolProfiles": [{"name": "a", "vmSize": "Standard_D2s_v5"}]},
        {"agentPoolProfiles": [{"name": "a", "vmSize": "Standard_D4s_v5"}]},
        {"agentPoolProfiles[0].vmSize": "UPDATE"},
    ),
    Row(
        "a member that a create-only object gains replaces",
        "#3503; diff.go calculateValueDiff",
        CLUSTER,
        {"linuxProfile": {"adminUsername": "a"}},
        {"linuxProfile": {"adminUsername": "a", "ssh": {"publicKeys": []}}},
        {"linuxProfile.ssh": "ADD", "linuxProfile": "UPDATE_REPLACE"},
    ),
    Row(
        "a mark three objects deep is not looked at",
        "provider/pkg/gen/properties.go forceNew: StorageAccount.encryption.services.blob.keyType",
        ACCOUNT,
        {"encryption": {"services": {"blob": {"keyType": "Service"}}}},
        {"encryption": {"services": {"blob": {"keyType": "Account"}}}},
        {"encryption.services.blob.keyType": "UPDATE"},
    ),
    Row(
        "a create-only value that the resource has already does not replace",
        "diff.go calculateChangesAndReplacements: nextgen issue 238",
        NETWORK,
        {},
        {"location": "eastus"},
        {"location": "ADD"},
        outputs={"location": "eastus"},
    ),
    Row(
        "one that it does not have replaces",
        "diff.go calculateChangesAndReplacements: nextgen issue 238",
        NETWORK,
        {},
        {"location": "westus"},
        {"location": "ADD_REPLACE"},
        outputs={"location": "eastus"},
    ),
]

REMOVED = [
    Row(
        "a create-only member that left the program is no change",
        "#4447, #4785, #4789; diff_test.go TestChangesAndReplacements_DeletedForceNewPropertyNeverCausesReplace",
        ENVIRONMENT,
        {"zoneRedundant": True},
        {},
        {"zoneRedundant": "DELETE"},
        same=True,
    ),
    Row(
        "nor is one of a nested type",
        "#2248, #4789; diff_test.go TestChangesAndReplacements_DeletedNestedForceNewPropertyNeverCausesReplace",
        SITE,
        {"siteConfig": {"vnetName": "v", "alwaysOn": True}},
        {"siteConfig": {"alwaysOn": True}},
        {"siteConfig.vnetName": "DELETE"},
        same=True,
    ),
    Row(
        "a member that can be updated is removed by an update",
        "diff.go calculateObjectDiff: DELETE",
        REGISTRY,
        {"tags": {"a": "b"}, "adminUserEnabled": True},
        {"adminUserEnabled": True},
        {"tags": "DELETE"},
    ),
]

SAME = [
    Row(
        "the case of a resource group's name",
        "#2910; diff_test.go TestResourceGroupNameDiffingIsCaseInsensitive",
        NETWORK,
        {"resourceGroupName": "MyRG"},
        {"resourceGroupName": "myrg"},
        same=True,
    ),
    Row(
        "the spelling of a location",
        "diff_test.go TestLocationDiffingIsInsensitiveToSpacesAndCasing",
        NETWORK,
        {"location": "West US 2"},
        {"location": "westus2"},
        same=True,
    ),
    Row(
        "Basic and Paid are Base and Standard",
        "#2600, #2688; diff_test.go TestSkuDiffingIsInsensitiveToAksPermutations",
        CLUSTER,
        {"sku": {"name": "Basic", "tier": "Paid"}},
        {"sku": {"name": "Base", "tier": "Standard"}},
        same=True,
    ),
    Row(
        "the tier may be another one all the same",
        "#2744, #2746; diff_test.go TestSkuDiffingIsInsensitiveToAksPermutations",
        CLUSTER,
        {"sku": {"name": "Base", "tier": "Standard"}},
        {"sku": {"name": "Basic", "tier": "Free"}},
        {"sku.name": "UPDATE", "sku.tier": "UPDATE"},
    ),
    Row(
        "a private key of the provider",
        "diff.go ignoreKey",
        NETWORK,
        {"__createBeforeDelete": True, "location": "eastus"},
        {"location": "eastus"},
        same=True,
    ),
    Row(
        "a new member at its schema default",
        "#2506; diff_test.go TestChangesAndReplacements_AddedPropertyWithDefaultCausesNoDiff",
        SUBNET,
        {},
        {"privateEndpointNetworkPolicies": "Disabled"},
        {"privateEndpointNetworkPolicies": "ADD"},
        same=True,
    ),
    Row(
        "a new member beside its schema default is a change",
        "diff_test.go TestChangesAndReplacements_AddedPropertyWithDefaultButDifferentValueCausesDiff",
        SUBNET,
        {},
        {"privateEndpointNetworkPolicies": "Enabled"},
        {"privateEndpointNetworkPolicies": "ADD"},
    ),
    Row(
        "a new create-only member at its default neither changes nor replaces",
        "diff_test.go TestChangesAndReplacements_AddedForceNewPropertyWithDefaultCausesNoDiff",
        COMPONENT,
        {},
        {"applicationType": "web"},
        {"applicationType": "ADD"},
        same=True,
    ),
    Row(
        "a new switch that is off: a switch without a default counts as off",
        "diff.go azureResourcePropertyDefaultValue",
        ENVIRONMENT,
        {},
        {"zoneRedundant": False},
        {"zoneRedundant": "ADD"},
        same=True,
    ),
    Row(
        "the case of an id before the resource's own type",
        "#854, #2993; diff_test.go TestStringsEqualCaseInsensitiveAzureIds",
        ENDPOINT,
        {"subnet": {"id": f"{VNET}a"}},
        {"subnet": {"id": f"{VNET_LOWER}a"}},
        same=True,
    ),
    Row(
        "the case of a name in an id is a change",
        "diff_test.go TestStringsEqualCaseInsensitiveAzureIds",
        ENDPOINT,
        {"subnet": {"id": f"{VNET}a"}},
        {"subnet": {"id": f"{VNET}A"}},
        {"subnet.id": "UPDATE_REPLACE"},
    ),
    Row(
        "the case of a load balancer's pool type",
        "#4772, #4776; diff_test.go TestManagedClusterBackendPoolTypeDiffingIsCaseInsensitive",
        CLUSTER,
        {"networkProfile": {"loadBalancerProfile": {"backendPoolType": "nodeIPConfiguration"}}},
        {"networkProfile": {"loadBalancerProfile": {"backendPoolType": "NodeIPConfiguration"}}},
        same=True,
    ),
    Row(
        "the case of a vault's SKU, and not of its family",
        "#1749; diff_test.go TestVaultSkuNameDiffingIsCaseInsensitive",
        VAULT,
        {"properties": {"sku": {"name": "Standard", "family": "A"}}},
        {"properties": {"sku": {"name": "standard", "family": "a"}}},
        {"properties.sku.family": "UPDATE"},
    ),
    Row(
        "that a value became secret",
        "provider.go Check: secrets are not kept in its inputs",
        REGISTRY,
        {"tags": {"a": "b"}},
        {"tags": {"a": Secret("b")}},
        same=True,
    ),
]

KEYED = [
    Row(
        "workload profiles in another order",
        "#2781; app/…/2025-02-02-preview/ManagedEnvironments.json: x-ms-identifiers name",
        ENVIRONMENT,
        {"workloadProfiles": [CONSUMPTION, DEDICATED]},
        {"workloadProfiles": [DEDICATED, CONSUMPTION]},
        same=True,
    ),
    Row(
        "a changed profile at its new place, a new one, a lost one at its old place",
        "diff_test.go TestDiffKeyedArrays: basic example",
        ENVIRONMENT,
        {"workloadProfiles": [CONSUMPTION, DEDICATED, {"name": "gone", "workloadProfileType": "E4"}]},
        {"workloadProfiles": [{**DEDICATED, "minimumCount": 2}, {"name": "new", "workloadProfileType": "E4"}, CONSUMPTION]},
        {
            "workloadProfiles[0].minimumCount": "UPDATE",
            "workloadProfiles[1]": "ADD",
            "workloadProfiles[2]": "DELETE",
        },
    ),
    Row(
        "elements that share a key are compared by position",
        "#3311, #3320; diff_test.go TestDiffKeyedArrays: duplicate key value",
        ENVIRONMENT,
        {"workloadProfiles": [CONSUMPTION, {**CONSUMPTION, "minimumCount": 1}]},
        {"workloadProfiles": [{**CONSUMPTION, "minimumCount": 1}, CONSUMPTION]},
        {"workloadProfiles[0].minimumCount": "ADD", "workloadProfiles[1].minimumCount": "DELETE"},
    ),
    Row(
        "an array below an element of an array",
        "app/…/2025-02-02-preview/CommonDefinitions.json, BaseContainer.env: x-ms-identifiers name",
        APP,
        {"template": {"containers": [{"name": "c", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}]}},
        {"template": {"containers": [{"name": "c", "env": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}]}]}},
        same=True,
    ),
    Row(
        "access policies, by three keys of which one is an object",
        "keyvault/…/2024-11-01/keyvault.json: x-ms-identifiers tenantId, objectId, permissions",
        VAULT,
        {"properties": {"accessPolicies": [{"tenantId": "t", "objectId": o, "permissions": {"keys": ["get"]}} for o in "ab"]}},
        {"properties": {"accessPolicies": [{"tenantId": "t", "objectId": o, "permissions": {"keys": ["get"]}} for o in "ba"]}},
        same=True,
    ),
    Row(
        "the destinations of a collection rule in another order",
        "monitor/…/2022-06-01/dataCollectionRules_API.json, DestinationsSpec.logAnalytics",
        RULE,
        {"destinations": {"logAnalytics": [{"name": "a"}, {"name": "b"}]}},
        {"destinations": {"logAnalytics": [{"name": "b"}, {"name": "a"}]}},
        same=True,
    ),
    Row(
        "subnets have no identifiers: another order is a change of each",
        "network/…/2024-05-01/virtualNetwork.json, VirtualNetworkPropertiesFormat.subnets",
        NETWORK,
        {"subnets": [{"name": "a"}, {"name": "b"}]},
        {"subnets": [{"name": "b"}, {"name": "a"}]},
        {"subnets[0].name": "UPDATE", "subnets[1].name": "UPDATE"},
    ),
    Row(
        "nor have the pools of a cluster",
        "containerservice/…/aks/models.tsp: @identifiers(#[]) agentPoolProfiles",
        CLUSTER,
        {"agentPoolProfiles": [{"name": "a"}, {"name": "b"}]},
        {"agentPoolProfiles": [{"name": "b"}, {"name": "a"}]},
        {"agentPoolProfiles[0].name": "UPDATE", "agentPoolProfiles[1].name": "UPDATE"},
    ),
]

VERSIONS = [
    Row(
        "a default API version that moved is an update",
        "#4015",
        NETWORK,
        {"azureApiVersion": "2023-11-01"},
        {"azureApiVersion": "2024-05-01"},
        {"azureApiVersion": "UPDATE"},
    ),
    Row(
        "a state without the input takes the output",
        "#4015; provider.go Diff: migratedApiVersion",
        NETWORK,
        {},
        {"azureApiVersion": "2024-05-01"},
        outputs={"azureApiVersion": "2024-05-01"},
        same=True,
    ),
    Row(
        "and differs where the output is an older version",
        "#4015; provider.go Diff: migratedApiVersion",
        NETWORK,
        {},
        {"azureApiVersion": "2024-05-01"},
        {"azureApiVersion": "UPDATE"},
        outputs={"azureApiVersion": "2023-11-01"},
    ),
    Row(
        "a state that knows neither gains the input",
        "provider.go Diff",
        NETWORK,
        {},
        {"azureApiVersion": "2024-05-01"},
        {"azureApiVersion": "ADD"},
    ),
]

ORDER = [
    Row(
        "what has a name of its program's is deleted first",
        "provider.go Diff: deleteBeforeReplace",
        NETWORK,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE_REPLACE"},
        delete_first=True,
    ),
    Row(
        "what the provider named is created first",
        "provider.go Diff: createBeforeDeleteFlag",
        NETWORK,
        {"location": "eastus", "__createBeforeDelete": True},
        {"location": "westus", "__createBeforeDelete": True},
        {"location": "UPDATE_REPLACE"},
        delete_first=False,
    ),
    Row(
        "the old inputs decide",
        "provider.go Diff: oldInputs[createBeforeDeleteFlag]",
        NETWORK,
        {"location": "eastus"},
        {"location": "westus", "__createBeforeDelete": True},
        {"location": "UPDATE_REPLACE"},
        delete_first=True,
    ),
    Row(
        "an update deletes nothing",
        "provider.go Diff: len(replaces) > 0",
        REGISTRY,
        {"adminUserEnabled": False},
        {"adminUserEnabled": True},
        {"adminUserEnabled": "UPDATE"},
        delete_first=False,
    ),
    Row(
        "a key with a dot is quoted",
        "diff.go quotePropertyKeyForDetailedDiff",
        REGISTRY,
        {"tags": {"a.b": "1"}},
        {"tags": {"a.b": "2"}},
        {'tags.["a.b"]': "UPDATE"},
    ),
]

ROWS = [*CREATE_ONLY, *REMOVED, *SAME, *KEYED, *VERSIONS, *ORDER]


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with FakeArm() as arm:
        client = ArmClient(arm.url)
        server, _, port = start(client, 0, 0.0)
        with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield provider_pb2_grpc.ResourceProviderStub(channel)
        server.stop(None).wait()
        client.close()


def diff(stub: Any, row: Row) -> Any:
    return stub.Diff(
        provider_pb2.DiffRequest(
            urn=f"urn:pulumi:dev::p::{row.token}::x",
            type=row.token,
            old_inputs=to_struct(row.old),
            news=to_struct(row.new),
            olds=to_struct(row.outputs),
        )
    )


def kinds(answer: Any) -> dict[str, str]:
    return {path: provider_pb2.PropertyDiff.Kind.Name(found.kind) for path, found in answer.detailedDiff.items()}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_diff_answers_as_the_provider_does(stub: Any, row: Row) -> None:
    answer = diff(stub, row)
    assert kinds(answer) == row.detailed, row.source
    none = answer.changes == provider_pb2.DiffResponse.DIFF_NONE
    assert none == row.same, row.source
    assert set(answer.replaces) == {path for path, kind in row.detailed.items() if kind.endswith("_REPLACE")}
    if row.delete_first is not None:
        assert answer.deleteBeforeReplace == row.delete_first, row.source


def test_the_marks_of_nested_types_can_be_switched_off(stub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """#2970, #3006; diff.go findForceNew."""
    nested = next(row for row in ROWS if row.what.startswith("an environment's subnet"))
    listed = next(row for row in ROWS if row.what.startswith("only the listed members"))
    monkeypatch.setenv("PULUMI_FORCE_NEW_FROM_SUBTYPES", "false")
    assert kinds(diff(stub, nested)) == {"vnetConfiguration.infrastructureSubnetId": "UPDATE"}
    assert kinds(diff(stub, listed)) == listed.detailed
    monkeypatch.setenv("PULUMI_FORCE_NEW_FROM_SUBTYPES", "true")
    assert kinds(diff(stub, nested)) == nested.detailed


def test_only_changes_of_inputs_are_marked_as_such(stub: Any) -> None:
    """provider.go Diff: a version that the old outputs give is no input; diff.go: nor is what is no change."""
    moved = next(row for row in VERSIONS if row.what.startswith("and differs"))
    assert not diff(stub, moved).detailedDiff["azureApiVersion"].inputDiff
    assert diff(stub, VERSIONS[0]).detailedDiff["azureApiVersion"].inputDiff
    assert not diff(stub, REMOVED[0]).detailedDiff["zoneRedundant"].inputDiff


def test_changes_are_named_by_their_top_level(stub: Any) -> None:
    """diff.go reducePropertyPathToTopLevelKey."""
    row = next(row for row in KEYED if row.what.startswith("subnets have no"))
    assert list(diff(stub, row).diffs) == ["subnets"]
