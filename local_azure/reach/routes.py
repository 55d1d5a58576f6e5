"""User-defined routes: where a route table sends what leaves a subnet, as far as that is known [ROUTE-1]."""

from __future__ import annotations

from ipaddress import IPv4Network, collapse_addresses, ip_address, ip_network
from typing import Any

from local_azure.facts.network_security import ROUTE_TABLES
from local_azure.reach import firewalls
from local_azure.reach.estate import Estate, network_of
from local_azure.reach.links import ROUTE, Break
from local_azure.reach.security_rules import Target
from local_azure.store import Resource

_POLICED = frozenset({"Enabled", "RouteTableEnabled"})
"""Values of `privateEndpointNetworkPolicies` with which wider routes replace those of private endpoints [PE-ROUTE]."""

_DIRECT = frozenset({"vnetlocal", "internet"})
_EVERYTHING = "0.0.0.0/0"
_WIDEST_TAG = 8
"""Least length of a prefix that may win over those of a service tag (chosen) [ROUTE-1]."""


def diverted(estate: Estate, subnet: Resource | None, target: Target, endpoint: Resource | None = None) -> Break | None:
    """Return the route of a subnet that does not lead straight to a target.

    Args:
        estate: the snapshot.
        subnet: where the traffic comes from.
        target: where it goes.
        endpoint: the private endpoint that holds the target's address.
    """
    table = estate.get(((subnet.properties if subnet else {}).get("routeTable") or {}).get("id") or "")
    if table is None or table.type != ROUTE_TABLES:
        return None
    route = _to_private(estate, table, target, endpoint) if endpoint else _to_public(table, target)
    unsure = None if endpoint else _perhaps(table, route)
    if unsure is not None:
        message = f"whether route {unsure['name']} applies depends on a public address that is not known"
        return Break(ROUTE, f"{table.id}/routes/{unsure['name']}", message, False)
    return _led(estate, table, route, subnet, target) if route and subnet else None


def _led(estate: Estate, table: Resource, route: dict[str, Any], subnet: Resource, target: Target) -> Break | None:
    """Return why the next hop of a route does not lead from a subnet to a target."""
    properties, resource = route["properties"], f"{table.id}/routes/{route['name']}"
    hop, address = str(properties["nextHopType"]), str(properties.get("nextHopIpAddress") or "")
    if hop.lower() in _DIRECT:
        return None
    if hop.lower() == "none":
        return Break(
            ROUTE, resource, f"route {route['name']} of {table.name} drops what goes to {properties['addressPrefix']}"
        )
    if hop == "VirtualAppliance":
        return firewalls.passed(estate, resource, address, subnet, target)
    through = f"{hop} {address}".strip()
    return Break(
        ROUTE, resource, f"route {route['name']} leads through {through}, and what passes there is unknown", False
    )


def _routes(table: Resource) -> list[dict[str, Any]]:
    return table.properties.get("routes") or []


def _prefix(route: dict[str, Any]) -> str:
    return str(route["properties"]["addressPrefix"])


def _to_private(estate: Estate, table: Resource, target: Target, endpoint: Resource) -> dict[str, Any] | None:
    """Return the route that replaces the /32 route of a private endpoint: another /32, or a policed one [PE-ROUTE]."""
    address = ip_address(target.address)
    fitting = [
        route for route in _routes(table) if _prefix(route)[0].isdigit() and address in ip_network(_prefix(route))
    ]
    subnet = estate.get(endpoint.state["subnet"])
    policed = subnet is not None and subnet.properties.get("privateEndpointNetworkPolicies") in _POLICED
    least = 32 if not policed else _space(estate, endpoint, target)
    replacing = [route for route in fitting if ip_network(_prefix(route)).prefixlen >= least]
    return max(replacing, key=lambda route: ip_network(_prefix(route)).prefixlen, default=None)


def _space(estate: Estate, endpoint: Resource, target: Target) -> int:
    """Return the length of the prefix of the endpoint's network that holds an address."""
    network = estate.get(network_of(endpoint.state["subnet"]))
    prefixes = network.properties["addressSpace"]["addressPrefixes"] if network else []
    address = ip_address(target.address)
    return max((each.prefixlen for each in map(ip_network, prefixes) if address in each), default=32)


def _to_public(table: Resource, target: Target) -> dict[str, Any] | None:
    """Return the route of a service tag that holds the target, else that of all addresses, in one prefix or several."""
    tagged = [route for route in _routes(table) if _prefix(route).lower() in target.tags]
    everything = [route for route in _routes(table) if _prefix(route) == _EVERYTHING]
    parts = _public_parts(table)
    is_whole = [str(each) for each in collapse_addresses(IPv4Network(_prefix(part)) for part in parts)] == [_EVERYTHING]
    return next(
        iter([*sorted(tagged, key=lambda route: -len(_prefix(route))), *(parts if is_whole else everything)]), None
    )


def _public_parts(table: Resource) -> list[dict[str, Any]]:
    """Return the routes of some public IPv4 addresses, but not of all."""
    numeric = [route for route in _routes(table) if _prefix(route)[0].isdigit() and ":" not in _prefix(route)]
    return [each for each in numeric if _prefix(each) != _EVERYTHING and not ip_network(_prefix(each)).is_private]


def _perhaps(table: Resource, route: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return a route of some public addresses that leads elsewhere than the route of a target whose address is not known."""
    is_tag = route is not None and not _prefix(route)[0].isdigit()
    least = _WIDEST_TAG if is_tag else 0
    longer = [each for each in _public_parts(table) if ip_network(_prefix(each)).prefixlen >= least]
    return next((each for each in longer if _hop(each) != _hop(route)), None)


def _hop(route: dict[str, Any] | None) -> tuple[str, str]:
    properties = route["properties"] if route else {}
    return str(properties.get("nextHopType") or "Internet").lower(), str(properties.get("nextHopIpAddress") or "")
