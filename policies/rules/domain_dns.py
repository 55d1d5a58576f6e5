"""Domain rules on private DNS: which zones answer for a registry, and for whom."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import EVERYWHERE, declare
from policies.rules.relations import (
    connections_of,
    linked_networks,
    network_of,
    once_a_graph,
    zones_fed_by,
)

_REGIONAL = re.compile(r"(?:\w+\.)?(geo|data)\.privatelink\.azurecr\.(io|us|cn)$")
_zone = partial(
    declare, types=(t.ZONE,), pillar="reliability", docs="container-registry/container-registry-private-endpoints"
)


class Consumers(RuleConfig):
    """Logical names of networks from which nobody pulls."""

    except_networks: tuple[str, ...] = ()


def zone_name(zone: Resource) -> str:
    """Return a zone's DNS name in lower case.

    Raises:
        Undetermined: it is not known yet.
    """
    return str(zone.value("privateZoneName", "")).lower().rstrip(".")


@once_a_graph
def _fed(graph: Graph) -> dict[str, list[Resource]]:
    """Private endpoints by the zone that they write to."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for endpoint in graph.of(t.PRIVATE_ENDPOINT):
        for zone in zones_fed_by(graph, endpoint):
            found[zone.urn].append(endpoint)
    return dict(found)


def _stray(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not _fed(graph).get(resource.urn):
        name = zone_name(resource)
        yield fail(
            f"{name} hides its names from privatelink.azurecr.io and no zone group writes to it", "privateZoneName"
        )


def _is_regional(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = zone_name(resource)
    return None if _REGIONAL.search(name) else f"{name} is no zone of single regions of a registry"


def _is_registrys(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = zone_name(resource)
    return None if name.startswith("privatelink.azurecr.") else f"{name} is no registry's zone"


def _linked(resource: Resource, graph: Graph, config: Consumers) -> Iterator[Verdict]:
    linked = linked_networks(graph, resource)
    for endpoint in _fed(graph).get(resource.urn, []):
        network = network_of(graph, endpoint)
        for consumer in _consuming(graph, network) if network else []:
            if consumer not in linked and consumer.name not in config.except_networks:
                served = any(consumer in linked_networks(graph, other) for other in _others(graph, resource))
                if not served:
                    yield fail(f"{consumer.name} reaches {endpoint.name} and is not linked to {zone_name(resource)}")


def _others(graph: Graph, zone: Resource) -> list[Resource]:
    name = zone_name(zone)
    return [each for each in graph.of(t.ZONE) if each is not zone and zone_name(each) == name]


def _consuming(graph: Graph, network: Resource) -> list[Resource]:
    """Return the network of an endpoint and those that are peered with it."""
    peers = [
        other
        for peering in graph.children(network, t.PEERING)
        for other in graph.references(peering, "remoteVirtualNetwork.id", t.NETWORK)
    ]
    return [network, *peers]


def _one_writer(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    writers = _fed(graph).get(resource.urn, [])
    by_registry: dict[str, list[str]] = defaultdict(list)
    for endpoint in writers:
        for link in connections_of(graph, endpoint):
            for target in link.targets:
                if target.type == t.REGISTRY:
                    by_registry[target.name].append(endpoint.name)
    for registry, names in by_registry.items():
        if len(names) > 1:
            yield fail(f"{', '.join(names)} write the records of {registry} here, allowed is one: the last one wins")


def _is_fed(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if _fed(graph).get(resource.urn) else "no zone group of the program writes to it"


RULES: tuple[Rule, ...] = (
    _zone(
        _stray,
        id="MOOR-DOM-017",
        title="Stray zone of a single region",
        severity="high",
        what="A zone for a registry's regional or data hosts exists only where a zone group writes to it.",
        why="A zone `<region>.data.privatelink.azurecr.io` answers for its names before privatelink.azurecr.io is asked: when "
        "nothing writes there, pulls end in NXDOMAIN.",
        remedy="remove the zone, or name it in the endpoint's zone group",
        covers=("D17",),
        profiles=EVERYWHERE,
        where=(_is_regional,),
    ),
    _zone(
        _linked,
        id="MOOR-DOM-117",
        title="Network that pulls does not resolve the registry privately",
        severity="high",
        what="A registry's zone is linked to every network that reaches the endpoint.",
        why="A peered network without the link resolves the public address, which refuses it.",
        remedy="add virtualNetworkLinks for the network, or name it in except_networks",
        covers=("D17", "1.4#21"),
        config=Consumers,
        where=(_is_registrys, _is_fed),
    ),
    _zone(
        _one_writer,
        id="MOOR-DOM-217",
        title="Two endpoints write one zone",
        severity="high",
        what="One private endpoint of a registry writes a zone.",
        why="The records have the same names: the last writer takes them, and the other network's clients go to a region that "
        "they may not even reach.",
        remedy="give each endpoint a zone of its own, linked to its own networks",
        covers=("D17",),
        profiles=EVERYWHERE,
        where=(_is_registrys, _is_fed),
    ),
)
