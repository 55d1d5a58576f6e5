"""The rule on alerts of a registry: metric alerts, and service health alerts by region."""

from tests.policies.rules.cases.registries import REPLICA, registry
from tests.policies.rules.programs import Made, U, azure, several

METRIC_ALERT = azure(
    "monitor:MetricAlert", {"scopes": ["registry"]}, ruleName="pulls", resourceGroupName="rg", scopes=[U]
)


def health(*regions: str, incident: str = "Incident") -> Made:
    """A Service Health alert on some regions and one type of incident; an empty text is all of them."""
    kinds = [{"anyOf": [{"field": "properties.incidentType", "equals": incident}]}] if incident else []
    field = "properties.impactedServices[*].ImpactedRegions[*].RegionName"
    named = [{"field": field, "containsAny": list(regions)}] if regions else []
    condition = {"allOf": [{"field": "category", "equals": "ServiceHealth"}, *kinds, *named]}
    name = f"health-{len(regions)}-{incident}"
    return azure(
        "monitor:ActivityLogAlert",
        activityLogAlertName=name,
        resourceGroupName="rg",
        scopes=["/subscriptions/00000000-0000-0000-0000-000000000001"],
        condition=condition,
        actions={"actionGroups": []},
    )


CASES = [
    several(
        "MOOR-ACR-030",
        "registry",
        [
            {"registry": registry()},
            # The region of the replica is missing, and the alert that names it reports maintenance only.
            {"registry": registry(), "replica": REPLICA, "alert": health("East US", "Global")},
            {
                "registry": registry(),
                "replica": REPLICA,
                "alert": health("East US"),
                "maintenance": health("West Europe", incident="Maintenance"),
            },
        ],
        [
            {"registry": registry(), "alert": METRIC_ALERT},
            {"registry": registry(), "replica": REPLICA, "alert": health("East US", "West Europe", "Global")},
            {"registry": registry(), "replica": REPLICA, "alert": health("East US"), "all": health(incident="")},
            {"registry": registry(), "replica": REPLICA, "alert": METRIC_ALERT},
            {
                "registry": registry(),
                "alert": azure(
                    "monitor:ActivityLogAlert",
                    activityLogAlertName="health",
                    condition={"allOf": [{"field": "category", "equals": "ServiceHealth"}]},
                ),
            },
        ],
        later={
            "registry": registry(),
            "alert": azure("monitor:ActivityLogAlert", activityLogAlertName="h", condition=U),
        },
    ),
]
