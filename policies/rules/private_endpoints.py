"""Rules on private endpoints of every service, and on their private DNS zones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning import private_link
from planning.endpoints import GROUP_ID
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.forms import must_not_be
from policies.rules.relations import (
    CONNECTIONS,
    Connection,
    connections_of,
    is_domain_of_environment,
    is_outside,
    linked_networks,
    network_of,
    zones_fed_by,
)

_endpoint = partial(Rule, types=(t.PRIVATE_ENDPOINT,))


class DnsOwner(RuleConfig):
    """Whether Azure Policy creates the zone groups, as in Azure landing zones. The rule then does not apply."""

    managed_by_policy: bool = False


def _automatic(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for manual in (path for key in CONNECTIONS[1:] for path, _ in resource.each(key)):
        if any(each.targets for each in connections_of(graph, resource) if each.path == manual):
            yield fail(f"{manual} requires manual approval of a resource of this program", manual)
    for key in CONNECTIONS:
        for place, _ in resource.each(key):
            status = resource.value(f"{place}.privateLinkServiceConnectionState.status", "Approved")
            if status in {"Rejected", "Disconnected"}:
                yield fail(f"{place} is {status}, expected Approved", place)


def _linked(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    network = network_of(graph, resource)
    zones = zones_fed_by(graph, resource)
    if network is None or not zones:
        yield not_applicable("its network or its private DNS zones are not part of the program")
        return
    for zone in zones:
        if network not in linked_networks(graph, zone):
            name = zone.value("privateZoneName", zone.name)
            yield fail(f"private DNS zone {name} is not linked to {network.name}, expected a link", None, resource)


def zone_problems(resource: Resource, graph: Graph, link: Connection, group: str) -> Iterator[Verdict]:
    """Find a connection of a private endpoint that has no zone group with the zone of its service [PE-ZONES]."""
    groups = graph.children(resource, t.ZONE_GROUP)
    names = [str(zone.value("privateZoneName", "")) for zone in zones_fed_by(graph, resource)]
    expected = private_link.zone_of(group) or "the zone of its service"
    if not groups:
        yield fail(f"it has no privateDnsZoneGroups resource for {group}, expected one with {expected}", link.path)
    elif names and not any(private_link.serves(name, group) for name in names):
        yield fail(f"its zone group has {', '.join(names)} for {group}, expected {expected}", link.path)
    elif not names and not any(is_outside(graph, each, "privateDnsZoneConfigs", t.ZONE) for each in groups):
        yield undetermined("the zones of its zone group are not known yet", "privateDnsZoneConfigs")


def managed_elsewhere(resource: Resource, graph: Graph, config: DnsOwner) -> str | None:
    """Return why a rule on zone groups does not apply: Azure Policy creates them."""
    return "Azure Policy creates the zone groups (managed_by_policy)" if config.managed_by_policy else None


def _zones(resource: Resource, graph: Graph, config: DnsOwner) -> Iterator[Verdict]:
    groups = [(link, group) for link in connections_of(graph, resource) for group in link.groups]
    judged = [(link, group) for link, group in groups if group != GROUP_ID]
    if not judged:
        for key in CONNECTIONS:
            for path, _ in resource.each(key):
                resource.value(f"{path}.groupIds")
        yield not_applicable("it connects to a registry, or to a private link service that has no group id")
    for link, group in judged:
        yield from zone_problems(resource, graph, link, group)


def _of_private_link(resource: Resource, graph: Graph, config: Any) -> str | None:
    zone = graph.arm_parent(resource)
    if zone and is_domain_of_environment(graph, zone):
        return "its zone is the domain of a Container Apps environment"
    name = str(zone.value("privateZoneName", "") if zone else resource.value("privateZoneName", ""))
    return None if private_link.is_private_link(name) else "its zone is not one of private link"


RULES: tuple[Rule, ...] = (
    _endpoint(
        _automatic,
        id="MOOR-NET-019",
        title="Private endpoint requires manual approval",
        severity="medium",
        pillar="reliability",
        what="Private endpoints are approved automatically.",
        why="A manual connection stays Pending until someone approves it, and policies that configure DNS ignore it.",
        remedy="move the connection to privateLinkServiceConnections",
        docs="private-link/manage-private-endpoint",
        covers=("1.4#19", "APRL-b89c9acc", "AZP-e8eef0a8"),
    ),
    _endpoint(
        _linked,
        id="MOOR-NET-021",
        title="Private DNS zone is not linked to the network of the private endpoint",
        severity="high",
        pillar="reliability",
        what="The private DNS zones of a private endpoint are linked to its network.",
        why="Otherwise clients in the network resolve the public address, which refuses them.",
        remedy="add a virtualNetworkLinks resource of the zone with the network in virtualNetwork.id",
        docs="private-link/private-endpoint-dns-integration",
        covers=("1.4#21",),
    ),
    _endpoint(
        _zones,
        id="MOOR-NET-022",
        title="Private DNS zone group is not configured for the private endpoint",
        severity="high",
        pillar="reliability",
        what="A private endpoint of any service has a private DNS zone group with the zone of its service.",
        why="Without the records of a zone group, clients resolve the public address of the service. MOOR-ACR-007 "
        "covers registries.",
        remedy="add a privateDnsZoneGroups resource with the zone in privateDnsZoneConfigs, or configure managed_by_policy: true",
        docs="private-link/private-endpoint-dns",
        config=DnsOwner,
        where=(managed_elsewhere,),
    ),
    Rule(
        must_not_be("registrationEnabled", True),
        types=(t.ZONE_LINK,),
        id="MOOR-NET-023",
        title="Auto-registration is enabled on a private link zone",
        severity="medium",
        pillar="reliability",
        what="Links of private link zones have auto-registration disabled.",
        why="Virtual machines otherwise register their names in the zone of the service. A network supports "
        "auto-registration in one "
        "zone only.",
        remedy="set registrationEnabled: false",
        docs="dns/private-dns-autoregistration",
        where=(_of_private_link,),
    ),
)
