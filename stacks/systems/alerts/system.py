"""Alerts in a stack: what they watch, the names of their rules, and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.alerts.spec import AlertsSpec
from components.elsewhere import name_of, parsed
from planning import alerts
from planning.problems import Problem
from stacks.billing import not_known
from stacks.plan import Plan, app_key
from stacks.registries import alerts_of as on_registry
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "alerts"
RESOURCE_HEALTH = "resource_health"
REGISTRY = "registry"


def rules_of(stated: AlertsSpec) -> list[str]:
    """Return the keys of the alert rules on the activity log: one for each set that notifies somebody."""
    return [*stated.service_health.sets, *([RESOURCE_HEALTH] if stated.resource_health else [])]


def watched(spec: StackSpec, what: alerts.Watched) -> Mapping[str, str]:
    """Return the resources that metric alerts of a kind watch: a part of the rule's name, and the key of the component."""
    if what == "registry":
        return {REGISTRY: REGISTRY} if spec.registry else {}
    if what == "clusters":
        return {key: key for key in spec.own_clusters}
    return {
        f"{name_of(key)}-{app}": app_key(key, app)
        for key, environment in spec.container_apps.items()
        for app in environment.apps
    }


def metric_rule(sites: Sites, key: str, subject: str) -> str:
    """Return the name of the metric alert with a key on one resource."""
    return alerts.rule_name(sites.names, *((key,) if subject == REGISTRY else (key, subject)))


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Action groups and alert rules, all in the resource group of monitoring in the home region."""
    stated = spec.alerts
    if stated is None:
        return
    group = sites.group(sites.home, "monitoring")
    for key, receivers in stated.action_groups.items():
        path = (SECTION, "action_groups", key)
        if receivers.id is not None:
            yield sites.elsewhere(path, receivers.id)
        else:
            yield sites.site(path, (alerts.ACTION_GROUP, sites.names.routing("ag", key)), group=group)
    for key in rules_of(stated):
        name = (alerts.ACTIVITY_ALERT, alerts.rule_name(sites.names, key.replace("_", "-")))
        yield sites.site((SECTION, key), name, group=group)
    for key, metric in stated.metrics.items():
        names = [(alerts.METRIC_ALERT, metric_rule(sites, key, subject)) for subject in watched(spec, metric.watches)]
        if names:
            yield sites.site((SECTION, "metrics", key), *names, group=group)


def watched_resources(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Alerts on what the stack does not have, and on a registry of another subscription."""
    if spec.alerts is None:
        return
    for key, metric in spec.alerts.metrics.items():
        if metric.watches != REGISTRY and not watched(spec, metric.watches):
            message = f"{metric.watches}, and this stack makes none; remove the alert, or add one"
            yield Problem((SECTION, "metrics", key, "watches"), message)
    for path in on_registry(spec.alerts):
        if spec.registry is not None and _subscription(plan, spec.registry.id):
            message = (
                f"watches {spec.registry.id}, which is in another subscription: alert rules are in the subscription of what they "
                "watch; state the alerts in the stack that makes the registry [MON-ACTION]"
            )
            yield Problem(path, message)


def groups_elsewhere(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Action groups of other subscriptions, which Azure refuses in an alert rule [MON-ACTION]."""
    for key, group in spec.alerts.action_groups.items() if spec.alerts else ():
        if _subscription(plan, group.id):
            message = f"{group.id} is in another subscription than the stack, and Azure refuses it in an alert rule"
            yield Problem((SECTION, "action_groups", key), f"{message}; name one of this subscription [MON-ACTION]")


def _subscription(plan: Plan, resource_id: str | None) -> str | None:
    """The subscription of a resource made elsewhere, if it is known to be another one than the stack's."""
    there = parsed(resource_id)
    if there is None or plan.subscription is None or there.subscription.lower() == plan.subscription.lower():
        return None
    return there.subscription


def storage(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Shares of a storage limit that is not known."""
    for key, metric in spec.alerts.metrics.items() if spec.alerts and spec.registry else ():
        for index, condition in enumerate(metric.conditions):
            sku = spec.registry.sku if spec.registry else ""
            if condition.above_percent is not None and alerts.storage_limit(sku) is None:
                path = (SECTION, "metrics", key, "conditions", str(index), "above_percent")
                message = (
                    f"is a share of the storage limit, which is known of {', '.join(alerts.MOST_STORAGE_TIB)} only"
                )
                yield Problem(path, f"{message}, and the registry is {sku}; write above, in bytes [ACR-SKU]")


ALERTS = System(
    section=SECTION,
    charges=not_known(SECTION, "alert rules and notifications", "depends on what is watched"),
    sites=sites_of,
    checks=(watched_resources, groups_elsewhere, storage),
    builder="stacks.systems.alerts.build",
)
