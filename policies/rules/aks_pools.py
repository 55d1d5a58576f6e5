"""Rules on the node pools of an AKS cluster, whether they stand in the cluster or are resources of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from planning.aks import SYSTEM_ONLY, SYSTEM_TAINT
from policies.model import Graph, Resource, Rule, RuleConfig, Undetermined, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.forms import OPT_IN, REGULATED, Problems, attempted, declare, same, shown, stated
from policies.rules.relations import has_no_zones


def preset_by_automatic(path: str) -> Callable[[Resource, Graph, Any], str | None]:
    """Return the condition that a value is not left to AKS Automatic, which sets it rightly by itself [POL-AUTOMATIC]."""

    def condition(resource: Resource, graph: Graph, config: Any) -> str | None:
        automatic = same(resource.value("sku.name", "Base"), "Automatic")
        return "AKS Automatic presets it" if automatic and not stated(resource, path) else None

    return condition


def pool_paths(resource: Resource) -> list[str]:
    """Return the dotted path of each pool in a cluster; an empty one stands for a pool of its own.

    Raises:
        Undetermined: the list of pools is not known yet.
    """
    if resource.type == t.AGENT_POOL:
        return [""]
    return [f"agentPoolProfiles.{at}" for at in range(len(resource.value("agentPoolProfiles", ())))]


def member(pool: str, name: str) -> str:
    """Return the dotted path of a pool's member."""
    return f"{pool}.{name}" if pool else name


def pool_name(resource: Resource, pool: str) -> str:
    """Return a pool's name for messages."""
    try:
        return str(resource.value(f"{pool}.name", pool) if pool else resource.value("agentPoolName", resource.name))
    except Undetermined:
        return pool or resource.name


def is_system(resource: Resource, pool: str) -> bool:
    """Whether a pool is for the system's pods; a pool that does not say is for users.

    Raises:
        Undetermined: it is not known yet.
    """
    return same(resource.value(member(pool, "mode"), "User"), "System")


def has_pools(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Say why a rule on pools has nothing to say: a cluster that states none has them elsewhere."""
    return None if pool_paths(resource) else "it states no pools"


def every_pool(item: Callable[[Resource, str, Any], Iterator[Verdict]]) -> Problems:
    """Judge every pool; one that cannot be judged yet hides no other."""

    def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
        for pool in pool_paths(resource):
            yield from attempted(item, resource, pool, config)

    return check


def pool_must_be(name: str, *allowed: Any, default: Any = None) -> Problems:
    """Find a pool with a value that is none of the allowed ones."""

    def item(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
        path = member(pool, name)
        value = resource.value(path, default)
        if not any(same(value, each) for each in allowed):
            words = " or ".join(shown(each) for each in allowed)
            yield fail(f"{path} of pool {pool_name(resource, pool)} is {shown(value)}, allowed is {words}", path)

    return every_pool(item)


def pool_must_not_be(name: str, refused: Any) -> Problems:
    """Find a pool with a value that is refused."""

    def item(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
        path = member(pool, name)
        value = resource.value(path)
        if same(value, refused):
            found = f"{path} of pool {pool_name(resource, pool)} is {shown(value)}"
            yield fail(f"{found}, allowed is any other" if refused is not True else f"{found}, allowed is false", path)

    return every_pool(item)


class Pods(RuleConfig):
    """Fewest pods that a node has room for."""

    max_pods: int = 50


class Nodes(RuleConfig):
    """Fewest nodes, and pools that may have fewer."""

    nodes: int = 3
    except_pools: tuple[str, ...] = ()


class Zones(RuleConfig):
    """Fewest zones, and regions that have none beside those known."""

    zones: int = 3
    regions_without_zones: tuple[str, ...] = ()


def _zones(resource: Resource, graph: Graph, config: Zones) -> Iterator[Verdict]:
    region = graph.location(resource)
    if has_no_zones(region, config.regions_without_zones):
        yield not_applicable(f"{region} has no zones")
        return

    def item(resource: Resource, pool: str, config: Zones) -> Iterator[Verdict]:
        path = member(pool, "availabilityZones")
        zones = resource.value(path, ())
        if len(zones) < config.zones:
            yield fail(
                f"{path} of pool {pool_name(resource, pool)} is {shown(zones)}, allowed are {config.zones}", path
            )

    yield from every_pool(item)(resource, graph, config)


def _autoscaling(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    path = member(pool, "enableAutoScaling")
    if resource.value(path) is not True:
        yield fail(
            f"{path} of pool {pool_name(resource, pool)} is {shown(resource.value(path))}, allowed is true", path
        )
        return
    for bound in ("minCount", "maxCount"):
        if not stated(resource, member(pool, bound)):
            yield fail(f"{member(pool, bound)} is not stated, allowed is a count", member(pool, bound))


def fewest(resource: Resource, pool: str) -> int:
    """Return the fewest nodes that a pool has: its lower bound where it scales by itself, else its count.

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
            yield fail(f"pool {name} has {count} nodes at least, allowed are {config.nodes} or more", path)


def _system_nodes(resource: Resource, graph: Graph, config: Nodes) -> Iterator[Verdict]:
    inside = [(resource, pool) for pool in pool_paths(resource)]
    apart = [(each, "") for each in graph.children(resource, t.AGENT_POOL)]
    count = sum(fewest(each, pool) for each, pool in inside + apart if is_system(each, pool))
    if count < config.nodes:
        yield fail(f"system pools have {count} nodes at least together, allowed are {config.nodes} or more")


def _isolated(resource: Resource, pool: str, config: Any) -> Iterator[Verdict]:
    if not is_system(resource, pool):
        return
    path = member(pool, "nodeTaints")
    if not any(str(taint).startswith(f"{SYSTEM_TAINT}=true:No") for taint in resource.value(path, ())):
        found = shown(resource.value(path))
        yield fail(f"{path} of pool {pool_name(resource, pool)} is {found}, allowed has {SYSTEM_TAINT}", path)


def _room(resource: Resource, pool: str, config: Pods) -> Iterator[Verdict]:
    path = member(pool, "maxPods")
    pods = resource.value(path)
    if pods is not None and pods < config.max_pods:
        yield fail(f"{path} of pool {pool_name(resource, pool)} is {pods}, allowed are {config.max_pods} or more", path)


_pools = partial(declare, types=(t.CLUSTER, t.AGENT_POOL), where=(has_pools,), pillar="reliability")

RULES: tuple[Rule, ...] = (
    _pools(
        _zones,
        id="MOOR-AKS-029",
        title="Node pool lies in one zone",
        severity="high",
        what="Every pool spreads over the zones of its region.",
        why="A pool without zones stands and falls with one building. It cannot be changed later.",
        remedy='make the pool with availabilityZones: ["1", "2", "3"]',
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
        what="Pools are scale sets, or virtual machines of several sizes.",
        why="An availability set neither scales by itself nor spreads over zones, and is retired.",
        remedy="make the pool with type: VirtualMachineScaleSets",
        docs="aks/manage-node-pools",
        covers=("1.2#30", "AZR-000017", "CKV_AZURE_169"),
    ),
    _pools(
        every_pool(_autoscaling),
        id="MOOR-AKS-031",
        title="Node pool does not scale by itself",
        severity="medium",
        pillar="performance",
        what="Every pool scales by itself between two bounds.",
        why="A fixed pool is too small at noon and too large at night.",
        remedy="set enableAutoScaling: true with minCount and maxCount",
        docs="aks/cluster-autoscaler",
        covers=("1.2#31", "AZR-000019", "APRL-902c82ff", "RC-AKS-07.06.01"),
        profiles=REGULATED,
    ),
    declare(
        _system_nodes,
        types=(t.CLUSTER,),
        where=(has_pools,),
        pillar="reliability",
        id="MOOR-AKS-032",
        title="Too few nodes for the system's pods",
        severity="high",
        what="System pools have three nodes at least, together.",
        why="DNS and the metrics server run there: with one node, an upgrade takes name resolution away.",
        remedy="raise minCount of the system pool, or configure nodes for this environment",
        docs="aks/use-system-pools",
        covers=("1.2#32", "AZR-000024", "APRL-7f7ae535"),
        config=Nodes,
    ),
    _pools(
        every_pool(_user_nodes),
        id="MOOR-AKS-033",
        title="User pool has too few nodes",
        severity="medium",
        what="User pools other than Spot have three nodes at least.",
        why="With fewer, a workload cannot spread over three zones.",
        remedy="raise minCount, or name the pool in except_pools",
        docs="aks/reliability-multi-region-deployment-models",
        covers=("1.2#33", "AZR-000412", "APRL-005ccbbd"),
        profiles=REGULATED,
        config=Nodes,
    ),
    _pools(
        every_pool(_isolated),
        id="MOOR-AKS-034",
        title="Workloads run beside the system's pods",
        severity="medium",
        what="System pools take the system's pods only.",
        why="A greedy workload otherwise starves DNS for the whole cluster.",
        remedy=f"add the taint {SYSTEM_ONLY}, and a user pool",
        docs="aks/use-system-pools",
        covers=("1.2#34", "CKV_AZURE_232", "APRL-5ee083cd", "RC-AKS-04.01.02"),
        profiles=REGULATED,
    ),
    _pools(
        every_pool(_room),
        id="MOOR-AKS-035",
        title="Nodes have room for few pods",
        severity="low",
        pillar="performance",
        what="Nodes have room for fifty pods or more.",
        why="System pods take a dozen places on each node. It cannot be changed later.",
        remedy="make the pool with a higher maxPods, and a subnet that fits",
        docs="aks/concepts-network-cni-overview",
        covers=("1.2#35", "AZR-000018", "CKV_AZURE_168", "RC-AKS-06.04.03"),
        profiles=OPT_IN,
        config=Pods,
    ),
    _pools(
        pool_must_be("osDiskType", "Ephemeral", default="Managed"),
        id="MOOR-AKS-036",
        title="Operating system lies on a remote disk",
        severity="low",
        pillar="performance",
        what="Operating system disks are ephemeral.",
        why="They are faster, free, and clean after each restart. It cannot be changed later.",
        remedy="make the pool with osDiskType: Ephemeral and a size whose cache holds it",
        docs="aks/concepts-storage",
        covers=("1.2#36", "AZR-000287", "CKV_AZURE_226", "RC-AKS-07.07.01"),
        profiles=OPT_IN,
    ),
)
