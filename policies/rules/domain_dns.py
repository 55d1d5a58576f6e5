"""Rules on private DNS zones of private endpoints: which zone contains the records, and which networks resolve them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from planning import private_link
from policies.model import EVERYWHERE, Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.consumers import networks_of_compute
from policies.rules.relations import (
    connections_of,
    is_domain_of_environment,
    linked_networks,
    network_of,
    once_a_graph,
    peers_of,
    zones_fed_by,
)

_REGIONAL = ("geo.", "data.")
_zone = partial(
    Rule, types=(t.ZONE,), pillar="reliability", docs="container-registry/container-registry-private-endpoints"
)


class Consumers(RuleConfig):
    """Logical names of networks whose containers do not pull from the registry."""

    except_networks: tuple[str, ...] = ()


def zone_name(zone: Resource) -> str:
    """Return the DNS name of a zone in lower case.

    Raises:
        Undetermined: it is not known yet.
    """
    return str(zone.value("privateZoneName", "")).lower().rstrip(".")


@once_a_graph
def _fed(graph: Graph) -> dict[str, list[Resource]]:
    """Return private endpoints by the zone that their zone groups write to."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for endpoint in graph.of(t.PRIVATE_ENDPOINT):
        for zone in zones_fed_by(graph, endpoint):
            found[zone.urn].append(endpoint)
    return dict(found)


def _stray(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not _fed(graph).get(resource.urn):
        found = f"{zone_name(resource)} overrides names of the registry zone and no zone group writes to it"
        yield fail(f"{found}, expected one", "privateZoneName")


def _is_regional(resource: Resource, graph: Graph, config: Any) -> str | None:
    if is_domain_of_environment(graph, resource):
        return "its name is the domain of a Container Apps environment"
    name = zone_name(resource)
    below = next((part for part in _REGIONAL if part in name), None)
    regional = below and private_link.is_registry_zone(name.partition(below)[2])
    return None if regional else f"{name} is not a zone of regional registry hosts"


def _is_of_registry(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = zone_name(resource)
    return None if private_link.is_registry_zone(name) else f"{name} is not the zone of registries"


def _is_private_link(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = zone_name(resource)
    return None if private_link.is_private_link(name) else f"{name} is not a zone of private link"


def _linked(resource: Resource, graph: Graph, config: Consumers) -> Iterator[Verdict]:
    linked = linked_networks(graph, resource)
    for endpoint in _fed(graph).get(resource.urn, []):
        network = network_of(graph, endpoint)
        for consumer in _consuming(graph, network) if network else []:
            if consumer not in linked and consumer.name not in config.except_networks:
                served = any(consumer in linked_networks(graph, other) for other in _others(graph, resource))
                if not served:
                    yield fail(
                        f"{consumer.name} runs containers and is not linked to {zone_name(resource)}, expected a link"
                    )


def _others(graph: Graph, zone: Resource) -> list[Resource]:
    name = zone_name(zone)
    named = [each for each in graph.of(t.ZONE) if each is not zone and not is_domain_of_environment(graph, each)]
    return [each for each in named if zone_name(each) == name]


def _consuming(graph: Graph, network: Resource) -> list[Resource]:
    """Return the networks that run containers and reach an endpoint: that of the endpoint, and its peers."""
    running = {each.urn for networks in networks_of_compute(graph).values() for each in networks}
    return [each for each in (network, *peers_of(graph, network)) if each.urn in running]


def _one_writer(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    by_target: dict[str, list[str]] = defaultdict(list)
    for endpoint in _fed(graph).get(resource.urn, []):
        for link in connections_of(graph, endpoint):
            for target in link.targets:
                by_target[target.name].append(endpoint.name)
    for target, names in by_target.items():
        if len(names) > 1:
            yield fail(f"{', '.join(names)} write the records of {target} to this zone, expected one private endpoint")


def _is_fed(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if _fed(graph).get(resource.urn) else "no zone group of the program writes to it"


RULES: tuple[Rule, ...] = (
    _zone(
        _stray,
        id="MOOR-DOM-017",
        title="Private DNS zone of a single region has no zone group",
        severity="high",
        what="A private DNS zone for regional or data endpoints of a registry exists only with a zone group that writes to it.",
        why="A zone `<region>.data.privatelink.azurecr.io` answers for its names before privatelink.azurecr.io. "
        "Without records in it, "
        "pulls fail with NXDOMAIN.",
        remedy="remove the zone, or add it to privateDnsZoneConfigs of the private endpoint",
        covers=("D17",),
        profiles=EVERYWHERE,
        where=(_is_regional,),
    ),
    _zone(
        _linked,
        id="MOOR-DOM-117",
        title="Private DNS zone of the registry is not linked to a network that runs containers",
        severity="high",
        what="The private DNS zone of a registry is linked to every network that runs containers and reaches the "
        "private endpoint.",
        why="A peered network without the link resolves the public address, which refuses it. Networks without "
        "containers, such as a "
        "hub, need no link.",
        remedy="add a virtualNetworkLinks resource with the network in virtualNetwork.id, or list the network in except_networks",
        covers=("D17", "1.4#21"),
        config=Consumers,
        where=(_is_fed, _is_of_registry),
    ),
    _zone(
        _one_writer,
        id="MOOR-DOM-217",
        title="Several private endpoints write to one private DNS zone",
        severity="high",
        what="One private endpoint of a service writes its records to a private DNS zone.",
        why="The records have the same names, and the last writer wins: clients in the other network get an address "
        "that they may not "
        "reach.",
        remedy="use a separate zone in privateDnsZoneConfigs of each private endpoint, linked to the networks of its clients",
        covers=("D17",),
        profiles=EVERYWHERE,
        where=(_is_fed, _is_private_link),
    ),
)
