"""Facts of Azure Monitor alerts: Service Health events of the registry, metrics of its resources, and limits of rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from planning.agents import ROLES as AGENT_ROLES
from planning.names import NameRule, Names
from planning.roles import ROLES as REGISTRY_ROLES
from planning.roles import Role

_NO_RESERVED: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9 ()._-]*[A-Za-z0-9()_-])?")
_WORDS: Final = "letters, digits, '(', ')', '.', '_' and '-', starting with a letter or digit and not ending with '.'"

ACTION_GROUP: Final = NameRule("action group", _NO_RESERVED, 1, 260, _WORDS, "MON-NAMES")
ACTIVITY_ALERT: Final = NameRule("activity log alert", _NO_RESERVED, 1, 260, _WORDS, "MON-NAMES")
METRIC_ALERT: Final = NameRule("metric alert", _NO_RESERVED, 1, 260, _WORDS, "MON-NAMES")

LONGEST_SHORT_NAME: Final = 12
"""Longest short name of an action group, which text messages show [MON-ACTION]."""

SERVICE: Final = "Container Registry"
"""Name of the service in Azure Service Health [ACR-HEALTH]."""

EVERYWHERE: Final = "Global"
"""Region of Service Health events that belong to no region, such as those of a global host name [ACR-HEALTH-GLOBAL]."""

HealthSet = Literal["critical", "maintenance", "comprehensive"]


@dataclass(frozen=True, slots=True)
class HealthAlert:
    """One of the sets of Service Health alerts that Microsoft recommends for a registry [ACR-HEALTH].

    Attributes:
        incident_types: types of events; empty for every type.
        regional: whether only events in regions of the registry count.
        description: description of the alert rule.
    """

    incident_types: tuple[str, ...]
    regional: bool
    description: str


HEALTH_ALERTS: Final[Mapping[HealthSet, HealthAlert]] = {
    "critical": HealthAlert(
        ("Incident", "Security"), True, "Service issues and security advisories in regions of the registry"
    ),
    "maintenance": HealthAlert(("Maintenance",), False, "Planned maintenance of Azure Container Registry"),
    "comprehensive": HealthAlert((), False, "All Service Health events of Azure Container Registry"),
}

INCIDENT_TYPE: Final = "properties.incidentType"
REGION_NAME: Final = "properties.impactedServices[*].ImpactedRegions[*].RegionName"
"""Fields of Service Health events that conditions of alerts compare [ACR-HEALTH]."""

UNHEALTHY: Final = ("Degraded", "Unavailable")
"""States of Resource Health that an alert reports [MON-RESOURCE-HEALTH]."""

Watched = Literal["registry", "clusters", "apps"]
"""What metric alerts watch: the registry, every cluster, or every app of Container Apps environments."""

Aggregation = Literal["average", "minimum", "maximum", "total"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric that Azure Monitor collects [MON-METRICS].

    Attributes:
        aggregation: its default aggregation.
        dimensions: names of its dimensions.
        grain: finest time grain in minutes.
    """

    aggregation: Aggregation
    dimensions: tuple[str, ...] = ()
    grain: int = 1


_REPLICA: Final = ("revisionName", "podName")

METRICS: Final[Mapping[Watched, Mapping[str, Metric]]] = {
    "registry": {
        "StorageUsed": Metric("average", ("Geolocation",), 60),
        "SuccessfulPullCount": Metric("total"),
        "SuccessfulPushCount": Metric("total"),
        "TotalPullCount": Metric("total"),
        "TotalPushCount": Metric("total"),
    },
    "clusters": {
        "kube_node_status_condition": Metric("total", ("condition", "status", "status2", "node"), 5),
        "kube_pod_status_phase": Metric("total", ("phase", "namespace", "pod"), 5),
        "kube_pod_status_ready": Metric("total", ("namespace", "pod"), 5),
        "node_cpu_usage_percentage": Metric("average", ("node", "nodepool")),
        "node_disk_usage_percentage": Metric("average", ("node", "nodepool", "device")),
        "node_memory_working_set_percentage": Metric("average", ("node", "nodepool")),
    },
    "apps": {
        "Replicas": Metric("minimum", ("revisionName",)),
        "Requests": Metric("total", (*_REPLICA, "statusCodeCategory", "statusCode")),
        "RestartCount": Metric("maximum", _REPLICA),
        "UsageNanoCores": Metric("average", _REPLICA),
        "WorkingSetBytes": Metric("average", _REPLICA),
    },
}

STORAGE: Final = "StorageUsed"
MOST_STORAGE_TIB: Final[Mapping[str, int]] = {"Premium": 100}
"""Maximum storage of a registry by SKU; the limits of other SKUs are not stated by a source read here [ACR-SKU]."""

FREQUENCIES: Final = (1, 5, 15, 30, 60)
WINDOWS: Final = (*FREQUENCIES, 360, 720, 1440)
"""Minutes between two evaluations of a metric alert, and of the period that each one aggregates [MON-METRIC]."""

ROLES: Final[Mapping[str, Role]] = {
    role.name: role
    for role in (
        REGISTRY_ROLES["Owner"],
        REGISTRY_ROLES["Contributor"],
        REGISTRY_ROLES["Reader"],
        AGENT_ROLES["Monitoring Reader"],
        Role("Monitoring Contributor", "749f88d5-cbae-40b8-bcfc-e573ddc772fa"),
    )
}
"""Roles on the subscription whose members an action group can write to, by name [MON-ACTION]."""


def storage_limit(sku: str) -> int | None:
    """Return the maximum storage of a registry in bytes, or None where it is not known."""
    limit = MOST_STORAGE_TIB.get(sku)
    return limit * 2**40 if limit else None


def duration(minutes: int) -> str:
    """Return a number of minutes as ISO 8601 duration, in the units that Azure Monitor shows: ``PT5M``, ``PT6H``, ``P1D``."""
    if minutes % 1440 == 0:
        return f"P{minutes // 1440}D"
    return f"PT{minutes // 60}H" if minutes % 60 == 0 else f"PT{minutes}M"


def rule_name(names: Names, *parts: str) -> str:
    """Return the name of an alert rule from the words and keys that distinguish it."""
    return names.routing("alert", "-".join(parts))
