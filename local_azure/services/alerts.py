"""Azure Monitor alerts: activity log alerts for Service Health and Resource Health, and metric alerts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from typing_extensions import override

from local_azure.clock import timestamp
from local_azure.errors import ArmError, bad_request
from local_azure.facts.alerts import ACTION_GROUPS, ACTIVITY_ALERTS, METRIC_ALERTS
from local_azure.facts.metrics import METRICS
from local_azure.operations import SYNC
from local_azure.resource_id import ResourceId, same
from local_azure.services import references, regions
from local_azure.services.cloud import Cloud, Json, Request, ResourceType
from local_azure.store import Resource

_REGIONAL = {"global", "northeurope", "westeurope"}
"""Locations of activity log alerts [MON-ACTIVITY]."""

_FREQUENCIES = {1, 5, 15, 30, 60}
_WINDOWS = _FREQUENCIES | {360, 720, 1440}
"""Minutes that a metric alert takes for its frequency and its window [MON-METRIC]."""

_DURATION = re.compile(r"P(?:(?P<days>\d+)D)?(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?)?")


class ActivityLogAlerts(ResourceType):
    """Microsoft.Insights/activityLogAlerts."""

    name = ACTIVITY_ALERTS
    kind = "anywhere"
    provisioning = False
    pattern = r"[-\w._()]{1,260}"
    patched = frozenset({"tags", "properties"})
    lifecycle = SYNC

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check location, scopes, condition and action groups [MON-ACTIVITY]."""
        location = regions.normalised(str(request.body.get("location") or "global"))
        if location not in _REGIONAL:
            raise bad_request("BadRequest", f"The location '{location}' is not supported by activity log alerts.")
        request.body["location"] = location
        sent = request.stated
        _scopes(cloud, sent)
        leaves = list(_leaves(sent["condition"]["allOf"]))
        category = next((str(leaf.get("equals")) for leaf in leaves if leaf.get("field") == "category"), "")
        if not category:
            message = "The condition of an activity log alert must have a leaf with the field 'category' (code chosen)."
            raise bad_request("BadRequest", message, "properties.condition")
        if category == "ServiceHealth":
            _of_subscriptions(sent["scopes"])
        groups = (sent.get("actions") or {}).get("actionGroups") or ()
        _action_groups(cloud, request.id, groups)
        return self.result(request, existing, {"enabled": True, **sent})


class MetricAlerts(ResourceType):
    """Microsoft.Insights/metricAlerts."""

    name = METRIC_ALERTS
    kind = "global"
    provisioning = False
    pattern = r"[^<>*%{}&:\\?+/#|]{1,260}"
    patched = frozenset({"tags", "properties"})
    lifecycle = SYNC

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check scopes, times, metrics and action groups [MON-METRIC]."""
        sent = request.stated
        _scopes(cloud, sent)
        if len(sent["scopes"]) > 1 and not (sent.get("targetResourceType") and sent.get("targetResourceRegion")):
            message = "targetResourceType and targetResourceRegion are mandatory for more than one scope (code chosen)."
            raise bad_request("BadRequest", message)
        if not 0 <= sent["severity"] <= 4:
            raise bad_request("BadRequest", f"Alert severity {sent['severity']} is not one of 0, 1, 2, 3, 4.")
        window = _minutes(sent, "windowSize", _WINDOWS)
        frequency = _minutes(sent, "evaluationFrequency", _FREQUENCIES)
        if frequency > window:
            raise bad_request("BadRequest", "The evaluation frequency must not be longer than the window size.")
        criteria = sent["criteria"].get("allOf") or ()
        for scope in sent["scopes"]:
            for criterion in criteria:
                _metric(ResourceId.parse(scope).type.lower(), criterion, window)
        _action_groups(cloud, request.id, sent.get("actions") or ())
        updated = timestamp(cloud.clock.now())
        return self.result(request, existing, {"autoMitigate": True, **sent, "lastUpdatedTime": updated})


def _scopes(cloud: Cloud, sent: Json) -> None:
    """Raise ArmError 400 unless there is a scope, and every one exists."""
    if not sent.get("scopes"):
        raise bad_request("BadRequest", "Alert scope is invalid.", "properties.scopes")
    for scope in sent["scopes"]:
        if not references.exists(cloud, scope):
            raise bad_request("BadRequest", f"Alert scope is invalid. '{scope}' was not found.", "properties.scopes")


def _of_subscriptions(scopes: list[str]) -> None:
    for scope in scopes:
        if ResourceId.parse(scope).types != ("subscriptions",):
            message = f"The scope of a service health alert is a subscription, not '{scope}' (code chosen)."
            raise bad_request("BadRequest", message, "properties.scopes")


def _leaves(conditions: list[Json]) -> Iterator[Json]:
    """Yield every leaf; raises ArmError for a condition that mixes the members of both kinds [MON-ACTIVITY]."""
    for condition in conditions:
        stated = {name: value for name, value in condition.items() if value is not None}
        if "anyOf" in stated:
            if len(stated) > 1:
                raise _mixed(stated)
            yield from _leaves(stated["anyOf"])
            continue
        if "field" not in stated or ("equals" in stated) == ("containsAny" in stated):
            raise _mixed(stated)
        yield stated


def _mixed(condition: Json) -> ArmError:
    message = (
        "A condition has only anyOf, or field and either equals or containsAny; this one has "
        f"{', '.join(sorted(condition)) or 'nothing'} (code chosen)."
    )
    return bad_request("BadRequest", message, "properties.condition")


def _action_groups(cloud: Cloud, alert: ResourceId, actions: Any) -> None:
    """Raise ArmError 400 for an action group that is not there, or in another subscription [MON-ACTION]."""
    for action in actions:
        text = str(action.get("actionGroupId") or "")
        found = cloud.get(text)
        if (
            found is None
            or found.type != ACTION_GROUPS
            or not same(ResourceId.parse(text).subscription, alert.subscription)
        ):
            message = f"Arm resource {text} is invalid or in a different subscription as alert rule.."
            raise bad_request("BadRequest", message)


def _minutes(sent: Json, member: str, allowed: set[int]) -> int:
    """Return a duration in minutes; raises ArmError for one that alerts do not take [MON-METRIC]."""
    found = _DURATION.fullmatch(str(sent.get(member) or ""))
    parts = found.groupdict() if found else {}
    minutes = sum(int(parts.get(part) or 0) * size for part, size in (("days", 1440), ("hours", 60), ("minutes", 1)))
    if minutes not in allowed:
        raise bad_request("BadRequest", f"{sent.get(member)} is not a supported {member}.", f"properties.{member}")
    return minutes


def _metric(kind: str, criterion: Json, window: int) -> None:
    """Raise ArmError for a metric or a dimension that the type does not have, unless validation is skipped [MON-SKIP]."""
    metrics = METRICS.get(kind)
    if metrics is None or criterion.get("skipMetricValidation"):
        return
    name = str(criterion["metricName"])
    metric = metrics.get(name)
    if metric is None:
        raise bad_request("BadRequest", f"Couldn't find a metric named {name}. Make sure the name is correct.")
    if window < metric.grain:
        message = f"The window size is shorter than the time grain of {name}, {metric.grain} minutes (code chosen)."
        raise bad_request("BadRequest", message)
    for dimension in criterion.get("dimensions") or ():
        if dimension["name"] not in metric.dimensions:
            message = f"Couldn't find a dimension named {dimension['name']} of the metric {name} (code chosen)."
            raise bad_request("BadRequest", message)


TYPES = (ActivityLogAlerts(), MetricAlerts())
