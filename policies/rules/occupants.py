"""Who takes addresses from which subnet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from policies.model import Graph, Resource, Undetermined
from policies.rules import types as t
from policies.rules.relations import Subnet, connections_of, is_on, once_a_graph, regions_of, subnets_of

Key = tuple[str, str]

_PLACES: Final[dict[str, tuple[str, ...]]] = {
    t.CLUSTER: ("agentPoolProfiles.{}.vnetSubnetID", "agentPoolProfiles.{}.podSubnetID"),
    t.AGENT_POOL: ("vnetSubnetID", "podSubnetID"),
    t.ENVIRONMENT: ("vnetConfiguration.infrastructureSubnetId",),
    t.SANDBOX_CONNECTION: ("subnetId",),
    t.CONTAINER_GROUP: ("subnetIds.0.id",),
}
"""Where a resource other than a private endpoint names its subnet."""


@dataclass(frozen=True, slots=True)
class Occupant:
    """Something that takes addresses from a subnet.

    Attributes:
        resource: what it is.
        certain: whether it is this subnet for sure; else only the network is known so far, and it has several.
    """

    resource: Resource
    certain: bool


def _paths(resource: Resource) -> list[str]:
    found = []
    for path in _PLACES.get(resource.type, ()):
        if "{}" not in path:
            found.append(path)
            continue
        try:
            pools = len(resource.value("agentPoolProfiles", ()))
        except Undetermined:
            pools = 0
        found += [path.format(at) for at in range(pools)]
    return found


def subnets_taken(graph: Graph, resource: Resource) -> dict[str, list[Subnet]]:
    """Return the subnets that a resource names, by dotted path; several where which one is not known yet."""
    found = {path: subnets_of(graph, resource, path) for path in _paths(resource) if _is_stated(resource, path)}
    return {path: subnets for path, subnets in found.items() if subnets}


def _is_stated(resource: Resource, path: str) -> bool:
    try:
        return resource.value(path) is not None
    except Undetermined:
        return True


def endpoint_subnets(graph: Graph, endpoint: Resource) -> list[Subnet]:
    """Return the subnets that a private endpoint may lie in: those that are delegated or special cannot hold one."""
    found = subnets_of(graph, endpoint, "subnet.id")
    if len(found) < 2:
        return found
    fitting = [each for each in found if _may_hold_endpoints(each)]
    return fitting or found


def _may_hold_endpoints(subnet: Subnet) -> bool:
    try:
        return not subnet.delegations() and not subnet.name.lower().startswith(("gateway", "azure"))
    except Undetermined:
        return True


@once_a_graph
def endpoints_by_subnet(graph: Graph) -> dict[Key, list[Occupant]]:
    """Return the private endpoints by subnet."""
    found: dict[Key, list[Occupant]] = defaultdict(list)
    for endpoint in graph.of(t.PRIVATE_ENDPOINT):
        subnets = endpoint_subnets(graph, endpoint)
        for subnet in subnets:
            found[subnet.key].append(Occupant(endpoint, len(subnets) == 1))
    return dict(found)


@once_a_graph
def others_by_subnet(graph: Graph) -> dict[Key, list[Occupant]]:
    """Return by subnet what takes addresses there and is no private endpoint."""
    found: dict[Key, dict[str, Occupant]] = defaultdict(dict)
    for resource in graph.of(*_PLACES):
        for subnets in subnets_taken(graph, resource).values():
            for subnet in subnets:
                found[subnet.key][resource.urn] = Occupant(resource, len(subnets) == 1)
    return {key: list(each.values()) for key, each in found.items()}


def reaches_registry(graph: Graph, endpoint: Resource) -> bool:
    """Whether a private endpoint reaches a registry, of this program or made elsewhere."""
    return any("registry" in each.groups for each in connections_of(graph, endpoint))


@dataclass(frozen=True, slots=True)
class Need:
    """Addresses that a private endpoint takes.

    Attributes:
        now: taken now.
        parts: the same in words.
        next_replica: further ones that the next replica takes.
    """

    now: int
    parts: str
    next_replica: int = 0


def need_of(graph: Graph, endpoint: Resource, made_elsewhere: int | None = None) -> Need:
    """Return the addresses that a private endpoint takes: 1 + N for a registry, N more with regional endpoints [ACR-7].

    Args:
        graph: all resources.
        endpoint: the private endpoint.
        made_elsewhere: what it takes for a registry that the program does not make.

    Raises:
        Undetermined: replicas, a switch, or a registry made elsewhere decide and are not known.
    """
    total, words, next_replica = 0, [], 0
    for link in connections_of(graph, endpoint):
        registries = [each for each in link.targets if each.type == t.REGISTRY]
        if registries:
            count = len(regions_of(graph, registries[0]))
            regional = is_on(registries[0], "regionalEndpoints")
            total += 1 + count * (2 if regional else 1)
            words.append(f"1 global + {count} data" + (f" + {count} regional" if regional else ""))
            next_replica += 2 if regional else 1
        elif "registry" in link.groups:
            if made_elsewhere is None:
                reason = f"{endpoint.name} reaches a registry made elsewhere: configure how many addresses that takes"
                raise Undetermined(f"{link.path}.privateLinkServiceId", reason)
            total += made_elsewhere
            words.append(f"{made_elsewhere} for a registry made elsewhere")
        else:
            total += 1
            words.append("1")
    return Need(total, f"{endpoint.name}: {' + '.join(words) or '1'}", next_replica)
