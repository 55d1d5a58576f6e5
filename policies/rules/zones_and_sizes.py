"""Rules on what a region or a VM size does not have: availability zones, local disks, machines of a retired series."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.agent_pools import system_pods_problem
from planning.vm_sizes import (
    DISK_GIB,
    ephemeral_problem,
    retired_problem,
    small_for_system_pool,
    system_pool_problem,
)
from policies.model import Graph, Resource, Rule, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.aks_pools import every_pool, has_pools, is_system, member, pool_name, pool_paths
from policies.rules.forms import Zoneless, same
from policies.rules.relations import has_no_zones


def _paths(resource: Resource) -> list[str]:
    """Return the dotted paths of the properties that ask for zones."""
    if resource.type in {t.CLUSTER, t.AGENT_POOL}:
        return [member(pool, "availabilityZones") for pool in pool_paths(resource)]
    return ["zoneRedundant" if resource.type == t.ENVIRONMENT else "zones"]


def _zones(resource: Resource, graph: Graph, config: Zoneless) -> Iterator[Verdict]:
    region = graph.location(resource)
    if not has_no_zones(region, config.regions_without_zones):
        yield not_applicable(f"{region} has availability zones, or is not known")
        return
    for path in _paths(resource):
        if resource.value(path, None):
            yield fail(f"{path} is set, and {region} has no availability zones [REGION-2]", path)


def _size(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    path = member(pool, "vmSize")
    size = str(resource.value(path, ""))
    where = f"{path} of node pool {pool_name(resource, pool)}"
    retired = retired_problem(size)
    if retired:
        yield fail(f"{where}: {retired}", path)
    refused = system_pool_problem(size)
    if refused and is_system(resource, pool):
        yield fail(f"{where}: {refused}", path)
    if same(resource.value(member(pool, "osDiskType"), "Managed"), "Ephemeral"):
        problem = ephemeral_problem(size, int(resource.value(member(pool, "osDiskSizeGB"), 0) or DISK_GIB))
        if problem:
            yield fail(f"{where}: {problem}", path)


def _few_pods(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    path = member(pool, "maxPods")
    pods = resource.value(path, None)
    if pods is None or not is_system(resource, pool):
        return
    scales = resource.value(member(pool, "enableAutoScaling"), False) is True
    nodes = resource.value(member(pool, "minCount" if scales else "count"), 1)
    problem = system_pods_problem(int(nodes), int(pods))
    if problem:
        yield fail(f"{path} of node pool {pool_name(resource, pool)}: {problem}", path)


def _small(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    path = member(pool, "vmSize")
    problem = small_for_system_pool(str(resource.value(path, ""))) if is_system(resource, pool) else None
    if problem:
        yield fail(f"{path} of node pool {pool_name(resource, pool)}: {problem}", path)


def _fits(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    yield from _size(resource, pool, config)
    yield from _few_pods(resource, pool, config)


_rule = partial(Rule, pillar="reliability", severity="high")

RULES: tuple[Rule, ...] = (
    _rule(
        every_pool(_fits),
        types=(t.CLUSTER, t.AGENT_POOL),
        where=(has_pools,),
        id="MOOR-DOM-031",
        title="Node pool exceeds the limits of its VM size or mode",
        what="The VM size of a node pool is still offered, an ephemeral OS disk fits its local disk, and a system pool has room "
        "for 30 pods, 2 vCPUs and 4 GiB.",
        why="AKS refuses the node pool (VMCacheSizeTooSmall, SystemPoolSkuTooLow) when the cluster has been created already.",
        remedy="set another vmSize, a smaller osDiskSizeGB or osDiskType: Managed, or a larger maxPods",
        docs="virtual-machines/ephemeral-os-disks",
    ),
    _rule(
        every_pool(_small),
        types=(t.CLUSTER, t.AGENT_POOL),
        where=(has_pools,),
        id="MOOR-AKS-046",
        title="System node pool is too small",
        severity="low",
        what="System node pools have VM sizes with 4 vCPUs or more, of another series than B.",
        why="The cluster's own pods run there. The documentation of AKS excludes smaller sizes and burstable ones.",
        remedy="set a vmSize with 4 vCPUs or more",
        docs="aks/use-system-pools",
    ),
    _rule(
        _zones,
        types=(t.CLUSTER, t.AGENT_POOL, t.ENVIRONMENT, t.CONTAINER_GROUP),
        id="MOOR-DOM-032",
        title="Availability zones are configured in a region without them",
        what="Node pools, Container Apps environments and container groups use zones only in regions that have them.",
        why="The deployment fails, such as with ManagedEnvironmentZoneRedundantNotSupportedInRegion.",
        remedy="remove the zones, or create the resource in a region with availability zones",
        docs="reliability/regions-list",
        config=Zoneless,
    ),
)
