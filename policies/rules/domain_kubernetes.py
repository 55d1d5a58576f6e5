"""Domain rules on the addresses of AKS: what nodes, pods and services take, and what virtual nodes need."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network
from math import ceil
from typing import Any, Final

from planning.addresses import fitting_prefix, usable
from planning.container_instances import DELEGATION
from policies.model import Graph, Resource, Rule, Undetermined, Verdict, fail, undetermined
from policies.rules import types as t
from policies.rules.aks_pools import has_pools, member, pool_name, pool_paths
from policies.rules.forms import agreed, declare, same
from policies.rules.identities import kubelet
from policies.rules.occupants import endpoints_by_subnet
from policies.rules.relations import Subnet, ipv4, principals, role_of, subnets_in, subnets_of

_cluster = partial(declare, types=(t.CLUSTER,), pillar="reliability")

DEFAULT_PODS: Final = {"overlay": 250, "kubenet": 110, "azure": 30}
"""Pods of a node where maxPods is not stated [POL-AKS-IPS]."""
DEFAULT_SURGE: Final = "10%"
DEFAULT_SERVICES: Final = "10.0.0.0/16"
DEFAULT_PODS_RANGE: Final = "10.244.0.0/16"
RESERVED: Final = tuple(map(IPv4Network, ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")))
"""Ranges that pods and services may not have [POL-AKS-IPS]."""

_CONTRIBUTOR = "b24988ac-6180-42a0-ab88-20f7382dd24c"
_NETWORK_CONTRIBUTOR = "4d97b98b-1d4f-4787-a291-c67834d212e7"


def network_mode(cluster: Resource) -> str:
    """Return how pods are networked: overlay, kubenet, azure, or none.

    Raises:
        Undetermined: it is not known yet.
    """
    plugin = str(cluster.value("networkProfile.networkPlugin", "azure")).lower()
    overlay = same(cluster.value("networkProfile.networkPluginMode", ""), "overlay")
    automatic = same(cluster.value("sku.name", "Base"), "Automatic")
    return "overlay" if overlay or (automatic and plugin == "azure") else plugin


def _most_nodes(resource: Resource, pool: str) -> tuple[int, int]:
    """Most nodes of a pool, and how many more an upgrade starts."""
    scales = resource.value(member(pool, "enableAutoScaling")) is True
    most = int(resource.value(member(pool, "maxCount" if scales else "count"), 1))
    surge = str(resource.value(member(pool, "upgradeSettings.maxSurge"), DEFAULT_SURGE))
    return most, ceil(most * int(surge[:-1]) / 100) if surge.endswith("%") else int(surge)


def _takes(cluster: Resource, resource: Resource, pool: str) -> Iterator[tuple[str, int, str]]:
    """Yield path of a subnet, addresses that a pool takes there, and the sum in words."""
    mode = network_mode(cluster)
    most, surge = _most_nodes(resource, pool)
    pods = int(resource.value(member(pool, "maxPods"), DEFAULT_PODS.get(mode, 30)))
    apart = member(pool, "podSubnetID")
    name = pool_name(resource, pool)
    nodes, words = most + surge, f"({most} nodes + {surge} surge)"
    if resource.has_unknown(apart) or resource.value(apart):
        yield member(pool, "vnetSubnetID"), nodes, f"{name}: {words}"
        yield apart, nodes * pods, f"{name}: {words} x {pods} pods"
    elif mode == "azure":
        yield member(pool, "vnetSubnetID"), nodes * (pods + 1), f"{name}: {words} x ({pods} pods + 1)"
    else:
        yield member(pool, "vnetSubnetID"), nodes, f"{name}: {words}"


def _pools(resource: Resource, graph: Graph) -> list[tuple[Resource, str]]:
    return [(resource, pool) for pool in pool_paths(resource)] + [
        (each, "") for each in graph.children(resource, t.AGENT_POOL)
    ]


def _budget(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    taken: dict[tuple[tuple[str, str], ...], tuple[list[Subnet], int, list[str]]] = {}
    for owner, pool in _pools(resource, graph):
        try:
            for path, count, words in _takes(resource, owner, pool):
                subnets = [each for each in subnets_of(graph, owner, path) if not _is_delegated_elsewhere(each)]
                if subnets:
                    # Pools whose subnets are one of the same several are taken to share one: that needs the most.
                    key = tuple(each.key for each in subnets)
                    _, before, sums = taken.get(key, ([], 0, []))
                    taken[key] = (subnets, before + count, [*sums, words])
        except Undetermined as unknown:
            yield undetermined(str(unknown), unknown.path, owner)
    for subnets, count, words in taken.values():
        options = [list(_short(each, count, words, graph)) for each in subnets]
        yield from agreed(
            options, "which of the network's subnets its pools take is not known yet", "agentPoolProfiles"
        )


def _is_delegated_elsewhere(subnet: Subnet) -> bool:
    return any(each != "microsoft.containerservice/managedclusters" for each in subnet.delegations())


def _short(subnet: Subnet, count: int, words: list[str], graph: Graph) -> Iterator[Verdict]:
    prefix = subnet.prefix()
    held = sum(each.certain for each in endpoints_by_subnet(graph).get(subnet.key, []))
    if prefix and count + held > usable(prefix.prefixlen):
        yield fail(
            f"{prefix} of {subnet.label} has {usable(prefix.prefixlen)} addresses, {count} are needed "
            f"({'; '.join(words)}), allowed is /{fitting_prefix(count + held)} or larger"
        )


def _networks(resource: Resource, graph: Graph) -> list[Resource]:
    """The networks that a cluster lies in, and their peers."""
    found: dict[str, Resource] = {}
    for owner, pool in _pools(resource, graph):
        for each in graph.references(owner, member(pool, "vnetSubnetID"), t.SUBNET, t.NETWORK):
            network = each if each.type == t.NETWORK else graph.arm_parent(each)
            if network:
                found[network.urn] = network
    for network in list(found.values()):
        for peering in graph.children(network, t.PEERING):
            found |= {each.urn: each for each in graph.references(peering, "remoteVirtualNetwork.id", t.NETWORK)}
    return list(found.values())


def _ranges(resource: Resource) -> Iterator[tuple[str, IPv4Network]]:
    services = ipv4(resource.value("networkProfile.serviceCidr", DEFAULT_SERVICES))
    if services:
        yield "networkProfile.serviceCidr", services
    if network_mode(resource) in {"overlay", "kubenet"}:
        pods = ipv4(resource.value("networkProfile.podCidr", DEFAULT_PODS_RANGE))
        if pods:
            yield "networkProfile.podCidr", pods


def _apart(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for path, own in _ranges(resource):
        for reserved in RESERVED:
            if own.overlaps(reserved):
                yield fail(f"{path} is {own}, which meets {reserved} that AKS keeps", path)
        for network in _networks(resource, graph):
            for _, text in network.each("addressSpace.addressPrefixes"):
                space = ipv4(text)
                if space and own.overlaps(space):
                    yield fail(f"{path} is {own}, which overlaps {space} of {network.name}", path)


def _burst_subnets(resource: Resource, graph: Graph) -> list[Subnet]:
    return [
        subnet
        for network in _networks(resource, graph)
        for each in (network, *graph.children(network, t.SUBNET))
        for subnet in subnets_in(each, graph)
        if subnet.name.lower() == "cg"
    ]


def _has_burst(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if _burst_subnets(resource, graph) else "its network has no subnet cg for virtual nodes"


def _virtual_nodes(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for subnet in _burst_subnets(resource, graph):
        if DELEGATION.lower() not in subnet.delegations():
            yield fail(f"{subnet.label} is not delegated to {DELEGATION}, allowed is that delegation")
    mode = network_mode(resource)
    if mode in {"overlay", "kubenet"}:
        yield fail(f"pods are networked by {mode}, allowed is azure with addresses of the subnet", "networkProfile")
    held = set()
    acting = kubelet(graph, resource)
    for assignment in graph.of(t.ROLE_ASSIGNMENT):
        if set(acting) & set(principals(graph, assignment)):
            held.add(role_of(assignment))
    for role, name in (
        (_NETWORK_CONTRIBUTOR, "Network Contributor on cg"),
        (_CONTRIBUTOR, "Contributor on the node group"),
    ):
        if role not in held:
            yield fail(f"the kubelet identity lacks {name}")


RULES: tuple[Rule, ...] = (
    _cluster(
        _budget,
        id="MOOR-DOM-024",
        title="Subnet is too small for the cluster at its largest",
        severity="high",
        what="A subnet holds the nodes and pods of a cluster at its largest, while it is upgraded.",
        why="Validation passes, and the autoscaler or an upgrade fails months later.",
        remedy="give the pool a larger subnet, fewer nodes, or overlay",
        docs="aks/concepts-network-cni-overview",
        covers=("D24", "1.2#24", "AZR-000020", "APRL-e620fa98", "RC-AKS-06.04.02", "RC-AKS-06.04.05"),
        where=(has_pools,),
    ),
    _cluster(
        _apart,
        id="MOOR-DOM-124",
        title="Ranges of pods or services overlap a network",
        severity="high",
        what="Ranges of pods and services lie apart from the cluster's network, its peers and what AKS keeps.",
        why="Whoever has an address in both is reached never. Ranges cannot be changed later; what is not stated has a default.",
        remedy="state networkProfile.serviceCidr, dnsServiceIP and podCidr apart from all networks",
        docs="aks/concepts-network-cni-overview",
        covers=("D24",),
    ),
    _cluster(
        _virtual_nodes,
        id="MOOR-DOM-025",
        title="Virtual nodes lack what they need",
        severity="high",
        what="A cluster beside a subnet cg has what virtual nodes need.",
        why="The virtual node starts and its pods stay pending: delegation, flat network and two roles decide.",
        remedy="delegate the subnet, take networkPlugin azure without overlay, and grant both roles to the kubelet identity",
        docs="container-instances/container-instances-virtual-nodes",
        covers=("D25",),
        where=(_has_burst,),
    ),
)
