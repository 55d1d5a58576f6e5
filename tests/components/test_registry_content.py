"""The content of a registry: what its component sends, and what its spec refuses."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret
from pydantic import SecretStr, ValidationError

from components.registry.content import RegistryContent
from components.registry.spec import RegistrySpec
from components.registry.tasks import TaskWiring
from components.testing import Recording

Record = Callable[..., Recording]

REGISTRY_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso"
READERS = {"description": "Pulls of team A", "repositories": {"team-a/*": ["content/read", "metadata/read"]}}


def spec(**stated: Any) -> RegistrySpec:
    return RegistrySpec.model_validate({"name": "contoso", **stated})


def content(**stated: Any) -> RegistryContent:
    return RegistryContent(
        "c",
        spec(**stated),
        registry_id=REGISTRY_ID,
        registry_name="contoso",
        resource_group_name="rg",
        location="eastus",
        tags={"owner": "platform"},
    )


def refusals(**stated: Any) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        spec(**stated)
    return [str(error["msg"]) for error in refused.value.errors()]


def test_a_token_has_the_actions_of_its_scope_map(record: Record) -> None:
    tokens = {"edge-site": {"scope_map": "team-a-readers"}}
    recording = record(lambda: content(scope_maps={"team-a-readers": READERS}, tokens=tokens))
    assert dict(recording.one("ScopeMap").inputs) == {
        "registryName": "contoso",
        "resourceGroupName": "rg",
        "scopeMapName": "team-a-readers",
        "description": "Pulls of team A",
        "actions": ["repositories/team-a/*/content/read", "repositories/team-a/*/metadata/read"],
    }
    token = recording.one("Token").inputs
    assert (token["tokenName"], token["status"]) == ("edge-site", "enabled")
    assert token["scopeMapId"].endswith("c-scope-map-team-a-readers-id")
    assert "credentials" not in token


def test_a_token_may_have_a_predefined_scope_map_and_be_disabled(record: Record) -> None:
    token = record(lambda: content(tokens={"edge-site": {"scope_map": "_repositories_pull", "enabled": False}})).one(
        "Token"
    )
    assert token.inputs["scopeMapId"] == f"{REGISTRY_ID}/scopeMaps/_repositories_pull"
    assert token.inputs["status"] == "disabled"


def test_the_order_of_actions_does_not_matter(record: Record) -> None:
    turned = {"repositories": {"b": ["metadata/read", "content/read"], "a": ["content/read"]}}
    actions = record(lambda: content(scope_maps={"readers": turned})).one("ScopeMap").inputs["actions"]
    assert actions == ["repositories/a/content/read", "repositories/b/content/read", "repositories/b/metadata/read"]


@pytest.mark.parametrize("repository", ["sample/*/teama", "sample/teama*", "sample/a/*/b/*", "Team-A"])
def test_repositories_of_a_scope_map_are_names_or_prefixes(repository: str) -> None:
    assert refusals(scope_maps={"readers": {"repositories": {repository: ["content/read"]}}})


def test_a_push_needs_to_read_too() -> None:
    (line,) = refusals(scope_maps={"pushers": {"repositories": {"team-a/*": ["content/write"]}}})
    assert "content/write without content/read does not allow a push; add content/read [ACR-TOKEN]" in line
    spec(scope_maps={"pushers": {"repositories": {"team-a/*": ["content/write", "content/read"]}}})


def test_a_scope_map_has_five_hundred_actions() -> None:
    repositories = {f"team-{n}/api": ["content/read"] for n in range(501)}
    (line,) = refusals(scope_maps={"readers": {"repositories": repositories}})
    assert "has 501 actions, 500 at most" in line
    repositories.pop("team-0/api")
    assert spec(scope_maps={"readers": {"repositories": repositories}})


def test_a_scope_map_that_does_not_exist_is_named() -> None:
    (line,) = refusals(scope_maps={"team-a-readers": READERS}, tokens={"edge-site": {"scope_map": "readers"}})
    assert "readers" in line
    assert "_repositories_pull" in line


@pytest.mark.parametrize(
    ("section", "name", "words"),
    [
        ("tokens", "edge", "5 to 50 characters"),
        ("tokens", "edge_site", "letters, digits and '-'"),
        ("scope_maps", "team/a", "letters, digits, '-' and '_'"),
        ("scope_maps", "_repositories_pull", "is a predefined scope map"),
    ],
)
def test_names_are_those_that_the_service_takes(section: str, name: str, words: str) -> None:
    entry = READERS if section == "scope_maps" else {"scope_map": "_repositories_pull"}
    (line,) = refusals(**{section: {name: entry}})
    assert words in line


HOOK = {"service_uri": SecretStr("https://hooks.contoso.com/acr?code=1")}


def test_a_webhook_sends_the_events_of_one_replica_to_a_secret_receiver(record: Record) -> None:
    hook = {
        **HOOK,
        "headers": {"Authorization": SecretStr("Bearer x")},
        "location": "westeurope",
        "actions": ["push", "delete"],
        "scope": "team-a/web:*",
    }
    webhook = record(lambda: content(webhooks={"deployer": hook})).one("Webhook")
    inputs = {name: unwrap_rpc_secret(value) for name, value in webhook.inputs.items()}
    assert inputs == {
        "registryName": "contoso",
        "resourceGroupName": "rg",
        "webhookName": "deployer",
        "location": "westeurope",
        "serviceUri": "https://hooks.contoso.com/acr?code=1",
        "customHeaders": {"Authorization": "Bearer x"},
        "actions": ["push", "delete"],
        "scope": "team-a/web:*",
        "status": "enabled",
        "tags": {"owner": "platform"},
    }
    assert is_rpc_secret(webhook.inputs["serviceUri"])
    assert is_rpc_secret(webhook.inputs["customHeaders"])


def test_a_webhook_is_in_the_home_region_by_default(record: Record) -> None:
    inputs = record(lambda: content(webhooks={"deployer": {**HOOK, "enabled": False}})).one("Webhook").inputs
    assert (inputs["location"], inputs["status"], inputs["actions"]) == ("eastus", "disabled", ["push"])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"service_uri": SecretStr("http://hooks.contoso.com")}, "is not an https address"),
        ({"service_uri": "https://hooks.contoso.com"}, "is in plain text"),
        ({"actions": []}, "at least 1 item"),
        ({"actions": ["pull"]}, "'push', 'delete', 'quarantine', 'chart_push' or 'chart_delete'"),
        ({"actions": ["push", "push"]}, "names an action twice"),
        ({"actions": ["quarantine"]}, "set policies.quarantine: true, or remove the action"),
        ({"scope": "team-a/*"}, "should match pattern"),
    ],
)
def test_webhooks_that_are_refused(changed: dict[str, Any], words: str) -> None:
    (line,) = refusals(webhooks={"deployer": {**HOOK, **changed}})
    assert words in line


def test_a_quarantined_image_is_announced_where_the_policy_is_on() -> None:
    assert spec(policies={"quarantine": True}, webhooks={"deployer": {**HOOK, "actions": ["quarantine"]}})


@pytest.mark.parametrize(("sku", "most"), [("Basic", 2), ("Standard", 10)])
def test_a_registry_has_as_many_webhooks_as_its_sku(sku: str, most: int) -> None:
    public = {"sku": sku, "public_network_access": "Enabled"}
    assert spec(**public, webhooks={f"hook{n:03}": HOOK for n in range(most)})
    (line,) = refusals(**public, webhooks={f"hook{n:03}": HOOK for n in range(most + 1)})
    assert f"{most} at most with sku {sku}" in line


@pytest.mark.parametrize("name", ["hook", "deploy-er"])
def test_names_of_webhooks_have_letters_and_digits_only(name: str) -> None:
    (line,) = refusals(webhooks={name: HOOK})
    assert "5 to 50 characters, letters and digits only" in line


BUILD = {"context": "https://github.com/contoso/web.git#main", "images": ["team-a/web:{{.Run.ID}}"]}
WIRING = TaskWiring({"builders": "subnet-id"}, {"builder": "identity-id"}, {"builder": "client-id"})
STEPS = "version: v1.1.0\nsteps:\n- cmd: acr purge --filter 'team-a/.*:.*' --ago 30d\n"


def tasks(record: Record, **stated: Any) -> Recording:
    def make() -> None:
        RegistryContent(
            "c",
            spec(**stated),
            registry_id=REGISTRY_ID,
            registry_name="contoso",
            resource_group_name="rg",
            location="eastus",
            tags={},
            wiring=WIRING,
        )

    return record(make)


def test_a_build_runs_on_an_agent_pool_and_signs_in_by_its_identity(record: Record) -> None:
    task = {
        "build": BUILD,
        "identity": "builder",
        "agent_pool": "builders",
        "base_images": "Runtime",
        "timeout_minutes": 30,
    }
    pools = {"builders": {"tier": "S2", "network": "hub", "subnet": "build"}}
    recording = tasks(record, agent_pools=pools, tasks={"build-web": task})
    inputs = recording.one("Task").inputs
    assert recording.one("Task").type.startswith("azure-native_containerregistry_v20250301preview:")
    assert inputs["step"] == {
        "type": "Docker",
        "contextPath": "https://github.com/contoso/web.git#main",
        "dockerFilePath": "Dockerfile",
        "imageNames": ["team-a/web:{{.Run.ID}}"],
        "isPushEnabled": True,
        "noCache": False,
    }
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["identity-id"]}
    assert inputs["credentials"] == {"sourceRegistry": {"identity": "client-id"}}
    assert (inputs["agentPoolName"], inputs["timeout"], inputs["location"]) == ("builders", 1800, "eastus")
    assert inputs["trigger"] == {
        "baseImageTrigger": {
            "name": "base-images",
            "baseImageTriggerType": "Runtime",
            "updateTriggerPayloadType": "Default",
            "status": "Enabled",
        }
    }
    pool = recording.one("AgentPool").inputs
    assert (pool["tier"], pool["count"], pool["os"]) == ("S2", 1, "Linux")
    assert pool["virtualNetworkSubnetResourceId"] == "subnet-id"


def test_steps_run_on_a_schedule_with_an_identity_of_the_tasks_own(record: Record) -> None:
    task = {"steps": STEPS, "identity": "system", "timers": {"nightly": "0 2 * * *"}, "enabled": False}
    inputs = tasks(record, tasks={"purge": task}).one("Task").inputs
    assert inputs["step"] == {"type": "EncodedTask", "encodedTaskContent": base64.b64encode(STEPS.encode()).decode()}
    assert inputs["identity"] == {"type": "SystemAssigned"}
    assert inputs["credentials"] == {"sourceRegistry": {"identity": "[system]"}}
    assert inputs["trigger"] == {"timerTriggers": [{"name": "nightly", "schedule": "0 2 * * *", "status": "Enabled"}]}
    assert inputs["status"] == "Disabled"


def test_the_token_of_a_private_repository_is_a_secret(record: Record) -> None:
    build = {**BUILD, "target": "release", "arguments": {"VERSION": "1"}, "push": False, "dockerfile": "web/Dockerfile"}
    task = {"build": build, "context_access_token": SecretStr("pat"), "architecture": "arm64"}
    step = tasks(record, tasks={"build-web": task}).one("Task").inputs["step"]
    assert is_rpc_secret(step)
    opened = unwrap_rpc_secret(step)
    assert opened["contextAccessToken"] == "pat"
    assert (opened["target"], opened["isPushEnabled"], opened["dockerFilePath"]) == ("release", False, "web/Dockerfile")
    assert opened["arguments"] == [{"name": "VERSION", "value": "1", "isSecret": False}]


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ({"tasks": {"purge": {}}}, "needs either build or steps, and not both"),
        ({"tasks": {"purge": {"steps": STEPS, "build": BUILD}}}, "needs either build or steps, and not both"),
        ({"tasks": {"purge": {"steps": STEPS, "base_images": "All"}}}, "follows the FROM lines of a Dockerfile"),
        ({"tasks": {"purge": {"steps": STEPS, "agent_pool": "builders"}}}, "builders"),
        ({"tasks": {"purge": {"steps": STEPS, "timers": {"nightly": "often"}}}}, "often"),
        ({"tasks": {"task": {"steps": STEPS}}}, "5 to 50 characters"),
        ({"agent_pools": {"a": {}}}, "3 to 20 characters"),
        ({"agent_pools": {"builders": {"network": "hub"}}}, "states one of network and subnet"),
        (
            {"agent_pools": {"builders": {"count": 0}}, "tasks": {"purge": {"steps": STEPS, "agent_pool": "builders"}}},
            "purge run on it, which needs at least one instance; write 1",
        ),
        (
            {"endpoint_protocol": "IPv4AndIPv6", "tasks": {"purge": {"steps": STEPS}}},
            "purge do not work with endpoint_protocol IPv4AndIPv6; remove them, or write IPv4 [ACR-TASKS-IPV6]",
        ),
        (
            {"endpoint_protocol": "IPv4AndIPv6", "agent_pools": {"builders": {}}},
            "builders do not work with endpoint_protocol IPv4AndIPv6",
        ),
        (
            {"sku": "Standard", "public_network_access": "Enabled", "agent_pools": {"builders": {}}},
            "builders needs sku Premium, the registry has Standard",
        ),
        (
            {"tasks_bypass": True, "trusted_services_bypass": False},
            "true needs trusted_services_bypass: true, of which it is a part",
        ),
    ],
)
def test_tasks_and_agent_pools_that_are_refused(stated: dict[str, Any], words: str) -> None:
    assert any(words in line for line in refusals(**stated))
