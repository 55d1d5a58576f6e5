"""Each component of the package, constructed from the inputs of a program: what it makes, reads and puts out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.testing import Recording, run_recorded
from package.faces import FACES
from package.provider import BY_TOKEN
from package.refusals import RefusedError
from package.schema import schema
from planning.endpoints import RegistryShape, members
from tests.components.azure_answers import addressed, answers

PLACE = {"location": "westeurope", "resourceGroupName": "rg"}
IDENTITY = {"id": "identity-id", "clientId": "client", "principalId": "principal"}
CONTAINER = {"image": "shop/web:1"}
SHAPE = RegistryShape(frozenset({"westeurope", "northeurope"}), regional_endpoints=True, data_endpoints=True)
INPUTS: Mapping[str, Mapping[str, Any]] = {
    "moorings:registry:Registry": {**PLACE, "name": "contoso", "replicas": {"northeurope": {"globalRouting": False}}},
    "moorings:artifact_cache:ArtifactCache": {
        "registryName": "contoso",
        "resourceGroupName": "rg",
        "rules": {"hello": {"source": "mcr.microsoft.com/hello-world", "target": "hello-world"}},
    },
    "moorings:network:Network": {
        **PLACE,
        "networkName": "vnet-contoso",
        "addressSpace": ["10.0.0.0/16"],
        "subnets": {"apps": {"prefix": "10.0.1.0/24"}},
    },
    "moorings:private_endpoint:PrivateEndpoint": {
        **PLACE,
        "endpointName": "pe-contoso",
        "regions": ["westeurope", "northeurope"],
        "regionalEndpoints": True,
        "subnetId": "subnet-id",
        "registryId": "registry-id",
    },
    "moorings:dns:Zone": {
        "zoneName": "privatelink.azurecr.io",
        "resourceGroupName": "rg",
        "networks": {"hub": "network-id"},
    },
    "moorings:firewalls:Firewall": {
        **PLACE,
        "firewallName": "fw-contoso",
        "subnetId": "subnet-id",
        "admissions": {"git": {"hosts": ["github.com"], "sources": ["10.0.0.0/16"]}},
    },
    "moorings:identity:UserAssignedIdentity": {**PLACE, "identityName": "id-contoso"},
    "moorings:key_vaults:Vault": {**PLACE, "vaultName": "kv-contoso", "keys": {"registry": {}}},
    "moorings:monitoring:Workspace": {**PLACE, "workspaceName": "log-contoso"},
    "moorings:container_apps:Environment": {
        **PLACE,
        "environmentName": "cae-contoso",
        "workspaceId": "workspace-id",
        "registryHost": "contoso.azurecr.io",
        "identityIds": {"pull": "identity-id"},
        "apps": {"web": {"identity": "pull", "containers": {"web": CONTAINER}, "ingress": {"targetPort": 8080}}},
        "jobs": {"sweep": {"identity": "pull", "containers": {"sweep": CONTAINER}, "schedule": "0 4 * * *"}},
    },
    "moorings:session_pools:SessionPool": {
        **PLACE,
        "poolName": "sessions-contoso",
        "type": "Python",
        "mcp": True,
        "executors": ["run"],
        "principalIds": {"run": "principal"},
    },
    "moorings:sandboxes:SandboxGroup": {**PLACE, "groupName": "sbx-contoso"},
    "moorings:container_groups:ContainerGroup": {
        **PLACE,
        "groupName": "ci-contoso",
        "imageHost": "contoso.azurecr.io",
        "identityId": "identity-id",
        "subnetId": "subnet-id",
        "containers": {"web": {"image": "shop/web:1"}},
    },
    "moorings:aks:Cluster": {
        **PLACE,
        "clusterName": "aks-contoso",
        "subnetId": "subnet-id",
        "controlPlaneIdentity": IDENTITY,
        "kubeletIdentity": IDENTITY,
        "pools": {"system": {"vmSize": "Standard_D4ds_v5", "mode": "System", "count": 3}},
    },
    "moorings:gateways:Gateway": {
        **PLACE,
        "gatewayName": "agc-contoso",
        "subnetId": "subnet-id",
        "frontends": {"web": {}},
    },
}
"""The inputs of a program, by token."""

MADE: Mapping[str, set[str]] = {
    "moorings:registry:Registry": {"Registry", "Replication"},
    "moorings:artifact_cache:ArtifactCache": {"CacheRule"},
    "moorings:network:Network": {"VirtualNetwork", "NetworkSecurityGroup"},
    "moorings:private_endpoint:PrivateEndpoint": {"PrivateEndpoint"},
    "moorings:dns:Zone": {"PrivateZone", "VirtualNetworkLink"},
    "moorings:firewalls:Firewall": {
        "AzureFirewall",
        "FirewallPolicy",
        "FirewallPolicyRuleCollectionGroup",
        "PublicIPAddress",
    },
    "moorings:identity:UserAssignedIdentity": {"UserAssignedIdentity"},
    "moorings:key_vaults:Vault": {"Vault", "Key"},
    "moorings:monitoring:Workspace": {"Workspace"},
    "moorings:container_apps:Environment": {"ManagedEnvironment", "DiagnosticSetting", "ContainerApp", "Job"},
    "moorings:session_pools:SessionPool": {"ContainerAppsSessionPool", "RoleAssignment"},
    "moorings:sandboxes:SandboxGroup": {"Resource"},
    "moorings:container_groups:ContainerGroup": {"ContainerGroup"},
    "moorings:aks:Cluster": {"ManagedCluster", "MaintenanceConfiguration"},
    "moorings:gateways:Gateway": {
        "TrafficControllerInterface",
        "FrontendsInterface",
        "AssociationsInterface",
        "SecurityPoliciesInterface",
        "WebApplicationFirewallPolicy",
    },
}
"""The ARM resources that each makes of these inputs, by the provider's names."""

TOKENS = [face.token for face in FACES]


def recorded(token: str, inputs: Mapping[str, Any], **options: Any) -> Recording:
    def program() -> dict[str, Any]:
        face = BY_TOKEN[token]
        return face.state(face.build("c", inputs, None))

    known = answers([addressed(members(SHAPE))])
    return run_recorded(program, answers=known, **options)


@pytest.mark.parametrize("token", TOKENS)
def test_a_component_is_registered_by_its_token_and_makes_its_resources(token: str) -> None:
    recording = recorded(token, INPUTS[token])
    assert recording.named("c").type == token
    assert {each.type.rpartition(":")[2] for each in recording if each.custom} == MADE[token]


@pytest.mark.parametrize("token", TOKENS)
def test_a_component_puts_out_what_the_schema_promises(token: str) -> None:
    state = recorded(token, INPUTS[token]).result
    assert state.keys() == schema()["resources"][token]["properties"].keys()


def test_a_field_without_an_effect_on_the_component_is_refused() -> None:
    face = BY_TOKEN["moorings:registry:Registry"]
    # As if a field were new, and the component did not read it.
    new = replace(face, hidden=face.hidden - {"headroom"})
    with pytest.raises(RefusedError) as refused:
        run_recorded(lambda: new.build("c", {**INPUTS[face.token], "headroom": 2}, None))
    assert [path for path, _ in refused.value.problems] == ["headroom"]


@pytest.mark.parametrize(
    ("token", "change", "path"),
    [
        ("moorings:registry:Registry", {"name": "no"}, "name"),
        ("moorings:registry:Registry", {"sku": "Basic"}, "replicas"),
        ("moorings:registry:Registry", {"location": 5}, "location"),
        ("moorings:network:Network", {"subnets": {"apps": {"prefix": "x"}}}, "subnets.apps.prefix"),
        ("moorings:aks:Cluster", {"kubeletIdentity": {"id": "x"}}, "kubeletIdentity"),
        ("moorings:container_apps:Environment", {"identityIds": {}}, "apps.web"),
        ("moorings:private_endpoint:PrivateEndpoint", {"regions": pulumi.output.UNKNOWN}, "regions"),
        ("moorings:registry:Registry", {"name": pulumi.output.UNKNOWN}, "name"),
    ],
)
def test_what_is_not_valid_is_refused_by_its_path(token: str, change: Mapping[str, Any], path: str) -> None:
    with pytest.raises(RefusedError) as refused:
        recorded(token, {**INPUTS[token], **change})
    assert path in dict(refused.value.problems)


def test_a_default_that_an_sdk_sends_counts_as_not_stated() -> None:
    stated = {
        **INPUTS["moorings:registry:Registry"],
        "sku": "Standard",
        "replicas": {},
        "publicNetworkAccess": "Enabled",
    }
    # The default action needs Premium, unless nobody states it.
    assert recorded("moorings:registry:Registry", {**stated, "defaultAction": "Deny"}).named("c")


def test_outputs_of_a_preview_may_be_unknown() -> None:
    inputs = {**INPUTS["moorings:private_endpoint:PrivateEndpoint"], "registryId": pulumi.output.UNKNOWN}
    recording = recorded("moorings:private_endpoint:PrivateEndpoint", inputs, preview=True)
    assert recording.named("c-endpoint").type.endswith(":PrivateEndpoint")
