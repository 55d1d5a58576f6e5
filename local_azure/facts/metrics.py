"""Metrics that Azure Monitor collects of resources: names, aggregations and dimensions, by resource type in lower case.

The rows repeat Microsoft Learn's lists of supported metrics, read on 2026-11-29 [MON-METRICS].
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric.

    Attributes:
        grain: finest time grain in minutes.
        dimensions: names of its dimensions.
    """

    grain: int = 1
    dimensions: frozenset[str] = frozenset()


def _metric(*dimensions: str, grain: int = 1) -> Metric:
    return Metric(grain, frozenset(dimensions))


_PLAIN = _metric()
_NODE = _metric("node", "nodepool")
_REPLICA = _metric("revisionName", "podName")
_REQUESTS = _metric("revisionName", "podName", "statusCodeCategory", "statusCode")

METRICS: Mapping[str, Mapping[str, Metric]] = {
    "microsoft.containerregistry/registries": {
        "AgentPoolCPUTime": _PLAIN,
        "RunDuration": _PLAIN,
        "StorageUsed": _metric("Geolocation", grain=60),
        "SuccessfulPullCount": _PLAIN,
        "SuccessfulPushCount": _PLAIN,
        "TotalPullCount": _PLAIN,
        "TotalPushCount": _PLAIN,
    },
    "microsoft.containerservice/managedclusters": {
        "kube_node_status_condition": _metric("condition", "status", "status2", "node", grain=5),
        "kube_pod_status_phase": _metric("phase", "namespace", "pod", grain=5),
        "kube_pod_status_ready": _metric("namespace", "pod", grain=5),
        "node_cpu_usage_percentage": _NODE,
        "node_disk_usage_percentage": _metric("node", "nodepool", "device"),
        "node_memory_working_set_percentage": _NODE,
    },
    "microsoft.app/containerapps": {
        "Replicas": _metric("revisionName"),
        "Requests": _REQUESTS,
        "RestartCount": _REPLICA,
        "RxBytes": _REPLICA,
        "TxBytes": _REPLICA,
        "UsageNanoCores": _REPLICA,
        "WorkingSetBytes": _REPLICA,
    },
}
