"""Changes of a cluster's first agent pool, which is part of the cluster's own body [AKS-6]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FIXED = (
    "availabilityZones",
    "enableEncryptionAtHost",
    "maxPods",
    "osDiskSizeGB",
    "osDiskType",
    "osType",
    "podSubnetID",
    "scaleSetPriority",
    "vnetSubnetID",
)
"""Properties of a pool that no specification marks as create-only: azure-native sends an update, which Azure refuses
[AKS-6]."""

FIXED_IN_CLUSTER = (*FIXED, "vmSize")
"""Create-only properties of the first pool; azure-native replaces any other pool when its size changes."""

SPOT_LABEL = ("kubernetes.azure.com/scalesetpriority", "spot")
"""Label that the service adds to Spot nodes; stated, so that a refresh shows no drift [AKS-SPOT]."""

SPOT_TAINT = f"{SPOT_LABEL[0]}={SPOT_LABEL[1]}:NoSchedule"
"""Taint that the service adds to Spot nodes; stated for the same reason [AKS-SPOT]."""

FEWEST_SYSTEM_PODS = 30
"""Pods for which a System pool has room at its smallest: nodes times pods of a node [AKS-19]."""

_HOW = "see 'The first System pool' in docs/stack-file.md"

Pool = Mapping[str, Any]
"""An entry of a cluster's `agentPoolProfiles`."""


def known_pools(stated: Sequence[Pool], read: Sequence[Pool]) -> list[Pool]:
    """Return the pools that a cluster is known to have, the stated ones first.

    Args:
        stated: those in the cluster's old inputs: the first one, or all after a refresh.
        read: those that Azure returned when the cluster was last written or read.
    """
    names = {pool.get("name") for pool in stated}
    return [*stated, *(pool for pool in read if pool.get("name") not in names)]


def first_pool_problems(cluster: str, before: Sequence[Pool], now: Pool) -> Iterator[str]:
    """Yield the problems of changing the first pool of an existing cluster.

    Args:
        cluster: the cluster's name.
        before: its known pools.
        now: the first pool as the program states it. Properties that are missing, empty or unknown outputs are not
            compared.
    """
    pools = {str(pool.get("name")): pool for pool in before}
    if not pools:
        return
    name = str(now.get("name"))
    if name not in pools:
        there = ", ".join(sorted(pools))
        yield (
            f"cluster {cluster}: {name} is the first pool of mode System now, but the cluster was created with {there}: Azure "
            f"would create {name} and keep {there} without a description. Keep the original pool in "
            f"the first place and put {name} after it; {_HOW} [AKS-6]"
        )
        return
    for member in FIXED_IN_CLUSTER:
        old, new = pools[name].get(member), now.get(member)
        if _is_plain(old) and _is_plain(new) and _comparable(old) != _comparable(new):
            yield (
                f"cluster {cluster}: pool {name} is its first pool, and Azure does not change its {member} from "
                f"{_shown(old)} to {_shown(new)}: keep it, and add a pool of mode System after it; {_HOW} [AKS-6]"
            )


def pool_is_there(cluster: str, before: Sequence[Pool], name: str) -> str | None:
    """Return the problem of adding a pool whose name the cluster already has, or None."""
    if all(pool.get("name") != name for pool in before):
        return None
    return (
        f"cluster {cluster} has a pool {name} that this program did not create: keep the pool that the "
        f"cluster was created with in the first place; {_HOW} [AKS-6]"
    )


def _is_plain(value: Any) -> bool:
    return value not in (None, "", []) and isinstance(value, str | int | float | list)


def _comparable(value: Any) -> Any:
    """Requests and responses differ in the case of ids and names, and in the order of zones."""
    if isinstance(value, list):
        return sorted(str(each).lower() for each in value)
    return value.lower() if isinstance(value, str) else value


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def system_pods_problem(nodes: int, pods: int) -> str | None:
    """Return why a System pool has room for too few pods, in one line, or None [AKS-19].

    Args:
        nodes: nodes that it always has.
        pods: pods of a node.
    """
    if nodes < 1 or nodes * pods >= FEWEST_SYSTEM_PODS:
        return None
    return (
        f"{pods} on {nodes} nodes leaves room for {nodes * pods} pods, a System pool has room for {FEWEST_SYSTEM_PODS} at "
        f"least; write {-(-FEWEST_SYSTEM_PODS // nodes)} or more [AKS-19]"
    )
