"""Virtual networks: address space and inline subnets."""

from __future__ import annotations

import uuid
from ipaddress import IPv4Address

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.resource_id import same
from local_azure.services import addresses, peerings
from local_azure.services import usages as subscription_usages
from local_azure.services.cloud import Answer, Cloud, Json, Request
from local_azure.services.peerings import NETWORKS, PEERINGS
from local_azure.services.subnets import (
    NAME_64,
    SUBNETS,
    NetworkResource,
    network,
    overlap,
    refuse_bad_ranges,
    refuse_busy,
    refuse_in_use,
    write_subnet,
)
from local_azure.store import Resource


class VirtualNetworks(NetworkResource):
    """Microsoft.Network/virtualNetworks."""

    name = NETWORKS
    kept = ("location", "tags", "extendedLocation")
    pattern = NAME_64

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the address space; subnets follow once the network is stored."""
        refuse_busy(cloud, str(request.id))
        sent = request.properties
        prefixes = (sent.get("addressSpace") or {}).get("addressPrefixes") or []
        if not prefixes:
            message = f"Virtual network '{request.id.name}' has no address space."
            raise bad_request("MissingAddressSpace", message)
        space = [network(p, str(request.id)) for p in prefixes]
        peerings.refuse_space(request.id.name, space)
        for at, prefix in enumerate(space):
            if any(overlap(prefix, other) for other in space[:at]):
                message = f"Address prefix {prefix} of virtual network '{request.id.name}' overlaps with another."
                raise bad_request("NetcfgAddressSpacesOverlap", message)
        if existing is not None:
            peerings.refuse_growth(cloud, existing, prefixes)
        guid = existing.properties["resourceGuid"] if existing else str(uuid.uuid4())
        kept = {k: v for k, v in sent.items() if k not in {"subnets", "virtualNetworkPeerings"} and v is not None}
        kept.setdefault("enableDdosProtection", False)
        kept.setdefault("privateEndpointVNetPolicies", "Disabled")
        return self.result(request, existing, {**kept, "resourceGuid": guid})

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Make the subnets those of the body; without `subnets` in it they stay as they are [NET-NOSUBNETS]."""
        _drop_peerings(cloud, resource, request.properties.get("virtualNetworkPeerings"))
        sent = request.properties.get("subnets")
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
        parts = {"subnets": SUBNETS, "virtualNetworkPeerings": PEERINGS}
        return {member: cloud.shown(resource.id, kind, api_version) for member, kind in parts.items()}


def usages(cloud: Cloud, _request: Request, vnet: Resource) -> Answer:
    """List how many addresses of each subnet are taken, and how many it has [NET-USAGE]."""
    rows = [
        {
            "id": subnet.id,
            "name": {"value": "SubnetSpace", "localizedValue": "Subnet size and usage"},
            "unit": "Count",
            "currentValue": float(len(addresses.taken(cloud, subnet))),
            "limit": float(sum(1 for _ in addresses.usable(subnet))),
        }
        for subnet in cloud.store.children(vnet.id, SUBNETS)
    ]
    return Answer(200, {"value": rows})


def check_address(cloud: Cloud, request: Request, vnet: Resource) -> Answer:
    """Answer whether an address of a network is free, with five others of its subnet where it is not [NET-CHECKIP]."""
    asked = request.query.get("ipAddress", "")
    try:
        number = int(IPv4Address(asked))
    except ValueError:
        raise bad_request("InvalidIPAddress", f"'{asked}' is no IPv4 address.", "ipAddress") from None
    for subnet in cloud.store.children(vnet.id, SUBNETS):
        if any(IPv4Address(number) in prefix for prefix in addresses.prefixes(subnet)):
            used = addresses.taken(cloud, subnet)
            free = [each for each in addresses.usable(subnet) if each not in used]
            if number in free:
                return Answer(200, {"available": True, "availableIPAddresses": []})
            return Answer(200, {"available": False, "availableIPAddresses": [str(IPv4Address(n)) for n in free[:5]]})
    message = f"IP address {asked} is not within the subnets of virtual network {vnet.name}."
    raise bad_request("PrivateIPAddressNotInAnySubnet", message, "ipAddress")


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


VirtualNetworks.scoped = {("GET", "locations/usages"): subscription_usages.network}
VirtualNetworks.actions = {("GET", "usages"): usages, ("GET", "checkipaddressavailability"): check_address}

TYPES = (VirtualNetworks(), *peerings.TYPES)
