"""Rules on the addresses of private endpoints and networks, which Azure refuses late and without naming the subnet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import combinations
from typing import Any

from planning.addresses import (
    REGISTRY_ADVISED_PREFIX,
    REGISTRY_MINIMUM_PREFIX,
    fitting_prefix,
    shared_with_registry,
    size_advice,
    small_for_registry,
    usable,
)
from planning.networks import overlap_problems, subnet_problems
from policies.model import (
    EVERYWHERE,
    REGULATED,
    Graph,
    Resource,
    Rule,
    RuleConfig,
    Undetermined,
    Verdict,
    fail,
    undetermined,
)
from policies.rules import types as t
from policies.rules.consumers import (
    Occupant,
    endpoint_consumers,
    endpoint_subnets,
    endpoints_by_subnet,
    neighbours,
    occupant_need,
    others_by_subnet,
)
from policies.rules.forms import agreed
from policies.rules.network import every_subnet
from policies.rules.relations import (
    Subnet,
    all_subnets,
    connects_to_registry,
    ipv4,
    is_outside,
    peers_of,
    reaches_registry,
    subnets_in,
    subnets_of,
)

_DOCS = "container-registry/container-registry-private-endpoints"
_subnets = partial(Rule, types=(t.NETWORK, t.SUBNET), pillar="reliability", docs=_DOCS)


class Room(RuleConfig):
    """Further geo-replicas to keep addresses for, and addresses of endpoints of registries outside the program."""

    headroom: int = 0
    registry_made_elsewhere: int | None = None


class Outside(RuleConfig):
    """Free addresses of subnets outside the program by ARM id, and addresses of endpoints of registries outside it.

    A stack file states the former in `free_addresses` of a subnet.
    """

    free: dict[str, int] = {}
    registry_made_elsewhere: int | None = None


class Advised(RuleConfig):
    """Longest prefix of a subnet for private endpoints of a registry."""

    longest_prefix: int = REGISTRY_MINIMUM_PREFIX


class Spacious(RuleConfig):
    """Longest prefix of a subnet for private endpoints of a registry that will be replicated further."""

    longest_prefix: int = REGISTRY_ADVISED_PREFIX


def _holds_endpoints(resource: Resource, graph: Graph, config: Any) -> str | None:
    held = endpoints_by_subnet(graph)
    inside = [subnet for subnet in subnets_in(resource, graph) if subnet.key in held]
    return None if inside else "it has no private endpoint"


def _holds_registry(resource: Resource, graph: Graph, config: Any) -> str | None:
    inside = [each for subnet in subnets_in(resource, graph) for each in _registry_endpoints(subnet, graph)]
    return None if inside else "it has no private endpoint of a registry"


def _registry_endpoints(subnet: Subnet, graph: Graph) -> list[Occupant]:
    held = endpoints_by_subnet(graph).get(subnet.key, [])
    return [each for each in held if reaches_registry(graph, each.resource)]


def _room(subnet: Subnet, graph: Graph, config: Room) -> Iterator[Verdict]:
    held = endpoints_by_subnet(graph).get(subnet.key, [])
    if not held:
        return
    prefix = subnet.prefix()
    if prefix is None:
        yield undetermined(f"addressPrefix of subnet {subnet.label} is not set", subnet.at("addressPrefix"))
        return
    # Only consumers that are certain make the rule fail; one that may exist makes the verdict undetermined.
    sure, most, parts, keeps = 0, 0, [], False
    for each in held:
        for consumer in endpoint_consumers(graph, each.resource, subnet, config.registry_made_elsewhere):
            need = consumer.need + config.headroom * consumer.next_replica
            most += need
            if each.certain:
                sure, keeps = sure + need, keeps or bool(config.headroom * consumer.next_replica)
                parts.append(f"{consumer.name}: {consumer.parts}")
    others = others_by_subnet(graph).get(subnet.key, [])
    taken = sum(occupant_need(graph, subnet, each) for each in others if each.certain)
    room = usable(prefix.prefixlen) - taken
    if sure > room:
        keep = f" with {config.headroom} more replica(s)" if keeps else ""
        advice = size_advice(fitting_prefix(sure + taken), registry=bool(_registry_endpoints(subnet, graph)))
        yield fail(
            f"{prefix} of {subnet.label} has {room} addresses for private endpoints, {sure} are needed "
            f"({'; '.join(parts)}){keep}, "
            f"{advice} [ACR-7]",
            subnet.at("addressPrefix"),
        )
    elif most > room:
        yield undetermined(f"the private endpoints in {subnet.label} are not known yet, all together need {most}")


def _each_endpoint(
    resource: Resource, graph: Graph, item: Callable[[Subnet, Resource], Iterator[Verdict]]
) -> Iterator[Verdict]:
    """Judge the subnet of each endpoint of a registry, or what is true of all subnets that it may be in."""
    judged = set[tuple[tuple[str, str], ...]]()
    for subnet in subnets_in(resource, graph):
        for endpoint in _registry_endpoints(subnet, graph):
            candidates = endpoint_subnets(graph, endpoint.resource)
            key = tuple(each.key for each in candidates)
            if key not in judged:
                judged.add(key)
                options = [list(item(each, endpoint.resource)) for each in candidates]
                yield from agreed(options, f"the subnet of {endpoint.resource.name} is not known yet", "subnets")


def _dedicated(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    yield from _each_endpoint(resource, graph, lambda subnet, endpoint: _shared(subnet, endpoint, graph))


def _shared(subnet: Subnet, endpoint: Resource, graph: Graph) -> Iterator[Verdict]:
    endpoints = {each.resource.name for each in endpoints_by_subnet(graph).get(subnet.key, ())}
    strangers = [each for each in neighbours(graph, subnet, endpoint) if each not in endpoints]
    found = [*strangers, *(f"a delegation to {each}" for each in subnet.delegations())]
    problem = shared_with_registry(found)
    if problem:
        yield fail(f"{subnet.label} {problem}", subnet.at("name"))


def _advised(resource: Resource, graph: Graph, config: Advised | Spacious) -> Iterator[Verdict]:
    yield from _each_endpoint(resource, graph, lambda subnet, _: _small(subnet, config))


def _small(subnet: Subnet, config: Advised | Spacious) -> Iterator[Verdict]:
    prefix = subnet.prefix()
    if prefix is None or prefix.prefixlen <= config.longest_prefix:
        return
    problem = small_for_registry(prefix) if config.longest_prefix == REGISTRY_MINIMUM_PREFIX else None
    words = (
        problem or f"{prefix} contains a private endpoint of a registry, expected /{config.longest_prefix} or larger"
    )
    yield fail(f"subnet {subnet.label}: {words}", subnet.at("addressPrefix"))


def _outside(resource: Resource, graph: Graph, config: Outside) -> Iterator[Verdict]:
    if not is_outside(graph, resource, "subnet.id", t.SUBNET, t.NETWORK):
        if not subnets_of(graph, resource, "subnet.id"):
            yield undetermined("its subnet is not known yet", "subnet.id")
        return
    subnet = str(resource.value("subnet.id"))
    free = {name.lower(): count for name, count in config.free.items()}.get(subnet.lower())
    short = "/".join(subnet.split("/")[-3::2])
    if free is None:
        yield undetermined(f"the free addresses of {short} are not stated", "subnet.id")
        return
    consumers = list(endpoint_consumers(graph, resource, None, config.registry_made_elsewhere))
    need, parts = sum(each.need for each in consumers), " + ".join(each.parts for each in consumers)
    if need > free:
        yield fail(f"{short} has {free} free addresses, {need} are needed ({parts})", "subnet.id")


def _part_of_the_program(resource: Resource, graph: Graph, config: Any) -> str | None:
    within = subnets_of(graph, resource, "subnet.id")
    return "its subnet is part of the program, which MOOR-DOM-001 judges" if within else None


def _spaces(network: Resource) -> dict[tuple[str, ...], Any]:
    found = {}
    for path, text in network.each("addressSpace.addressPrefixes"):
        space = ipv4(text)
        if space:
            found[(network.name, path)] = space
    return found


def _plan(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    own = _spaces(resource)
    ranges = {}
    for subnet in (each for each in all_subnets(graph) if each.network is resource):
        try:
            prefix = subnet.prefix()
        except Undetermined as unknown:
            yield undetermined(f"addressPrefix of subnet {subnet.label} is not known yet", unknown.path)
            continue
        if prefix:
            ranges[("subnet", subnet.name)] = prefix
    for problem in subnet_problems(own.values(), ranges) if own else []:
        yield fail(f"{'.'.join(problem.path)}: {problem.message}", "subnets")
    networks = {each.urn: each for each in (resource, *peers_of(graph, resource))}
    for first, second in combinations(networks.values(), 2):
        for problem in overlap_problems({**_spaces(first), **_spaces(second)}):
            yield fail(f"peered networks overlap: {problem.message}", "addressSpace.addressPrefixes")


RULES: tuple[Rule, ...] = (
    _subnets(
        every_subnet(_room),
        id="MOOR-DOM-001",
        title="Subnet has too few addresses for private endpoints",
        severity="critical",
        what="A subnet has an address for every member of its private endpoints.",
        why="The private endpoint of a registry takes one address, one for the data endpoint of each region, and one for each "
        "regional endpoint. If a subnet lacks addresses, Azure rolls the replica back and names neither the "
        "subnet nor the network.",
        remedy="enlarge addressPrefix first, then add the replication",
        covers=("D1",),
        profiles=EVERYWHERE,
        config=Room,
        where=(_holds_endpoints,),
    ),
    _subnets(
        _dedicated,
        id="MOOR-DOM-002",
        title="Subnet for private endpoints of the registry is shared",
        severity="high",
        what="A subnet with a private endpoint of a registry contains private endpoints only.",
        why="Other resources take the addresses that the next geo-replica needs.",
        remedy="move subnet.id of the other resources, or of the private endpoint, to a separate subnet",
        covers=("D2",),
        where=(_holds_registry,),
    ),
    _subnets(
        _advised,
        id="MOOR-DOM-202",
        title="Subnet for private endpoints of the registry is smaller than /27",
        severity="medium",
        what="A subnet with a private endpoint of a registry is /27 or larger.",
        why="The guidance of the service advises /27. A smaller subnet works while it has addresses, which "
        "MOOR-DOM-001 checks, and "
        "the check of a stack file warns about it likewise. A subnet that contains resources cannot be resized.",
        remedy="enlarge addressPrefix while the subnet is empty, or configure longest_prefix",
        covers=("D2",),
        config=Advised,
        where=(_holds_registry,),
    ),
    _subnets(
        _advised,
        id="MOOR-DOM-102",
        title="Subnet for private endpoints of the registry is smaller than /24",
        severity="medium",
        what="A subnet with a private endpoint of a registry is /24 where the network has room.",
        why="A subnet that contains resources cannot be resized. A /24 has room for any number of geo-replicas.",
        remedy="enlarge addressPrefix while the subnet is empty, or configure longest_prefix",
        covers=("D2",),
        profiles=REGULATED,
        config=Spacious,
        where=(_holds_registry,),
    ),
    Rule(
        _outside,
        types=(t.PRIVATE_ENDPOINT,),
        pillar="reliability",
        docs=_DOCS,
        id="MOOR-DOM-003",
        title="Free addresses of an external subnet are insufficient or unknown",
        severity="high",
        what="Subnets outside the program have enough free addresses for private endpoints of registries.",
        why="A new geo-replica needs addresses in every attached network at once, also in networks of other teams.",
        remedy="state free_addresses of the subnet in the stack file or in free, or enlarge the subnet",
        covers=("D3",),
        config=Outside,
        where=(connects_to_registry, _part_of_the_program),
    ),
    Rule(
        _plan,
        types=(t.NETWORK,),
        pillar="reliability",
        id="MOOR-DOM-026",
        title="Address ranges overlap",
        severity="high",
        what="Subnets of a network, and peered networks, have separate address ranges.",
        why="Azure refuses the second one, after the first has been created.",
        remedy="change addressPrefix or addressSpace.addressPrefixes to separate ranges",
        docs="virtual-network/concepts-and-best-practices",
        covers=("D26",),
        profiles=EVERYWHERE,
    ),
)
