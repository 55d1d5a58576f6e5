"""Rules on the networks of AKS: addresses of nodes and pods, ranges of the cluster, and virtual nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from ipaddress import IPv4Network
from typing import Any

from planning.addresses import Consumer, fitting_prefix, size_advice, usable
from planning.aks import DEFAULT_POD_CIDR, FORBIDDEN, NETWORK_CONTRIBUTOR, SERVICE_SERVICE_CIDR
from planning.container_instances import DELEGATION
from planning.roles import ROLES
from planning.virtual_nodes import SUBNET, network_problem
from policies.model import Graph, Resource, Rule, Verdict, fail
from policies.rules import types as t
from policies.rules.aks_operations import network_mode
from policies.rules.aks_pools import all_pools, has_pools, member
from policies.rules.consumers import (
    Occupant,
    cluster_consumers,
    endpoint_consumers,
    endpoints_by_subnet,
    joint_key,
    occupant_need,
    others_by_subnet,
    pool_subnets,
)
from policies.rules.forms import agreed
from policies.rules.identities import kubelet
from policies.rules.relations import Subnet, ipv4, peers_of, principals, role_of, subnets_in

_cluster = partial(Rule, types=(t.CLUSTER,), pillar="reliability")


def _candidates(cluster: Resource, graph: Graph) -> dict[tuple[str, str], list[Subnet]]:
    """Return the subnets that each consumer of a cluster may be in, by its joint key."""
    found: dict[tuple[str, str], list[Subnet]] = {}
    for owner, pool in all_pools(graph, cluster):
        for name in ("vnetSubnetID", "podSubnetID"):
            subnets = pool_subnets(graph, owner, pool, name)
            if subnets:
                found[joint_key(subnets)] = subnets
    return found


def _budget(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    candidates = _candidates(resource, graph)
    taken: dict[tuple[str, str], list[Consumer]] = defaultdict(list)
    for consumer in cluster_consumers(graph, resource):
        if consumer.subnet in candidates:
            taken[consumer.subnet].append(consumer)
    for key, consumers in taken.items():
        options = [list(_short(each, consumers, resource, graph)) for each in candidates[key]]
        unknown = "the subnet of its node pools is not known yet"
        yield from agreed(options, unknown, "agentPoolProfiles")


def _short(subnet: Subnet, consumers: list[Consumer], cluster: Resource, graph: Graph) -> Iterator[Verdict]:
    """Judge one subnet by what the cluster takes, and by what others take for certain."""
    prefix = subnet.prefix()
    if prefix is None:
        return
    room, need = usable(prefix.prefixlen), sum(each.need for each in consumers)
    if need <= room:
        need += sum(_needs_of_others(subnet, cluster, graph))
    if need > room:
        words = "; ".join(f"{each.name}: {each.parts}" for each in consumers)
        sources = ", ".join(dict.fromkeys(each.source for each in consumers))
        yield fail(
            f"{prefix} of {subnet.label} has {room} addresses, {need} are needed ({words}), "
            f"{size_advice(fitting_prefix(need), registry=False)} [{sources}]"
        )


def _needs_of_others(subnet: Subnet, cluster: Resource, graph: Graph) -> Iterator[int]:
    for each in _certain(endpoints_by_subnet(graph).get(subnet.key, [])):
        yield from (consumer.need for consumer in endpoint_consumers(graph, each.resource, subnet))
    for each in _certain(others_by_subnet(graph).get(subnet.key, [])):
        if each.resource is not cluster and graph.arm_parent(each.resource) is not cluster:
            yield occupant_need(graph, subnet, each)


def _certain(occupants: list[Occupant]) -> list[Occupant]:
    return [each for each in occupants if each.certain]


def _networks(resource: Resource, graph: Graph) -> list[Resource]:
    """Return the virtual networks of a cluster."""
    found: dict[str, Resource] = {}
    for owner, pool in all_pools(graph, resource):
        for each in graph.references(owner, member(pool, "vnetSubnetID"), t.SUBNET, t.NETWORK):
            network = each if each.type == t.NETWORK else graph.arm_parent(each)
            if network:
                found[network.urn] = network
    return list(found.values())


def _with_peers(networks: list[Resource], graph: Graph) -> list[Resource]:
    peers = [each for network in networks for each in peers_of(graph, network)]
    return list({each.urn: each for each in (*networks, *peers)}.values())


def _ranges(resource: Resource) -> Iterator[tuple[str, IPv4Network]]:
    services = ipv4(resource.value("networkProfile.serviceCidr", str(SERVICE_SERVICE_CIDR)))
    if services:
        yield "networkProfile.serviceCidr", services
    if network_mode(resource) in {"overlay", "kubenet"}:
        pods = ipv4(resource.value("networkProfile.podCidr", str(DEFAULT_POD_CIDR)))
        if pods:
            yield "networkProfile.podCidr", pods


def _separate(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for path, own in _ranges(resource):
        for reserved in FORBIDDEN:
            if own.overlaps(reserved):
                yield fail(f"{path} is {own}, which overlaps {reserved} that AKS reserves [AKS-5]", path)
        for network in _with_peers(_networks(resource, graph), graph):
            for _, text in network.each("addressSpace.addressPrefixes"):
                space = ipv4(text)
                if space and own.overlaps(space):
                    yield fail(f"{path} is {own}, which overlaps {space} of {network.name} [AKS-5]", path)


def burst_subnets(resource: Resource, graph: Graph) -> list[Subnet]:
    """Return the subnets for virtual nodes in the networks of a cluster, which are not those of peered networks [VN-1]."""
    return [
        subnet
        for network in _networks(resource, graph)
        for each in (network, *graph.children(network, t.SUBNET))
        for subnet in subnets_in(each, graph)
        if subnet.name.lower() == SUBNET
    ]


def _has_burst(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if burst_subnets(resource, graph) else f"its network has no subnet {SUBNET} for virtual nodes"


def _virtual_nodes(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for subnet in burst_subnets(resource, graph):
        if DELEGATION.lower() not in subnet.delegations():
            yield fail(f"subnet {subnet.label} is not delegated to {DELEGATION}, expected that delegation [VN-1]")
    mode = network_mode(resource)
    problem = network_problem("azure" if mode in {"overlay", "flat"} else mode, mode)
    if problem:
        yield fail(f"networkProfile is {mode}, expected networkPlugin azure without overlay [VN-1]", "networkProfile")
    held = set()
    acting = kubelet(graph, resource)
    for assignment in graph.of(t.ROLE_ASSIGNMENT):
        if set(acting) & set(principals(graph, assignment)):
            held.add(role_of(assignment))
    for role, scope in ((NETWORK_CONTRIBUTOR, f"subnet {SUBNET}"), (ROLES["Contributor"], "node resource group")):
        if role.guid not in held:
            yield fail(f"the kubelet identity does not have {role.name} on the {scope}, expected that role [VN-5]")


RULES: tuple[Rule, ...] = (
    _cluster(
        _budget,
        id="MOOR-DOM-024",
        title="Subnet has too few addresses for the cluster",
        severity="high",
        what="A subnet has addresses for the nodes and pods of a cluster at its largest, while it is upgraded.",
        why="Azure accepts the cluster, and the autoscaler or an upgrade fails months later.",
        remedy="set vnetSubnetID or podSubnetID to a larger subnet, lower maxCount or maxPods, or use networkPluginMode: overlay",
        docs="aks/concepts-network-ip-address-planning",
        covers=("D24", "1.2#24", "AZR-000020", "APRL-e620fa98", "RC-AKS-06.04.02", "RC-AKS-06.04.05"),
        where=(has_pools,),
    ),
    _cluster(
        _separate,
        id="MOOR-DOM-124",
        title="Pod or service CIDR overlaps a virtual network",
        severity="high",
        what="The pod and service CIDR of a cluster are separate from its network, the peers of the network, and "
        "reserved ranges.",
        why="Addresses that exist twice cannot be reached. The ranges cannot be changed later, and have defaults where they are "
        "not stated.",
        remedy="set networkProfile.serviceCidr, dnsServiceIP and podCidr to ranges outside all networks",
        docs="aks/concepts-network-cni-overview",
        covers=("D24",),
    ),
    _cluster(
        _virtual_nodes,
        id="MOOR-DOM-025",
        title="Requirements of virtual nodes are not met",
        severity="high",
        what="A cluster in a network with a subnet for virtual nodes meets the requirements of virtual nodes.",
        why="Otherwise the virtual node starts and its pods stay pending: it requires a delegation, a flat network "
        "and two roles.",
        remedy="delegate the subnet, set networkProfile.networkPlugin: azure without overlay, and assign both roles to "
        "the kubelet identity",
        docs="container-instances/container-instances-virtual-nodes",
        covers=("D25",),
        where=(_has_burst,),
    ),
)
