"""What needs the registry of a stack, in a stack that has none."""

from __future__ import annotations

from collections.abc import Iterator

from components.alerts.spec import AlertsSpec
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec

_REMEDY = "state registry.name to make one here, or registry.id for one that is made elsewhere"


def alerts_of(alerts: AlertsSpec) -> Iterator[Path]:
    """Yield the path of every alert on the registry."""
    if alerts.service_health.sets:
        yield "alerts", "service_health"
    if alerts.resource_health:
        yield "alerts", "resource_health"
    for key, metric in alerts.metrics.items():
        if metric.watches == "registry":
            yield "alerts", "metrics", key, "watches"


def needed(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Entries that pull images, and sections about a registry, in a stack without one."""
    if spec.registry is not None:
        return
    reasons: dict[Path, str] = {puller.path: "pulls images from the registry" for puller in plan.pullers}
    if spec.access:
        reasons["access",] = "grants roles on the registry"
    if spec.artifact_cache is not None:
        reasons["artifact_cache",] = "is part of the registry"
    reasons |= dict.fromkeys(alerts_of(spec.alerts) if spec.alerts else (), "is about the registry")
    if spec.registry_events is not None:
        reasons["registry_events",] = "is about the registry"
    if spec.colocation.exceptions:
        reasons["colocation", "exceptions"] = "is about the replicas of the registry"
    for path, reason in reasons.items():
        yield Problem(path, f"{reason}, and this stack has none; {_REMEDY}, or remove this")
