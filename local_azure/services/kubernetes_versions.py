"""Kubernetes versions of clusters and pools: what an alias stands for, and which way they may move."""

from __future__ import annotations

import re
from collections.abc import Sequence

from local_azure.errors import ArmError, bad_request
from local_azure.services.cloud import Answer, Cloud, Json, Request
from local_azure.store import Resource

DEFAULT = "1.35"
"""Minor version of a cluster that states none (chosen) [AKS-VERSION]."""

LATEST_PATCH = 3
"""Patch that a minor version stands for (chosen) [AKS-VERSION]."""

FURTHEST = 3
"""Minor versions that a node may be behind its control plane [AKS-SKEW]."""

SUPPORTED = range(34, 38)
"""Minor versions that are offered for new clusters, as the calendar of AKS has them [AKS-VERSION]."""

OFFERED = range(31, 38)
"""Minor versions that are offered, those before SUPPORTED with long-term support only [AKS-VERSION]."""

_OLDEST = 28
"""Oldest minor version that is accepted at all (chosen)."""

_LONG_TERM = "AKSLongTermSupport"
_VERSION = re.compile(r"1\.(\d+)(?:\.(\d+))?")


def resolved(text: str, before: str | None) -> str:
    """Return the full version that a statement stands for; a minor one means the patch that is there [AKS-VERSION].

    Raises ArmError for what is no version, a lower one, and one that skips a minor version.
    """
    match = _VERSION.fullmatch(text)
    if match is None or int(match[1]) < _OLDEST:
        raise bad_request("K8sVersionNotSupported", f"Managed cluster version {text} is not supported in this region.")
    if before and match[2] is None and before.startswith(f"{text}."):
        return before
    full = text if match[2] else f"{text}.{LATEST_PATCH}"
    if before and _step(before, full) not in (0, 1):
        message = f"Upgrading Kubernetes version {before} to {full} is not allowed: minor versions go up one at a time."
        raise bad_request("OperationNotAllowed", message)
    return full


def offered(_cloud: Cloud, _request: Request) -> Answer:
    """List the versions of a region, minor by minor with their patch [AKS-VERSIONS]."""
    values = [
        {
            "version": f"1.{minor}",
            "isDefault": f"1.{minor}" == DEFAULT,
            "isPreview": None,
            "capabilities": {"supportPlan": [*(["KubernetesOfficial"] if minor in SUPPORTED else []), _LONG_TERM]},
            "patchVersions": {f"1.{minor}.{LATEST_PATCH}": {"upgrades": _upgrades(minor)}},
        }
        for minor in OFFERED
    ]
    return Answer(200, {"values": values})


def _upgrades(minor: int) -> list[str]:
    return [f"1.{minor + 1}.{LATEST_PATCH}"] if minor + 1 in OFFERED else []


def _step(before: str, after: str) -> int:
    """Minor versions between two versions; -1 for any way down."""
    (old, old_patch), (new, new_patch) = (tuple(map(int, v.split(".")[1:3])) for v in (before, after))
    return -1 if (new, new_patch) < (old, old_patch) else new - old


def control_plane_version(name: str, sent: Json, before: Json) -> str:
    """Return the full version that a control plane runs after a PUT: as stated, as it was, or the default.

    Raises ArmError for a new cluster of a version that needs long-term support, without it [AKS-VERSION].
    """
    running, stated = before.get("currentKubernetesVersion"), sent.get("kubernetesVersion")
    version = resolved(str(stated), running) if stated else running or resolved(DEFAULT, None)
    old = int(version.split(".")[1]) < SUPPORTED[0]
    if not before and old and sent.get("supportPlan") != _LONG_TERM:
        message = (
            f"Managed cluster {name} is on version {version}, which is only available for Long-Term Support (LTS). If you intend "
            "to onboard to LTS, please ensure the cluster is in Premium tier and LTS support plan (see "
            "https://aka.ms/aks/enable-lts). Otherwise, use [az aks get-versions] command to get the supported version list in "
            "this region. For more information, please check https://aka.ms/supported-version-list"
        )
        raise bad_request("K8sVersionNotSupported", message)
    return version


def refuse_mixed(inline: list[Json], pools: Sequence[Resource], version: str) -> None:
    """Raise ArmError when a PUT of a cluster moves some of its pools and leaves others where they are [AKS-POOLS].

    Args:
        inline: the pools that the PUT states.
        pools: all pools of the cluster, those apart from it too.
        version: full version of the control plane after the PUT.
    """
    stated = {str(pool["name"]).lower(): str(pool.get("orchestratorVersion") or "") for pool in inline}
    wanted = {pool.name: stated.get(pool.name.lower(), "") for pool in pools}
    moved = {pool.name for pool in pools if wanted[pool.name] and not _names(wanted[pool.name], pool_now(pool))}
    if moved and not all(text and _names(text, version) for text in wanted.values()):
        message = (
            "Using managed cluster api, all Agent pools' OrchestratorVersion must be all specified or all unspecified. If "
            "all specified, they must be stay unchanged or the same with control plane. For agent pool specific change, "
            "please use per agent pool operations: https://aka.ms/agent-pool-rest-api"
        )
        raise bad_request("NotAllAgentPoolOrchestratorVersionSpecifiedAndUnchanged", message, "agentPoolProfiles")


def refuse_skew(version: str, pools: Sequence[Resource]) -> None:
    """Raise ArmError when a pool would be too many minor versions behind its control plane [AKS-SKEW]."""
    for pool in pools:
        if _step(pool_now(pool), version) > FURTHEST:
            raise _incompatible(pool_now(pool), version, f"is more than {FURTHEST} versions less than")


def pool_now(pool: Resource) -> str:
    """Return the full version that a pool runs."""
    return pool.properties["currentOrchestratorVersion"]


def _names(stated: str, version: str) -> bool:
    """Tell whether a statement, a full or a minor version, stands for a full version."""
    return version == stated or version.startswith(f"{stated}.")


def _incompatible(pool: str, plane: str, how: str) -> ArmError:
    message = (
        f"Node pool version {pool} and control plane version {plane} are incompatible. Minor version of node pool "
        f"version {pool.split('.')[1]} {how} control plane version {plane.split('.')[1]}. For more information, please "
        "check https://aka.ms/version-skew-policy"
    )
    return bad_request("NodePoolMcVersionIncompatible", message)


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
        raise _incompatible(version, cluster, "is bigger than")
    if _step(version, cluster) > FURTHEST:
        raise _incompatible(version, cluster, f"is more than {FURTHEST} versions less than")
    return version
