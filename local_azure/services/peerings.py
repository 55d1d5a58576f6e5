"""Peerings of virtual networks: both ends are judged, and each shows how far it follows the other."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from ipaddress import ip_network

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.resource_id import ResourceId, same
from local_azure.services.cloud import Cloud, Json, Request
from local_azure.services.subnets import Network, NetworkChild, network, overlap, refuse_busy
from local_azure.store import Resource, dumps

NETWORKS = "Microsoft.Network/virtualNetworks"
PEERINGS = f"{NETWORKS}/virtualNetworkPeerings"
GATEWAYS = "Microsoft.Network/virtualNetworkGateways"

REFUSED = ("224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")
"""Ranges that no network may have [NET-3]."""


def address_space(vnet: Resource) -> list[str]:
    """Return the prefixes of a network."""
    return vnet.properties["addressSpace"].get("addressPrefixes") or []


def refuse_space(name: str, space: Sequence[Network]) -> None:
    """Raise ArmError for a range that Azure keeps to itself [NET-3]."""
    for prefix in space:
        for refused in REFUSED:
            if overlap(prefix, ip_network(refused)):
                message = f"Address prefix {prefix} of virtual network '{name}' overlaps with {refused}, which is not allowed."
                raise bad_request("AddressPrefixNotAllowed", message)


def peers(cloud: Cloud, vnet: Resource) -> Iterator[Resource]:
    """Yield the networks that a network is peered with."""
    for peering in cloud.store.children(vnet.id, PEERINGS):
        remote = cloud.get(peering.properties["remoteVirtualNetwork"]["id"])
        if remote is not None:
            yield remote


def shared(left: Sequence[str], right: Sequence[str]) -> list[str]:
    """Return the prefixes of two spaces that overlap."""
    return [f"{a}, {b}" if a != b else a for a in left for b in right if overlap(network(a, ""), network(b, ""))]


def refuse_growth(cloud: Cloud, vnet: Resource, prefixes: Sequence[str]) -> None:
    """Raise ArmError when a network would grow into one that it is peered with [NET-4]."""
    for remote in peers(cloud, vnet):
        common = shared(prefixes, address_space(remote))
        if common:
            message = (
                f"Cannot update address space of virtual network {vnet.id}, because it overlaps with address space of virtual "
                f"network {remote.id} already peered with it. Overlapping address prefixes: {'; '.join(common)}."
            )
            raise bad_request("VnetAddressSpaceOverlapsWithAlreadyPeeredVnet", message)


class Peerings(NetworkChild):
    """Microsoft.Network/virtualNetworks/virtualNetworkPeerings.

    A peering is Initiated until the other network has one back, then both are Connected; when one goes, the other is
    Disconnected and has to be deleted before the pair can be made anew [NET-PEERING].
    """

    name = PEERINGS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the remote network and give the pair its state."""
        parent = request.id.parent or request.id
        local = cloud.require(parent)
        refuse_busy(cloud, local.id)
        synchronise = any(
            k.lower() == "syncremoteaddressspace" and v.lower() == "true" for k, v in request.query.items()
        )
        sent = {**_DEFAULTS, **request.properties}
        remote_id = (sent.get("remoteVirtualNetwork") or {}).get("id") or ""
        message = (
            f"Resource {remote_id} referenced by resource {request.id} was not found. Please make sure that the "
            "referenced resource exists."
        )
        remote = cloud.named(remote_id, NETWORKS, "InvalidResourceReference", message)
        _refuse_bad_pair(cloud, request.id, local, remote)
        _refuse_gateways(cloud, request.id, remote, sent)
        # A peering shows the address space that it last synchronised, not the one that the remote network has now.
        now = {"addressPrefixes": address_space(remote)}
        seen = existing.properties["remoteAddressSpace"] if existing and not synchronise else now
        sent |= {
            "remoteAddressSpace": seen,
            "resourceGuid": existing.properties["resourceGuid"] if existing else str(uuid.uuid4()),
        }
        back = _back(cloud, local, remote)
        if back is not None and back.properties["peeringState"] == "Disconnected":
            peering_id = existing.id if existing else str(request.id)
            message = (
                f"Cannot create or update peering {peering_id} because remote peering {back.id} referencing parent "
                f"virtual network {local.id} is in Disconnected state. Update or re-create the remote peering to get "
                "it back to Initiated state. Peering gets Disconnected when remote vnet or remote peering is deleted "
                "and re-created."
            )
            raise bad_request("RemotePeeringIsDisconnected", message)
        sent["peeringState"] = "Initiated" if back is None else "Connected"
        if back is not None:
            back.properties["peeringState"] = "Connected"
            cloud.update(back)
        return self.result(request, existing, sent)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the peering; the one in the other network is Disconnected from now on."""
        local = cloud.get(str(ResourceId.parse(resource.id).parent))
        remote = cloud.get(resource.properties["remoteVirtualNetwork"]["id"])
        back = _back(cloud, local, remote) if local and remote else None
        if back is not None:
            back.properties.update(peeringState="Disconnected")
            cloud.update(back)
        cloud.drop(resource)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the remote space of now, and which end has not followed the other's last change [NET-SYNC]."""
        local = cloud.get(str(ResourceId.parse(resource.id).parent))
        remote = cloud.get(resource.properties["remoteVirtualNetwork"]["id"])
        seen = resource.properties["remoteAddressSpace"]
        if local is None or remote is None:
            return {"remoteVirtualNetworkAddressSpace": seen, "peeringSyncLevel": "RemoteNotInSync"}
        back = _back(cloud, local, remote)
        behind = seen["addressPrefixes"] != address_space(remote)
        ahead = back is None or back.properties["remoteAddressSpace"]["addressPrefixes"] != address_space(local)
        return {
            "remoteVirtualNetworkAddressSpace": {"addressPrefixes": address_space(remote)},
            "peeringSyncLevel": _LEVELS[behind, ahead],
        }


_LEVELS = {
    (False, False): "FullyInSync",
    (False, True): "RemoteNotInSync",
    (True, False): "LocalNotInSync",
    (True, True): "LocalAndRemoteNotInSync",
}
"""Levels by whether this end is behind the other network's space, and the other end behind this network's [NET-SYNC]."""

_DEFAULTS = {
    "allowVirtualNetworkAccess": True,
    "allowForwardedTraffic": False,
    "allowGatewayTransit": False,
    "useRemoteGateways": False,
    "doNotVerifyRemoteGateways": False,
    "peerCompleteVnets": True,
}


def _back(cloud: Cloud, local: Resource, remote: Resource) -> Resource | None:
    peerings = cloud.store.children(remote.id, PEERINGS)
    return next((p for p in peerings if same(p.properties["remoteVirtualNetwork"]["id"], local.id)), None)


def _refuse_bad_pair(cloud: Cloud, place: ResourceId, local: Resource, remote: Resource) -> None:
    name = place.name
    if same(local.id, remote.id):
        message = f"Cannot create or update peering {name}. A virtual network cannot be peered with itself."
        raise bad_request("VnetCannotPeerWithItself", message)
    if cloud.operations.running(remote.key):
        message = (
            f"Cannot proceed with operation because resource {remote.id} used by resource {place} is not in Succeeded state. "
            "Resource is in Updating state and the last operation that updated/is updating the resource is "
            "PutVirtualNetworkOperation."
        )
        raise bad_request("ReferencedResourceNotProvisioned", message)
    clash = [p for p in cloud.store.children(local.id, PEERINGS) if p.name.lower() != name.lower()]
    for peering in clash:
        if same(peering.properties["remoteVirtualNetwork"]["id"], remote.id):
            message = (
                f"Peering {peering.id} already references remote virtual network {remote.id}. Cannot add another peering "
                "referencing the same remote virtual network."
            )
            raise bad_request("AnotherPeeringAlreadyReferencesRemoteVnet", message)
    common = shared(address_space(local), address_space(remote))
    if common:
        message = (
            f"Cannot create or update peering {place}. Virtual networks {local.id} and {remote.id} cannot be peered because "
            f"their address spaces overlap. Overlapping address prefixes: {'; '.join(common)}."
        )
        raise bad_request("VnetAddressSpacesOverlap", message)
    # Each of the two may be peered with a third network whose address space overlaps that of the other.
    _refuse_third(cloud, place, ("first", local), ("second", remote))
    _refuse_third(cloud, place, ("second", remote), ("first", local))


def _refuse_third(cloud: Cloud, place: ResourceId, one: tuple[str, Resource], other: tuple[str, Resource]) -> None:
    """Raise ArmError when `one` overlaps with a network that `other` is peered with already [NET-4]."""
    for third in peers(cloud, other[1]):
        common = shared(address_space(one[1]), address_space(third))
        if common and not same(third.id, one[1].id):
            pair = {one[0]: one[1], other[0]: other[1]}
            message = (
                f"Cannot create or update peering {place}. Virtual networks {pair['first'].id} and {pair['second'].id} cannot be "
                f"peered because address space of the {one[0]} virtual network overlaps with address space of virtual network "
                f"{third.id} already peered with the {other[0]} virtual network. Overlapping address prefixes: "
                f"{'; '.join(common)}. For more information please refer to https://aka.ms/VnetPeeringInfo"
            )
            raise bad_request("VnetAddressSpaceOverlapsWithAlreadyPeeredVnet", message)


def _refuse_gateways(cloud: Cloud, place: ResourceId, remote: Resource, sent: Json) -> None:
    """Raise ArmError for the use of a gateway that the remote network does not have [NET-GATEWAY]."""
    if not sent.get("useRemoteGateways") or sent.get("doNotVerifyRemoteGateways"):
        return
    subnet = f'"{remote.key}/subnets/gatewaysubnet"'
    if not any(subnet in dumps(gateway.body).lower() for gateway in cloud.store.of_type(GATEWAYS)):
        message = (
            f"Peering {place} cannot have UseRemoteGateway flag set to true because remote virtual network {remote.id} "
            "referenced by the peering does not have any gateways."
        )
        raise bad_request("RemoteVnetHasNoGateways", message)


TYPES = (Peerings(),)
