"""The way to an address: the private endpoint that holds it, or the public endpoint with its rules."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from local_azure.reach import routes, security_rules
from local_azure.reach.consumers import Place
from local_azure.reach.estate import Estate, Host, network_of
from local_azure.reach.links import (
    CONNECTION,
    IP_RULE,
    PEERING,
    PUBLIC_ACCESS,
    RECORD,
    TRUSTED_SERVICES,
    ZONE_LINK,
    Break,
)
from local_azure.reach.resolution import Answer, private_name
from local_azure.store import Resource

_POLICED = frozenset({"Enabled", "NetworkSecurityGroupEnabled"})
"""Values of `privateEndpointNetworkPolicies` with which a subnet's security rules hold for its endpoints [PE-NSG]."""


def problem(estate: Estate, name: str, host: Host, place: Place, answer: Answer) -> Break | None:
    """Return what is in the way from a place to a registry's host that resolved to an answer."""
    if answer.problem is not None:
        return _refined(estate, host, place) or answer.problem
    if answer.address:
        return _to_private(estate, name, host, place, answer)
    return _to_public(estate, name, host, place)


def outbound(
    estate: Estate, place: Place, target: security_rules.Target, endpoint: Resource | None = None
) -> Break | None:
    """Return the rule of the place's subnet that stops what goes to a target, or the route that leads it elsewhere."""
    subnet = estate.get(place.subnet) if place.subnet else None
    if subnet is None:
        return None
    stopped = security_rules.stopped(estate, subnet, "Outbound", subnet, target)
    return stopped or routes.diverted(estate, subnet, target, endpoint)


def _refined(estate: Estate, host: Host, place: Place) -> Break | None:
    """Return the connection to blame where the only endpoints in reach are not approved."""
    inside = _in_reach(estate, host.registry, place)
    if not inside or any(endpoint.state["status"] == "Approved" for endpoint in inside):
        return None
    return _connection(inside[0])


def _in_reach(estate: Estate, registry: Resource, place: Place) -> list[Resource]:
    networks = estate.reachable(place.network) if place.network else frozenset()
    return [e for e in estate.endpoints_of(registry) if network_of(e.state["subnet"]) in networks]


def _connection(endpoint: Resource) -> Break:
    status = endpoint.state["status"]
    resource = endpoint.id if status == "Disconnected" else endpoint.state["connection"]
    return Break(CONNECTION, resource, f"the connection of private endpoint {endpoint.name} is {status}")


def _to_private(estate: Estate, name: str, host: Host, place: Place, answer: Answer) -> Break | None:
    networks = estate.reachable(place.network)
    holders = estate.holders(answer.address)
    near = [(e, member) for e, member in holders if network_of(e.state["subnet"]) in networks]
    if not near:
        return _nobody_near(estate, name, host, place, answer, [e for e, _ in holders])
    endpoint, member = near[0]
    other = str(endpoint.state["target"]).lower() != host.registry.key
    # A global name may be steered to a regional endpoint, for every replica serves it [DNS-10].
    served = member == host.member or (host.kind == "global" and not member.startswith("registry_data_"))
    if other or not served:
        message = f"{name} resolves to {answer.address}, which private endpoint {endpoint.name} holds for {member}"
        return Break(RECORD, answer.record, f"{message}{' of another resource' if other else ''}")
    if endpoint.state["status"] != "Approved":
        return _connection(endpoint)
    target = security_rules.Target(answer.address, frozenset({"virtualnetwork"}), host=name)
    stopped = outbound(estate, place, target, endpoint)
    if stopped is not None:
        return stopped
    subnet, source = estate.get(endpoint.state["subnet"]), estate.get(place.subnet)
    if subnet is None or subnet.properties.get("privateEndpointNetworkPolicies") not in _POLICED:
        return None
    return security_rules.stopped(estate, subnet, "Inbound", source, target)


def _nobody_near(estate: Estate, name: str, host: Host, place: Place, answer: Answer, holders: list[Resource]) -> Break:
    said = f"{name} resolves to {answer.address}, which "
    if not holders:
        return Break(RECORD, answer.record, f"{said}no private endpoint holds")
    there = network_of(holders[0].state["subnet"])
    apart = f"{said}private endpoint {holders[0].name} holds in network {there.rpartition('/')[2]}"
    own = _in_reach(estate, host.registry, place)
    if own:
        return Break(RECORD, answer.record, f"{apart}; the endpoint in reach is {own[0].name}")
    return Break(PEERING, place.network, f"{apart}, with which this network is not peered")


def _to_public(estate: Estate, name: str, host: Host, place: Place) -> Break | None:
    registry = host.registry
    regions = [host.region] if host.region else estate.routed(registry)
    stopped = outbound(estate, place, security_rules.public_target("AzureContainerRegistry", regions, name))
    if stopped is not None:
        return stopped
    rules = registry.properties.get("networkRuleSet") or {}
    if is_open(registry):
        return None
    if place.trusted:
        if admits_trusted_services(registry):
            return None
        message = f"trusted services may not pass the network rules of registry {registry.name}"
        return Break(TRUSTED_SERVICES, registry.id, message)
    closed = registry.properties["publicNetworkAccess"] == "Disabled"
    return _closed(estate, name, host, place) if closed else _by_rules(registry, rules, place)


def is_open(registry: Resource) -> bool:
    """Whether a registry admits every public address."""
    rules = registry.properties.get("networkRuleSet") or {}
    return registry.properties["publicNetworkAccess"] != "Disabled" and rules.get("defaultAction", "Allow") == "Allow"


def admits_trusted_services(registry: Resource) -> bool:
    """Whether trusted services pass the network rules of a registry [ACR-20]."""
    return registry.properties["networkRuleBypassOptions"] == "AzureServices"


def _closed(estate: Estate, name: str, host: Host, place: Place) -> Break:
    """Return why a name that resolves to the closed public endpoint does not resolve to a private one."""
    inside = _in_reach(estate, host.registry, place)
    said = f"{name} resolves to the public endpoint, and public network access is disabled"
    if not inside:
        return Break(PUBLIC_ACCESS, host.registry.id, f"{said}; no private endpoint of the registry is in reach")
    if not any(endpoint.state["status"] == "Approved" for endpoint in inside):
        return _connection(inside[0])
    zones = estate.zones_with(private_name(name))
    network = place.network.rpartition("/")[2]
    if not zones:
        return Break(
            RECORD, inside[0].id, f"{said}; no private DNS zone has a record of private endpoint {inside[0].name}"
        )
    return Break(ZONE_LINK, zones[0].id, f"{said}; network {network} is not linked to the zone that has its record")


def _by_rules(registry: Resource, rules: dict[str, list[dict[str, str]]], place: Place) -> Break | None:
    """Return the problem of an address that the registry's IP rules do not let in [ACR-11]."""
    ranges = [rule["value"] for rule in rules.get("ipRules") or []]
    if ranges and not place.address:
        message = (
            f"registry {registry.name} admits {', '.join(ranges)}, and the public address of this place is unknown"
        )
        return Break(IP_RULE, registry.id, message, False)
    address = ip_address(place.address) if place.address else None
    if address is not None and any(address in ip_network(text, strict=False) for text in ranges):
        return None
    shown = f"admits {', '.join(ranges)} and not {place.address}" if ranges else "admits no public address"
    return Break(IP_RULE, registry.id, f"registry {registry.name} {shown}")
