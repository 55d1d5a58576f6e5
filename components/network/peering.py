"""A peering of two virtual networks, both directions.

The two are Microsoft.Network/virtualNetworks/virtualNetworkPeerings: one direction alone stays *Initiated* and carries
nothing [NET-4]. A network made elsewhere needs its own side made there.

No component holds the two together: a landing zone has a peering for every spoke, and the engine writes its whole state
twice for each component.
"""

from collections.abc import Collection, Sequence
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
        resource: the network, with which the other network's side is replaced; None for a network made elsewhere.
        address_space: the address space of a network of this stack, which the other network's side follows; None for one
            made elsewhere, of which the stack file may know a part only.
    """

    key: str
    id: pulumi.Input[str]
    name: pulumi.Input[str]
    resource_group_name: pulumi.Input[str] | None
    resource: pulumi.Resource | None = None
    address_space: Sequence[str] | None = None

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
    """Make both directions, the second after the first: Azure answers 409 where both ends are changed at once.

    Args:
        name: what the logical names of both start with.
        first: one network.
        second: the other.
        disconnected: logical names of peerings that have lost their other direction. Both directions are made anew: Azure
            takes none while the other is Disconnected [NET-4].
        opts: options of each.

    Returns:
        One virtualNetworkPeerings for each network of this stack.
    """
    made: list[azure_native.network.VirtualNetworkPeering] = []
    pairs = {f"{name}-{near.key}-to-{far.key}": (near, far) for near, far in ((first, second), (second, first))}
    # One that is still there and Disconnected goes before the other is made.
    for each, (near, far) in sorted(pairs.items(), key=lambda pair: pair[0] not in disconnected):
        if near.resource_group_name is None:
            continue
        networks = [side.resource for side in (near, far) if side.resource is not None]
        lost = each in disconnected
        made.append(
            azure_native.network.VirtualNetworkPeering(
                each,
                virtual_network_peering_name=f"{near.key}-to-{far.key}",
                virtual_network_name=near.name,
                resource_group_name=near.resource_group_name,
                remote_virtual_network={"id": far.id},
                allow_virtual_network_access=True,
                allow_forwarded_traffic=False,
                allow_gateway_transit=False,
                use_remote_gateways=False,
                # A peering follows the other network's address space only where it is put so; another space puts it [NET-SYNC].
                sync_remote_address_space="true",
                remote_virtual_network_address_space=far.space,
                opts=pulumi.ResourceOptions.merge(
                    opts,
                    pulumi.ResourceOptions(
                        depends_on=made[-1:],
                        ignore_changes=[] if lost else AZURES_OWN,
                        # A network made anew has the id of the old one, and the direction towards it stays Disconnected:
                        # both directions go before either is made anew [NET-4].
                        replace_with=[*networks, *made[-1:]],
                        replace_on_changes=["remoteVirtualNetwork", *(AZURES_OWN if lost else ())],
                        delete_before_replace=True,
                    ),
                ),
            )
        )
    return made
