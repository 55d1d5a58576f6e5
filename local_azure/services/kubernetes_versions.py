"""Kubernetes versions of clusters and pools: what an alias stands for, and which way they may move."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from local_azure.errors import bad_request

if TYPE_CHECKING:
    from local_azure.services.cloud import Json
    from local_azure.store import Resource

DEFAULT = "1.35"
"""Minor version of a cluster that states none (chosen) [AKS-VERSION]."""

LATEST_PATCH = 3
"""Patch that a minor version stands for (chosen) [AKS-VERSION]."""

_VERSION = re.compile(r"1\.(\d+)(?:\.(\d+))?")


def resolved(text: str, before: str | None) -> str:
    """Return the full version that a statement stands for; a minor one means the patch that is there [AKS-VERSION].

    Raises ArmError for what is no version, a lower one, and one that skips a minor version.
    """
    match = _VERSION.fullmatch(text)
    if match is None or int(match[1]) < 28:
        raise bad_request("K8sVersionNotSupported", f"Managed cluster version {text} is not supported in this region.")
    if before and match[2] is None and before.startswith(f"{text}."):
        return before
    full = text if match[2] else f"{text}.{LATEST_PATCH}"
    if before and _step(before, full) not in (0, 1):
        message = f"Upgrading Kubernetes version {before} to {full} is not allowed: minor versions go up one at a time."
        raise bad_request("OperationNotAllowed", message)
    return full


def _step(before: str, after: str) -> int:
    """Minor versions between two versions; -1 for any way down."""
    (old, old_patch), (new, new_patch) = (tuple(map(int, v.split(".")[1:3])) for v in (before, after))
    return -1 if (new, new_patch) < (old, old_patch) else new - old


def cluster_version(cluster: Resource) -> str:
    """Return the full version that a cluster runs."""
    return cluster.properties["currentKubernetesVersion"]


def pool_version(cluster: str, before: str | None, sent: Json) -> str:
    """Return the full version that a pool runs: as stated, as it was, or the cluster's when it is new.

    Raises ArmError when it would be newer than the cluster's.
    """
    stated = sent.get("orchestratorVersion")
    if not stated:
        return before or cluster
    version = cluster if cluster.startswith(f"{stated}.") and not before else resolved(str(stated), before)
    if _step(cluster, version) > 0 or (_step(cluster, version) == 0 and version != cluster):
        message = f"Node pool version {version} and control plane version {cluster} are incompatible."
        raise bad_request("NodePoolMcVersionIncompatible", message)
    return version
