"""Azure Bastion with its public address.

It owns the host and the address. It deliberately does not own its subnet or the machines that it reaches. [BASTION-SUBNET]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.bastion.spec import BastionSpec


class Bastion(pulumi.ComponentResource):
    """One host. Makes Microsoft.Network/publicIPAddresses and Microsoft.Network/bastionHosts."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: BastionSpec,
        *,
        host_name: str,
        address_name: str,
        subnet_id: pulumi.Input[str],
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the host.

        Args:
            name: logical name; children's names start with it.
            spec: tier, scale units and zones.
            host_name: physical name of the host.
            address_name: physical name of its public address.
            subnet_id: the subnet AzureBastionSubnet of its network.
            location: region of its network.
            resource_group_name: where both go.
            tags: set on both.
            opts: options of the component itself.
        """
        super().__init__("moorings:bastion:Bastion", name, None, opts)
        zones = list(spec.zones) or None
        address = azure_native.network.PublicIPAddress(
            f"{name}-address",
            public_ip_address_name=address_name,
            location=location,
            resource_group_name=resource_group_name,
            sku={"name": "Standard", "tier": "Regional"},
            public_ip_allocation_method="Static",
            public_ip_address_version="IPv4",
            zones=zones,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        host = azure_native.network.BastionHost(
            f"{name}-host",
            bastion_host_name=host_name,
            location=location,
            resource_group_name=resource_group_name,
            sku={"name": spec.tier},
            scale_units=spec.scale_units,
            enable_tunneling=spec.has_native_client if spec.tier != "Basic" else None,
            ip_configurations=[
                {"name": "default", "subnet": {"id": subnet_id}, "public_ip_address": {"id": address.id}}
            ],
            zones=zones,
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self, delete_before_replace=True, replace_on_changes=["zones", "ipConfigurations"]
            ),
        )
        self.id, self.name = host.id, host.name
        self.register_outputs({"id": self.id, "name": self.name})
