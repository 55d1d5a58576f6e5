"""Builds route tables and NAT gateways, which come before the networks that use them, and firewalls in networks."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.firewalls.firewall import Firewall
from components.network.network import Network
from components.routing.nat_gateway import NatGateway
from components.routing.route_table import RouteTable
from components.routing.spec import NatGatewaySpec, RouteTableSpec
from planning import names
from planning.networks import FIREWALL_SUBNET
from stacks.context import ResourceGroups
from stacks.firewalls import addresses, rules_of
from stacks.plan import Plan
from stacks.spec import StackSpec


def route_tables(
    name: str,
    spec: StackSpec,
    plan: Plan,
    groups: ResourceGroups,
    parent: pulumi.Resource,
    hooks: pulumi.ResourceHookBinding | None,
) -> dict[str, RouteTable]:
    """Return the route tables of this stack by key; the arguments are those of the platform."""
    return {
        key: RouteTable(
            f"{name}-route-table-{key}",
            table,
            table_name=plan.sites["route_tables", key].name,
            firewall_addresses=addresses(spec),
            hooks=hooks,
            opts=pulumi.ResourceOptions(parent=parent),
            **groups.placement(plan.sites["route_tables", key]),
        )
        for key, table in spec.route_tables.items()
        if table.id is None
    }


def nat_gateways(
    name: str, spec: StackSpec, plan: Plan, groups: ResourceGroups, parent: pulumi.Resource
) -> dict[str, NatGateway]:
    """Return the NAT gateways of this stack by key; the arguments are those of the platform."""
    sites = plan.sites.within("nat_gateways")
    return {
        key: NatGateway(
            f"{name}-nat-gateway-{key}",
            gateway,
            gateway_name=sites[key].name,
            prefix_name=sites[key].named(names.PUBLIC_IP_PREFIX),
            opts=pulumi.ResourceOptions(parent=parent),
            **groups.placement(sites[key]),
        )
        for key, gateway in spec.nat_gateways.items()
        if gateway.id is None
    }


def ids(
    components: Mapping[str, RouteTable] | Mapping[str, NatGateway],
    entries: Mapping[str, RouteTableSpec] | Mapping[str, NatGatewaySpec],
) -> dict[str, pulumi.Input[str]]:
    """Return the ids of ways out by key: of those of this stack, and of those made elsewhere."""
    elsewhere = {key: entry.id for key, entry in entries.items() if entry.id is not None}
    return {**elsewhere, **{key: component.id for key, component in components.items()}}


def firewalls(
    name: str,
    spec: StackSpec,
    plan: Plan,
    groups: ResourceGroups,
    parent: pulumi.Resource,
    networks: Mapping[str, Network],
) -> dict[str, Firewall]:
    """Return the firewalls of this stack by key, each in its network; the other arguments are those of the platform."""
    sites = plan.sites.within("firewalls")
    return {
        key: Firewall(
            f"{name}-firewall-{key}",
            firewall,
            rules_of(spec, plan, key),
            firewall_name=sites[key].name,
            policy_name=sites[key].named(names.AZURE_FIREWALL_POLICY),
            address_name=sites[key].named(names.PUBLIC_IP_ADDRESS),
            subnet_id=networks[firewall.network].subnet_ids.apply(lambda ids: ids[FIREWALL_SUBNET]),
            opts=pulumi.ResourceOptions(parent=parent),
            **groups.placement(sites[key]),
        )
        for key, firewall in spec.firewalls.items()
        if firewall.network is not None
    }
