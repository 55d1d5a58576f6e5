"""Alerts in a stack: what is made, what is refused, and what a replica changes."""

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret
from pydantic import SecretStr, ValidationError

from components.alerts.action_group import ActionGroup
from components.alerts.spec import ActionGroupSpec
from components.testing import Recording
from planning.problems import SpecError
from stacks import program
from stacks.loader import Session, load
from tests.components.azure_answers import answers
from tests.stacks.stack_files import Files

Record = Callable[..., Recording]

OURS, THEIRS = (f"00000000-0000-0000-0000-00000000000{number}" for number in (1, 2))
GROUP = f"/subscriptions/{OURS}/resourceGroups/central/providers/Microsoft.Insights/actionGroups/oncall"

FILE = """\
config:
  moorings:stack:
    name: fabrikam
    environment: dev
    location: eastus
    registry:
      name: fabrikamdev
      public_network_access: Enabled
      replicas: {westeurope: {}}
    alerts:
      action_groups:
        oncall:
          email: {team: oncall@fabrikam.com}
          sms: {night: {country_code: "1", phone_number: "4255550100"}}
        operations: {roles: [Monitoring Reader], short_name: ops}
      service_health: {critical: [oncall], maintenance: [operations], comprehensive: [operations]}
      resource_health: [oncall]
      metrics:
        storage:
          watches: registry
          conditions: [{metric: StorageUsed, above_percent: 80}]
          action_groups: [operations]
        pulls:
          watches: registry
          conditions: [{metric: TotalPullCount, above: 10}, {metric: SuccessfulPullCount, below: 1}]
          severity: 1
          action_groups: [oncall]
"""


def ran(record: Record, files: Files, text: str = FILE) -> Recording:
    stack = files.load(text)
    return record(lambda: program.run(stack, {"MOORINGS_TIME_SCALE": "0"}), answers=answers())


def conditions(recording: Recording, name: str) -> list[Any]:
    return recording.named(f"fabrikam-dev-alerts-{name}").inputs["condition"]["allOf"]


def refusals(files: Files, old: str, new: str, session: Session | None = None) -> list[str]:
    assert old in FILE
    files.write(FILE.replace(old, new, 1))
    with pytest.raises(SpecError) as refused:
        load("test", directory=files.directory, session=session)
    return [problem.message for problem in refused.value.problems if problem.severity == "error"]


def test_the_three_sets_are_those_that_microsoft_recommends(record: Record, files: Files) -> None:
    made = ran(record, files)
    service = [
        {"field": "category", "equals": "ServiceHealth"},
        {"field": "properties.impactedServices[*].ServiceName", "containsAny": ["Container Registry"]},
    ]
    types = [{"field": "properties.incidentType", "equals": kind} for kind in ("Incident", "Security")]
    region = "properties.impactedServices[*].ImpactedRegions[*].RegionName"
    places = {"field": region, "containsAny": ["East US", "West Europe", "Global"]}
    assert conditions(made, "critical") == [*service, {"anyOf": types}, places]
    planned = [{"field": "properties.incidentType", "equals": "Maintenance"}]
    assert conditions(made, "maintenance") == [*service, {"anyOf": planned}]
    assert conditions(made, "comprehensive") == service


def test_a_replica_that_is_added_or_removed_changes_the_critical_set_alone(record: Record, files: Files) -> None:
    more = ran(record, files, FILE.replace("{westeurope: {}}", "{westeurope: {}, southeastasia: {}}"))
    assert conditions(more, "critical")[-1]["containsAny"] == ["East US", "Southeast Asia", "West Europe", "Global"]
    none = ran(record, files, FILE.replace("{westeurope: {}}", "{}"))
    assert conditions(none, "critical")[-1]["containsAny"] == ["East US", "Global"]


def test_a_set_without_action_groups_is_not_made(record: Record, files: Files) -> None:
    made = ran(record, files, FILE.replace(", comprehensive: [operations]", ""))
    names = {rule.name for rule in made.of_type("monitor:ActivityLogAlert")}
    assert names == {f"fabrikam-dev-alerts-{each}" for each in ("critical", "maintenance", "resource-health")}


def test_service_health_is_of_the_subscription_and_resource_health_of_the_registry(
    record: Record, files: Files
) -> None:
    made = ran(record, files)
    registry = "fabrikam-dev-registry-registry-id"
    assert made.named("fabrikam-dev-alerts-resource-health").inputs["scopes"] == [registry]
    health = conditions(made, "resource-health")
    assert health[0] == {"field": "category", "equals": "ResourceHealth"}
    assert [each["equals"] for each in health[1]["anyOf"]] == ["Degraded", "Unavailable"]


def test_an_action_group_has_a_short_name_and_its_receivers(record: Record, files: Files) -> None:
    made = ran(record, files)
    oncall = made.named("fabrikam-dev-action-group-oncall-group").inputs
    assert (oncall["groupShortName"], oncall["location"], oncall["actionGroupName"]) == (
        "oncall",
        "Global",
        "ag-fabrikam-dev-oncall",
    )
    assert oncall["emailReceivers"] == [
        {"name": "team", "emailAddress": "oncall@fabrikam.com", "useCommonAlertSchema": True}
    ]
    assert oncall["smsReceivers"] == [{"name": "night", "countryCode": "1", "phoneNumber": "4255550100"}]
    operations = made.named("fabrikam-dev-action-group-operations-group").inputs
    (role,) = operations["armRoleReceivers"]
    assert (operations["groupShortName"], role["name"]) == ("ops", "Monitoring Reader")
    assert role["roleId"] == "43d0d8ad-25c7-4714-9337-8ba259a9fe05"


def test_storage_is_compared_with_a_share_of_the_limit_of_the_registry(record: Record, files: Files) -> None:
    rule = ran(record, files).named("fabrikam-dev-alerts-metric-storage-rule").inputs
    (criterion,) = rule["criteria"]["allOf"]
    # 80 % of 100 TiB.
    assert criterion["threshold"] == 87_960_930_222_080
    assert (criterion["metricName"], criterion["operator"], criterion["timeAggregation"]) == (
        "StorageUsed",
        "GreaterThan",
        "Average",
    )
    assert (rule["evaluationFrequency"], rule["windowSize"], rule["scopes"]) == (
        "PT1H",
        "PT1H",
        ["fabrikam-dev-registry-registry-id"],
    )


def test_pulls_that_all_fail_are_two_conditions_of_one_rule(record: Record, files: Files) -> None:
    rule = ran(record, files).named("fabrikam-dev-alerts-metric-pulls-rule").inputs
    found = [(each["metricName"], each["operator"], each["threshold"]) for each in rule["criteria"]["allOf"]]
    assert found == [("TotalPullCount", "GreaterThan", 10), ("SuccessfulPullCount", "LessThan", 1)]
    assert rule["description"] == "TotalPullCount is above 10 and SuccessfulPullCount is below 1 (registry)"
    # Azure knows the metrics of a new registry only after minutes.
    assert all(each["skipMetricValidation"] for each in rule["criteria"]["allOf"])


def test_the_outputs_say_the_limit_and_when_an_alert_fires(record: Record, files: Files) -> None:
    outputs = ran(record, files).component_outputs("fabrikam-dev")["compute"]["alerts"]
    assert outputs["storage"] == {"limit_bytes": 109_951_162_777_600, "alert_above_bytes": 87_960_930_222_080}
    assert set(outputs["health"]) == {"critical", "maintenance", "comprehensive", "resource_health"}


@pytest.mark.parametrize("text", [FILE.replace("{roles: [Monitoring Reader], short_name: ops}", f"{{id: {GROUP}}}")])
def test_an_action_group_made_elsewhere_is_named_by_its_id(record: Record, files: Files, text: str) -> None:
    made = ran(record, files, text)
    assert len(made.of_type("monitor:ActionGroup")) == 1
    rule = made.named("fabrikam-dev-alerts-maintenance").inputs
    assert rule["actions"] == {"actionGroups": [{"actionGroupId": GROUP}]}


def test_an_alert_may_name_the_id_itself(record: Record, files: Files) -> None:
    made = ran(record, files, FILE.replace("resource_health: [oncall]", f"resource_health: [{GROUP}]"))
    rule = made.named("fabrikam-dev-alerts-resource-health").inputs
    assert rule["actions"] == {"actionGroups": [{"actionGroupId": GROUP}]}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("resource_health: [oncall]", "resource_health: [on-call]", "there is no action group 'on-call'"),
        ("{roles: [Monitoring Reader], short_name: ops}", "{}", "notifies nobody"),
        ("{team: oncall@fabrikam.com}", "{team: oncall}", "is not an email address"),
        ("short_name: ops", "short_name: operations-team", "is too long; write 12 characters or less"),
        ("metric: TotalPullCount", "metric: TotalPulCount", "did you mean TotalPullCount?"),
        ("above_percent: 80", "above: 1, below: 2", "states above and below; write one of"),
        ("metric: StorageUsed", "metric: TotalPullCount", "is for StorageUsed, not for TotalPullCount; write above"),
        ("severity: 1", "every_minutes: 30", "30, which is longer than window_minutes (15); write that or less"),
        (
            "above_percent: 80}]",
            "above_percent: 80}]\n          window_minutes: 30",
            "StorageUsed has a value every 60 minutes; write 60 or more",
        ),
        ("watches: registry", "watches: clusters", "there is no metric 'StorageUsed'"),
        (
            "{metric: SuccessfulPullCount, below: 1}",
            "{metric: SuccessfulPullCount, below: 1, dimensions: {Tier: [a]}}",
            "there is no dimension 'Tier'",
        ),
        ("replicas: {westeurope: {}}", "sku: Basic", "is a share of the storage limit, which is known of Premium only"),
    ],
)
def test_what_azure_would_not_take_is_refused(files: Files, old: str, new: str, words: str) -> None:
    assert any(words in each for each in refusals(files, old, new))


def test_the_address_of_a_webhook_is_secret_and_https(record: Record) -> None:
    hook = "https://events.pagerduty.com/integration/0123456789abcdef/enqueue"
    spec = ActionGroupSpec.model_validate({"webhooks": {"pager": SecretStr(hook)}})
    place = {"key": "oncall", "group_name": "ag", "resource_group_name": "rg", "tags": {}}
    group = record(lambda: ActionGroup("a", spec, **place)).named("a-group")
    assert is_rpc_secret(group.inputs["webhookReceivers"])
    (webhook,) = unwrap_rpc_secret(group.inputs["webhookReceivers"])
    assert webhook == {"name": "pager", "serviceUri": hook, "useCommonAlertSchema": True}
    assert "webhookReceivers" in group.secret_outputs
    with pytest.raises(ValidationError) as refused:
        ActionGroupSpec.model_validate({"webhooks": {"pager": SecretStr("http://hook.contoso.com/0123456789abcdef")}})
    assert "is not an https address" in str(refused.value)
    assert "0123456789abcdef" not in str(refused.value)


def test_an_address_in_plain_text_is_refused_without_showing_it(files: Files) -> None:
    (line,) = refusals(files, "email: {team: oncall@fabrikam.com}", "webhooks: {pager: https://contoso.com/topsecret}")
    assert "is in plain text; set it with pulumi config set --secret" in line
    assert "topsecret" not in line


def test_alerts_on_clusters_need_clusters(files: Files) -> None:
    pods = "watches: clusters\n          conditions: [{metric: kube_pod_status_phase, above: 0, dimensions: {phase: [Pending]}}]"
    old = "watches: registry\n          conditions: [{metric: StorageUsed, above_percent: 80}]"
    assert refusals(files, old, pods) == ["clusters, and this stack makes none; remove the alert, or add one"]


def test_alerts_on_the_registry_need_one(files: Files) -> None:
    registry = "    registry:\n      name: fabrikamdev\n      public_network_access: Enabled\n      replicas: {westeurope: {}}\n"
    found = refusals(files, registry, "")
    assert len(found) == 4
    assert all(each.startswith("is about the registry, and this stack has none") for each in found)


def test_a_registry_of_another_subscription_is_watched_where_it_is_made(files: Files) -> None:
    registry = f"/subscriptions/{THEIRS}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/fabrikamdev"
    found = refusals(files, "name: fabrikamdev", f"id: {registry}", Session(None, lambda: OURS))
    assert len(found) == 4
    assert all("state the alerts in the stack that makes the registry [MON-ACTION]" in each for each in found)


def test_an_action_group_of_another_subscription_is_refused(files: Files) -> None:
    theirs = GROUP.replace(OURS, THEIRS)
    (found,) = refusals(
        files, "{roles: [Monitoring Reader], short_name: ops}", f"{{id: {theirs}}}", Session(None, lambda: OURS)
    )
    assert "is in another subscription than the stack, and Azure refuses it in an alert rule" in found
