"""Diff: what replaces a resource, one row for each answer of azure-native 3.29."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from as_azure_native import Diff, bridge, kinds
from pulumi.runtime.proto import provider_pb2

from local_azure.plugin.values import UNKNOWN

NETWORK = "azure-native:network:VirtualNetwork"
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
VNET = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/subnets/"

CREATE_ONLY = [
    Diff(
        "a part of the resource's path replaces",
        "diff.go calculateDetailedDiff: Location == path",
        NETWORK,
        {"virtualNetworkName": "a"},
        {"virtualNetworkName": "b"},
        {"virtualNetworkName": "UPDATE_REPLACE"},
    ),
    Diff(
        "a listed member replaces",
        "replacement.go Network/VirtualNetwork",
        NETWORK,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE_REPLACE"},
    ),
    Diff(
        "the subnet of a private endpoint replaces, also where it is not known yet",
        "#3883; replacement.go Network/PrivateEndpoint",
        ENDPOINT,
        {"subnet": {"id": "a"}},
        {"subnet": {"id": UNKNOWN}},
        {"subnet.id": "UPDATE_REPLACE"},
    ),
    Diff(
        "the SKU of a public address replaces",
        "replacement.go Network/PublicIPAddress",
        ADDRESS,
        {"sku": {"name": "Basic", "tier": "Regional"}},
        {"sku": {"name": "Standard", "tier": "Regional"}},
        {"sku.name": "UPDATE_REPLACE"},
    ),
    Diff(
        "an environment's zone redundancy replaces",
        "app/…/2025-02-02-preview/ManagedEnvironments.json",
        ENVIRONMENT,
        {"zoneRedundant": False},
        {"zoneRedundant": True},
        {"zoneRedundant": "UPDATE_REPLACE"},
    ),
    Diff(
        "an environment's subnet replaces: a mark of a nested type",
        "#2970, #3006; app/…/2025-02-02-preview/ManagedEnvironments.json, VnetConfiguration",
        ENVIRONMENT,
        {"vnetConfiguration": {"infrastructureSubnetId": f"{VNET}a", "internal": True}},
        {"vnetConfiguration": {"infrastructureSubnetId": f"{VNET}b", "internal": True}},
        {"vnetConfiguration.infrastructureSubnetId": "UPDATE_REPLACE"},
    ),
    Diff(
        "a new create-only member of a nested type replaces",
        "diff.go calculateObjectDiff: ADD_REPLACE",
        ENVIRONMENT,
        {"vnetConfiguration": {"internal": True}},
        {"vnetConfiguration": {"internal": True, "dockerBridgeCidr": "10.2.0.1/16"}},
        {"vnetConfiguration.dockerBridgeCidr": "ADD_REPLACE"},
    ),
    Diff(
        "an environment gaining its network is an update: the object itself is not marked",
        "app/…/2025-02-02-preview/ManagedEnvironments.json, vnetConfiguration",
        ENVIRONMENT,
        {},
        {"vnetConfiguration": {"internal": True}},
        {"vnetConfiguration": "ADD"},
    ),
    Diff(
        "the suffix of an environment's domain replaces, its certificate does not",
        "app/…/2025-02-02-preview/CommonDefinitions.json, CustomDomainConfiguration",
        ENVIRONMENT,
        {"customDomainConfiguration": {"dnsSuffix": "a.example", "certificatePassword": "x"}},
        {"customDomainConfiguration": {"dnsSuffix": "b.example", "certificatePassword": "y"}},
        {
            "customDomainConfiguration.dnsSuffix": "UPDATE_REPLACE",
            "customDomainConfiguration.certificatePassword": "UPDATE",
        },
    ),
    Diff(
        "the kind of a container app replaces: an enum of the resource itself is marked",
        "app/…/2025-02-02-preview/ContainerApps.json; provider/pkg/gen/properties.go genProperty",
        APP,
        {"kind": "a"},
        {"kind": "workflowapp"},
        {"kind": "UPDATE_REPLACE"},
    ),
    Diff(
        "the type of an Application Insights component replaces",
        "applicationinsights/…/2020-02-02/components_API.json",
        COMPONENT,
        {"applicationType": "web"},
        {"applicationType": "other"},
        {"applicationType": "UPDATE_REPLACE"},
    ),
    Diff(
        "an App Service plan becoming one for Linux replaces",
        "azure-mgmt-web 11.0.1, AppServicePlanProperties.reserved",
        PLAN,
        {"reserved": False},
        {"reserved": True},
        {"reserved": "UPDATE_REPLACE"},
    ),
    Diff(
        "the environment that hosts a site replaces, member by member",
        "azure-mgmt-web 11.0.1, SiteProperties.hostingEnvironmentProfile; diff.go calculateValueDiff",
        SITE,
        {"hostingEnvironmentProfile": {"id": "a"}},
        {"hostingEnvironmentProfile": {"id": "b"}},
        {"hostingEnvironmentProfile.id": "UPDATE_REPLACE"},
    ),
    Diff(
        "the double encryption of a Log Analytics cluster replaces",
        "azure-mgmt-loganalytics 14.0.0, ClusterProperties.isDoubleEncryptionEnabled",
        LOGS,
        {"isDoubleEncryptionEnabled": True},
        {"isDoubleEncryptionEnabled": False},
        {"isDoubleEncryptionEnabled": "UPDATE_REPLACE"},
    ),
    Diff(
        "the location of a webhook is an update: its own body does not mark it",
        "azure-mgmt-containerregistry 15.0.0, WebhookCreateParameters",
        WEBHOOK,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE"},
    ),
    Diff(
        "so is the location of a vault",
        "keyvault/…/2024-11-01/keyvault.json, VaultCreateOrUpdateParameters",
        VAULT,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE"},
    ),
    Diff(
        "and that of a container group",
        "containerinstance/…/2024-05-01-preview/containerInstance.json, Resource",
        GROUP,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE"},
    ),
    Diff(
        "only the listed members of a cluster's network profile replace",
        "#4756, #4771; diff_test.go TestManagedClusterNetworkProfileOnlyForceNewsImmutableSubProperties",
        CLUSTER,
        {"networkProfile": {"serviceCidr": "10.0.0.0/16", "advancedNetworking": {"enabled": False}}},
        {"networkProfile": {"serviceCidr": "10.1.0.0/16", "advancedNetworking": {"enabled": True}}},
        {"networkProfile.serviceCidr": "UPDATE_REPLACE", "networkProfile.advancedNetworking.enabled": "UPDATE"},
    ),
    Diff(
        "an element of a listed array replaces",
        "#4839; replacement.go ContainerService/ManagedCluster; diff.go ForceNewOnElementChanges",
        CLUSTER,
        {"networkProfile": {"serviceCidrs": ["10.0.0.0/16"]}},
        {"networkProfile": {"serviceCidrs": ["10.1.0.0/16"]}},
        {"networkProfile.serviceCidrs[0]": "UPDATE_REPLACE"},
    ),
    Diff(
        "an element that a listed array gains replaces the array",
        "diff.go calculateValueDiff: ForceNewOnElementChanges",
        CLUSTER,
        {"networkProfile": {"ipFamilies": ["IPv4"]}},
        {"networkProfile": {"ipFamilies": ["IPv4", "IPv6"]}},
        {"networkProfile.ipFamilies[1]": "ADD", "networkProfile.ipFamilies": "UPDATE_REPLACE"},
    ),
    Diff(
        "the size of a pool's machines replaces",
        "replacement.go ContainerService/AgentPool",
        POOL,
        {"vmSize": "Standard_D2s_v5"},
        {"vmSize": "Standard_D4s_v5"},
        {"vmSize": "UPDATE_REPLACE"},
    ),
    Diff(
        "the size of a cluster's own pool is an update: the list names it for pools",
        "replacement.go ContainerService/ManagedCluster",
        CLUSTER,
        {"agentPoolProfiles": [{"name": "a", "vmSize": "Standard_D2s_v5"}]},
        {"agentPoolProfiles": [{"name": "a", "vmSize": "Standard_D4s_v5"}]},
        {"agentPoolProfiles[0].vmSize": "UPDATE"},
    ),
    Diff(
        "a member that a create-only object gains replaces",
        "#3503; diff.go calculateValueDiff",
        CLUSTER,
        {"linuxProfile": {"adminUsername": "a"}},
        {"linuxProfile": {"adminUsername": "a", "ssh": {"publicKeys": []}}},
        {"linuxProfile.ssh": "ADD", "linuxProfile": "UPDATE_REPLACE"},
    ),
    Diff(
        "a mark three objects deep is not looked at",
        "provider/pkg/gen/properties.go forceNew: StorageAccount.encryption.services.blob.keyType",
        ACCOUNT,
        {"encryption": {"services": {"blob": {"keyType": "Service"}}}},
        {"encryption": {"services": {"blob": {"keyType": "Account"}}}},
        {"encryption.services.blob.keyType": "UPDATE"},
    ),
    Diff(
        "a create-only value that the resource has already does not replace",
        "diff.go calculateChangesAndReplacements: nextgen issue 238",
        NETWORK,
        {},
        {"location": "eastus"},
        {"location": "ADD"},
        outputs={"location": "eastus"},
    ),
    Diff(
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
    Diff(
        "a create-only member that left the program is no change",
        "#4447, #4785, #4789; diff_test.go TestChangesAndReplacements_DeletedForceNewPropertyNeverCausesReplace",
        ENVIRONMENT,
        {"zoneRedundant": True},
        {},
        {"zoneRedundant": "DELETE"},
        same=True,
    ),
    Diff(
        "nor is one of a nested type",
        "#2248, #4789; diff_test.go TestChangesAndReplacements_DeletedNestedForceNewPropertyNeverCausesReplace",
        SITE,
        {"siteConfig": {"vnetName": "v", "alwaysOn": True}},
        {"siteConfig": {"alwaysOn": True}},
        {"siteConfig.vnetName": "DELETE"},
        same=True,
    ),
    Diff(
        "a member that can be updated is removed by an update",
        "diff.go calculateObjectDiff: DELETE",
        REGISTRY,
        {"tags": {"a": "b"}, "adminUserEnabled": True},
        {"adminUserEnabled": True},
        {"tags": "DELETE"},
    ),
]

ORDER = [
    Diff(
        "what has a name of its program's is deleted first",
        "provider.go Diff: deleteBeforeReplace",
        NETWORK,
        {"location": "eastus"},
        {"location": "westus"},
        {"location": "UPDATE_REPLACE"},
        delete_first=True,
    ),
    Diff(
        "what the provider named is created first",
        "provider.go Diff: createBeforeDeleteFlag",
        NETWORK,
        {"location": "eastus", "__createBeforeDelete": True},
        {"location": "westus", "__createBeforeDelete": True},
        {"location": "UPDATE_REPLACE"},
        delete_first=False,
    ),
    Diff(
        "the old inputs decide",
        "provider.go Diff: oldInputs[createBeforeDeleteFlag]",
        NETWORK,
        {"location": "eastus"},
        {"location": "westus", "__createBeforeDelete": True},
        {"location": "UPDATE_REPLACE"},
        delete_first=True,
    ),
    Diff(
        "an update deletes nothing",
        "provider.go Diff: len(replaces) > 0",
        REGISTRY,
        {"adminUserEnabled": False},
        {"adminUserEnabled": True},
        {"adminUserEnabled": "UPDATE"},
        delete_first=False,
    ),
    Diff(
        "a key with a dot is quoted",
        "diff.go quotePropertyKeyForDetailedDiff",
        REGISTRY,
        {"tags": {"a.b": "1"}},
        {"tags": {"a.b": "2"}},
        {'tags.["a.b"]': "UPDATE"},
    ),
]

ROWS = [*CREATE_ONLY, *REMOVED, *ORDER]


@pytest.fixture(scope="module")
def stub() -> Iterator[Any]:
    with bridge() as created:
        yield created


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.what)
def test_diff_replaces_as_the_provider_does(stub: Any, row: Diff) -> None:
    answer = row.call(stub)
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
    assert kinds(nested.call(stub)) == {"vnetConfiguration.infrastructureSubnetId": "UPDATE"}
    assert kinds(listed.call(stub)) == listed.detailed
    monkeypatch.setenv("PULUMI_FORCE_NEW_FROM_SUBTYPES", "true")
    assert kinds(nested.call(stub)) == nested.detailed
