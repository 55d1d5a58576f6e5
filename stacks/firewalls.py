"""Firewalls where they meet networks, routes and the compute whose traffic they admit: addresses, rules and checks."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Any

from components.firewalls.spec import FirewallSpec
from components.routing.spec import RouteSpec, RouteTableSpec
from planning.addresses import SubnetKey
from planning.egress import Destination
from planning.firewall_rules import Admission, group_properties
from planning.networks import FIREWALL_SUBNET
from planning.problems import Problem
from stacks.egress import Client, clients, groups
from stacks.network_checks import gateways_of_peers, ways_out
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import Check

LONGEST_PREFIX = 26
"""Longest prefix of the subnet of a firewall [FW-SUBNET]."""


def address_of(spec: StackSpec, key: str) -> IPv4Address | None:
    """Return the private address of a firewall: as stated, or the first that its subnet has [FW-ADDRESS]. None if unknown."""
    firewall = spec.firewalls.get(key)
    if firewall and firewall.address:
        return firewall.address
    subnet = spec.subnet(firewall.network, FIREWALL_SUBNET) if firewall else None
    return subnet.prefix.network_address + 4 if subnet and subnet.prefix else None


def addresses(spec: StackSpec) -> dict[str, str]:
    """Return the private addresses of the firewalls by key."""
    return {key: str(address) for key in spec.firewalls if (address := address_of(spec, key))}


def default_route(spec: StackSpec, key: SubnetKey) -> RouteSpec | None:
    """Return the route of what leaves a subnet; None where Azure's own applies."""
    table = _route_table(spec, key)
    return table.default_route if table else None


def _next_default_route(spec: StackSpec, key: SubnetKey) -> RouteSpec | None:
    """Return the route of what leaves a subnet, also if it is planned only."""
    table = _route_table(spec, key)
    return table.next_default_route if table else None


def _route_table(spec: StackSpec, key: SubnetKey) -> RouteTableSpec | None:
    subnet = spec.subnet(*key)
    return spec.route_tables.get(subnet.route_table or "") if subnet else None


def routed_to(spec: StackSpec, route: RouteSpec | None) -> str | None:
    """Return the key of the firewall that a route leads to, by its key or its address; None where it leads to none."""
    if route is None or route.next_hop != "VirtualAppliance":
        return None
    if route.firewall:
        return route.firewall
    return next((key for key in spec.firewalls if address_of(spec, key) == route.address), None)


def hashed(spec: StackSpec, plan: Plan) -> bool:
    """Return whether the registry has host names that are not known before it is made [ACR-6]."""
    return spec.registry is not None and plan.endpoints is None


def admitted(spec: StackSpec, plan: Plan, key: str) -> tuple[Client, ...]:
    """Return the clients that a firewall admits: those with a subnet whose default route leads to it."""
    if hashed(spec, plan):
        return ()
    return tuple(
        client
        for client in clients(spec, plan, plan.endpoints)
        if any(routed_to(spec, _next_default_route(spec, subnet)) == key for subnet in client.subnets)
    )


def rules_of(spec: StackSpec, plan: Plan, key: str) -> dict[str, dict[str, Any]]:
    """Return the properties of the rule collection groups of a firewall, by name; none if its rules are made elsewhere."""
    if not spec.firewalls[key].admits:
        return {}
    found = groups(spec, admitted(spec, plan, key))
    stated = own_admissions(spec.firewalls[key])
    if stated:
        found["admissions"] = [*found.get("admissions", ()), *stated]
    return {name: group_properties(name, admissions) for name, admissions in found.items()}


def own_admissions(spec: FirewallSpec) -> list[Admission]:
    """Return what a firewall admits by its own section, whatever routes to it."""
    admitted = []
    for name, admission in spec.admissions.items():
        protocol = "Http" if admission.port == 80 else "Https"
        hosts = tuple(
            Destination(host, protocol, admission.port, name, "FW-RULES", "admissions") for host in admission.hosts
        )
        admitted.append(Admission((name,), tuple(admission.sources), hosts))
    return admitted


def subnets(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """The subnet of each firewall, which one firewall has for itself [FW-SUBNET]."""
    taken: dict[str, str] = {}
    for key, firewall in spec.firewalls.items():
        path = ("firewalls", key, "network")
        network = spec.networks.get(firewall.network or "")
        if firewall.network is None or network is None:
            continue
        other = taken.setdefault(firewall.network, key)
        subnet = network.subnets.get(FIREWALL_SUBNET)
        if other != key:
            yield Problem(path, f"{firewall.network} has firewall {other} already; take another network [FW-SUBNET]")
        elif network.outside:
            yield Problem(path, f"{firewall.network} is made elsewhere; name a network of this stack")
        elif subnet is None or subnet.prefix is None or subnet.prefix.prefixlen > LONGEST_PREFIX:
            size = f"one of {subnet.prefix}" if subnet and subnet.prefix else "none"
            message = (
                f"{firewall.network} needs a subnet {FIREWALL_SUBNET} of /{LONGEST_PREFIX} or larger, and has {size}"
            )
            yield Problem(path, f"{message}; add it [FW-SUBNET]")
        elif routed_to(spec, default_route(spec, (firewall.network, FIREWALL_SUBNET))) == key:
            yield Problem(
                path, f"the route table of {FIREWALL_SUBNET} leads to the firewall itself; remove it [FW-SUBNET]"
            )
        if hashed(spec, plan) and firewall.admits:
            yield Problem(
                ("firewalls", key),
                "the registry's host names have a hash that Azure makes up, so they cannot be admitted beforehand; write "
                "registry.domain_name_label_scope: Unsecure, or admit them with a firewall made elsewhere [ACR-6]",
            )


def appliances(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Clients whose traffic leaves by an appliance: a firewall that the network reaches, and rules that others make."""
    for client in () if hashed(spec, plan) else clients(spec, plan, plan.endpoints):
        for network, subnet in client.subnets:
            yield from _way_of(spec, plan, client, network, subnet)


def _way_of(spec: StackSpec, plan: Plan, client: Client, network: str, subnet: str) -> Iterator[Problem]:
    """The way out of a client's subnet."""
    path = ("networks", network, "subnets", subnet, "route_table")
    found = spec.subnet(network, subnet)
    name = found.route_table if found else None
    table = spec.route_tables.get(name or "")
    if name is not None and table is not None and not table.has_known_routes:
        site = plan.sites["route_tables", name]
        message = (
            f"{site.name} is made elsewhere and states no routes, so it is not known where what {client.name} sends "
            f"outside goes; state under route_tables.{name}.routes the routes that it has, {{}} for none [FW-ORDER]"
        )
        yield Problem(path, message, "warning")
    route = default_route(spec, (network, subnet))
    if route is None or route.next_hop != "VirtualAppliance":
        return
    key = routed_to(spec, route)
    firewall = spec.firewalls.get(key or "")
    if key is None or (firewall is not None and not firewall.admits):
        target = (
            f"firewall {key}, whose rules are made elsewhere"
            if key
            else f"{route.address}, which is not a firewall of this stack"
        )
        message = (
            f"what {client.name} sends outside goes to {target}: admit there what ./moorings firewall lists, before it is "
            "needed [FW-ORDER]"
        )
        yield Problem(path, message, "warning")
    far = firewall.network if firewall else None
    if far not in (None, network) and tuple(sorted((str(far), network))) not in plan.peerings:
        message = f"leads to firewall {key} in {far}, which {network} is not peered with; add {far} to its peers"
        yield Problem(path, f"{message} [NET-4]")


WAYS: tuple[Check, ...] = (ways_out, gateways_of_peers, subnets, appliances)
"""Checks of what leaves networks: route tables, NAT gateways, gateways of peers, firewalls and other appliances."""
