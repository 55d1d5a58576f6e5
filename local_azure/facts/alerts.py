"""Microsoft.Insights: action groups, activity log alerts and metric alerts."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

ACTION_GROUPS = "Microsoft.Insights/actionGroups"
ACTIVITY_ALERTS = "Microsoft.Insights/activityLogAlerts"
METRIC_ALERTS = "Microsoft.Insights/metricAlerts"

_SYNCHRONOUS = frozenset({ACTION_GROUPS, ACTIVITY_ALERTS, METRIC_ALERTS})

_SPECIFICATION = "monitor/resource-manager/Microsoft.Insights"
_CRITERIA = (
    "MetricAlertMultipleResourceMultipleMetricCriteria",
    "MetricAlertSingleResourceMultipleMetricCriteria",
    "WebtestLocationAvailabilityCriteria",
)

FAMILY = Family(
    types=(
        TypeRow(ACTION_GROUPS, "monitor", "ActionGroup", ("actionGroupName",)),
        TypeRow(ACTIVITY_ALERTS, "monitor", "ActivityLogAlert", ("activityLogAlertName",)),
        TypeRow(METRIC_ALERTS, "monitor", "MetricAlert", ("ruleName",)),
    ),
    required={"monitor/ActionGroup": frozenset({"location"}), "monitor/MetricAlert": frozenset({"location"})},
    # The dot is part of the name [SDK-RENAME].
    renames={f"monitor:{name}": {"odataType": r"odata\.type"} for name in _CRITERIA},
    marks={
        ACTION_GROUPS: Marks(f"{_SPECIFICATION}/stable/2023-01-01/actionGroups_API.json", frozenset({"location"})),
        ACTIVITY_ALERTS: Marks(
            f"{_SPECIFICATION}/stable/2020-10-01/activityLogAlerts_API.json", frozenset({"location"})
        ),
        METRIC_ALERTS: Marks(f"{_SPECIFICATION}/stable/2018-03-01/metricAlert_API.json", frozenset({"location"})),
    },
    synchronous_put=_SYNCHRONOUS,
    synchronous_delete=_SYNCHRONOUS,
)
