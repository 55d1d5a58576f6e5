"""Domain rules on addresses of private endpoints and networks: what Azure refuses late, and without naming the subnet."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from typing import Any

from planning.addresses import REGISTRY_MINIMUM_PREFIX, fitting_prefix, usable
from planning.networks import overlap_problems, subnet_problems
from policies.model import Graph, Resource, Rule, RuleConfig, Undetermined, Verdict, fail, undetermined
from policies.rules import types as t
from policies.rules.forms import EVERYWHERE, REGULATED, agreed, declare
from policies.rules.network import every_subnet
from policies.rules.occupants import (
    Occupant,
    endpoint_subnets,
    endpoints_by_subnet,
    need_of,
    others_by_subnet,
    reaches_registry,
)
from policies.rules.relations import Subnet, all_subnets, ipv4, is_outside, subnets_in, subnets_of

_DOCS = "container-registry/container-registry-private-endpoints"
_subnets = partial(declare, types=(t.NETWORK, t.SUBNET), pillar="reliability", docs=_DOCS)


class Room(RuleConfig):
    """Further replicas to keep addresses for, and what endpoints of registries made elsewhere take."""

    headroom: int = 0
    registry_made_elsewhere: int | None = None


class Outside(RuleConfig):
    """Free addresses of subnets that the program does not make, by ARM id; and what a registry made elsewhere takes."""

    free: dict[str, int] = {}
    registry_made_elsewhere: int | None = None


class Advised(RuleConfig):
    """Longest prefix of a subnet for endpoints of a registry that will grow."""

    longest_prefix: int = 24


def _holds_endpoints(resource: Resource, graph: Graph, config: Any) -> str | None:
    held = endpoints_by_subnet(graph)
    inside = [subnet for subnet in subnets_in(resource, graph) if subnet.key in held]
    return None if inside else "no private endpoint lies in it"


def _holds_registry(resource: Resource, graph: Graph, config: Any) -> str | None:
    held = endpoints_by_subnet(graph)
    for subnet in subnets_in(resource, graph):
        if any(reaches_registry(graph, each.resource) for each in held.get(subnet.key, ())):
            return None
    return "no private endpoint of a registry lies in it"


def _room(subnet: Subnet, graph: Graph, config: Room) -> Iterator[Verdict]:
    held = endpoints_by_subnet(graph).get(subnet.key, [])
    if not held:
        return
    prefix = subnet.prefix()
    if prefix is None:
        yield undetermined(f"subnet {subnet.label} states no range", subnet.at("addressPrefix"))
        return
    needs = [(each.certain, need_of(graph, each.resource, config.registry_made_elsewhere)) for each in held]
    others = len(others_by_subnet(graph).get(subnet.key, []))
    room = usable(prefix.prefixlen) - others
    sure = sum(need.now + config.headroom * need.next_replica for certain, need in needs if certain)
    most = sum(need.now + config.headroom * need.next_replica for _, need in needs)
    parts = "; ".join(need.parts for certain, need in needs if certain)
    if sure > room:
        fit = fitting_prefix(sure + others)
        keep = f" and {config.headroom} more replica(s)" if config.headroom else ""
        yield fail(
            f"{prefix} of {subnet.label} has {room} addresses for private endpoints, {sure} are needed ({parts}){keep}, "
            f"allowed is /{fit} or larger",
            subnet.at("addressPrefix"),
        )
    elif most > room:
        yield undetermined(f"which private endpoints lie in {subnet.label} is not known yet, all of them need {most}")


def _registry_endpoints(subnet: Subnet, graph: Graph) -> list[Occupant]:
    held = endpoints_by_subnet(graph).get(subnet.key, [])
    return [each for each in held if reaches_registry(graph, each.resource)]


def _dedicated(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    """Judge what each endpoint's subnet is known to be, or what holds of all that it may lie in."""
    judged = set[tuple[tuple[str, str], ...]]()
    for subnet in subnets_in(resource, graph):
        for endpoint in _registry_endpoints(subnet, graph):
            candidates = endpoint_subnets(graph, endpoint.resource)
            key = tuple(each.key for each in candidates)
            if key not in judged:
                judged.add(key)
                options = [[*_large(each), *_alone(each, graph)] for each in candidates]
                yield from agreed(options, f"in which subnet {endpoint.resource.name} lies is not known yet", "subnets")


def _large(subnet: Subnet) -> Iterator[Verdict]:
    prefix = subnet.prefix()
    if prefix and prefix.prefixlen > REGISTRY_MINIMUM_PREFIX:
        words = (
            f"{prefix} of {subnet.label} is for a registry's private endpoint, allowed is /{REGISTRY_MINIMUM_PREFIX}"
        )
        yield fail(f"{words} or larger", subnet.at("addressPrefix"))


def _alone(subnet: Subnet, graph: Graph) -> Iterator[Verdict]:
    """Who else is known to be in the subnet; who may be in it is told by the subnet that it takes in the end."""
    strangers = [each.resource.name for each in others_by_subnet(graph).get(subnet.key, []) if each.certain]
    if strangers or subnet.delegations():
        found = ", ".join([*strangers, *(f"delegation to {each}" for each in subnet.delegations())])
        yield fail(f"{subnet.label} holds {found} beside private endpoints, allowed are these alone", subnet.at("name"))


def _spacious(subnet: Subnet, graph: Graph, config: Advised) -> Iterator[Verdict]:
    prefix = subnet.prefix()
    held = [each for each in _registry_endpoints(subnet, graph) if each.certain]
    if held and prefix and prefix.prefixlen > config.longest_prefix:
        yield fail(
            f"{prefix} of {subnet.label} holds a registry's private endpoint, advised is /{config.longest_prefix}",
            subnet.at("addressPrefix"),
        )


def _outside(resource: Resource, graph: Graph, config: Outside) -> Iterator[Verdict]:
    if not is_outside(graph, resource, "subnet.id", t.SUBNET, t.NETWORK):
        if not subnets_of(graph, resource, "subnet.id"):
            yield undetermined("which subnet it lies in is not known yet", "subnet.id")
        return
    subnet = str(resource.value("subnet.id"))
    free = {name.lower(): count for name, count in config.free.items()}.get(subnet.lower())
    short = "/".join(subnet.split("/")[-3::2])
    if free is None:
        yield undetermined(
            f"how many addresses are free in {short} is declared nowhere: state it under free", "subnet.id"
        )
        return
    need = need_of(graph, resource, config.registry_made_elsewhere)
    if need.now > free:
        yield fail(f"{short} has {free} free addresses, {need.now} are needed ({need.parts})", "subnet.id")


def _to_registry(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if reaches_registry(graph, resource) else "it reaches no registry"


def _made_here(resource: Resource, graph: Graph, config: Any) -> str | None:
    within = subnets_of(graph, resource, "subnet.id")
    return "its subnet is part of the program, MOOR-DOM-001 judges it" if within else None


def _spaces(network: Resource) -> dict[tuple[str, ...], Any]:
    found = {}
    for path, text in network.each("addressSpace.addressPrefixes"):
        space = ipv4(text)
        if space:
            found[(network.name, path)] = space
    return found


def _plan(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    own = _spaces(resource)
    inside = [subnet for subnet in all_subnets(graph) if subnet.network is resource]
    ranges = {}
    for subnet in inside:
        try:
            prefix = subnet.prefix()
        except Undetermined as unknown:
            yield undetermined(f"the range of subnet {subnet.label} is not known yet", unknown.path)
            continue
        if prefix:
            ranges[("subnet", subnet.name)] = prefix
    for problem in subnet_problems(own.values(), ranges) if own else []:
        yield fail(f"{'.'.join(problem.path)}: {problem.message}", "subnets")
    peers = [
        other
        for peering in graph.children(resource, t.PEERING)
        for other in graph.references(peering, "remoteVirtualNetwork.id", t.NETWORK)
    ]
    around = {each.urn: each for each in (resource, *peers)}
    for first, second in combinations(around.values(), 2):
        for problem in overlap_problems({**_spaces(first), **_spaces(second)}):
            yield fail(f"peered networks overlap: {problem.message}", "addressSpace.addressPrefixes")


RULES: tuple[Rule, ...] = (
    _subnets(
        every_subnet(_room),
        id="MOOR-DOM-001",
        title="Subnet is too small for its private endpoints",
        severity="critical",
        what="A subnet has addresses for every member of its private endpoints.",
        why="A registry's endpoint takes one address, one for each region's data host, and one more for each with regional "
        "endpoints. When one subnet is short, Azure rolls the replica back and names neither the subnet nor the network.",
        remedy="give the subnet a larger range first, then the replica",
        covers=("D1",),
        profiles=EVERYWHERE,
        config=Room,
        where=(_holds_endpoints,),
    ),
    _subnets(
        _dedicated,
        id="MOOR-DOM-002",
        title="Subnet for a registry's endpoint is small or shared",
        severity="high",
        what="A subnet with a registry's private endpoint is /27 or larger and holds private endpoints only.",
        why="Whatever else grows there takes the addresses that the next replica needs.",
        remedy="give private endpoints a subnet of their own",
        covers=("D2",),
        where=(_holds_registry,),
    ),
    _subnets(
        every_subnet(_spacious),
        id="MOOR-DOM-102",
        title="Subnet for a registry's endpoint leaves little to grow",
        severity="medium",
        what="A subnet with a registry's private endpoint is /24 where there is room.",
        why="A subnet that holds endpoints cannot be resized; /24 holds any number of replicas.",
        remedy="take a larger range while it is empty, or configure longest_prefix",
        covers=("D2",),
        profiles=REGULATED,
        config=Advised,
        where=(_holds_registry,),
    ),
    declare(
        _outside,
        types=(t.PRIVATE_ENDPOINT,),
        pillar="reliability",
        docs=_DOCS,
        id="MOOR-DOM-003",
        title="Nobody knows what is free in a subnet made elsewhere",
        severity="high",
        what="Subnets made elsewhere are declared with the addresses that are free in them.",
        why="A new replica needs room in every network with an endpoint at once, those of other teams too.",
        remedy="state the free addresses of that subnet, or have it grown",
        covers=("D3",),
        config=Outside,
        where=(_to_registry, _made_here),
    ),
    declare(
        _plan,
        types=(t.NETWORK,),
        pillar="reliability",
        id="MOOR-DOM-026",
        title="Ranges overlap",
        severity="high",
        what="Subnets lie apart within their network, and peered networks lie apart.",
        why="Azure refuses the later one, after the earlier exists.",
        remedy="give each a range of its own",
        docs="virtual-network/concepts-and-best-practices",
        covers=("D26",),
        profiles=EVERYWHERE,
    ),
)
