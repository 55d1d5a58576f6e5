"""A route table with its routes.

It owns the table with its routes inline. It deliberately does not own what it routes to, nor the subnets that name it. [RT-1]
"""

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_azure_native as azure_native

from components.routing.spec import RouteTableSpec


class RouteTable(pulumi.ComponentResource):
    """One route table. Makes Microsoft.Network/routeTables."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: RouteTableSpec,
        *,
        table_name: str,
        firewall_addresses: Mapping[str, str] = MappingProxyType({}),
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        hooks: pulumi.ResourceHookBinding | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the table.

        Args:
            name: logical name; children's names start with it.
            spec: the routes.
            table_name: physical name.
            firewall_addresses: private addresses of the firewalls that routes name.
            location: region.
            resource_group_name: where it goes.
            tags: set on it.
            hooks: functions that the engine calls before it updates the table.
            opts: options of the component itself.
        """
        super().__init__("moorings:routing:RouteTable", name, None, opts)
        addresses = {
            key: route.address or firewall_addresses.get(route.firewall or "") for key, route in spec.routes.items()
        }
        table = azure_native.network.RouteTable(
            f"{name}-table",
            route_table_name=table_name,
            location=location,
            resource_group_name=resource_group_name,
            disable_bgp_route_propagation=not spec.propagate_gateway_routes,
            routes=[
                {
                    "name": key,
                    "address_prefix": str(route.prefix),
                    "next_hop_type": route.next_hop,
                    "next_hop_ip_address": str(addresses[key]) if addresses[key] else None,
                }
                for key, route in spec.routes.items()
                if not route.planned
            ],
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self, hooks=hooks),
        )
        self.id = table.id
        self.name = table.name
        self.register_outputs({"id": self.id, "name": self.name})
