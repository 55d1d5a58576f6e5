"""A NAT gateway with a prefix of public addresses.

It owns the gateway and its public prefix. It deliberately does not own the subnets that name it. [NAT-1]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.routing.spec import NatGatewaySpec


class NatGateway(pulumi.ComponentResource):
    """One NAT gateway. Makes Microsoft.Network/publicIPPrefixes and Microsoft.Network/natGateways."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    public_prefix: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: NatGatewaySpec,
        *,
        gateway_name: str,
        prefix_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the gateway.

        Args:
            name: logical name; children's names start with it.
            spec: its public prefix, zone and timeout.
            gateway_name: physical name of the gateway.
            prefix_name: start of the physical name of its public prefix, which ends with the size.
            location: region.
            resource_group_name: where both go.
            tags: set on both.
            opts: options of the component itself.
        """
        super().__init__("moorings:routing:NatGateway", name, None, opts)
        zones = [spec.zone] if spec.zone else None
        prefix = azure_native.network.PublicIPPrefix(
            # Another size is another prefix: the gateway takes it before the old one goes.
            f"{name}-prefix-{spec.public_prefix[1:]}",
            public_ip_prefix_name=spec.public_prefix_name or f"{prefix_name}-{spec.public_prefix[1:]}",
            location=location,
            resource_group_name=resource_group_name,
            prefix_length=int(spec.public_prefix[1:]),
            public_ip_address_version="IPv4",
            sku={"name": "Standard", "tier": "Regional"},
            zones=zones,
            tags=tags,
            # Azure sets it when the gateway takes the prefix; the provider takes it for an input after a refresh.
            opts=pulumi.ResourceOptions(parent=self, ignore_changes=["natGateway"]),
        )
        gateway = azure_native.network.NatGateway(
            f"{name}-gateway",
            nat_gateway_name=gateway_name,
            location=location,
            resource_group_name=resource_group_name,
            sku={"name": "Standard"},
            idle_timeout_in_minutes=spec.idle_timeout_minutes,
            public_ip_prefixes=[{"id": prefix.id}],
            zones=zones,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = gateway.id
        self.name = gateway.name
        self.public_prefix = prefix.ip_prefix
        self.register_outputs({"id": self.id, "name": self.name, "public_prefix": self.public_prefix})
