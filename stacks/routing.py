"""Builds route tables and NAT gateways, which come before the networks that use them, and firewalls in networks."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from components.firewalls.firewall import Firewall
from components.network.network import Network
from components.routing.nat_gateway import NatGateway
from components.routing.route_table import RouteTable
from planning import names
from planning.networks import FIREWALL_SUBNET
from stacks.context import ResourceGroups
from stacks.firewalls import addresses, rules_of
from stacks.plan import Plan
from stacks.spec import StackSpec


def route_tables(
    name: str, spec: StackSpec, plan: Plan, groups: ResourceGroups, parent: pulumi.Resource
) -> dict[str, RouteTable]:
    """Return the route tables by key; the arguments are those of the platform."""
    return {
        key: RouteTable(
            f"{name}-route-table-{key}",
            table,
            table_name=plan.sites["route_tables", key].name,
            firewall_addresses=addresses(spec),
            opts=pulumi.ResourceOptions(parent=parent),
            **groups.placement(plan.sites["route_tables", key]),
        )
        for key, table in spec.route_tables.items()
    }


def nat_gateways(
    name: str, spec: StackSpec, plan: Plan, groups: ResourceGroups, parent: pulumi.Resource
) -> dict[str, NatGateway]:
    """Return the NAT gateways by key; the arguments are those of the platform."""
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
    }


def firewalls(
    name: str,
    spec: StackSpec,
    plan: Plan,
    groups: ResourceGroups,
    parent: pulumi.Resource,
    networks: Mapping[str, Network],
) -> dict[str, Firewall]:
    """Return the firewalls by key, each in its network; the other arguments are those of the platform."""
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
    }
