"""A virtual network with its subnets and their security groups.

It owns the network, its subnets (inline, in one style: a subnet resource beside an inline list would be dropped by the
next update of the network) and one network security group per subnet that takes one. It deliberately does not own the
resource group, peerings (each belongs to two networks) or resources in a subnet. [NET-3, NET-5, NSG-1]
"""

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
            tags: set on every resource.
            hooks: functions that the engine calls before it updates the network or a group.
            opts: options of the component itself.
        """
        super().__init__("moorings:network:Network", name, None, opts)
        self._name = name
        self._key = key
        self._names = names
        self._hooks = hooks
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        self.resource: pulumi.Resource | None = None
        if spec.id is not None:
            self.id = pulumi.Output.from_input(spec.id)
            self.name = pulumi.Output.from_input(spec.id.rsplit("/", 1)[-1])
        else:
            network = self.resource = self._network(spec)
            self.id = network.id
            self.name = network.name
        self.subnet_ids = self.id.apply(lambda network_id: {key: f"{network_id}/subnets/{key}" for key in spec.subnets})
        self.register_outputs({"id": self.id, "name": self.name, "subnet_ids": self.subnet_ids})

    def _network(self, spec: NetworkSpec) -> azure_native.network.VirtualNetwork:
        return azure_native.network.VirtualNetwork(
            f"{self._name}-vnet",
            virtual_network_name=self._names.virtual_network(self._key),
            address_space={"address_prefixes": [str(network) for network in spec.address_space]},
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
        if has_security_group(key, spec.security_rules):
            subnet["network_security_group"] = {"id": self._security_group(key, spec).id}
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


def _rule(name: str, spec: SecurityRuleSpec) -> azure_native.network.SecurityRuleArgsDict:
    return {
        "name": name,
        "priority": spec.priority,
        "direction": spec.direction,
        "access": spec.access,
        "protocol": spec.protocol,
        "source_address_prefix": spec.source,
        "source_port_ranges": spec.source_ports if spec.source_ports != ["*"] else None,
        "source_port_range": "*" if spec.source_ports == ["*"] else None,
        "destination_address_prefix": spec.destination,
        "destination_port_ranges": spec.destination_ports if spec.destination_ports != ["*"] else None,
        "destination_port_range": "*" if spec.destination_ports == ["*"] else None,
    }
