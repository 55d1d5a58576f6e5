"""What single kinds of resources become in a description."""

from __future__ import annotations

from typing import Any

import pytest

from local_azure.loading.listings import Listed, Listing, listed
from planning.names import Names
from planning.roles import ROLES, assignment_name, condition
from tests.tools.adopt import estates
from tools.adopt import access, clusters, container_apps, identities, networks, registry, routing, sandboxes
from tools.adopt.estate import Estate

Json = dict[str, Any]

GROUP = estates.GROUP
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"
ENVIRONMENT = f"{GROUP}/providers/Microsoft.App/managedEnvironments/corp-apps"
APP = f"{GROUP}/providers/Microsoft.App/containerApps/web"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/corp-cluster"
TABLE = f"{GROUP}/providers/Microsoft.Network/routeTables/corp-routes"
GATEWAY = f"{GROUP}/providers/Microsoft.Network/natGateways/corp-nat"
PREFIX = f"{GROUP}/providers/Microsoft.Network/publicIPPrefixes/corp-addresses"
SUBNET = f"{estates.NETWORK}/subnets/endpoints"
READER = ROLES["Container Registry Repository Reader"]


def estate(*bodies: Json, mode: str = "LegacyRegistryPermissions") -> Estate:
    every = estates.bodies()
    every[estates.REGISTRY]["properties"]["roleAssignmentMode"] = mode
    identity = {
        "id": IDENTITY,
        "location": "westeurope",
        "properties": {"principalId": "11111111-0000-4000-8000-000000000000"},
    }
    listing = Listing(listed([[*every.values(), identity, *bodies]]))
    images = listing.get(estates.REGISTRY)
    assert isinstance(images, Listed)
    found = Estate(listing, Names("corp", "prod"), images)
    networks.keys(found)
    identities.read(found)
    return found


def assignment(name: str, role: str, **properties: Any) -> Json:
    definition = f"{estates.SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    return {
        "id": f"{estates.REGISTRY}/providers/Microsoft.Authorization/roleAssignments/{name}",
        "properties": {"roleDefinitionId": definition, **properties},
    }


def test_a_route_table_is_described_and_subnets_name_its_key() -> None:
    routes = [
        {
            "name": "out",
            "properties": {
                "addressPrefix": "0.0.0.0/0",
                "nextHopType": "VirtualAppliance",
                "nextHopIpAddress": "10.9.1.4",
            },
        }
    ]
    body = {"id": TABLE, "location": "westeurope", "properties": {"routes": routes, "disableBgpRoutePropagation": True}}
    found = estate(body)
    network = found.listing.get(estates.NETWORK)
    assert network is not None
    network.properties["subnets"][0]["properties"]["routeTable"] = {"id": TABLE}
    assert routing.tables(found) == {
        "corp-routes": {
            "name": "corp-routes",
            "routes": {"out": {"prefix": "0.0.0.0/0", "next_hop": "VirtualAppliance", "address": "10.9.1.4"}},
            "propagate_gateway_routes": False,
        }
    }
    assert networks.read(found)["westeurope"]["subnets"]["endpoints"]["route_table"] == "corp-routes"


def test_a_nat_gateway_is_described_with_its_prefix() -> None:
    gateway = {
        "id": GATEWAY,
        "location": "westeurope",
        "properties": {"publicIpPrefixes": [{"id": PREFIX}], "idleTimeoutInMinutes": 10},
    }
    prefix = {"id": PREFIX, "location": "westeurope", "properties": {"prefixLength": 30}}
    assert routing.gateways(estate(gateway, prefix)) == {
        "corp-nat": {
            "name": "corp-nat",
            "public_prefix_name": "corp-addresses",
            "public_prefix": "/30",
            "idle_timeout_minutes": 10,
        }
    }


def test_a_nat_gateway_with_a_prefix_of_others_is_noted() -> None:
    found = estate({"id": GATEWAY, "location": "westeurope", "properties": {"publicIpPrefixes": [{"id": PREFIX}]}})
    assert routing.gateways(found) == {}
    assert [(each.id, each.property) for each in found.remarks] == [(GATEWAY, "publicIpPrefixes")]


def test_a_grant_whose_name_follows_from_a_key_states_none() -> None:
    name = assignment_name("corpimages", "pull-puller", READER)
    body = assignment(name, READER.guid, principalId="11111111-0000-4000-8000-000000000000")
    found = access.read(estate(body, mode="AbacRepositoryPermissions"))
    assert found == {"pull-puller": {"identity": "puller", "action": "pull"}}
    assert access.implied(found, ["pull-puller"]) == {}
    assert access.implied(found, []) == found


def test_repositories_are_read_from_the_condition_that_names_them() -> None:
    text = condition(READER, ["team-a/*", "base"])
    body = assignment(
        "0c0ffee0-0000-4000-8000-000000000002", READER.guid, principalId="p-1", principalType="Group", condition=text
    )
    assert access.read(estate(body, mode="AbacRepositoryPermissions")) == {
        "group-p-1-pull": {
            "name": "0c0ffee0-0000-4000-8000-000000000002",
            "principal_id": "p-1",
            "principal_type": "Group",
            "action": "pull",
            "repositories": ["base", "team-a/*"],
        }
    }


@pytest.mark.parametrize(
    ("role", "more", "property_"),
    [
        (ROLES["AcrPush"].guid, {}, None),
        (READER.guid, {"condition": "(@Resource[x] StringEquals 'y')"}, "condition"),
    ],
)
def test_an_assignment_that_no_grant_expresses_is_noted(role: str, more: Json, property_: str | None) -> None:
    found = estate(
        assignment("0c0ffee0-0000-4000-8000-000000000002", role, principalId="p", principalType="User", **more)
    )
    described = access.read(found)
    assert [each.property for each in found.remarks] == ([property_] if property_ else [])
    assert bool(described) is (property_ is None)


def test_an_app_is_described_with_the_host_of_its_images_left_out() -> None:
    environment = {
        "id": ENVIRONMENT,
        "location": "westeurope",
        "properties": {
            "workloadProfiles": [{"name": "Consumption"}],
            "peerAuthentication": {"mtls": {"enabled": True}},
        },
    }
    container = {
        "name": "web",
        "image": "corpimages.azurecr.io/team/web:1",
        "resources": {"cpu": 1, "memory": "2Gi"},
        "env": [{"name": "KEY", "secretRef": "key"}, {"name": "MODE", "value": "on"}],
    }
    configuration = {
        "registries": [{"server": "corpimages.azurecr.io", "identity": IDENTITY}],
        "identitySettings": [{"identity": IDENTITY, "lifecycle": "None"}],
        "secrets": [{"name": "key", "keyVaultUrl": "https://corp.vault.azure.net/secrets/key", "identity": IDENTITY}],
        "ingress": {
            "targetPort": 80,
            "external": True,
            "transport": "Http2",
            "traffic": [{"weight": 100, "latestRevision": True}],
        },
    }
    app = {
        "id": APP,
        "location": "westeurope",
        "identity": {"userAssignedIdentities": {IDENTITY: {}}},
        "properties": {
            "environmentId": ENVIRONMENT,
            "configuration": configuration,
            "template": {"containers": [container], "scale": {"minReplicas": 1, "maxReplicas": 3}},
        },
    }
    found = container_apps.read(estate(environment, app))["corp-apps"]
    assert found["name"] == "corp-apps"
    web = found["apps"]["web"]
    assert web["identity"] == "puller"
    assert "identities" not in web
    assert web["containers"]["web"]["image"] == "team/web:1"
    assert web["containers"]["web"]["memory_gib"] == 2.0
    assert web["containers"]["web"]["env"] == {"KEY": {"secret": "key"}, "MODE": "on"}
    assert web["secrets"] == {"key": {"key_vault_url": "https://corp.vault.azure.net/secrets/key"}}
    assert web["ingress"]["transport"] == "http2"
    assert web["scale"] == {"min_replicas": 1, "max_replicas": 3}


def test_a_secret_that_is_no_reference_is_noted_and_not_read() -> None:
    configuration = {
        "registries": [{"server": "x", "identity": IDENTITY}],
        "secrets": [{"name": "key", "value": "hidden"}],
    }
    app = {
        "id": APP,
        "location": "westeurope",
        "properties": {"environmentId": ENVIRONMENT, "configuration": configuration, "template": {}},
    }
    found = estate({"id": ENVIRONMENT, "location": "westeurope", "properties": {}}, app)
    described = container_apps.read(found)
    assert [each.property for each in found.remarks] == ["secrets.key"]
    assert "hidden" not in str(described)


def test_a_cluster_states_the_names_that_do_not_follow_from_its_key() -> None:
    pool = {
        "name": "main",
        "mode": "System",
        "vmSize": "Standard_D4ds_v5",
        "vnetSubnetID": SUBNET,
        "count": 3,
        "osDiskSizeGB": 128,
    }
    body = {
        "id": CLUSTER,
        "location": "westeurope",
        "sku": {"name": "Base", "tier": "Free"},
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        "properties": {
            "dnsPrefix": "corp-dns",
            "nodeResourceGroup": "MC_corp",
            "identityProfile": {"kubeletidentity": {"resourceId": IDENTITY}},
            "agentPoolProfiles": [pool],
        },
    }
    found = clusters.read(estate(body))["corp-cluster"]
    assert (found["name"], found["dns_prefix"], found["node_resource_group"]) == ("corp-cluster", "corp-dns", "MC_corp")
    assert (found["network"], found["subnet"], found["identity"]) == ("westeurope", "endpoints", "puller")
    assert found["tier"] == "Free"
    assert found["pools"]["main"]["count"] == 3


def test_a_cluster_with_an_identity_of_its_own_is_noted() -> None:
    found = estate({"id": CLUSTER, "location": "westeurope", "identity": {"type": "SystemAssigned"}, "properties": {}})
    assert clusters.read(found) == {}
    assert [each.id for each in found.remarks] == [CLUSTER]


def test_a_pool_of_custom_containers_is_noted() -> None:
    pool = f"{GROUP}/providers/Microsoft.App/sessionPools/corp"
    found = estate({"id": pool, "location": "westeurope", "properties": {"containerType": "CustomContainer"}})
    assert sandboxes.pools(found) == {}
    assert [(each.id, each.property) for each in found.remarks] == [(pool, "containerType")]


def test_a_credential_with_several_audiences_is_noted() -> None:
    credential = {
        "id": f"{IDENTITY}/federatedIdentityCredentials/main",
        "properties": {"issuer": "https://issuer", "subject": "s", "audiences": ["a", "b"]},
    }
    found = estate(credential)
    assert [each.property for each in found.remarks] == ["audiences"]


@pytest.mark.parametrize(
    ("shown", "described"),
    [
        ({"metadataSearch": "Enabled"}, {"metadata_search": True, "tasks_bypass": False}),
        ({"networkRuleBypassAllowedForTasks": True}, {"metadata_search": False, "tasks_bypass": True}),
    ],
)
def test_switches_of_a_registry_are_described(shown: Json, described: Json) -> None:
    found = estate()
    found.registry.properties.update(shown)
    section = registry.read(found)
    assert {field: section[field] for field in described} == described
