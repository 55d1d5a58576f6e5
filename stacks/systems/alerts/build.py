"""Builds the action groups and alert rules of a stack."""

from collections.abc import Iterable, Mapping

import pulumi

from components.aks.cluster import Cluster
from components.alerts.action_group import ActionGroup
from components.alerts.health import HealthAlerts
from components.alerts.metric_alert import MetricAlert, threshold
from components.alerts.spec import AlertsSpec
from components.container_apps.app import App
from components.elsewhere import name_of
from planning.alerts import STORAGE, Watched, storage_limit
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.alerts.system import REGISTRY, SECTION, metric_rule, rules_of, watched


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``alerts``."""
    if spec.alerts is None:
        return Built({})
    groups = {key: _group(spec.alerts, plan, context, key) for key in spec.alerts.action_groups}
    ids = {key: group.id for key, group in groups.items()}
    report: dict[str, Report] = {"action_groups": {**ids}} if ids else {}
    rules = rules_of(spec.alerts)
    if rules:
        health = _health(spec, plan, context, spec.alerts, ids)
        report["health"] = {key: health.ids.apply(lambda found, key=key: found[key]) for key in rules}
    metrics = {
        f"{key}-{subject}": _metric(spec, plan, context, key, subject, resource_id, ids)
        for key, metric in spec.alerts.metrics.items()
        for subject, resource_id in _watched_ids(spec, context, metric.watches).items()
    }
    if metrics:
        report["metrics"] = {key: rule.id for key, rule in metrics.items()}
    if any(metric.watches == REGISTRY for metric in spec.alerts.metrics.values()):
        report["storage"] = _storage(spec, spec.alerts)
    return Built({key: each for key, each in report.items() if each}, groups)


def _group(stated: AlertsSpec, plan: Plan, context: BuildContext, key: str) -> ActionGroup:
    site = plan.sites[SECTION, "action_groups", key]
    place = context.placement(site)
    return ActionGroup(
        f"{context.name}-action-group-{name_of(key)}",
        stated.action_groups[key],
        key=key,
        group_name=site.name,
        resource_group_name=place["resource_group_name"],
        tags=place["tags"],
        opts=context.options(),
    )


def _of(ids: Mapping[str, pulumi.Output[str]], keys: Iterable[str]) -> list[pulumi.Input[str]]:
    return [ids[key] for key in keys]


def _health(
    spec: StackSpec, plan: Plan, context: BuildContext, stated: AlertsSpec, ids: Mapping[str, pulumi.Output[str]]
) -> HealthAlerts:
    sites = {key: plan.sites[SECTION, key] for key in rules_of(stated)}
    place = context.placement(next(iter(sites.values())))
    return HealthAlerts(
        f"{context.name}-alerts",
        sets={each: _of(ids, keys) for each, keys in stated.service_health.sets.items()},
        resource_health=_of(ids, stated.resource_health),
        regions={spec.registry_home, *spec.replicas},
        registry_id=context.registry.id,
        names={key: site.name for key, site in sites.items()},
        resource_group_name=place["resource_group_name"],
        tags=place["tags"],
        opts=context.options(),
    )


def _watched_ids(spec: StackSpec, context: BuildContext, what: Watched) -> dict[str, pulumi.Output[str]]:
    """The ids of the watched resources by the key that is part of the rule's name."""
    if what == REGISTRY:
        return {REGISTRY: context.registry.id}
    made: Mapping[str, Cluster | App] = context.resources.of(Cluster if what == "clusters" else App)
    return {subject: made[key].id for subject, key in watched(spec, what).items()}


def _metric(
    spec: StackSpec,
    plan: Plan,
    context: BuildContext,
    key: str,
    subject: str,
    resource_id: pulumi.Output[str],
    ids: Mapping[str, pulumi.Output[str]],
) -> MetricAlert:
    stated = spec.alerts.metrics[key] if spec.alerts else None
    assert stated is not None
    place = context.placement(plan.sites[SECTION, "metrics", key])
    return MetricAlert(
        f"{context.name}-alerts-metric-{key}" + ("" if subject == REGISTRY else f"-{subject}"),
        stated,
        rule_name=metric_rule(plan.sites, key, subject),
        subject=subject,
        sku=spec.registry.sku if spec.registry and stated.watches == REGISTRY else None,
        resource_id=resource_id,
        action_group_ids=_of(ids, stated.action_groups),
        resource_group_name=place["resource_group_name"],
        tags=place["tags"],
        opts=context.options(),
    )


def _storage(spec: StackSpec, stated: AlertsSpec) -> Report:
    """The maximum storage of the registry, and the lowest value at which an alert fires, in bytes."""
    sku = spec.registry.sku if spec.registry else ""
    found = [
        threshold(condition, sku)
        for metric in stated.metrics.values()
        for condition in metric.conditions
        if condition.metric == STORAGE and condition.below is None
    ]
    limit = storage_limit(sku)
    return {
        **({"limit_bytes": limit} if limit else {}),
        **({"alert_above_bytes": int(min(found))} if found else {}),
    }
