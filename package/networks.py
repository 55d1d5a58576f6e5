"""Networks and firewalls of the package, with the names that a program states."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pulumi

from components.firewalls.firewall import Firewall
from components.firewalls.spec import FirewallSpec
from components.network.network import Network
from components.network.spec import NetworkSpec
from components.private_endpoint.members import Patience
from components.private_endpoint.private_endpoint import PrivateEndpoint
from components.private_endpoint.spec import PrivateEndpointSpec
from planning.endpoints import RegistryShape
from planning.firewall_rules import group_properties
from planning.names import Names
from stacks.firewalls import own_admissions

_NONE: Mapping[str, pulumi.Input[str]] = MappingProxyType({})


def network(
    name: str,
    spec: NetworkSpec,
    *,
    network_name: str,
    location: str,
    resource_group_name: pulumi.Input[str],
    tags: dict[str, str],
    route_table_ids: Mapping[str, pulumi.Input[str]] = _NONE,
    nat_gateway_ids: Mapping[str, pulumi.Input[str]] = _NONE,
    opts: pulumi.ResourceOptions | None = None,
) -> Network:
    """Make a virtual network with a network security group for each subnet.

    Args:
        name: logical name; children's names start with it.
        spec: address space and subnets.
        network_name: name of the network in Azure; names of security groups are made of it and the subnet.
        location: region.
        resource_group_name: where the resources go.
        tags: set on every resource, besides the network's own.
        route_table_ids: ARM ids of the route tables that subnets name, by the name that they use.
        nat_gateway_ids: ARM ids of the NAT gateways that subnets name, by the name that they use.
        opts: options of the component itself.
    """
    groups = {
        ("nsg", network_name, key): subnet.security_group_name or f"nsg-{network_name}-{key}"
        for key, subnet in spec.subnets.items()
    }
    return Network(
        name,
        spec,
        key=network_name,
        names=Names("", "", {("vnet", network_name): network_name, **groups}),
        location=location,
        resource_group_name=resource_group_name,
        tags=tags,
        route_table_ids=route_table_ids,
        nat_gateway_ids=nat_gateway_ids,
        opts=opts,
    )


def private_endpoint(
    name: str,
    spec: PrivateEndpointSpec,
    *,
    endpoint_name: str,
    regions: list[str],
    location: str,
    resource_group_name: pulumi.Input[str],
    subnet_id: pulumi.Input[str],
    registry_id: pulumi.Input[str],
    tags: dict[str, str],
    regional_endpoints: bool = False,
    zone_ids: Mapping[str, pulumi.Input[str]] = _NONE,
    opts: pulumi.ResourceOptions | None = None,
) -> PrivateEndpoint:
    """Make a private endpoint of a registry that is known by its id.

    Args:
        name: logical name; children's names start with it.
        spec: static addresses and names, if any.
        endpoint_name: name of the endpoint in Azure; that of its network interface is made of it.
        regions: the home region of the registry, and the regions of its replicas; each has a data host.
        location: region of the subnet's network.
        resource_group_name: where the endpoint goes.
        subnet_id: ARM id of the subnet of its addresses.
        registry_id: ARM id of the registry, such as output registryId of a Registry.
        tags: set on the endpoint.
        regional_endpoints: whether each replica of the registry has its own host name.
        zone_ids: ARM ids of private DNS zones that receive its records, by the name of each configuration; at most 5.
        opts: options of the component itself.
    """
    return PrivateEndpoint(
        name,
        spec,
        endpoint_name=endpoint_name,
        interface_name=spec.network_interface_name or f"nic-{endpoint_name}",
        location=location,
        resource_group_name=resource_group_name,
        subnet_id=subnet_id,
        registry_id=registry_id,
        shape=RegistryShape(frozenset(regions), regional_endpoints, data_endpoints=True),
        zone_ids=zone_ids,
        tags=tags,
        patience=Patience(),
        opts=opts,
    )


def firewall(
    name: str,
    spec: FirewallSpec,
    *,
    firewall_name: str,
    location: str,
    resource_group_name: pulumi.Input[str],
    subnet_id: pulumi.Input[str],
    tags: dict[str, str],
    opts: pulumi.ResourceOptions | None = None,
) -> Firewall:
    """Make a firewall that admits the hosts of its admissions.

    Args:
        name: logical name; children's names start with it.
        spec: tier, zones, switches, and the hosts that are admitted.
        firewall_name: name of the firewall in Azure; those of its policy and its public address are made of it.
        location: region of its network.
        resource_group_name: where everything goes.
        subnet_id: ARM id of the subnet AzureFirewallSubnet of its network.
        tags: set on every resource that takes tags.
        opts: options of the component itself.
    """
    admissions = own_admissions(spec)
    return Firewall(
        name,
        spec,
        {"admissions": group_properties("admissions", admissions)} if admissions else {},
        firewall_name=firewall_name,
        policy_name=f"afwp-{firewall_name}",
        address_name=f"pip-{firewall_name}",
        subnet_id=subnet_id,
        location=location,
        resource_group_name=resource_group_name,
        tags=tags,
        opts=opts,
    )
