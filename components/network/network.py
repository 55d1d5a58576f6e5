"""A virtual network with its subnets and their security groups.

It owns the network, its subnets (inline, in one style: a subnet resource beside an inline list would be dropped by the
next update of the network) and one network security group per subnet that takes one. It deliberately does not own the
resource group, peerings (each belongs to two networks) or resources in a subnet. [NET-3, NET-5, NSG-1]
"""

from collections.abc import Mapping
from types import MappingProxyType

import pulumi
import pulumi_azure_native as azure_native

from components.network.spec import NetworkSpec, SecurityRuleSpec, SubnetSpec
from planning.names import Names
from planning.networks import has_security_group


class Network(pulumi.ComponentResource):
    """One virtual network.

    Makes Microsoft.Network/virtualNetworks and one Microsoft.Network/networkSecurityGroups per subnet. With ``spec.id``
    the network is made elsewhere and nothing is made here; the outputs refer to it. ``resource`` is the network itself,
    for ``replace_with`` of resources that reference its id; None for a network made elsewhere.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    subnet_ids: pulumi.Output[dict[str, str]]
    """ARM ids of the subnets, by their keys."""

    def __init__(
        self,
        name: str,
        spec: NetworkSpec,
        *,
        key: str,
        names: Names,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        route_table_ids: Mapping[str, pulumi.Input[str]] = MappingProxyType({}),
        nat_gateway_ids: Mapping[str, pulumi.Input[str]] = MappingProxyType({}),
        hooks: pulumi.ResourceHookBinding | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the network.

        Args:
            name: logical name; children's names start with it.
            spec: address space and subnets, or the id of a network made elsewhere.
            key: the network's key in the stack file; part of the physical names.
            names: physical names.
            location: region.
            resource_group_name: where the resources go; not used for a network made elsewhere.
            tags: set on every resource, besides the network's own.
            route_table_ids: ids of the route tables of this stack that subnets name by key.
            nat_gateway_ids: ids of the NAT gateways of this stack that subnets name by key.
            hooks: functions that the engine calls before it updates the network or a group.
            opts: options of the component itself.
        """
        super().__init__("moorings:network:Network", name, None, opts)
        self._name = name
        self._key = key
        self._names = names
        self._hooks = hooks
        self._route_table_ids, self._nat_gateway_ids = route_table_ids, nat_gateway_ids
        whole = {**tags, **spec.tags}
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": whole}
        self.resource: pulumi.Resource | None = None
        if spec.id is not None:
            self.id = pulumi.Output.from_input(spec.id)
            self.name = pulumi.Output.from_input(spec.id.rsplit("/", 1)[-1])
        else:
            network = self.resource = self._network(spec)
            self.id = network.id
            self.name = network.name
        # Computed from the id, because the outputs of a network made elsewhere are not read.
        self.subnet_ids = self.id.apply(lambda network_id: {key: f"{network_id}/subnets/{key}" for key in spec.subnets})
        self.register_outputs({"id": self.id, "name": self.name, "subnet_ids": self.subnet_ids})

    def _network(self, spec: NetworkSpec) -> azure_native.network.VirtualNetwork:
        return azure_native.network.VirtualNetwork(
            f"{self._name}-vnet",
            virtual_network_name=self._names.virtual_network(self._key),
            address_space={"address_prefixes": [str(network) for network in spec.address_space]},
            dhcp_options={"dns_servers": [str(each) for each in spec.dns_servers]} if spec.dns_servers else None,
            subnets=[self._subnet(key, subnet) for key, subnet in spec.subnets.items()],
            opts=pulumi.ResourceOptions(parent=self, hooks=self._hooks),
            **self._place,
        )

    def _subnet(self, key: str, spec: SubnetSpec) -> azure_native.network.SubnetArgsDict:
        subnet: azure_native.network.SubnetArgsDict = {
            "name": key,
            "address_prefix": str(spec.prefix),
            "default_outbound_access": spec.default_outbound_access,
            "private_endpoint_network_policies": spec.private_endpoint_network_policies,
        }
        if spec.own_security_group and has_security_group(key, spec.security_rules):
            subnet["network_security_group"] = {"id": self._security_group(key, spec).id}
        elif spec.network_security_group not in (None, "none"):
            subnet["network_security_group"] = {"id": spec.network_security_group}
        if spec.route_table:
            subnet["route_table"] = {"id": self._route_table_ids[spec.route_table]}
        if spec.nat_gateway:
            subnet["nat_gateway"] = {"id": self._nat_gateway_ids[spec.nat_gateway]}
        if spec.service_endpoints:
            subnet["service_endpoints"] = [{"service": each} for each in spec.service_endpoints]
        if spec.delegation:
            subnet["delegations"] = [{"name": "delegation", "service_name": spec.delegation}]
        return subnet

    def _security_group(self, key: str, spec: SubnetSpec) -> azure_native.network.NetworkSecurityGroup:
        return azure_native.network.NetworkSecurityGroup(
            f"{self._name}-nsg-{key}",
            network_security_group_name=self._names.network_security_group(self._key, key),
            security_rules=[_rule(name, rule) for name, rule in spec.security_rules.items()],
            opts=pulumi.ResourceOptions(parent=self, hooks=self._hooks),
            **self._place,
        )


def _ids(groups: list[str]) -> list[azure_native.network.ApplicationSecurityGroupArgsDict] | None:
    return [{"id": group} for group in groups] or None


def _rule(name: str, spec: SecurityRuleSpec) -> azure_native.network.SecurityRuleArgsDict:
    return {
        "name": name,
        "priority": spec.priority,
        "direction": spec.direction,
        "access": spec.access,
        "protocol": spec.protocol,
        "description": spec.description,
        "source_address_prefix": spec.source,
        "source_address_prefixes": spec.sources or None,
        "source_application_security_groups": _ids(spec.source_groups),
        "source_port_ranges": spec.source_ports if spec.source_ports != ["*"] else None,
        "source_port_range": "*" if spec.source_ports == ["*"] else None,
        "destination_address_prefix": spec.destination,
        "destination_address_prefixes": spec.destinations or None,
        "destination_application_security_groups": _ids(spec.destination_groups),
        "destination_port_ranges": spec.destination_ports if spec.destination_ports != ["*"] else None,
        "destination_port_range": "*" if spec.destination_ports == ["*"] else None,
    }
