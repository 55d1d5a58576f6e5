"""Rules on AKS node pools, whether they are part of the cluster or separate resources."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from planning.aks import SYSTEM_ONLY, SYSTEM_TAINT
from policies.model import (
    OPT_IN,
    REGULATED,
    Graph,
    Problems,
    Resource,
    Rule,
    RuleConfig,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
)
from policies.rules import types as t
from policies.rules.forms import same, settled, shown, stated
from policies.rules.relations import has_no_zones


def preset_by_automatic(path: str) -> Callable[[Resource, Graph, Any], str | None]:
    """Return the condition that AKS Automatic does not preset a value that is not stated [POL-AUTOMATIC]."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        automatic = same(resource.value("sku.name", "Base"), "Automatic")
        return "AKS Automatic presets it" if automatic and not stated(resource, path) else None

    return condition


def pool_paths(resource: Resource) -> list[str]:
    """Return the dotted path of each node pool in a cluster; it is empty for a separate resource.

    Raises:
        Undetermined: the list of pools is not known yet.
    """
    if resource.type == t.AGENT_POOL:
        return [""]
    return [f"agentPoolProfiles.{at}" for at in range(len(resource.value("agentPoolProfiles", ())))]


def all_pools(graph: Graph, cluster: Resource) -> list[tuple[Resource, str]]:
    """Return the node pools of a cluster, inline and separate, as the resource and the dotted path in it.

    Raises:
        Undetermined: the list of inline pools is not known yet.
    """
    inline = [(cluster, pool) for pool in pool_paths(cluster)]
    return inline + [(each, "") for each in graph.children(cluster, t.AGENT_POOL)]


def member(pool: str, name: str) -> str:
    """Return the dotted path of a property of a node pool."""
    return f"{pool}.{name}" if pool else name


def pool_name(resource: Resource, pool: str) -> str:
    """Return the name of a node pool, for messages."""
    try:
        return str(resource.value(f"{pool}.name", pool) if pool else resource.value("agentPoolName", resource.name))
    except Undetermined:
        return pool or resource.name


def is_system(resource: Resource, pool: str) -> bool:
    """Return whether a node pool is a system pool; without a mode, it is a user pool.

    Raises:
        Undetermined: it is not known yet.
    """
    return same(resource.value(member(pool, "mode"), "User"), "System")


def has_pools(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Return why a rule on node pools does not apply: a cluster without inline pools has separate resources."""
    return None if pool_paths(resource) else "it has no inline node pools"


def every_pool(item: Callable[[Resource, str, Any], Iterator[Verdict]]) -> Problems:
    """Check every node pool; one that cannot be judged yet affects no other."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for pool in pool_paths(resource):
            yield from settled(item(resource, pool, config))

    return check


def _unexpected(resource: Resource, pool: str, name: str, value: Any, expected: str) -> Verdict:
    """Return the failure of a property of a node pool."""
    path = member(pool, name)
    return fail(f"{path} of node pool {pool_name(resource, pool)} is {shown(value)}, expected {expected}", path)


def pool_must_be(name: str, *expected: Any, default: Any = None) -> Problems:
    """Find a node pool with a value other than the expected ones."""

    def item(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
        value = resource.value(member(pool, name), default)
        if not any(same(value, each) for each in expected):
            yield _unexpected(resource, pool, name, value, " or ".join(shown(each) for each in expected))

    return every_pool(item)


def pool_must_not_be(name: str, refused: Any) -> Problems:
    """Find a node pool with a value that is refused."""

    def item(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
        value = resource.value(member(pool, name))
        if same(value, refused):
            yield _unexpected(resource, pool, name, value, "false" if refused is True else "another value")

    return every_pool(item)


class Pods(RuleConfig):
    """Lowest allowed maximum number of pods per node."""

    max_pods: int = 50


class Nodes(RuleConfig):
    """Lowest number of nodes, and node pools that may have fewer."""

    nodes: int = 3
    except_pools: tuple[str, ...] = ()


class Zones(RuleConfig):
    """Lowest number of zones, and further regions without availability zones."""

    zones: int = 3
    regions_without_zones: tuple[str, ...] = ()


def _zones(resource: Resource, graph: Graph, config: Zones) -> Iterator[Verdict]:
    region = graph.location(resource)
    if has_no_zones(region, config.regions_without_zones):
        yield not_applicable(f"{region} has no availability zones")
        return

    def item(resource: Resource, pool: str, config: Zones) -> Iterator[Verdict]:
        zones = resource.value(member(pool, "availabilityZones"), ())
        if len(zones) < config.zones:
            yield _unexpected(resource, pool, "availabilityZones", zones, f"{config.zones} zones")

    yield from every_pool(item)(resource, graph, config)


def _autoscaling(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    scales = resource.value(member(pool, "enableAutoScaling"))
    if scales is not True:
        yield _unexpected(resource, pool, "enableAutoScaling", scales, "true")
        return
    for bound in ("minCount", "maxCount"):
        if not stated(resource, member(pool, bound)):
            yield fail(f"{member(pool, bound)} is not set, expected a number", member(pool, bound))


def fewest(resource: Resource, pool: str) -> int:
    """Return the lowest number of nodes of a node pool: minCount with the autoscaler, else count.

    Raises:
        Undetermined: it is not known yet.
    """
    scales = resource.value(member(pool, "enableAutoScaling")) is True
    return int(resource.value(member(pool, "minCount" if scales else "count"), 1))


def _user_nodes(resource: Resource, pool: str, config: Nodes) -> Iterator[Verdict]:
    name = pool_name(resource, pool)
    spot = same(resource.value(member(pool, "scaleSetPriority"), "Regular"), "Spot")
    if not is_system(resource, pool) and not spot and name not in config.except_pools:
        count = fewest(resource, pool)
        if count < config.nodes:
            path = member(pool, "minCount")
            yield fail(f"node pool {name} can have {count} nodes, expected {config.nodes} or more", path)


def _system_nodes(resource: Resource, graph: Graph, config: Nodes) -> Iterator[Verdict]:
    count = sum(fewest(each, pool) for each, pool in all_pools(graph, resource) if is_system(each, pool))
    if count < config.nodes:
        yield fail(f"system node pools can have {count} nodes in total, expected {config.nodes} or more")


def _isolated(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    if not is_system(resource, pool):
        return
    taints = resource.value(member(pool, "nodeTaints"), ())
    if not any(str(taint).startswith(f"{SYSTEM_TAINT}=true:No") for taint in taints):
        yield _unexpected(resource, pool, "nodeTaints", resource.value(member(pool, "nodeTaints")), SYSTEM_TAINT)


def _room(resource: Resource, pool: str, config: Pods) -> Iterator[Verdict]:
    pods = resource.value(member(pool, "maxPods"))
    if pods is not None and pods < config.max_pods:
        yield _unexpected(resource, pool, "maxPods", pods, f"{config.max_pods} or more")


_pools = partial(Rule, types=(t.CLUSTER, t.AGENT_POOL), where=(has_pools,), pillar="reliability")

RULES: tuple[Rule, ...] = (
    _pools(
        _zones,
        id="MOOR-AKS-029",
        title="Availability zones are not configured for the node pool",
        severity="high",
        what="Every node pool spans the availability zones of its region.",
        why="A node pool without zones fails with one datacenter. Zones cannot be changed later.",
        remedy='create the node pool with availabilityZones: ["1", "2", "3"]',
        docs="aks/availability-zones",
        covers=("1.2#29", "AZR-000021", "AZP-2dec5f47", "APRL-4f63619f", "RC-AKS-02.02.02"),
        config=Zones,
    ),
    _pools(
        pool_must_be("type", "VirtualMachineScaleSets", "VirtualMachines", default="VirtualMachineScaleSets"),
        id="MOOR-AKS-030",
        title="Node pool is an availability set",
        severity="medium",
        pillar="performance",
        what="Node pools are virtual machine scale sets or Virtual Machines node pools.",
        why="Availability sets are retired, cannot scale automatically and cannot span zones.",
        remedy="create the node pool with type: VirtualMachineScaleSets",
        docs="aks/manage-node-pools",
        covers=("1.2#30", "AZR-000017", "CKV_AZURE_169"),
    ),
    _pools(
        every_pool(_autoscaling),
        id="MOOR-AKS-031",
        title="Cluster autoscaler is not enabled",
        severity="medium",
        pillar="performance",
        what="Every node pool scales automatically between two bounds.",
        why="A fixed node pool is too small at peak load and too large at other times.",
        remedy="set enableAutoScaling: true with minCount and maxCount",
        docs="aks/cluster-autoscaler",
        covers=("1.2#31", "AZR-000019", "APRL-902c82ff", "RC-AKS-07.06.01"),
        profiles=REGULATED,
    ),
    Rule(
        _system_nodes,
        types=(t.CLUSTER,),
        where=(has_pools,),
        pillar="reliability",
        id="MOOR-AKS-032",
        title="System node pools have fewer than three nodes",
        severity="high",
        what="System node pools have at least three nodes in total.",
        why="CoreDNS and the metrics server run there. With one node, an upgrade interrupts name resolution.",
        remedy="increase minCount or count of the system node pool, or configure nodes for this environment",
        docs="aks/use-system-pools",
        covers=("1.2#32", "AZR-000024", "APRL-7f7ae535"),
        config=Nodes,
    ),
    _pools(
        every_pool(_user_nodes),
        id="MOOR-AKS-033",
        title="User node pool has fewer than three nodes",
        severity="medium",
        what="User node pools other than Spot have at least three nodes.",
        why="With fewer nodes, a workload cannot span three zones.",
        remedy="increase minCount or count, or list the node pool in except_pools",
        docs="aks/reliability-multi-region-deployment-models",
        covers=("1.2#33", "AZR-000412", "APRL-005ccbbd"),
        profiles=REGULATED,
        config=Nodes,
    ),
    _pools(
        every_pool(_isolated),
        id="MOOR-AKS-034",
        title="System node pool is not dedicated",
        severity="medium",
        what="System node pools run system pods only.",
        why="A workload that exhausts a system node interrupts name resolution for the whole cluster.",
        remedy=f"add the taint {SYSTEM_ONLY} to nodeTaints, and a user node pool",
        docs="aks/use-system-pools",
        covers=("1.2#34", "CKV_AZURE_232", "APRL-5ee083cd", "RC-AKS-04.01.02"),
        profiles=REGULATED,
    ),
    _pools(
        every_pool(_room),
        id="MOOR-AKS-035",
        title="Maximum pods per node is too low",
        severity="low",
        pillar="performance",
        what="Nodes can run at least fifty pods.",
        why="System pods take about a dozen places on each node. The limit cannot be changed later. Opt-in.",
        remedy="create the node pool with a higher maxPods, and a subnet that is large enough",
        docs="aks/concepts-network-cni-overview",
        covers=("1.2#35", "AZR-000018", "CKV_AZURE_168", "RC-AKS-06.04.03"),
        profiles=OPT_IN,
        config=Pods,
    ),
    _pools(
        pool_must_be("osDiskType", "Ephemeral", default="Managed"),
        id="MOOR-AKS-036",
        title="OS disk is not ephemeral",
        severity="low",
        pillar="performance",
        what="Nodes have ephemeral OS disks.",
        why="Ephemeral OS disks are faster, free of charge and clean after each reimage. The type cannot be changed "
        "later. Opt-in.",
        remedy="create the node pool with osDiskType: Ephemeral and a vmSize whose local disk is large enough",
        docs="aks/concepts-storage",
        covers=("1.2#36", "AZR-000287", "CKV_AZURE_226", "RC-AKS-07.07.01"),
        profiles=OPT_IN,
    ),
)
