from __future__ import annotations

from typing import Any

import pytest
from arm_client import GROUP, Arm

SCHEDULER = f"{GROUP}/providers/Microsoft.DurableTask/schedulers/tasks"
HUB = f"{SCHEDULER}/taskHubs/orders"
RETENTION = f"{SCHEDULER}/retentionPolicies/default"
STABLE, PREVIEW = "2026-02-01", "2026-05-01-preview"


def body(sku: str = "Consumption", **more: Any) -> dict[str, Any]:
    return {"location": "eastus", "properties": {"ipAllowlist": ["10.0.0.0/8"], "sku": {"name": sku, **more}}}


def test_a_scheduler_has_an_endpoint_of_its_own(arm: Arm) -> None:
    created = arm.put(SCHEDULER, body(), STABLE)["properties"]
    assert created["endpoint"].startswith("https://tasks-")
    assert created["endpoint"].endswith(".eastus.durabletask.io")
    assert created["provisioningState"] == "Succeeded"


def test_a_dedicated_scheduler_has_one_unit_unless_more_are_asked_for(arm: Arm) -> None:
    assert arm.put(SCHEDULER, body("Dedicated"), STABLE)["properties"]["sku"]["capacity"] == 1
    assert arm.put(SCHEDULER, body("Dedicated", capacity=3), STABLE)["properties"]["sku"]["capacity"] == 3


def test_capacity_of_consumption_and_another_sku_are_refused(arm: Arm) -> None:
    assert arm("PUT", SCHEDULER, body(capacity=1), STABLE).code == "InvalidSku"
    arm.put(SCHEDULER, body(), STABLE)
    assert arm("PUT", SCHEDULER, body("Dedicated"), STABLE).code == "PropertyChangeNotAllowed"


@pytest.mark.parametrize("missing", ["ipAllowlist", "sku"])
def test_required_members_are_required(arm: Arm, missing: str) -> None:
    sent = body()
    del sent["properties"][missing]
    assert arm("PUT", SCHEDULER, sent, STABLE).status == 400


def test_an_identity_is_known_to_the_preview_version_only(arm: Arm) -> None:
    sent = {**body(), "identity": {"type": "SystemAssigned"}}
    assert arm("PUT", SCHEDULER, sent, STABLE).status == 400
    assert arm.put(SCHEDULER, sent, PREVIEW)["identity"]["principalId"]


def test_a_hub_belongs_to_a_scheduler_and_has_a_dashboard(arm: Arm) -> None:
    assert arm("PUT", HUB, {}, STABLE).code == "ParentResourceNotFound"
    arm.put(SCHEDULER, body(), STABLE)
    assert arm.put(HUB, {}, STABLE)["properties"]["dashboardUrl"].startswith("https://dashboard.durabletask.io/")
    assert arm("PUT", HUB, {"properties": {"capabilities": ["x"]}}, STABLE).status == 400
    assert arm.put(HUB, {"properties": {"capabilities": ["x"]}}, PREVIEW)["properties"]["capabilities"] == ["x"]


@pytest.mark.parametrize(
    "policies",
    [
        [{"retentionPeriodInDays": 91}],
        [{"retentionPeriodInDays": -1}],
        [{"retentionPeriodInDays": 1}, {"retentionPeriodInDays": 2}],
        [
            {"retentionPeriodInDays": 1, "orchestrationState": "Failed"},
            {"retentionPeriodInDays": 2, "orchestrationState": "Failed"},
        ],
    ],
)
def test_retention_out_of_range_or_twice_is_refused(arm: Arm, policies: Any) -> None:
    arm.put(SCHEDULER, body(), STABLE)
    reply = arm("PUT", RETENTION, {"properties": {"retentionPolicies": policies}}, STABLE)
    assert (reply.status, reply.code) == (400, "InvalidRetentionPolicy")


def test_retention_has_one_name_and_is_deleted_with_the_scheduler(arm: Arm) -> None:
    arm.put(SCHEDULER, body(), STABLE)
    good = {"properties": {"retentionPolicies": [{"retentionPeriodInDays": 90}]}}
    assert arm("PUT", RETENTION.replace("default", "other"), good, STABLE).status == 400
    arm.put(RETENTION, good, STABLE)
    arm.put(HUB, {}, STABLE)
    arm.delete(SCHEDULER, STABLE)
    assert not [found for found in arm.ids() if "DurableTask" in found]
