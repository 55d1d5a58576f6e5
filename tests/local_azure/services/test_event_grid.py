"""System topics and event subscriptions, and the function apps that they end in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, REGISTRY, Arm

if TYPE_CHECKING:
    from collections.abc import Callable

TOPICS, TOPIC_VERSION = f"{GROUP}/providers/Microsoft.EventGrid/systemTopics", "2025-02-15"
WEB, WEB_VERSION = f"{GROUP}/providers/Microsoft.Web", "2025-03-01"
STORAGE, STORAGE_VERSION = f"{GROUP}/providers/Microsoft.Storage/storageAccounts", "2024-01-01"
SITE = f"{WEB}/sites/follower"
FLEX = {"name": "FC1", "tier": "FlexConsumption"}


def topic(location: str = "global", source: str = GROUP) -> dict[str, Any]:
    return {"location": location, "properties": {"source": source, "topicType": "Microsoft.Resources.ResourceGroups"}}


def subscription(function: str = f"{SITE}/functions/reconcile") -> dict[str, Any]:
    destination = {"endpointType": "AzureFunction", "properties": {"resourceId": function}}
    return {"properties": {"destination": destination}}


def account(arm: Arm, name: str = "contosodrift") -> None:
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}, "properties": {}}
    reply = arm("PUT", f"{STORAGE}/{name}", body, STORAGE_VERSION)
    assert reply.status == 202
    assert arm("GET", reply.headers["location"]).status == 200
    arm.put(f"{STORAGE}/{name}/blobServices/default/containers/packages", {"properties": {}}, STORAGE_VERSION)


def site(place: str = "https://contosodrift.blob.core.windows.net/packages", **settings: str) -> dict[str, Any]:
    return {
        "location": "eastus",
        "kind": "functionapp,linux",
        "identity": {"type": "SystemAssigned"},
        "properties": {
            "serverFarmId": f"{WEB}/serverfarms/plan",
            "functionAppConfig": {
                "deployment": {"storage": {"type": "blobContainer", "value": place}},
                "runtime": {"name": "python", "version": "3.12"},
            },
            "siteConfig": {"appSettings": [{"name": key, "value": value} for key, value in settings.items()]},
        },
    }


@pytest.fixture
def web(arm: Arm) -> Arm:
    account(arm)
    arm.put(
        f"{WEB}/serverfarms/plan", {"location": "eastus", "sku": FLEX, "properties": {"reserved": True}}, WEB_VERSION
    )
    return arm


def test_a_function_hears_of_a_resource_group(web: Arm) -> None:
    created = web.put(SITE, site(KEY="hush"), WEB_VERSION)
    assert created["properties"]["defaultHostName"] == "follower.azurewebsites.net"
    assert created["identity"]["principalId"]
    assert "hush" not in str(created)
    web.put(f"{TOPICS}/groups", topic(), TOPIC_VERSION)
    shown = web.put(f"{TOPICS}/groups/eventSubscriptions/reconcile", subscription(), TOPIC_VERSION)
    assert shown["properties"]["retryPolicy"] == {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440}
    assert shown["properties"]["topic"] == GROUP


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (topic("eastus"), "InvalidRequest"),
        (topic(source=f"{GROUP}x"), "InvalidRequest"),
    ],
    ids=["in a region", "about what is not there"],
)
def test_a_topic_of_a_resource_group_is_global_and_about_one_that_exists(arm: Arm, body: Any, code: str) -> None:
    assert arm("PUT", f"{TOPICS}/groups", body, TOPIC_VERSION).code == code


def test_a_source_has_one_topic(arm: Arm) -> None:
    arm.put(f"{TOPICS}/groups", topic(), TOPIC_VERSION)
    refused = arm("PUT", f"{TOPICS}/again", topic(), TOPIC_VERSION)
    assert (refused.status, refused.code) == (409, "SystemTopicAlreadyExists")


def test_a_function_app_that_does_not_exist_is_no_destination(arm: Arm) -> None:
    arm.put(f"{TOPICS}/groups", topic(), TOPIC_VERSION)
    refused = arm("PUT", f"{TOPICS}/groups/eventSubscriptions/reconcile", subscription(), TOPIC_VERSION)
    assert (refused.status, refused.code) == (400, "Endpoint validation")
    assert refused.message == "Destination endpoint not found."


def test_a_function_whose_code_is_not_deployed_is_no_destination_on_request(
    start: Callable[..., Arm],
) -> None:
    strict = start(functions_assumed=False)
    strict.group()
    account(strict)
    plan = {"location": "eastus", "sku": FLEX, "properties": {}}
    strict.put(f"{WEB}/serverfarms/plan", plan, WEB_VERSION)
    strict.put(SITE, site(), WEB_VERSION)
    strict.put(f"{TOPICS}/groups", topic(), TOPIC_VERSION)
    path = f"{TOPICS}/groups/eventSubscriptions/reconcile"
    assert strict("PUT", path, subscription(), TOPIC_VERSION).code == "Endpoint validation"
    strict.put(f"{SITE}/functions/reconcile", {"properties": {}}, WEB_VERSION)
    strict.put(path, subscription(), TOPIC_VERSION)


@pytest.mark.parametrize(
    "body",
    [
        site("https://nobody.blob.core.windows.net/packages"),
        site("https://contosodrift.blob.core.windows.net/nothing"),
        site(""),
        site(FUNCTIONS_WORKER_RUNTIME="python"),
    ],
    ids=["no account", "no container", "no place", "a setting of other plans"],
)
def test_a_flex_app_is_deployed_to_a_container_that_exists(web: Arm, body: dict[str, Any]) -> None:
    assert web("PUT", SITE, body, WEB_VERSION).code == "BadRequest"


def test_host_names_are_taken_once_in_azure(web: Arm) -> None:
    web.put(SITE, site(), WEB_VERSION)
    web.group("other")
    elsewhere = SITE.replace("/rg/", "/other/")
    assert web("PUT", elsewhere, site(), WEB_VERSION).message == "Website with given name follower already exists."
    body = {"location": "eastus", "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    refused = web("PUT", f"{STORAGE.replace('/rg/', '/other/')}/contosodrift", body, STORAGE_VERSION)
    assert refused.code == "StorageAccountAlreadyTaken"


def test_a_plan_with_apps_stays(web: Arm) -> None:
    web.put(SITE, site(), WEB_VERSION)
    assert web("DELETE", f"{WEB}/serverfarms/plan", version=WEB_VERSION).status == 409
    web.delete(SITE, WEB_VERSION)
    web.delete(f"{WEB}/serverfarms/plan", WEB_VERSION)


def test_a_container_is_not_public_where_its_account_is_not(web: Arm) -> None:
    path = f"{STORAGE}/contosodrift/blobServices/default/containers/open"
    refused = web("PUT", path, {"properties": {"publicAccess": "Blob"}}, STORAGE_VERSION)
    assert refused.code == "PublicAccessNotPermitted"


REGISTRY_TOPIC = f"{TOPICS}/registry"


@pytest.fixture
def pushes(arm: Arm) -> Arm:
    """A registry in eastus."""
    arm.put(REGISTRY, {"location": "eastus", "sku": {"name": "Premium"}, "properties": {}})
    return arm


def registry_topic(location: str = "eastus") -> dict[str, Any]:
    properties = {"source": REGISTRY, "topicType": "Microsoft.ContainerRegistry.Registries"}
    return {"location": location, "properties": properties}


def handed_to(kind: str, **properties: Any) -> dict[str, Any]:
    return {"properties": {"destination": {"endpointType": kind, "properties": properties}}}


def test_the_topic_of_a_registry_is_in_the_region_of_the_registry(pushes: Arm) -> None:
    refused = pushes("PUT", REGISTRY_TOPIC, registry_topic("westeurope"), TOPIC_VERSION)
    assert (refused.status, refused.code) == (400, "InvalidRequest")
    assert "must be that of its source, 'eastus'" in refused.message
    assert pushes("PUT", REGISTRY_TOPIC, registry_topic(), TOPIC_VERSION).status == 201


def test_a_queue_has_to_have_its_account(pushes: Arm) -> None:
    pushes("PUT", REGISTRY_TOPIC, registry_topic(), TOPIC_VERSION)
    place = f"{REGISTRY_TOPIC}/eventSubscriptions/audit"
    body = handed_to("StorageQueue", resourceId=f"{STORAGE}/contosodrift", queueName="events")
    assert pushes("PUT", place, body, TOPIC_VERSION).message == "Destination endpoint not found."
    account(pushes)
    assert pushes("PUT", place, body, TOPIC_VERSION).status == 201


def test_a_webhook_is_https_and_no_answer_repeats_a_wrong_address(pushes: Arm) -> None:
    pushes("PUT", REGISTRY_TOPIC, registry_topic(), TOPIC_VERSION)
    place = f"{REGISTRY_TOPIC}/eventSubscriptions/deploy"
    refused = pushes("PUT", place, handed_to("WebHook", endpointUrl="http://hook?code=topsecret"), TOPIC_VERSION)
    assert (refused.status, refused.code) == (400, "Url validation")
    assert "topsecret" not in refused.message
    good = handed_to("WebHook", endpointUrl="https://hook.contoso.com/?code=topsecret")
    assert pushes("PUT", place, good, TOPIC_VERSION).status == 201
