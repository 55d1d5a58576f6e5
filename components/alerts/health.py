"""Alerts on the activity log: Service Health events of the registry's service, and Resource Health of the registry.

It owns the alert rules only; action groups have a component of their own. [ACR-HEALTH, MON-RESOURCE-HEALTH]
"""

from collections.abc import Collection, Mapping, Sequence

import pulumi
import pulumi_azure_native as azure_native

from planning.alerts import EVERYWHERE, HEALTH_ALERTS, INCIDENT_TYPE, REGION_NAME, SERVICE, UNHEALTHY, HealthSet
from planning.region_names import display_name

_SERVICE_NAME = "properties.impactedServices[*].ServiceName"
_STATUS = "properties.currentHealthStatus"

Condition = azure_native.monitor.AlertRuleAnyOfOrLeafConditionArgsDict


class HealthAlerts(pulumi.ComponentResource):
    """Makes one Microsoft.Insights/activityLogAlerts for each set of Service Health alerts, and one for Resource Health.

    The alerts of set ``critical`` name the regions of the registry, so that a replica that is added or removed changes them.
    """

    ids: pulumi.Output[Mapping[str, str]]

    def __init__(
        self,
        name: str,
        *,
        sets: Mapping[HealthSet, Sequence[pulumi.Input[str]]],
        resource_health: Sequence[pulumi.Input[str]],
        regions: Collection[str],
        registry_id: pulumi.Output[str],
        names: Mapping[str, str],
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the alert rules.

        Args:
            name: logical name; children's names start with it.
            sets: ids of the action groups of each set of Service Health alerts.
            resource_health: ids of the action groups for Resource Health; without one there is no rule.
            regions: regions of the registry.
            registry_id: the registry, whose subscription is the scope of Service Health alerts.
            names: physical names by the set, or ``resource_health``.
            resource_group_name: where the rules go.
            tags: set on every rule.
            opts: options of the component itself.
        """
        super().__init__("moorings:alerts:HealthAlerts", name, None, opts)
        self._name, self._names = name, names
        self._place = {"resource_group_name": resource_group_name, "location": "Global", "tags": tags}
        # Service Health events belong to a subscription, not to a resource.
        subscription = registry_id.apply(lambda text: "/".join(text.split("/")[:3]))
        rules = {
            each: self._rule(each, HEALTH_ALERTS[each].description, subscription, service_health(each, regions), groups)
            for each, groups in sets.items()
        }
        if resource_health:
            rules["resource_health"] = self._rule(
                "resource_health", "Registry is not available", registry_id, _resource_health(), resource_health
            )
        self.ids = pulumi.Output.all(**{each: rule.id for each, rule in rules.items()})
        self.register_outputs({"ids": self.ids})

    def _rule(
        self,
        key: str,
        description: str,
        scope: pulumi.Input[str],
        conditions: Sequence[Condition],
        groups: Sequence[pulumi.Input[str]],
    ) -> "azure_native.monitor.ActivityLogAlert":
        return azure_native.monitor.ActivityLogAlert(
            f"{self._name}-{key.replace('_', '-')}",
            activity_log_alert_name=self._names[key],
            description=description,
            enabled=True,
            scopes=[scope],
            condition={"all_of": conditions},
            actions={"action_groups": [{"action_group_id": group} for group in groups]},
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )


def service_health(each: HealthSet, regions: Collection[str]) -> list[Condition]:
    """Return the conditions of a set of Service Health alerts for a registry in these regions [ACR-HEALTH]."""
    alert = HEALTH_ALERTS[each]
    conditions: list[Condition] = [
        {"field": "category", "equals": "ServiceHealth"},
        {"field": _SERVICE_NAME, "contains_any": [SERVICE]},
    ]
    if alert.incident_types:
        conditions.append({"any_of": [{"field": INCIDENT_TYPE, "equals": kind} for kind in alert.incident_types]})
    if alert.regional:
        named = [*(display_name(region) for region in sorted(regions)), EVERYWHERE]
        conditions.append({"field": REGION_NAME, "contains_any": named})
    return conditions


def _resource_health() -> list[Condition]:
    return [
        {"field": "category", "equals": "ResourceHealth"},
        {"any_of": [{"field": _STATUS, "equals": state} for state in UNHEALTHY]},
    ]
