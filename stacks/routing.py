"""Builds route tables and NAT gateways, which are there before the networks whose subnets name them."""

from __future__ import annotations

import pulumi

from components.routing.nat_gateway import NatGateway
from components.routing.route_table import RouteTable
from planning import names
from stacks.context import ResourceGroups
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
