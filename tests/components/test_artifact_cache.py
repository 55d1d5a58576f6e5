"""The artifact cache: what its component sends, and what its spec refuses."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from components.artifact_cache.artifact_cache import ArtifactCache
from components.artifact_cache.spec import ArtifactCacheSpec
from components.testing import Recording

Record = Callable[..., Recording]

USER, TOKEN = (f"https://contosokv.vault.azure.net/secrets/{name}" for name in ("hub-user", "hub-token"))
HUB = {"login_server": "docker.io", "username_secret": USER, "password_secret": TOKEN}
SDK = {"source": "mcr.microsoft.com/dotnet/sdk", "target": "dotnet/sdk"}


def spec(rules: dict[str, Any], **credential_sets: Any) -> ArtifactCacheSpec:
    sets = {key.replace("_", "-"): value for key, value in credential_sets.items()}
    return ArtifactCacheSpec.model_validate({"rules": rules, "credential_sets": sets})


def cached(described: ArtifactCacheSpec) -> ArtifactCache:
    return ArtifactCache("c", described, registry_name="contoso", resource_group_name="rg")


def refusals(rules: dict[str, Any], **credential_sets: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        spec(rules, **credential_sets)
    return [str(error["msg"]) for error in refused.value.errors()]


def test_a_rule_maps_a_source_to_a_target(record: Record) -> None:
    rule = record(lambda: cached(spec({"dotnet": SDK}))).one("CacheRule")
    assert dict(rule.inputs) == {
        "registryName": "contoso",
        "resourceGroupName": "rg",
        "cacheRuleName": "dotnet",
        "sourceRepository": "mcr.microsoft.com/dotnet/sdk",
        "targetRepository": "dotnet/sdk",
    }
    assert rule.type.startswith("azure-native_containerregistry_v20260301preview:")
    assert rule.replace_on_changes == ("sourceRepository", "targetRepository")


def test_a_credential_set_names_both_secrets_and_has_an_identity(record: Record) -> None:
    rules = {"library": {"source": "docker.io/library/*", "target": "docker/*", "credential_set": "docker-hub"}}
    recording = record(lambda: cached(spec(rules, docker_hub=HUB)))
    credentials = recording.one("CredentialSet")
    assert dict(credentials.inputs) == {
        "registryName": "contoso",
        "resourceGroupName": "rg",
        "credentialSetName": "docker-hub",
        "identity": {"type": "SystemAssigned"},
        "loginServer": "docker.io",
        "authCredentials": [
            {"name": "Credential1", "usernameSecretIdentifier": USER, "passwordSecretIdentifier": TOKEN}
        ],
    }
    assert recording.one("CacheRule").inputs["credentialSetResourceId"].endswith("c-credentials-docker-hub-id")


# Upstreams that the service's page lists with "authenticated pulls only" [ACR-CACHE-UPSTREAM].
@pytest.mark.parametrize("host", ["docker.io", "dhi.io", "europe-docker.pkg.dev", "registry.redhat.io"])
def test_some_upstreams_need_credentials(host: str) -> None:
    (line,) = refusals({"library": {"source": f"{host}/library/nginx", "target": "nginx"}})
    assert f"{host} is cached with credentials only; add a credential set [ACR-CACHE-UPSTREAM]" in line


def test_a_registry_in_azure_needs_an_identity() -> None:
    (line,) = refusals({"bases": {"source": "contosobase.azurecr.io/bases/*", "target": "bases/*"}})
    assert "contosobase.azurecr.io is cached with credentials only; name an identity [ACR-CACHE-UPSTREAM]" in line


def test_credentials_are_for_the_upstream_of_the_rule() -> None:
    (line,) = refusals({"dotnet": {**SDK, "credential_set": "docker-hub"}}, docker_hub=HUB)
    assert "docker-hub signs in to docker.io, the source is on mcr.microsoft.com" in line


def test_a_credential_set_that_does_not_exist_is_named() -> None:
    (line,) = refusals({"dotnet": {**SDK, "credential_set": "mcr"}}, docker_hub=HUB)
    assert "mcr" in line
    assert "docker-hub" in line


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        # The pairs of the service's own page on wildcards [ACR-CACHE-WILDCARD].
        (("mcr.microsoft.com/*", "*"), ("quay.io/library/*", "library/*"), False),
        (("mcr.microsoft.com/library/*", "library/*"), ("quay.io/library/*", "library/dotnet/*"), False),
        (("mcr.microsoft.com/dotnet/*", "dotnet/*"), ("quay.io/python/*", "python/*"), True),
        (("mcr.microsoft.com/*", "*"), ("quay.io/app", "library/app"), True),
        (("mcr.microsoft.com/app", "app"), ("quay.io/app", "app"), False),
    ],
)
def test_wildcards_do_not_overlap(first: tuple[str, str], second: tuple[str, str], fits: bool) -> None:
    rules = {
        key: {"source": source, "target": target} for key, (source, target) in (("first", first), ("second", second))
    }
    if fits:
        assert len(spec(rules).rules) == 2
    else:
        (line,) = refusals(rules)
        assert f"{second[1]} overlaps with {first[1]} of rule first" in line


@pytest.mark.parametrize(
    "rule",
    [
        {"source": "mcr.microsoft.com/dotnet/*", "target": "dotnet"},
        {"source": "dotnet/sdk", "target": "dotnet/sdk"},
        {"source": "mcr.microsoft.com/dotnet/sdk:9.0", "target": "dotnet/sdk"},
        {"source": "mcr.microsoft.com/*/sdk", "target": "dotnet/*"},
        {"source": "mcr.microsoft.com/dotnet/sdk", "target": "Dotnet/sdk"},
    ],
)
def test_sources_and_targets_are_repositories_or_prefixes(rule: dict[str, str]) -> None:
    assert all("[ACR-CACHE-WILDCARD]" in line for line in refusals({"dotnet": rule}))


@pytest.mark.parametrize("name", ["mcr", "a" * 51, "dot_net"])
def test_names_are_those_that_the_service_takes(name: str) -> None:
    (line,) = refusals({name: SDK})
    assert "5 to 50 characters" in line


def test_a_section_without_rules_is_refused() -> None:
    assert refusals({})


def test_a_registry_has_a_thousand_rules_at_most() -> None:
    rules = {f"rule-{n}": {"source": f"quay.io/app{n}", "target": f"app{n}"} for n in range(1001)}
    (line,) = refusals(rules)
    assert "1000" in line


BASES = {"source": "contosobase.azurecr.io/bases/*", "target": "bases/*", "identity": "puller"}
BASE_ID = "/subscriptions/s/resourceGroups/rg-base/providers/Microsoft.ContainerRegistry/registries/contosobase"


def test_a_registry_in_azure_is_cached_by_an_identity(record: Record) -> None:
    described = spec({"bases": BASES})
    rule = record(
        lambda: ArtifactCache(
            "c", described, registry_name="contoso", resource_group_name="rg", identity_ids={"puller": "puller-id"}
        )
    ).one("CacheRule")
    assert rule.inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["puller-id"]}
    assert "credentialSetResourceId" not in rule.inputs


def test_an_identity_pulls_from_each_upstream_what_its_rules_cache() -> None:
    rules = {
        "bases": {**BASES, "upstream_id": BASE_ID},
        "tools": {**BASES, "source": "contosobase.azurecr.io/tools/cli", "target": "tools/cli", "upstream_id": BASE_ID},
    }
    (grants,) = spec(rules).upstream_grants.values()
    assert (grants["puller"].action, grants["puller"].repositories) == ("pull", ["bases/*", "tools/cli"])
    whole = {**BASES, "source": "contosobase.azurecr.io/*", "target": "*", "upstream_id": BASE_ID}
    assert spec({"whole": whole}).upstream_grants[BASE_ID]["puller"].repositories == []


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({**BASES, "credential_set": "docker-hub"}, "excludes credential_set: a rule signs in by one of them"),
        ({**SDK, "identity": "puller"}, "is for registries in Azure, the source is on mcr.microsoft.com"),
        ({**SDK, "upstream_id": BASE_ID}, "is without effect: state the identity that pulls from it"),
        (
            {**BASES, "source": "contosotwo.azurecr.io/bases/*", "upstream_id": BASE_ID},
            "is the id of registry contosobase, the source is on contosotwo.azurecr.io",
        ),
    ],
)
def test_signing_in_to_an_upstream_that_is_refused(rule: dict[str, Any], words: str) -> None:
    hub = {**HUB, "login_server": str(rule["source"]).partition("/")[0]}
    assert any(words in line for line in refusals({"bases": rule}, docker_hub=hub))
