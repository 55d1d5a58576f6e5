"""What action groups and alert rules become in a description, and which are listed instead."""

from __future__ import annotations

from typing import Any

import pytest

from planning.alerts import ROLES
from tests.tools.adopt import estates
from tests.tools.adopt.test_readers import estate
from tools.adopt import alerts, registry
from tools.adopt.estate import Estate

Json = dict[str, Any]

INSIGHTS = f"{estates.GROUP}/providers/Microsoft.Insights"
GROUP = f"{INSIGHTS}/actionGroups/ag-corp-prod-oncall"
STORAGE = f"{INSIGHTS}/metricAlerts/alert-corp-prod-storage"
CRITICAL = f"{INSIGHTS}/activityLogAlerts/alert-corp-prod-critical"


def group(**receivers: Any) -> Json:
    shown = {"groupShortName": "oncall", "enabled": True, **receivers}
    return {"id": GROUP, "location": "Global", "properties": shown}


def rule(**changed: Any) -> Json:
    condition = {
        "metricName": "StorageUsed",
        "operator": "GreaterThan",
        "threshold": 87960930222080.0,
        "timeAggregation": "Average",
        "dimensions": [],
    }
    shown = {
        "scopes": [estates.REGISTRY],
        "severity": 2,
        "evaluationFrequency": "PT1H",
        "windowSize": "PT1H",
        "criteria": {
            "odata.type": "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
            "allOf": [condition | changed.pop("condition", {})],
        },
        "actions": [{"actionGroupId": GROUP}],
        **changed,
    }
    return {"id": STORAGE, "location": "global", "properties": shown}


def read(*bodies: Json) -> tuple[Estate, Json]:
    found = estate(*bodies)
    registry.read(found)
    return found, alerts.read(found)


def noted(found: Estate) -> list[tuple[str, str]]:
    return [(each.id, each.property) for each in found.remarks if each.property != "regionalEndpoints"]


def test_an_action_group_is_described_with_its_receivers() -> None:
    owner = {"name": "Owner", "roleId": ROLES["Owner"].guid}
    phone = {"name": "night", "countryCode": "1", "phoneNumber": "4255550100"}
    email = {"name": "team", "emailAddress": "oncall@contoso.com", "status": "Enabled"}
    found, section = read(group(emailReceivers=[email], smsReceivers=[phone], armRoleReceivers=[owner]))
    assert section["action_groups"] == {
        "oncall": {
            "email": {"team": "oncall@contoso.com"},
            "sms": {"night": {"country_code": "1", "phone_number": "4255550100"}},
            "roles": ["Owner"],
        }
    }
    assert noted(found) == []


@pytest.mark.parametrize(
    ("receivers", "name"),
    [
        ({"webhookReceivers": [{"name": "pager", "serviceUri": "https://pager.example.com/key"}]}, "webhookReceivers"),
        ({"logicAppReceivers": [{"name": "flow"}]}, "logicAppReceivers"),
        ({"armRoleReceivers": [{"name": "x", "roleId": "0"}]}, "armRoleReceivers"),
    ],
)
def test_an_action_group_with_other_receivers_is_named_by_its_id(receivers: Json, name: str) -> None:
    found, section = read(group(**receivers), rule())
    assert section["action_groups"] == {"oncall": {"id": GROUP}}
    assert noted(found) == [(GROUP, name)]
    assert "pager.example.com" not in found.remarks[-1].line()
    assert section["metrics"]["storage"]["action_groups"] == [GROUP]


def test_a_share_of_the_storage_limit_is_described_as_one() -> None:
    """80 % of 100 TiB are 87,960,930,222,080 bytes."""
    email = {"name": "team", "emailAddress": "oncall@contoso.com"}
    _, section = read(group(emailReceivers=[email]), rule())
    assert section["metrics"] == {
        "storage": {
            "watches": "registry",
            "conditions": [{"metric": "StorageUsed", "above_percent": 80}],
            "severity": 2,
            "action_groups": ["oncall"],
        }
    }


def test_periods_and_thresholds_that_are_not_usual_are_stated() -> None:
    bytes_ = {"threshold": 1000.0, "operator": "LessThan", "timeAggregation": "Maximum"}
    _, section = read(rule(windowSize="PT6H", condition=bytes_))
    entry = section["metrics"]["storage"]
    assert entry["window_minutes"] == 360
    assert entry["conditions"] == [{"metric": "StorageUsed", "below": 1000.0, "aggregation": "maximum"}]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"scopes": [estates.NETWORK]}, "scopes"),
        ({"windowSize": "PT7M"}, "windowSize"),
        ({"actions": []}, "actions"),
        ({"criteria": {"odata.type": "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria"}}, "criteria"),
        ({"condition": {"operator": "GreaterThanOrEqual"}}, "criteria"),
        ({"condition": {"metricName": "AgentPoolCPUTime"}}, "criteria"),
    ],
)
def test_a_rule_that_no_entry_expresses_is_listed(changed: Json, name: str) -> None:
    found, section = read(rule(**changed))
    assert "metrics" not in section
    assert noted(found) == [(STORAGE, name)]


def test_a_rule_of_another_name_is_listed() -> None:
    body = {**rule(), "id": f"{INSIGHTS}/metricAlerts/images-full"}
    found, section = read(body)
    assert "metrics" not in section
    assert noted(found) == [(body["id"], "name")]


def test_rules_on_the_activity_log_are_known_by_their_names() -> None:
    actions = {"actions": {"actionGroups": [{"actionGroupId": GROUP}]}}
    other = f"{INSIGHTS}/activityLogAlerts/everything"
    bodies = ({"id": each, "location": "global", "properties": actions} for each in (CRITICAL, other))
    found, section = read(*bodies)
    assert section["service_health"] == {"critical": [GROUP]}
    assert noted(found) == [(other, "name")]
