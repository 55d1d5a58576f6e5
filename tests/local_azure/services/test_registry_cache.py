from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm, Clients, Reply

HUB = f"{REGISTRY}/credentialSets/docker-hub"
VAULT = "https://contosokv.vault.azure.net/secrets"


@pytest.fixture
def registry(arm: Arm) -> Arm:
    arm.registry()
    return arm


def _rule(arm: Arm, name: str, source: str, target: str, **more: Any) -> Reply:
    body = {"properties": {"sourceRepository": source, "targetRepository": target, **more}}
    return arm("PUT", f"{REGISTRY}/cacheRules/{name}", body, "2025-11-01")


def _credentials(arm: Arm, server: str = "docker.io") -> Any:
    secrets = {"usernameSecretIdentifier": f"{VAULT}/user", "passwordSecretIdentifier": f"{VAULT}/token"}
    properties = {"loginServer": server, "authCredentials": [{"name": "Credential1", **secrets}]}
    return arm.put(HUB, {"identity": {"type": "SystemAssigned"}, "properties": properties}, "2025-11-01")


def test_a_credential_set_has_a_principal_of_its_own_and_healthy_credentials(registry: Arm) -> None:
    shown = _credentials(registry)
    assert len(shown["identity"]["principalId"]) == 36
    (credential,) = shown["properties"]["authCredentials"]
    assert credential["credentialHealth"]["status"] == "Healthy"
    assert shown["properties"]["provisioningState"] == "Succeeded"


def test_a_rule_with_credentials_is_read_back_by_the_real_client(registry: Arm, clients: Clients) -> None:
    _credentials(registry)
    assert _rule(registry, "library", "docker.io/library/*", "docker/*", credentialSetResourceId=HUB).status == 201
    shown = clients.registry.cache_rules.get("rg", "contoso", "library")
    assert shown.properties is not None
    assert (shown.properties.source_repository, shown.properties.target_repository) == (
        "docker.io/library/*",
        "docker/*",
    )
    clients.registry.cache_rules.begin_delete("rg", "contoso", "library").result()
    assert not [each for each in registry.ids() if "/cacheRules/" in each]


@pytest.mark.parametrize(
    ("name", "source", "target", "more", "code"),
    [
        ("library", "docker.io/library/nginx", "nginx", {}, "CredentialSetRequired"),
        ("hardened", "dhi.io/nginx", "nginx", {}, "CredentialSetRequired"),
        ("google", "europe-docker.pkg.dev/contoso/app/web", "web", {}, "CredentialSetRequired"),
        ("redhat", "registry.redhat.io/ubi9/ubi", "ubi", {}, "CredentialSetRequired"),
        ("mcr", "mcr.microsoft.com/dotnet/sdk", "sdk", {}, "InvalidResourceName"),
        ("dotnet", "mcr.microsoft.com/dotnet/*", "sdk", {}, "InvalidCacheRuleWildcard"),
        ("dotnet", "mcr.microsoft.com/app", "app", {"credentialSetResourceId": HUB}, "CredentialSetMismatch"),
        ("dotnet", "mcr.microsoft.com/app", "app", {"credentialSetResourceId": f"{HUB}2"}, "CredentialSetNotFound"),
    ],
)
def test_what_the_service_refuses(
    registry: Arm, name: str, source: str, target: str, more: dict[str, str], code: str
) -> None:
    _credentials(registry)
    reply = _rule(registry, name, source, target, **more)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    ("target", "status"), [("library/dotnet/*", 409), ("library/*", 409), ("*", 409), ("library/app", 201)]
)
def test_a_wildcard_overlaps_with_wildcards_only(registry: Arm, target: str, status: int) -> None:
    assert _rule(registry, "first", "mcr.microsoft.com/library/*", "library/*").status == 201
    source = "quay.io/x/*" if "*" in target else "quay.io/x"
    assert _rule(registry, "second", source, target).status == status


def test_source_and_target_stay(registry: Arm) -> None:
    assert _rule(registry, "dotnet", "mcr.microsoft.com/app", "app").status == 201
    assert _rule(registry, "dotnet", "mcr.microsoft.com/app", "app2").code == "CacheRuleRepositoriesImmutable"


IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"


def test_a_registry_in_azure_is_cached_by_a_user_assigned_identity(registry: Arm) -> None:
    registry.put(IDENTITY, {"location": "eastus"})
    identity = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    properties = {"sourceRepository": "base.azurecr.io/bases/*", "targetRepository": "bases/*"}
    body = {"identity": identity, "properties": properties}
    shown = registry.put(f"{REGISTRY}/cacheRules/bases", body, "2026-03-01-preview")
    (user,) = shown["identity"]["userAssignedIdentities"].values()
    assert len(user["principalId"]) == 36


def test_a_rule_has_an_identity_or_a_credential_set(registry: Arm) -> None:
    registry.put(IDENTITY, {"location": "eastus"})
    _credentials(registry, "base.azurecr.io")
    body = {
        "identity": {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}},
        "properties": {
            "sourceRepository": "base.azurecr.io/bases",
            "targetRepository": "bases",
            "credentialSetResourceId": HUB,
        },
    }
    reply = registry("PUT", f"{REGISTRY}/cacheRules/bases", body, "2026-03-01-preview")
    assert reply.code == "CacheRuleAuthenticationConflict"


def test_soft_delete_and_cache_rules_exclude_each_other(registry: Arm) -> None:
    soft = {"policies": {"softDeletePolicy": {"status": "enabled", "retentionDays": 7}}}
    registry.registry(**soft)
    assert _rule(registry, "dotnet", "mcr.microsoft.com/app", "app").code == "SoftDeleteNotSupported"
    registry.registry()
    assert _rule(registry, "dotnet", "mcr.microsoft.com/app", "app").status == 201
    body = {"location": "eastus", "sku": {"name": "Premium"}, "properties": soft}
    assert registry("PUT", REGISTRY, body).code == "SoftDeleteNotSupported"
