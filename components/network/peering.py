"""A peering of two virtual networks, both directions.

The two are Microsoft.Network/virtualNetworks/virtualNetworkPeerings: one direction alone stays *Initiated* and carries
no traffic [NET-4]. For a network made elsewhere, create the other direction there. The two are not a component: a
landing zone has a peering for every spoke, and each component costs the engine two writes of its whole state.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_azure_native as azure_native

from components.network.spec import PeeringSpec

AZURES_OWN = ["peeringState", "peeringSyncLevel"]
"""Azure sets them when the other direction is created; after a refresh the provider treats them as inputs."""


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a peering.

    Attributes:
        key: the network's key in the stack file; part of the names.
        id: the network's ARM id.
        name: the network's name.
        resource_group_name: its resource group; None for a network made elsewhere, whose side is not made here.
        resource: the network, for ``replace_with`` of the other side; None for a network made elsewhere.
        address_space: the address space of a network of this stack, with which the other side is synchronized; None for a network
            made elsewhere, whose address space may be known in part only.
        allows: what this side of the peering allows.
    """

    key: str
    id: pulumi.Input[str]
    name: pulumi.Input[str]
    resource_group_name: pulumi.Input[str] | None
    resource: pulumi.Resource | None = None
    address_space: Sequence[str] | None = None
    allows: PeeringSpec = field(default_factory=PeeringSpec)

    @property
    def space(self) -> azure_native.network.AddressSpaceArgsDict | None:
        """The address space as ARM takes it."""
        return None if self.address_space is None else {"address_prefixes": list(self.address_space)}


def peer(
    name: str,
    *,
    first: Side,
    second: Side,
    disconnected: Collection[str] = (),
    opts: pulumi.ResourceOptions | None = None,
) -> list[azure_native.network.VirtualNetworkPeering]:
    """Make both directions, the second after the first: Azure answers 409 if both are changed at the same time.

    Args:
        name: prefix of both logical names.
        first: one network.
        second: the other.
        disconnected: logical names of peerings that have lost their other direction. Both directions are recreated:
            Azure accepts none while the other is Disconnected [NET-4].
        opts: options of each.

    Returns:
        One virtualNetworkPeerings for each network of this stack.
    """
    directions: list[azure_native.network.VirtualNetworkPeering] = []
    pairs = {f"{name}-{near.key}-to-{far.key}": (near, far) for near, far in ((first, second), (second, first))}
    # A Disconnected direction is deleted before the other is created; use of a gateway follows its permission [NET-GATEWAY].
    order = {each: (each not in disconnected, near.allows.use_remote_gateways) for each, (near, _) in pairs.items()}
    for each, (near, far) in sorted(pairs.items(), key=lambda pair: order[pair[0]]):
        if near.resource_group_name is None:
            continue
        networks = [side.resource for side in (near, far) if side.resource is not None]
        lost = each in disconnected
        directions.append(
            azure_native.network.VirtualNetworkPeering(
                each,
                virtual_network_peering_name=near.allows.name or f"{near.key}-to-{far.key}",
                virtual_network_name=near.name,
                resource_group_name=near.resource_group_name,
                remote_virtual_network={"id": far.id},
                allow_virtual_network_access=True,
                allow_forwarded_traffic=near.allows.forwarded_traffic,
                allow_gateway_transit=near.allows.gateway_transit,
                use_remote_gateways=near.allows.use_remote_gateways,
                # A peering follows the other network's address space only where it is put so; another space puts it
                # [NET-SYNC].
                sync_remote_address_space="true",
                remote_virtual_network_address_space=far.space,
                opts=pulumi.ResourceOptions.merge(
                    opts,
                    pulumi.ResourceOptions(
                        depends_on=directions[-1:],
                        ignore_changes=[] if lost else AZURES_OWN,
                        # A recreated network has the id of the old one, and the direction towards it stays
                        # Disconnected: both directions are deleted before either is recreated [NET-4].
                        replace_with=[*networks, *directions[-1:]],
                        replace_on_changes=["remoteVirtualNetwork", *(AZURES_OWN if lost else ())],
                        delete_before_replace=True,
                    ),
                ),
            )
        )
    return directions
