"""What a registry's content, its key, its cache and its events become in a description."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from local_azure.loading.listings import Listed
from planning.roles import ABAC, assignment_name, role_for
from tests.tools.adopt import estates
from tests.tools.adopt.test_readers import IDENTITY, estate
from tools.adopt import artifact_cache, content, events, key_vaults
from tools.adopt.estate import Estate

Json = dict[str, Any]

VAULT = f"{estates.GROUP}/providers/Microsoft.KeyVault/vaults/corpkeys"
TASK = f"{estates.REGISTRY}/tasks/build-web"
TOPIC = f"{estates.GROUP}/providers/Microsoft.EventGrid/systemTopics/images"
BUILD = {
    "type": "Docker",
    "contextPath": "https://github.com/contoso/web.git#main",
    "dockerFilePath": "Dockerfile",
    "imageNames": ["team-a/web:{{.Run.ID}}"],
    "isPushEnabled": True,
}


def part(kind: str, name: str, **properties: Any) -> Json:
    return {"id": f"{estates.REGISTRY}/{kind}/{name}", "properties": properties}


def noted(found: Estate) -> list[str]:
    return [each.property for each in found.remarks]


def test_a_scope_map_is_described_by_repository_and_its_token_names_it() -> None:
    actions = ["repositories/team-a/*/content/read", "repositories/team-a/*/metadata/read"]
    found = content.read(
        estate(
            part("scopeMaps", "readers", actions=actions, description="Edge sites"),
            part("scopeMaps", "_repositories_pull", type="SystemDefined", actions=["repositories/*/content/read"]),
            part("tokens", "site-1", scopeMapId=f"{estates.REGISTRY}/scopeMaps/readers", status="enabled"),
            part("tokens", "site-2", scopeMapId=f"{estates.REGISTRY}/scopeMaps/_repositories_pull", status="disabled"),
        )
    )
    assert found == {
        "scope_maps": {
            "readers": {
                "description": "Edge sites",
                "repositories": {"team-a/*": ["content/read", "metadata/read"]},
            }
        },
        "tokens": {
            "site-1": {"scope_map": "readers", "enabled": True},
            "site-2": {"scope_map": "_repositories_pull", "enabled": False},
        },
    }


def test_a_scope_map_of_a_connected_registry_is_listed_with_its_token() -> None:
    found = estate(
        part("scopeMaps", "gateways", actions=["gateway/edge/config/read"]),
        part("tokens", "edge", scopeMapId=f"{estates.REGISTRY}/scopeMaps/gateways"),
    )
    assert content.read(found) == {}
    assert noted(found) == ["actions", "scopeMapId"]


def test_a_webhook_is_listed_with_what_to_state() -> None:
    found = estate(part("webhooks", "deployer", actions=["push"]))
    assert content.read(found) == {}
    assert "registry.webhooks.deployer.service_uri" in found.remarks[0].reason


def task(step: Json, **more: Any) -> Json:
    properties = {"step": step, "timeout": 3600, "platform": {"os": "Linux", "architecture": "amd64"}, **more}
    return {"id": TASK, "properties": properties, "identity": {"userAssignedIdentities": {IDENTITY: {}}}}


def test_a_task_is_described_with_its_identity_and_its_timers() -> None:
    timer = {"name": "nightly", "schedule": "0 3 * * *", "status": "Enabled"}
    found = content.read(estate(task(BUILD, trigger={"timerTriggers": [timer]}, agentPoolName="builders")))
    entry = found["tasks"]["build-web"]
    assert (entry["identity"], entry["timers"], entry["agent_pool"]) == ("puller", {"nightly": "0 3 * * *"}, "builders")
    assert entry["build"] == {
        "context": "https://github.com/contoso/web.git#main",
        "dockerfile": "Dockerfile",
        "images": ["team-a/web:{{.Run.ID}}"],
        "push": True,
    }


def test_steps_of_a_task_are_described_as_text() -> None:
    encoded = base64.b64encode(b"steps: []").decode()
    found = content.read(estate(task({"type": "EncodedTask", "encodedTaskContent": encoded})))
    assert found["tasks"]["build-web"]["steps"] == "steps: []"


@pytest.mark.parametrize(
    ("step", "more", "name"),
    [
        (BUILD, {"trigger": {"sourceTriggers": [{"name": "commits"}]}}, "trigger.sourceTriggers"),
        ({"type": "FileTask"}, {}, "step.type"),
        ({**BUILD, "arguments": [{"name": "KEY", "isSecret": True}]}, {}, "step.arguments"),
    ],
)
def test_a_task_that_no_entry_expresses_is_listed(step: Json, more: Json, name: str) -> None:
    found = estate(task(step, **more))
    assert content.read(found) == {}
    assert noted(found) == [name]


def test_an_agent_pool_is_described_in_its_subnet() -> None:
    found = content.read(
        estate(part("agentPools", "builders", tier="S2", count=2, virtualNetworkSubnetResourceId=estates.SUBNET))
    )
    assert found["agent_pools"] == {
        "builders": {"tier": "S2", "count": 2, "network": "westeurope", "subnet": "endpoints"}
    }


def vault(**more: Any) -> Json:
    properties = {"enableRbacAuthorization": True, "sku": {"name": "standard"}, "enablePurgeProtection": True, **more}
    return {"id": VAULT, "location": "westeurope", "properties": properties}


def test_a_key_is_described_with_its_rotation() -> None:
    policy = {
        "attributes": {"expiryTime": "P2Y"},
        "lifetimeActions": [
            {"action": {"type": "rotate"}, "trigger": {"timeAfterCreate": "P18M"}},
            {"action": {"type": "notify"}, "trigger": {"timeBeforeExpiry": "P30D"}},
        ],
    }
    key = {"id": f"{VAULT}/keys/registry", "properties": {"kty": "RSA", "keySize": 3072, "rotationPolicy": policy}}
    found = key_vaults.read(estate(vault(), key))
    assert found["corpkeys"]["keys"] == {
        "registry": {
            "type": "RSA",
            "size": 3072,
            "rotation": {"rotate_after_days": 540, "expires_after_days": 730, "notify_before_days": 30},
        }
    }


def test_a_vault_with_access_policies_is_listed_and_named_by_its_id_where_it_is_used() -> None:
    found = estate(vault(enableRbacAuthorization=False))
    assert key_vaults.read(found) == {}
    assert noted(found) == ["enableRbacAuthorization"]
    assert key_vaults.elsewhere(found, {}, "corpkeys") == {"corpkeys": {"id": VAULT}}


def encrypted(**properties: Any) -> Estate:
    found = estate()
    identity = found.listing.get(IDENTITY)
    assert isinstance(identity, Listed)
    identity.properties["clientId"] = "22222222-0000-4000-8000-000000000000"
    found.registry.properties["encryption"] = {
        "status": "enabled",
        "keyVaultProperties": {"identity": "22222222-0000-4000-8000-000000000000", **properties},
    }
    return found


def test_a_customer_managed_key_names_vault_key_and_identity() -> None:
    found = encrypted(keyIdentifier="https://corpkeys.vault.azure.net/keys/registry", keyRotationEnabled=True)
    assert key_vaults.encryption(found) == {"key_vault": "corpkeys", "key_name": "registry", "identity": "puller"}


def test_a_version_of_a_customer_managed_key_is_kept() -> None:
    found = encrypted(keyIdentifier=f"https://corpkeys.vault.azure.net/keys/registry/{'0' * 32}")
    assert (key_vaults.encryption(found) or {})["key_version"] == "0" * 32


def test_a_customer_managed_key_of_a_system_assigned_identity_is_listed() -> None:
    found = encrypted(keyIdentifier="https://corpkeys.vault.azure.net/keys/registry", identity="system")
    assert key_vaults.encryption(found) is None
    assert noted(found) == ["encryption"]


UPSTREAM = f"{estates.HUB}/providers/Microsoft.ContainerRegistry/registries/central"
RULE = {
    **part("cacheRules", "central", sourceRepository="central.azurecr.io/base/*", targetRepository="base/*"),
    "identity": {"userAssignedIdentities": {IDENTITY: {}}},
}


def test_a_rule_for_another_registry_names_its_identity() -> None:
    found = artifact_cache.read(estate(RULE))
    assert found == {
        "rules": {"central": {"source": "central.azurecr.io/base/*", "target": "base/*", "identity": "puller"}}
    }


def test_a_rule_names_the_registry_on_which_the_stack_has_made_the_grant() -> None:
    name = assignment_name(f"corpimages/artifact-cache/{UPSTREAM}", "puller", role_for("pull", ABAC))
    granted = {"id": f"{UPSTREAM}/providers/Microsoft.Authorization/roleAssignments/{name}", "properties": {}}
    found = artifact_cache.read(estate(RULE, {"id": UPSTREAM, "properties": {}}, granted))
    assert found["rules"]["central"]["upstream_id"] == UPSTREAM


def test_a_credential_set_is_described_with_its_secrets_and_rules_name_it() -> None:
    secret = "https://corpkeys.vault.azure.net/secrets"
    pair = {"usernameSecretIdentifier": f"{secret}/user", "passwordSecretIdentifier": f"{secret}/token"}
    sets = part("credentialSets", "hub", loginServer="docker.io", authCredentials=[pair])
    rule = part(
        "cacheRules",
        "library",
        sourceRepository="docker.io/library/*",
        targetRepository="library/*",
        credentialSetResourceId=f"{estates.REGISTRY}/credentialSets/hub",
    )
    found = artifact_cache.read(estate({**sets, "identity": {"type": "SystemAssigned"}}, rule))
    assert found["credential_sets"] == {
        "hub": {
            "login_server": "docker.io",
            "username_secret": f"{secret}/user",
            "password_secret": f"{secret}/token",
        }
    }
    assert found["rules"]["library"]["credential_set"] == "hub"


def subscription(destination: Json, *filters: Json) -> Json:
    shown = {
        "destination": destination,
        "filter": {
            "includedEventTypes": ["Microsoft.ContainerRegistry.ImagePushed"],
            "advancedFilters": list(filters),
        },
    }
    return {"id": f"{TOPIC}/eventSubscriptions/deployer", "properties": shown}


TOPIC_BODY = {"id": TOPIC, "location": "westeurope", "properties": {"source": estates.REGISTRY}}


def test_a_subscription_to_events_is_described_with_its_queue() -> None:
    account = f"{estates.GROUP}/providers/Microsoft.Storage/storageAccounts/corp"
    queue = {"endpointType": "StorageQueue", "properties": {"resourceId": account, "queueName": "pushes"}}
    home = {"key": "data.location", "operatorType": "StringIn", "values": ["westeurope"]}
    found = events.read(estate(TOPIC_BODY, subscription(queue, home)))
    assert found["subscriptions"]["deployer"] == {
        "events": ["ImagePushed"],
        "repositories": "",
        "every_replica": False,
        "storage_queue": {"account": account, "queue": "pushes"},
    }


def test_a_subscription_with_a_webhook_is_listed() -> None:
    found = estate(TOPIC_BODY, subscription({"endpointType": "WebHook", "properties": {}}))
    assert events.read(found) == {}
    assert noted(found) == ["destination"]
