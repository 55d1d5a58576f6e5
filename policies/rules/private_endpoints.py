"""Rules on private endpoints of every service, and on the zones that they write to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import Graph, Resource, Rule, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.forms import (
    declare,
)
from policies.rules.relations import (
    CONNECTIONS,
    connections_of,
    linked_networks,
    network_of,
    zones_fed_by,
)

_endpoint = partial(declare, types=(t.PRIVATE_ENDPOINT,))


def _automatic(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for _, manual in [(key, at) for key in CONNECTIONS[1:] for at, _ in resource.each(key)]:
        mine = [each for each in connections_of(graph, resource) if each.path == manual]
        if any(each.targets for each in mine):
            yield fail(f"{manual} waits for an approval by hand of what this program makes itself", manual)
    for key in CONNECTIONS:
        for place, _ in resource.each(key):
            status = resource.value(f"{place}.privateLinkServiceConnectionState.status", "Approved")
            if status in {"Rejected", "Disconnected"}:
                yield fail(f"{place} is {status}, allowed is Approved", place)


def _linked(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    network = network_of(graph, resource)
    zones = zones_fed_by(graph, resource)
    if network is None or not zones:
        yield not_applicable("its network or its zones are made elsewhere")
        return
    for zone in zones:
        if network not in linked_networks(graph, zone):
            name = zone.value("privateZoneName", zone.name)
            yield fail(f"zone {name} is not linked to {network.name}, in which the endpoint lies", None, resource)


RULES: tuple[Rule, ...] = (
    _endpoint(
        _automatic,
        id="MOOR-NET-019",
        title="Private endpoint waits for an approval",
        severity="medium",
        pillar="reliability",
        what="Private endpoints are approved by themselves.",
        why="A manual connection stays Pending until somebody approves it; policies that wire DNS forget it.",
        remedy="write the connection under privateLinkServiceConnections",
        docs="private-link/manage-private-endpoint",
        covers=("1.4#19", "APRL-b89c9acc", "AZP-e8eef0a8"),
    ),
    _endpoint(
        _linked,
        id="MOOR-NET-021",
        title="Network does not resolve its private endpoint",
        severity="high",
        pillar="reliability",
        what="The zones that an endpoint writes are linked to its network.",
        why="Clients beside the endpoint otherwise resolve the public address, which refuses them.",
        remedy="add a virtualNetworkLinks of the zone to the network",
        docs="private-link/private-endpoint-dns-integration",
        covers=("1.4#21",),
    ),
)
