"""Conditions of apps that depend on others: ports of one environment, and secrets of vaults that an identity reads."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from app_requests import IDENTITY, PROVIDER, ROLE, Apps
from arm_client import GROUP, NETWORK, Arm

if TYPE_CHECKING:
    from collections.abc import Callable

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/contosovault"
SECRET_URL = "https://contosovault.vault.azure.net/secrets/pg"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
READER = "acdd72a7-3385-48ef-bd42-f606fba81ae7"


@pytest.fixture
def apps(start: Callable[..., Arm]) -> Apps:
    arm = start(generic=True)
    arm.group()
    created = Apps(arm)
    created.registry()
    created.create(vnetConfiguration={"infrastructureSubnetId": created.network()})
    return created


def exposing(apps: Apps, **ingress: Any) -> dict[str, Any]:
    body = apps.app_body()
    body["properties"]["configuration"]["ingress"] = {"external": True, "transport": "tcp", **ingress}
    return body


@pytest.mark.parametrize("port", [80, 443])
def test_a_port_of_http_ingress_is_in_use(apps: Apps, port: int) -> None:
    refused = apps.app(exposing(apps, targetPort=8883, exposedPort=port))
    assert (refused.status, refused.code) == (400, "InvalidParameterValueInContainerTemplate")
    assert f"Invalid value: {port}: exposedPort already in use" in refused.body["error"]["message"]


def test_a_port_belongs_to_one_app_of_an_environment(apps: Apps) -> None:
    assert apps.app(exposing(apps, targetPort=8883), "one").status == 201
    for ingress in ({"targetPort": 8883}, {"targetPort": 1883, "exposedPort": 8883}):
        assert "8883: exposedPort already in use" in apps.app(exposing(apps, **ingress), "two").body["error"]["message"]
    assert apps.app(exposing(apps, targetPort=8883, exposedPort=8884), "two").status == 201
    assert apps.app(exposing(apps, targetPort=8883), "one").status == 200


def test_ports_within_the_environment_and_those_of_http_are_free(apps: Apps) -> None:
    assert apps.app(exposing(apps, targetPort=8883), "one").status == 201
    assert apps.app(exposing(apps, targetPort=8883, external=False), "two").status == 201
    assert apps.app(exposing(apps, targetPort=8883, transport="auto"), "three").status == 201


def vault(apps: Apps, **properties: Any) -> None:
    entry = {"tenantId": str(uuid.uuid4()), "sku": {"family": "A", "name": "standard"}, **properties}
    apps.arm.put(VAULT, {"location": "eastus", "properties": entry}, "2024-11-01")


def principal(apps: Apps) -> str:
    return apps.arm.get(IDENTITY)["properties"]["principalId"]


def grant(apps: Apps, role: str, scope: str = VAULT) -> None:
    body = {
        "properties": {
            "principalId": principal(apps),
            "principalType": "ServicePrincipal",
            "roleDefinitionId": f"{ROLE}/{role}",
        }
    }
    apps.arm.put(f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}", body)


def reading(apps: Apps) -> dict[str, Any]:
    body = apps.app_body()
    body["properties"]["configuration"]["secrets"] = [{"name": "pg", "keyVaultUrl": SECRET_URL, "identity": IDENTITY}]
    return body


def test_a_secret_of_a_vault_that_the_identity_does_not_read_is_refused_in_the_services_words(apps: Apps) -> None:
    vault(apps, enableRbacAuthorization=True)
    grant(apps, READER)
    refused = apps.app(reading(apps))
    assert (refused.status, refused.code) == (400, "InvalidParameterValueInContainerTemplate")
    assert (
        f"Field 'configuration.secrets' is invalid with details: 'Invalid value: \"pg\": Unable to get value using Managed "
        f"identity {IDENTITY} for secret pg. Error: unable to fetch secret 'pg' using Managed identity '{IDENTITY}'';."
    ) in refused.body["error"]["message"]


@pytest.mark.parametrize("scope", [VAULT, GROUP])
def test_a_role_on_the_vault_or_above_it_lets_the_app_be_made(apps: Apps, scope: str) -> None:
    vault(apps, enableRbacAuthorization=True)
    grant(apps, SECRETS_USER, scope)
    assert apps.app(reading(apps)).status == 201


@pytest.mark.parametrize(("permissions", "status"), [(["get", "list"], 201), (["all"], 201), (["list"], 400)])
def test_a_vault_without_roles_goes_by_its_access_policies(apps: Apps, permissions: list[str], status: int) -> None:
    policy = {"tenantId": str(uuid.uuid4()), "objectId": principal(apps), "permissions": {"secrets": permissions}}
    vault(apps, enableRbacAuthorization=False, accessPolicies=[policy])
    grant(apps, SECRETS_USER)
    assert apps.app(reading(apps)).status == status


def test_a_vault_that_is_not_known_here_counts_as_readable(apps: Apps) -> None:
    assert apps.app(reading(apps)).status == 201


@pytest.mark.parametrize(("role", "status"), [(READER, 400), (SECRETS_USER, 201)])
def test_a_container_group_reads_its_secrets_under_its_identity(apps: Apps, role: str, status: int) -> None:
    vault(apps, enableRbacAuthorization=True)
    grant(apps, role)
    requests = {"resources": {"requests": {"cpu": 1, "memoryInGB": 1.5}}, "image": "mcr.microsoft.com/app:1"}
    properties = {
        "osType": "Linux",
        "containers": [{"name": "main", "properties": requests}],
        "secretReferences": [{"name": "pg", "identity": IDENTITY, "secretReferenceUri": SECRET_URL}],
    }
    identity = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    path = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/run"
    reply = apps.arm("PUT", path, {"location": "eastus", "identity": identity, "properties": properties}, "2026-07-01")
    assert reply.status == status
    assert status == 201 or reply.code == "InaccessibleSecretReference"


CLOSED = {"defaultAction": "Deny", "bypass": "AzureServices"}
WITHIN = f"{NETWORK}/virtualNetworks/vnet/subnets/apps"


@pytest.mark.parametrize(
    ("rules", "connected", "status"),
    [
        ({"networkAcls": CLOSED}, True, 400),
        ({"networkAcls": {**CLOSED, "virtualNetworkRules": [{"id": WITHIN}]}}, True, 201),
        ({"networkAcls": {**CLOSED, "virtualNetworkRules": [{"id": WITHIN}]}}, False, 400),
        (
            {"publicNetworkAccess": "Disabled", "networkAcls": {**CLOSED, "virtualNetworkRules": [{"id": WITHIN}]}},
            True,
            400,
        ),
        ({"publicNetworkAccess": "Disabled"}, True, 400),
        ({"publicNetworkAccess": "Enabled"}, False, 201),
    ],
)
def test_the_firewall_of_a_vault_lets_subnets_in_that_it_names(
    apps: Apps, rules: dict[str, Any], connected: bool, status: int
) -> None:
    vault(apps, enableRbacAuthorization=True, **rules)
    grant(apps, SECRETS_USER)
    body = reading(apps)
    if not connected:
        apps.create("other")
        body["properties"]["environmentId"] = f"{PROVIDER}/managedEnvironments/other"
    assert apps.app(body).status == status


def test_a_private_endpoint_lets_its_network_into_a_closed_vault(apps: Apps) -> None:
    vault(apps, enableRbacAuthorization=True, publicNetworkAccess="Disabled")
    grant(apps, SECRETS_USER)
    link = {"name": "kv", "properties": {"privateLinkServiceId": VAULT, "groupIds": ["vault"]}}
    entry = {"subnet": {"id": WITHIN.replace("apps", "endpoints")}, "privateLinkServiceConnections": [link]}
    apps.arm.put(f"{NETWORK}/privateEndpoints/pe-kv", {"location": "eastus", "properties": entry})
    assert apps.app(reading(apps)).status == 201
