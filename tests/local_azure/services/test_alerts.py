"""Action groups, activity log alerts and metric alerts of the local Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, REGISTRY, ROOT

from local_azure.masking import masked

if TYPE_CHECKING:
    from arm_client import Arm

INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
ONCALL = f"{INSIGHTS}/actionGroups/oncall"
HEALTH = f"{INSIGHTS}/activityLogAlerts/health"
STORAGE = f"{INSIGHTS}/metricAlerts/storage"
VERSIONS = {"actionGroups": "2024-10-01-preview", "activityLogAlerts": "2020-10-01", "metricAlerts": "2018-03-01"}
HOOK = "https://events.pagerduty.com/integration/0123456789abcdef/enqueue"


def _group(short: str = "oncall", **receivers: Any) -> dict[str, Any]:
    return {"location": "global", "properties": {"groupShortName": short, "enabled": True, **receivers}}


def _health(*conditions: dict[str, Any], scope: str = ROOT, action: str = ONCALL) -> dict[str, Any]:
    service = {"field": "category", "equals": "ServiceHealth"}
    properties = {
        "scopes": [scope],
        "condition": {"allOf": [*(conditions or (service,))]},
        "actions": {"actionGroups": [{"actionGroupId": action}]},
    }
    return {"location": "global", "properties": properties}


def _metric(name: str = "StorageUsed", scope: str = REGISTRY, **properties: Any) -> dict[str, Any]:
    criterion = {
        "criterionType": "StaticThresholdCriterion",
        "name": "used",
        "metricName": name,
        "operator": "GreaterThan",
        "threshold": 1e12,
        "timeAggregation": "Average",
        **properties.pop("criterion", {}),
    }
    kind = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
    return {
        "location": "global",
        "properties": {
            "severity": 2,
            "enabled": True,
            "scopes": [scope],
            "evaluationFrequency": "PT15M",
            "windowSize": "PT1H",
            "criteria": {"odata.type": kind, "allOf": [criterion]},
            "actions": [{"actionGroupId": ONCALL}],
            **properties,
        },
    }


def put(arm: Arm, path: str, body: dict[str, Any]) -> Any:
    return arm("PUT", path, body, VERSIONS[path.split("/")[-2]])


@pytest.fixture
def watched(arm: Arm) -> Arm:
    """A registry and an action group."""
    arm.put(REGISTRY, {"location": "eastus", "sku": {"name": "Premium"}, "properties": {}})
    put(arm, ONCALL, _group(emailReceivers=[{"name": "ops", "emailAddress": "ops@contoso.com"}]))
    return arm


def test_an_action_group_shows_every_kind_of_receiver_and_who_is_confirmed(watched: Arm) -> None:
    shown = watched("GET", ONCALL, version=VERSIONS["actionGroups"]).body["properties"]
    assert shown["emailReceivers"] == [{"name": "ops", "emailAddress": "ops@contoso.com", "status": "Enabled"}]
    assert (shown["webhookReceivers"], shown["logicAppReceivers"]) == ([], [])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_group("testascalev2-ag"), "GroupShortNameIsTooLong"),
        (_group(emailReceivers=[{"name": "", "emailAddress": "a@b.c"}]), "EmailReceiverNameIsNullOrEmpty"),
        (
            _group(emailReceivers=[{"name": name, "emailAddress": "a@b.c"} for name in ("ops", "OPS")]),
            "EmailReceiverNameIsNotUnique",
        ),
        (
            _group(webhookReceivers=[{"name": "pager", "serviceUri": "ftp://events.pagerduty.com/key"}]),
            "WebhookReceiverServiceUriIsInvalid",
        ),
    ],
)
def test_an_action_group_is_refused(arm: Arm, body: dict[str, Any], code: str) -> None:
    assert put(arm, ONCALL, body).code == code


def test_the_short_name_is_refused_in_the_words_of_azure(arm: Arm) -> None:
    assert put(arm, ONCALL, _group("testascalev2-ag")).message == (
        "The action group short name 'testascalev2-ag' is too long. Please specify a short name with '12' or less characters"
    )


def test_the_journal_keeps_no_address_of_a_webhook_and_no_number() -> None:
    body = _group(
        webhookReceivers=[{"name": "pager", "serviceUri": HOOK}],
        smsReceivers=[{"name": "night", "countryCode": "1", "phoneNumber": "4255550100"}],
    )
    kept = str(masked(body, "Microsoft.Insights/actionGroups"))
    assert HOOK not in kept
    assert "4255550100" not in kept


def test_a_service_health_alert_is_enabled_unless_stated(watched: Arm) -> None:
    shown = put(watched, HEALTH, _health()).body
    assert (shown["location"], shown["properties"]["enabled"]) == ("global", True)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (_health({"field": "status", "equals": "Active"}), "must have a leaf with the field 'category'"),
        (_health({"field": "category", "equals": "A", "containsAny": ["B"]}), "only anyOf, or field and either"),
        (_health({"anyOf": [], "field": "category"}), "only anyOf, or field and either"),
        (_health(scope=REGISTRY), "The scope of a service health alert is a subscription"),
        (_health(scope=f"{GROUP}/providers/Microsoft.Network/virtualNetworks/gone"), "Alert scope is invalid"),
        (_health(action=f"{INSIGHTS}/actionGroups/gone"), "is invalid or in a different subscription as alert rule.."),
    ],
)
def test_an_activity_log_alert_is_refused(watched: Arm, body: dict[str, Any], words: str) -> None:
    refused = put(watched, HEALTH, body)
    assert (refused.status, refused.code) == (400, "BadRequest")
    assert words in refused.message


def test_an_activity_log_alert_lives_in_few_regions(watched: Arm) -> None:
    assert "not supported" in put(watched, HEALTH, {**_health(), "location": "eastus"}).message
    assert put(watched, HEALTH, {**_health(), "location": "West Europe"}).status == 201


def test_an_alert_names_an_action_group_of_its_subscription(watched: Arm) -> None:
    theirs = "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/rg"
    watched.put(theirs, {"location": "eastus"})
    other = f"{theirs}/providers/Microsoft.Insights/actionGroups/oncall"
    assert put(watched, other, _group()).status == 201
    assert "different subscription" in put(watched, HEALTH, _health(action=other)).message


def test_a_metric_alert_resolves_itself_unless_stated(watched: Arm) -> None:
    shown = put(watched, STORAGE, _metric()).body["properties"]
    assert shown["autoMitigate"] is True
    assert shown["lastUpdatedTime"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (_metric("FailedPullCount"), "Couldn't find a metric named FailedPullCount. Make sure the name is correct."),
        (_metric(windowSize="PT5M", evaluationFrequency="PT5M"), "shorter than the time grain of StorageUsed, 60"),
        (_metric(windowSize="PT45M"), "PT45M is not a supported windowSize"),
        (_metric(evaluationFrequency="PT6H", windowSize="P1D"), "PT6H is not a supported evaluationFrequency"),
        (_metric(evaluationFrequency="PT30M", windowSize="PT15M"), "must not be longer than the window size"),
        (_metric(severity=5), "Alert severity 5"),
        (_metric(scopes=[]), "Alert scope is invalid"),
        (_metric(scopes=[REGISTRY, ONCALL]), "targetResourceType and targetResourceRegion are mandatory"),
        (
            _metric(criterion={"dimensions": [{"name": "Tier", "operator": "Include", "values": ["*"]}]}),
            "Couldn't find a dimension named Tier",
        ),
    ],
)
def test_a_metric_alert_is_refused(watched: Arm, body: dict[str, Any], words: str) -> None:
    refused = put(watched, STORAGE, body)
    assert (refused.status, refused.code) == (400, "BadRequest")
    assert words in refused.message


def test_a_metric_that_is_not_validated_may_have_any_name(watched: Arm) -> None:
    assert put(watched, STORAGE, _metric("Later", criterion={"skipMetricValidation": True})).status == 201


def test_alerts_and_groups_are_deleted_at_once(watched: Arm) -> None:
    put(watched, STORAGE, _metric())
    for path in (STORAGE, ONCALL):
        assert watched("DELETE", path, version=VERSIONS[path.split("/")[-2]]).status == 200
        assert watched("GET", path, version=VERSIONS[path.split("/")[-2]]).status == 404
