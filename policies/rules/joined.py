"""Rules on resources that Azure joins only where they are alike: in one region, and with a gateway behind a peering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policies.model import EVERYWHERE, Graph, Resource, Rule, Undetermined, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.consumers import PLACES, subnet_paths
from policies.rules.relations import is_outside, subnets_in

_LISTS: Final[dict[str, tuple[str, str]]] = {
    t.PRIVATE_ENDPOINT: ("", "subnet.id"),
    t.APPLICATION_GATEWAY: ("gatewayIPConfigurations", "subnet.id"),
    t.FIREWALL: ("ipConfigurations", "subnet.id"),
    t.VIRTUAL_NETWORK_GATEWAY: ("ipConfigurations", "subnet.id"),
    t.NETWORK_INTERFACE: ("ipConfigurations", "subnet.id"),
}
"""List and member that name the subnet of a resource, by type, beside the places of what runs containers."""

_OF_SUBNETS: Final = ("networkSecurityGroup", "natGateway", "routeTable")
"""What a subnet refers to, all of it in the region of the network [NET-REFERENCE]."""


def _referring(resource: Resource, graph: Graph) -> Iterator[str]:
    """Yield the paths of a resource that name something in its own region."""
    if resource.type in (t.NETWORK, t.SUBNET):
        for subnet in subnets_in(resource, graph):
            yield from (subnet.at(f"{member}.id") for member in _OF_SUBNETS)
        return
    yield from subnet_paths(resource)
    items, member = _LISTS.get(resource.type, ("", ""))
    if items:
        yield from (f"{place}.{member}" for place, _ in resource.each(items))
    elif member:
        yield member


def _regions(graph: Graph, resource: Resource, path: str) -> dict[str, Resource]:
    """Return what a path may refer to, by region; a subnet is where its network is."""
    found: dict[str, Resource] = {}
    for each in graph.references(resource, path):
        if each.type in _TARGETS:
            region = graph.location(each)
            if region:
                found.setdefault(region, each)
    return found


_TARGETS: Final = frozenset({t.NETWORK, t.SUBNET, t.SECURITY_GROUP, t.NAT_GATEWAY, t.ROUTE_TABLE})


def _in_one_region(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    known = False
    for path in _referring(resource, graph):
        regions = _regions(graph, resource, path)
        if not regions:
            continue
        known = True
        own = graph.location(resource)
        if not own or own in regions:
            if len(regions) > 1:
                yield undetermined(f"{path} is not known yet, and refers to one of {', '.join(sorted(regions))}", path)
            continue
        region, other = next(iter(regions.items()))
        at = "location" if resource.type != t.SUBNET else path
        yield fail(f"{path} refers to {other.name} in {region}, and it is in {own}, expected one region", at)
    if not known:
        yield not_applicable("it refers to no network resource of the program")


def _has_gateway(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if resource.value("useRemoteGateways") is not True:
        yield not_applicable("it does not use a gateway of the remote network")
        return
    remote = graph.references(resource, "remoteVirtualNetwork.id", t.NETWORK)
    if is_outside(graph, resource, "remoteVirtualNetwork.id", t.NETWORK):
        yield not_applicable("the remote network is not part of the program")
        return
    if len(remote) != 1:
        yield undetermined("the remote network is not known yet", "remoteVirtualNetwork.id")
        return
    hub = remote[0]
    gateways = [
        each
        for each in graph.of(t.VIRTUAL_NETWORK_GATEWAY)
        for path in _referring(each, graph)
        for found in graph.references(each, path, t.NETWORK, t.SUBNET)
        if hub in (found, graph.arm_parent(found))
    ]
    if not gateways:
        yield fail(f"useRemoteGateways is true and {hub.name} has no virtual network gateway", "useRemoteGateways")
    here = graph.arm_parent(resource)
    for back in graph.children(hub, t.PEERING):
        if here in graph.references(back, "remoteVirtualNetwork.id", t.NETWORK) and not _transits(back):
            yield fail(f"useRemoteGateways is true and {back.name} does not allow gateway transit", "useRemoteGateways")


def _transits(peering: Resource) -> bool:
    try:
        return peering.value("allowGatewayTransit") is True
    except Undetermined:
        return True


RULES: tuple[Rule, ...] = (
    Rule(
        _in_one_region,
        types=(*PLACES, *_LISTS, t.NETWORK, t.SUBNET),
        id="MOOR-NET-024",
        title="Resource is in another region than its virtual network",
        severity="high",
        pillar="reliability",
        what="A resource is in the region of its virtual network, and what a subnet refers to is in the region of the subnet.",
        why="Azure refuses it with InvalidResourceReference, as if the resource did not exist, after others have been created.",
        remedy="set location to the region of the virtual network, or use a network in the region of the resource",
        docs="private-link/private-endpoint-overview",
        profiles=EVERYWHERE,
    ),
    Rule(
        _has_gateway,
        types=(t.PEERING,),
        id="MOOR-NET-025",
        title="Peering uses a gateway that the remote network does not have",
        severity="high",
        pillar="reliability",
        what="A peering with useRemoteGateways has a gateway in the remote network and gateway transit on the other side.",
        why="Azure refuses the peering with RemoteVnetHasNoGateways.",
        remedy="add a virtualNetworkGateways resource to the remote network and allowGatewayTransit: true to its peering, or "
        "set useRemoteGateways: false",
        docs="vpn-gateway/vpn-gateway-peering-gateway-transit",
        profiles=EVERYWHERE,
    ),
)
