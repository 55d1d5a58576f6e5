"""Virtual networks: address space, inline subnets, and peerings in both directions."""

from __future__ import annotations

import uuid

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.resource_id import ResourceId, same
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, pick
from local_azure.services.subnets import (
    MISSING_CHILD,
    NAME_64,
    NAME_80,
    SUBNETS,
    WEAK,
    network,
    overlap,
    refuse_bad_ranges,
    refuse_busy,
    refuse_in_use,
    write_subnet,
)
from local_azure.store import Resource

NETWORKS = "Microsoft.Network/virtualNetworks"
PEERINGS = f"{NETWORKS}/virtualNetworkPeerings"


def address_space(vnet: Resource) -> list[str]:
    """Return the prefixes of a network."""
    return vnet.properties["addressSpace"].get("addressPrefixes") or []


class VirtualNetworks(ResourceType):
    """Microsoft.Network/virtualNetworks."""

    name = NETWORKS
    patched = frozenset({"tags"})
    etag = WEAK
    pattern = NAME_64

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the address space; subnets follow once the network is stored."""
        refuse_busy(cloud, str(request.id))
        sent = request.body.get("properties") or {}
        prefixes = (sent.get("addressSpace") or {}).get("addressPrefixes") or []
        if not prefixes:
            message = f"Virtual network '{request.id.name}' has no address space."
            raise bad_request("MissingAddressSpace", message)
        space = [network(p) for p in prefixes]
        for at, prefix in enumerate(space):
            if any(overlap(prefix, other) for other in space[:at]):
                message = f"Address prefix {prefix} of virtual network '{request.id.name}' overlaps with another."
                raise bad_request("NetcfgAddressSpacesOverlap", message)
        resource = existing or Resource(str(request.id), NETWORKS, request.id.name)
        guid = existing.properties["resourceGuid"] if existing else str(uuid.uuid4())
        kept = {k: v for k, v in sent.items() if k not in {"subnets", "virtualNetworkPeerings"} and v is not None}
        kept.setdefault("enableDdosProtection", False)
        kept.setdefault("privateEndpointVNetPolicies", "Disabled")
        resource.body = {
            **pick(request.body, "location", "tags", "extendedLocation"),
            "properties": {**kept, "resourceGuid": guid},
        }
        return resource

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Make the subnets those of the body; without `subnets` in it they stay as they are [NET-NOSUBNETS]."""
        _drop_peerings(cloud, resource, (request.body.get("properties") or {}).get("virtualNetworkPeerings"))
        sent = (request.body.get("properties") or {}).get("subnets")
        stored = cloud.store.children(resource.id, SUBNETS)
        if sent is None:
            refuse_bad_ranges(resource, [(s.name, s.properties) for s in stored])
            return
        wanted = [(s.get("name") or "", s.get("properties") or {}) for s in sent]
        names = [name.lower() for name, _ in wanted]
        if "" in names or len(set(names)) < len(names):
            raise bad_request("InvalidRequestFormat", "Every subnet needs a name of its own.")
        refuse_bad_ranges(resource, wanted)
        for subnet in stored:
            if subnet.name.lower() not in names:
                refuse_in_use(cloud, subnet)
                cloud.drop(subnet)
        for name, properties in wanted:
            cloud.add(write_subnet(cloud, resource, name, properties))

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while anything lives in one of the subnets."""
        for subnet in cloud.store.children(resource.id, SUBNETS):
            refuse_in_use(cloud, subnet)
        refuse_busy(cloud, resource.id)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the network, its subnets and peerings, and the zones' links to it [DNS-LINK]."""
        for link in cloud.store.of_type("Microsoft.Network/privateDnsZones/virtualNetworkLinks"):
            if same(link.properties["virtualNetwork"]["id"], resource.id):
                cloud.drop(link)
        super().remove(cloud, resource)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show subnets and peerings inline."""
        lists: Json = {}
        for member, kind in (("subnets", SUBNETS), ("virtualNetworkPeerings", PEERINGS)):
            rules = cloud.types[kind.lower()]
            lists[member] = [rules.view(cloud, c, api_version) for c in cloud.store.children(resource.id, kind)]
        return lists


def _drop_peerings(cloud: Cloud, vnet: Resource, sent: list[Json] | None) -> None:
    """Delete peerings that a PUT leaves out; new ones are made as resources of their own only (chosen)."""
    if sent is None:
        return
    names = {str(p.get("name")).lower() for p in sent}
    stored = {p.name.lower(): p for p in cloud.store.children(vnet.id, PEERINGS)}
    for name in names - stored.keys():
        message = f"Peering {name} of virtual network {vnet.name} cannot be made inline; put the peering itself."
        raise bad_request("InlinePeeringNotSupported", message, "properties.virtualNetworkPeerings")
    for name in stored.keys() - names:
        cloud.type_of(stored[name]).remove(cloud, stored[name])


class Peerings(ResourceType):
    """Microsoft.Network/virtualNetworks/virtualNetworkPeerings.

    A peering is Initiated until the other network has one back, then both are Connected; when one goes, the other is
    Disconnected and has to be deleted before the pair can be made anew [NET-PEERING].
    """

    name = PEERINGS
    kind = ""
    missing = MISSING_CHILD
    etag = WEAK
    pattern = NAME_80
    methods = frozenset({"GET", "PUT", "DELETE"})

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the remote network and give the pair its state."""
        parent = request.id.parent or request.id
        local = cloud.require(parent)
        refuse_busy(cloud, local.id)
        sent = dict(request.body.get("properties") or {})
        remote_id = (sent.get("remoteVirtualNetwork") or {}).get("id") or ""
        remote = cloud.get(remote_id)
        if remote is None or remote.type != NETWORKS:
            message = (
                f"Resource {remote_id} referenced by resource {request.id} was not found. Please make sure that the "
                "referenced resource exists."
            )
            raise bad_request("InvalidResourceReference", message)
        _refuse_bad_pair(cloud, request.id.name, local, remote)
        peering = existing or Resource(str(request.id), PEERINGS, request.id.name)
        for member, default in _DEFAULTS.items():
            sent.setdefault(member, default)
        space = {"addressPrefixes": address_space(remote)}
        sent |= {
            "remoteAddressSpace": space,
            "remoteVirtualNetworkAddressSpace": space,
            "resourceGuid": existing.properties["resourceGuid"] if existing else str(uuid.uuid4()),
        }
        back = _back(cloud, local, remote)
        if back is not None and back.properties["peeringState"] == "Disconnected":
            message = (
                f"Cannot create or update peering {peering.id} because remote peering {back.id} referencing parent "
                f"virtual network {local.id} is in Disconnected state. Update or re-create the remote peering to get "
                "it back to Initiated state. Peering gets Disconnected when remote vnet or remote peering is deleted "
                "and re-created."
            )
            raise bad_request("RemotePeeringIsDisconnected", message)
        _connect(cloud, sent, back)
        peering.body = {"properties": sent}
        return peering

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


_DEFAULTS = {
    "allowVirtualNetworkAccess": True,
    "allowForwardedTraffic": False,
    "allowGatewayTransit": False,
    "useRemoteGateways": False,
    "doNotVerifyRemoteGateways": False,
    "peerCompleteVnets": True,
}


def _connect(cloud: Cloud, properties: Json, back: Resource | None) -> None:
    state, level = ("Initiated", "RemoteNotInSync") if back is None else ("Connected", "FullyInSync")
    properties.update(peeringState=state, peeringSyncLevel=level)
    if back is not None:
        back.properties.update(peeringState=state, peeringSyncLevel=level)
        cloud.update(back)


def _back(cloud: Cloud, local: Resource, remote: Resource) -> Resource | None:
    peerings = cloud.store.children(remote.id, PEERINGS)
    return next((p for p in peerings if same(p.properties["remoteVirtualNetwork"]["id"], local.id)), None)


def _refuse_bad_pair(cloud: Cloud, name: str, local: Resource, remote: Resource) -> None:
    if same(local.id, remote.id):
        message = f"Cannot create or update peering {name}. A virtual network cannot be peered with itself."
        raise bad_request("VnetCannotPeerWithItself", message)
    clash = [p for p in cloud.store.children(local.id, PEERINGS) if p.name.lower() != name.lower()]
    for peering in clash:
        if same(peering.properties["remoteVirtualNetwork"]["id"], remote.id):
            message = (
                f"Peering {name} cannot be created or updated because virtual network {local.id} already has the "
                f"peering {peering.name} referencing remote virtual network {remote.id}."
            )
            raise bad_request("AnotherPeeringAlreadyReferencesRemoteVnet", message)
    for left in address_space(local):
        for right in address_space(remote):
            if overlap(network(left), network(right)):
                message = (
                    f"Cannot create or update peering {name}. Virtual networks {local.id} and {remote.id} cannot be "
                    f"peered because their address spaces overlap. Overlapping address prefixes: {left}, {right}."
                )
                raise bad_request("VnetAddressSpacesOverlap", message)


TYPES = (VirtualNetworks(), Peerings())
