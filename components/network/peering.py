"""A peering of two virtual networks, both directions.

The two are Microsoft.Network/virtualNetworks/virtualNetworkPeerings: one direction alone stays *Initiated* and carries
nothing [NET-4]. A network made elsewhere needs its own side made there.

No component holds the two together: a landing zone has a peering for every spoke, and the engine writes its whole state
twice for each component.
"""

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


def peer(
    name: str, *, first: Side, second: Side, opts: pulumi.ResourceOptions | None = None
) -> list[azure_native.network.VirtualNetworkPeering]:
    """Make both directions, the second after the first: Azure answers 409 where both ends are changed at once.

    Args:
        name: what the logical names of both start with.
        first: one network.
        second: the other.
        opts: options of each.

    Returns:
        One virtualNetworkPeerings for each network of this stack.
    """
    made: list[azure_native.network.VirtualNetworkPeering] = []
    for near, far in ((first, second), (second, first)):
        if near.resource_group_name is None:
            continue
        made.append(
            azure_native.network.VirtualNetworkPeering(
                f"{name}-{near.key}-to-{far.key}",
                virtual_network_peering_name=f"{near.key}-to-{far.key}",
                virtual_network_name=near.name,
                resource_group_name=near.resource_group_name,
                remote_virtual_network={"id": far.id},
                allow_virtual_network_access=True,
                allow_forwarded_traffic=False,
                allow_gateway_transit=False,
                use_remote_gateways=False,
                opts=pulumi.ResourceOptions.merge(
                    opts, pulumi.ResourceOptions(depends_on=made[-1:], ignore_changes=AZURES_OWN)
                ),
            )
        )
    return made
