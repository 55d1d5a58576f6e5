"""Webhooks of the local Azure, through the real client [ACR-WEBHOOK]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm, Clients, Reply

VERSION = "2025-11-01"
RECEIVER = "https://hooks.contoso.com/acr?code=opened"


@pytest.fixture
def registry(arm: Arm) -> Arm:
    arm.registry()
    return arm


def _hook(arm: Arm, name: str = "deployer", location: str = "eastus", **changed: Any) -> Reply:
    properties = {"serviceUri": RECEIVER, "actions": ["push"], **changed}
    return arm("PUT", f"{REGISTRY}/webhooks/{name}", {"location": location, "properties": properties}, VERSION)


def test_a_webhook_is_read_back_without_its_receiver_which_is_stored_nowhere(registry: Arm, clients: Clients) -> None:
    assert _hook(registry, customHeaders={"Authorization": "Bearer opened"}, scope="team-a/web:*").status == 201
    shown = clients.registry.webhooks.get("rg", "contoso", "deployer")
    assert shown.properties is not None
    assert (shown.properties.status, shown.properties.scope) == ("enabled", "team-a/web:*")
    assert set(registry.get(f"{REGISTRY}/webhooks/deployer", VERSION)["properties"]) == {
        "actions",
        "provisioningState",
        "scope",
        "status",
    }
    stored = b"".join(file.read_bytes() for file in registry.store.rglob("*") if file.is_file())
    assert b"opened" not in stored
    clients.registry.webhooks.begin_delete("rg", "contoso", "deployer").result()
    assert not [each for each in registry.ids() if "/webhooks/" in each]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"location": "westeurope"}, "InvalidWebhookLocation"),
        ({"actions": []}, "InvalidWebhookActions"),
        ({"actions": ["pull"]}, "InvalidRequestContent"),
        ({"name": "deploy-er"}, "InvalidResourceName"),
    ],
)
def test_what_the_service_refuses(registry: Arm, changed: dict[str, Any], code: str) -> None:
    reply = _hook(registry, **changed)
    assert (reply.status, reply.code) == (400, code)


def test_a_webhook_belongs_to_any_replica(registry: Arm) -> None:
    registry.put(f"{REGISTRY}/replications/westeurope", {"location": "westeurope"})
    assert _hook(registry, location="westeurope").status == 201


def test_the_number_of_webhooks_depends_on_the_sku_and_is_counted_in_usages(arm: Arm) -> None:
    arm.registry()
    arm.put(REGISTRY, {"location": "eastus", "sku": {"name": "Basic"}}, VERSION)
    assert [_hook(arm, f"hook{n}").status for n in range(2)] == [201, 201]
    assert _hook(arm, "hook2").code == "QuotaExceeded"
    rows = {row["name"]: row for row in arm.get(f"{REGISTRY}/listUsages", VERSION)["value"]}
    assert (rows["Webhooks"]["limit"], rows["Webhooks"]["currentValue"]) == (2, 2)
