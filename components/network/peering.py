"""A peering of two virtual networks, both directions.

It owns the two Microsoft.Network/virtualNetworks/virtualNetworkPeerings: one direction alone stays *Initiated* and carries
nothing [NET-4]. It deliberately does not own the networks. A network made elsewhere needs its own side made there.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_azure_native as azure_native

AZURES_OWN = ["peeringState", "peeringSyncLevel"]
"""Azure sets them when the other direction is made; the provider takes them for inputs after a refresh."""


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a peering.

    Attributes:
        key: how the description calls the network; part of the names.
        id: the network's ARM id.
        name: the network's name.
        resource_group_name: its resource group; None for a network made elsewhere, whose side is not made here.
    """

    key: str
    id: pulumi.Input[str]
    name: pulumi.Input[str]
    resource_group_name: pulumi.Input[str] | None


class Peering(pulumi.ComponentResource):
    """Two networks that reach one another; makes one virtualNetworkPeerings in each network of this stack."""

    ids: pulumi.Output[Sequence[str]]

    def __init__(self, name: str, *, first: Side, second: Side, opts: pulumi.ResourceOptions | None = None) -> None:
        """Make both directions.

        Args:
            name: logical name; children's names start with it.
            first: one network.
            second: the other.
            opts: options of the component itself.
        """
        super().__init__("moorings:network:Peering", name, None, opts)
        self._name = name
        there = self._direction(first, second, after=None)
        back = self._direction(second, first, after=there)
        made = [direction.id for direction in (there, back) if direction is not None]
        self.ids = pulumi.Output.all(*made)
        self.register_outputs({"ids": self.ids})

    def _direction(
        self, near: Side, far: Side, after: pulumi.Resource | None
    ) -> azure_native.network.VirtualNetworkPeering | None:
        if near.resource_group_name is None:
            return None
        # One after the other: Azure answers 409 where both ends are changed at once.
        return azure_native.network.VirtualNetworkPeering(
            f"{self._name}-{near.key}-to-{far.key}",
            virtual_network_peering_name=f"{near.key}-to-{far.key}",
            virtual_network_name=near.name,
            resource_group_name=near.resource_group_name,
            remote_virtual_network={"id": far.id},
            allow_virtual_network_access=True,
            allow_forwarded_traffic=False,
            allow_gateway_transit=False,
            use_remote_gateways=False,
            opts=pulumi.ResourceOptions(parent=self, depends_on=[after] if after else None, ignore_changes=AZURES_OWN),
        )
