from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from app_requests import IDENTITY
from arm_client import GROUP, REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm, Reply

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/contosokv"
KEY_URL = "https://contosokv.vault.azure.net/keys/registry"
VERSION = "2024-11-01"
ENCRYPTION_USER = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
TENANT = "00000000-0000-0000-0000-0000000000aa"


def vault(arm: Arm, kty: str = "RSA", **properties: Any) -> None:
    sku = {"family": "A", "name": "standard"}
    body = {"tenantId": TENANT, "sku": sku, "enableRbacAuthorization": True, **properties}
    arm.put(VAULT, {"location": "eastus", "properties": body}, VERSION)
    key = {"kty": kty, **({"curveName": "P-256"} if kty == "EC" else {"keySize": 3072})}
    arm.put(f"{VAULT}/keys/registry", {"properties": key}, VERSION)


def grant(arm: Arm, role: str = ENCRYPTION_USER, scope: str = VAULT) -> None:
    principal = arm.put(IDENTITY, {"location": "eastus"})["properties"]["principalId"]
    role_id = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": role_id, "principalId": principal, "principalType": "ServicePrincipal"}
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{uuid.uuid4()}"
    arm.put(path, {"properties": properties})


def registry(arm: Arm, key: str = KEY_URL, *, identities: bool = True, **properties: Any) -> Reply:
    client = arm.put(IDENTITY, {"location": "eastus"})["properties"]["clientId"]
    encryption = {"status": "enabled", "keyVaultProperties": {"identity": client, "keyIdentifier": key}}
    body: dict[str, Any] = {
        "location": "eastus",
        "sku": {"name": "Premium"},
        "properties": {"encryption": encryption, **properties},
    }
    if identities:
        body["identity"] = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    return arm("PUT", REGISTRY, body)


def test_a_key_without_a_version_is_followed_and_one_with_a_version_is_kept(arm: Arm) -> None:
    vault(arm)
    grant(arm)
    shown = registry(arm).body["properties"]["encryption"]["keyVaultProperties"]
    current = arm.get(f"{VAULT}/keys/registry", VERSION)["properties"]["keyUriWithVersion"]
    assert (shown["keyRotationEnabled"], shown["versionedKeyIdentifier"]) == (True, current)
    pinned = registry(arm, current).body["properties"]["encryption"]["keyVaultProperties"]
    assert (pinned["keyRotationEnabled"], pinned["keyIdentifier"]) == (False, current)


def test_the_identity_needs_a_role_on_the_vault_or_the_key(arm: Arm) -> None:
    vault(arm)
    refused = registry(arm)
    assert (refused.status, refused.code) == (403, "Forbidden")
    assert "get, unwrapKey and wrapKey" in refused.message
    grant(arm, SECRETS_USER)
    assert registry(arm).code == "Forbidden"
    grant(arm, scope=f"{VAULT}/keys/registry")
    assert registry(arm).status == 200


def test_an_access_policy_grants_the_key_where_the_vault_has_no_roles(arm: Arm) -> None:
    principal = arm.put(IDENTITY, {"location": "eastus"})["properties"]["principalId"]
    policy = {"tenantId": TENANT, "objectId": principal, "permissions": {"keys": ["get", "wrapKey"]}}
    vault(arm, enableRbacAuthorization=False, accessPolicies=[policy])
    assert registry(arm).code == "Forbidden"
    policy["permissions"] = {"keys": ["get", "wrapKey", "unwrapKey"]}
    vault(arm, enableRbacAuthorization=False, accessPolicies=[policy])
    assert registry(arm).status == 200


@pytest.mark.parametrize(("bypass", "status"), [("AzureServices", 200), ("None", 403)])
def test_a_closed_vault_lets_the_registry_in_as_a_trusted_service_only(arm: Arm, bypass: str, status: int) -> None:
    vault(arm, publicNetworkAccess="Disabled", networkAcls={"bypass": bypass, "defaultAction": "Deny"})
    grant(arm)
    assert registry(arm).status == status


def test_a_key_that_does_not_exist_or_is_no_rsa_key_is_refused(arm: Arm) -> None:
    vault(arm, "EC")
    grant(arm)
    assert "RSA or RSA-HSM is expected" in registry(arm).message
    assert "was not found" in registry(arm, f"{KEY_URL}2").message


def test_content_trust_and_encryption_exclude_each_other(arm: Arm) -> None:
    vault(arm)
    grant(arm)
    trust = {"policies": {"trustPolicy": {"type": "Notary", "status": "enabled"}}}
    assert "Content trust is not supported" in registry(arm, **trust).message


def test_the_identity_of_the_key_cannot_be_taken_from_the_registry(arm: Arm) -> None:
    vault(arm)
    grant(arm)
    registry(arm)
    refused = registry(arm, identities=False)
    assert "does not have access to identity" in refused.message


def test_a_key_of_a_vault_that_is_not_known_here_counts_as_usable(arm: Arm) -> None:
    assert registry(arm).status == 200
