"""Alerts: action groups, alert rules on the activity log, and metric alerts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from components.alerts.spec import CriterionSpec, MetricAlertSpec
from components.elsewhere import name_of
from local_azure.loading.listings import Listed
from planning import alerts
from planning.resource_ids import ACTION_GROUP
from tools.adopt.clusters import CLUSTERS
from tools.adopt.container_apps import APPS
from tools.adopt.estate import Estate, Json, dig, keyed, stated

ACTIVITY_ALERTS: Final = "Microsoft.Insights/activityLogAlerts"
METRIC_ALERTS: Final = "Microsoft.Insights/metricAlerts"
_CRITERIA: Final = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"
_RESOURCE_HEALTH: Final = "resource_health"
_ROLES: Final = {role.guid: name for name, role in alerts.ROLES.items()}
_MINUTES: Final = {alerts.duration(each): each for each in alerts.WINDOWS}
_EXPRESSED: Final = frozenset({"emailReceivers", "smsReceivers", "armRoleReceivers"})


class _NotExpressedError(Exception):
    """A rule that no entry expresses: the property, and why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name, self.reason = name, reason


def read(estate: Estate) -> Json:
    """Return the section `alerts`; the registry, clusters and apps come first."""
    groups = _groups(estate)
    health = _activity(estate)
    resource_health = health.pop(_RESOURCE_HEALTH, None)
    return stated(
        action_groups=groups, service_health=health, resource_health=resource_health, metrics=_metrics(estate)
    )


def _groups(estate: Estate) -> Json:
    found: Json = {}
    for each in estate.owned(ACTION_GROUP):
        key, follows = keyed(each, estate.names.routing("ag", ""), found)
        problem = _group_problem(each)
        if problem:
            name, reason = problem
            estate.remark(each, name, f"{reason}; alerts name the group by its id, and it stays as it is")
            found[key] = {"id": each.id}
        else:
            estate.describe(("alerts", "action_groups", key), each)
            found[key] = stated(name=None if follows else each.name, **_group(each, key))
    return found


def _group_problem(found: Listed) -> tuple[str, str] | None:
    """What a group has that a description does not express: a property, and why."""
    shown = found.properties
    if shown.get("webhookReceivers"):
        return "webhookReceivers", "their addresses may hold keys, which a stack file does not state in plain text"
    others = [name for name, each in shown.items() if name.endswith("Receivers") and each and name not in _EXPRESSED]
    if others:
        return others[0], "a group of a stack has no receivers of that kind"
    unknown = [each["roleId"] for each in shown.get("armRoleReceivers") or () if each.get("roleId") not in _ROLES]
    return ("armRoleReceivers", f"{unknown[0]} is not a role that a group of a stack writes to") if unknown else None


def _group(found: Listed, key: str) -> Json:
    shown = found.properties
    short = shown.get("groupShortName")
    return stated(
        short_name=None if short == key[: alerts.LONGEST_SHORT_NAME] else short,
        email={str(each["name"]): each.get("emailAddress") for each in shown.get("emailReceivers") or ()},
        sms={
            str(each["name"]): {"country_code": each.get("countryCode"), "phone_number": each.get("phoneNumber")}
            for each in shown.get("smsReceivers") or ()
        },
        roles=[_ROLES[each["roleId"]] for each in shown.get("armRoleReceivers") or ()],
    )


def _recipients(estate: Estate, actions: Any) -> list[str]:
    """The action groups of a rule: keys of those of the stack, ids of others."""
    ids = [str(each.get("actionGroupId")) for each in actions or ()]
    if not ids:
        raise _NotExpressedError("actions", "notifies no action group")
    return [estate.reference(each) for each in ids]


def _activity(estate: Estate) -> Json:
    """The action groups of each set of Service Health alerts, and of the rule on Resource Health.

    A rule of a stack is known by its name, which is that of its set.
    """
    sets = (*alerts.HEALTH_ALERTS, _RESOURCE_HEALTH)
    usual = {alerts.rule_name(estate.names, each.replace("_", "-")): each for each in sets}
    found: Json = {}
    for each in estate.owned(ACTIVITY_ALERTS):
        key = usual.get(each.name)
        if key is None:
            known = ", ".join(usual)
            estate.remark(each, "name", f"{each.name}: rules of a stack on the activity log are named {known}")
            continue
        try:
            found[key] = _recipients(estate, dig(each.properties, "actions", "actionGroups"))
        except _NotExpressedError as problem:
            estate.remark(each, problem.name, problem.reason)
            continue
        estate.describe(("alerts", key), each)
    return found


def _metrics(estate: Estate) -> Json:
    found: Json = {}
    for each in estate.owned(METRIC_ALERTS):
        try:
            key, entry = _metric(estate, each)
            if found.setdefault(key, entry) != entry:
                raise _NotExpressedError("", f"differs from the other rules of metrics.{key}, which are of one entry")
        except _NotExpressedError as problem:
            estate.remark(each, problem.name, problem.reason)
            continue
        estate.describe(("alerts", "metrics", key), each)
    return found


def _metric(estate: Estate, rule: Listed) -> tuple[str, Json]:
    """Key and entry of a metric alert."""
    shown = rule.properties
    watches, subject = _watched(estate, list(shown.get("scopes") or ()))
    entry = stated(
        watches=watches,
        conditions=list(_conditions(estate, watches, shown.get("criteria") or {})),
        severity=shown.get("severity"),
        action_groups=_recipients(estate, shown.get("actions")),
    )
    usual = MetricAlertSpec.model_construct(
        watches=watches, conditions=[CriterionSpec.model_construct(metric=one["metric"]) for one in entry["conditions"]]
    )
    periods = (
        ("every_minutes", "evaluationFrequency", usual.frequency),
        ("window_minutes", "windowSize", usual.window),
    )
    for name, member, default in periods:
        minutes = _MINUTES.get(str(shown.get(member)))
        if minutes is None:
            raise _NotExpressedError(member, f"{shown.get(member)} is not a period of a metric alert")
        entry |= {} if minutes == default else {name: minutes}
    return _key(estate, rule, subject), entry


def _watched(estate: Estate, scopes: list[str]) -> tuple[alerts.Watched, str]:
    """What a rule watches, and the part of its name by which rules of one entry differ."""
    path = estate.keys.get(scopes[0].lower()) if len(scopes) == 1 else None
    shown = estate.listing.get(scopes[0]) if path else None
    if path == ("registry",):
        return "registry", ""
    if path and shown and shown.type == CLUSTERS.lower():
        return "clusters", f"-{path[-1]}"
    if path and shown and shown.type == APPS.lower():
        return "apps", f"-{name_of(path[1])}-{path[-1]}"
    raise _NotExpressedError("scopes", f"{', '.join(scopes)}: a rule watches the registry, a cluster or an app of it")


def _key(estate: Estate, rule: Listed, subject: str) -> str:
    prefix = alerts.rule_name(estate.names, "")
    key = rule.name.removeprefix(prefix).removesuffix(subject)
    if not key or rule.name != f"{prefix}{key}{subject}":
        reason = f"{rule.name}: a rule of a stack on this resource is named {prefix}KEY{subject}"
        raise _NotExpressedError("name", reason)
    return key


def _conditions(estate: Estate, watches: alerts.Watched, criteria: Mapping[str, Any]) -> Iterator[Json]:
    if criteria.get("odata.type") != _CRITERIA:
        raise _NotExpressedError("criteria", f"{criteria.get('odata.type')} is not a kind that a rule of a stack has")
    sku = str(dig(estate.registry.body, "sku", "name"))
    for each in criteria.get("allOf") or ():
        metric = str(each.get("metricName"))
        known = alerts.METRICS[watches].get(metric)
        operator = {"GreaterThan": "above", "LessThan": "below"}.get(str(each.get("operator")))
        dimensions = each.get("dimensions") or ()
        if known is None or operator is None or any(one.get("operator") != "Include" for one in dimensions):
            reason = f"{metric} {each.get('operator')} is not a condition that a rule of a stack has"
            raise _NotExpressedError("criteria", reason)
        aggregation = str(each.get("timeAggregation")).lower()
        yield stated(
            metric=metric,
            **_threshold(metric, operator, each.get("threshold"), sku),
            aggregation=None if aggregation == known.aggregation else aggregation,
            dimensions={str(one["name"]): list(one.get("values") or ()) for one in dimensions},
        )


def _threshold(metric: str, operator: str, value: Any, sku: str) -> Json:
    """The threshold, as a share of the storage limit where it is a whole one."""
    limit = alerts.storage_limit(sku)
    if metric == alerts.STORAGE and operator == "above" and limit and value:
        percent = round(value * 100 / limit, 9)
        if percent == int(percent) and 0 < percent < 100:
            return {"above_percent": int(percent)}
    return {operator: value}
