"""Subnets: inside their virtual network, apart from each other, and kept while something lives in them."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any, ClassVar

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.operations import NETWORK
from local_azure.refusals import reference_not_found
from local_azure.resource_id import ResourceId
from local_azure.services import addresses, subnet_rules
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, deleting, without_nulls
from local_azure.store import Resource

Network = IPv4Network | IPv6Network

WEAK = 'W/"{}"'
"""Form of the Network provider's ETags [REC-ETAG]."""

NAME_80 = r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?"
NAME_64 = r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}[A-Za-z0-9_]"
"""Names of network resources: 1 to 80, and 2 to 64 characters [ARM-NAMES]."""

MISSING_CHILD = ("NotFound", "Resource {id} not found.")
"""The 404 of Microsoft.Network for a child of what exists [ARM-404]."""

SUBNETS = "Microsoft.Network/virtualNetworks/subnets"


def network(prefix: str, owner: str) -> Network:
    """Read a CIDR prefix of a resource; raises ArmError for anything else, and for host bits that are set [NET-CIDR]."""
    try:
        loose = ip_network(prefix, strict=False)
    except ValueError as error:
        message = (
            f"Address prefix {prefix} of resource {owner} is not formatted correctly. It should follow CIDR notation, for "
            "example 10.0.0.0/24."
        )
        raise bad_request("InvalidAddressPrefixFormat", message) from error
    if prefix.partition("/")[0] != str(loose.network_address) and loose.version == 4:
        message = (
            f"The address prefix {prefix} in resource {owner} has an invalid CIDR notation. For the given prefix length, the "
            f"address prefix should be {loose}."
        )
        raise bad_request("InvalidCIDRNotation", message)
    return loose


def inside(inner: Network, outer: Network) -> bool:
    """Tell whether a prefix lies wholly in another."""
    if isinstance(inner, IPv4Network) and isinstance(outer, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(inner, IPv6Network) and isinstance(outer, IPv6Network) and inner.subnet_of(outer)


def overlap(left: Network, right: Network) -> bool:
    """Tell whether two prefixes share an address."""
    return left.version == right.version and left.overlaps(right)


def written_prefixes(properties: Json) -> list[str]:
    """Return the prefixes that a subnet's properties name."""
    single, several = properties.get("addressPrefix"), properties.get("addressPrefixes") or []
    return list(dict.fromkeys(([single] if single else []) + several))


def refuse_bad_ranges(vnet: Resource, wanted: Sequence[tuple[str, Json]]) -> None:
    """Raise ArmError unless all subnets of a network lie inside it and apart from each other [NET-SUBNET]."""
    space = [network(p, vnet.id) for p in vnet.properties["addressSpace"].get("addressPrefixes") or []]
    seen: list[tuple[str, Network]] = []
    for name, properties in wanted:
        ranges = written_prefixes(properties)
        if not ranges:
            raise bad_request("MissingAddressPrefix", f"Subnet '{name}' has no address prefix.")
        for text in ranges:
            prefix = network(text, f"{vnet.id}/subnets/{name}")
            if not any(inside(prefix, outer) for outer in space):
                message = (
                    f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual "
                    f"network '{vnet.name}'."
                )
                raise bad_request("NetcfgSubnetRangeOutsideVnet", message)
            if prefix.version == 4 and prefix.prefixlen > 29:
                message = f"Subnet '{name}' is not valid in virtual network '{vnet.name}'."
                raise bad_request("NetcfgInvalidSubnet", message)
            if any(overlap(prefix, other) for _, other in seen):
                message = (
                    f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing "
                    f"subnet in virtual network '{vnet.name}'."
                )
                raise bad_request("NetcfgSubnetRangesOverlap", message)
            seen.append((name, prefix))


def refuse_busy(cloud: Cloud, vnet_id: str) -> None:
    """Raise ArmError while another operation runs on the network or a part of it [NET-BUSY]."""
    running = cloud.busy(vnet_id)
    if running is not None:
        message = (
            "Another operation on this or dependent resource is in progress. To retrieve status of the operation use "
            f"uri: /operations/{running.guid}."
        )
        raise ArmError(409, "AnotherOperationInProgress", message)


def refuse_in_use(cloud: Cloud, subnet: Resource) -> None:
    """Raise ArmError while anything has an address of the subnet [NET-INUSE]."""
    configurations = ip_configurations(cloud, subnet)
    if configurations:
        message = (
            f"Subnet {subnet.name} is in use by {configurations[0]} and cannot be deleted. In order to delete the "
            "subnet, delete all the resources within the subnet. See aka.ms/deletesubnet."
        )
        raise bad_request("InUseSubnetCannotBeDeleted", message)


def ip_configurations(cloud: Cloud, subnet: Resource) -> list[str]:
    """Return the ids of the IP configurations that have an address of the subnet."""
    found = []
    for owner in addresses.owners(cloud, subnet):
        holder = cloud.get(owner.partition("#")[0])
        interface = cloud.get(holder.state.get("interface", "")) if holder else None
        if interface is not None:
            found += [c["id"] for c in interface.properties["ipConfigurations"]]
        elif holder is not None:
            # What holds addresses without an interface of its own shows as one configuration (chosen) [NET-INUSE].
            found.append(f"{holder.id}/ipConfigurations/default")
    return found


def require_reference(cloud: Cloud, referrer: str, location: str, reference: Any) -> Resource | None:
    """Return what `{"id": …}` names; raises ArmError unless it exists in the same region [NET-REFERENCE]."""
    if not reference:
        return None
    found = cloud.get(reference.get("id") or "")
    if found is None or (found.location and location and found.location != location) or deleting(found):
        raise reference_not_found(reference.get("id"), referrer)
    return found


def write_subnet(cloud: Cloud, vnet: Resource, name: str, sent: Json) -> Resource:
    """Return a subnet with its defaults, checked against what lives in it; the caller has checked the ranges."""
    subnet_id = str(ResourceId.parse(vnet.id).child("subnets", name))
    existing = cloud.get(subnet_id)
    subnet_rules.refuse_subnet(subnet_id, name, sent)
    for member in ("networkSecurityGroup", "routeTable", "natGateway"):
        require_reference(cloud, subnet_id, vnet.location, sent.get(member))
    if existing is not None and addresses.owners(cloud, existing):
        subnet_rules.refuse_use_change(subnet_id, existing.properties, sent, ip_configurations(cloud, existing))
        for gone in set(written_prefixes(existing.properties)) - set(written_prefixes(sent)):
            message = f"IpPrefix {gone} on Subnet {name} has active allocations and cannot be deleted."
            raise bad_request("InUsePrefixCannotBeDeleted", message)
    subnet = existing or Resource(subnet_id, SUBNETS, name)
    properties = without_nulls(sent)
    # Disabled is what the service has answered since 2022-01-01 when nothing was sent [REC-NET].
    properties.setdefault("privateEndpointNetworkPolicies", "Disabled")
    properties.setdefault("privateLinkServiceNetworkPolicies", "Enabled")
    properties["delegations"] = [_delegation(subnet_id, d) for d in properties.get("delegations") or []]
    properties["serviceEndpoints"] = properties.get("serviceEndpoints") or []
    properties["provisioningState"] = "Succeeded"
    subnet.body = {"properties": properties}
    return subnet


def _delegation(subnet_id: str, sent: Json) -> Json:
    name = sent.get("name") or "delegation"
    stated = str((sent.get("properties") or {}).get("serviceName"))
    service = {"serviceName": subnet_rules.DELEGATIONS[stated.lower()], "provisioningState": "Succeeded"}
    return {
        "id": f"{subnet_id}/delegations/{name}",
        "name": name,
        "type": f"{SUBNETS}/delegations",
        "properties": service,
    }


class NetworkResource(ResourceType):
    """Common attributes of the types of Microsoft.Network."""

    patched = frozenset({"tags"})
    pattern = NAME_80
    etag = WEAK
    lifecycle = NETWORK


class NetworkChild(NetworkResource):
    """Common attributes of types that are part of a network or a private endpoint."""

    kind = ""
    patched = None
    missing = MISSING_CHILD
    methods = frozenset({"GET", "PUT", "DELETE"})


class SubnetReference(NetworkResource):
    """A type that subnets refer to: it shows them, and cannot be deleted while one refers to it.

    `member` is the member of a subnet; `in_use` are code and text of the refusal, with `{id}`, `{name}` and `{users}` in it.
    """

    member: ClassVar[str] = ""
    in_use: ClassVar[tuple[str, str]] = ("", "")

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a subnet refers to the resource."""
        users = self._users(cloud, resource)
        if users:
            code, text = self.in_use
            raise bad_request(code, text.format(id=resource.id, name=resource.name, users=", ".join(users)))

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the subnets that refer to the resource."""
        users = self._users(cloud, resource)
        return {"subnets": [{"id": user} for user in users]} if users else {}

    def _users(self, cloud: Cloud, resource: Resource) -> list[str]:
        return cloud.store.referring(SUBNETS, f"properties.{self.member}.id", resource.id)


class Subnets(NetworkChild):
    """Microsoft.Network/virtualNetworks/subnets."""

    name = SUBNETS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the subnet beside its siblings and fill in its defaults."""
        vnet = cloud.require(request.id.parent or request.id)
        refuse_busy(cloud, vnet.id)
        sent = request.properties
        siblings = [
            (s.name, s.properties)
            for s in cloud.store.children(vnet.id, SUBNETS)
            if s.name.lower() != request.id.name.lower()
        ]
        refuse_bad_ranges(vnet, [*siblings, (request.id.name, sent)])
        return write_subnet(cloud, vnet, request.id.name, sent)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while a network interface lives in the subnet, or its network is busy."""
        refuse_in_use(cloud, resource)
        refuse_busy(cloud, str(ResourceId.parse(resource.id).parent))

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json | None:
        """Show who has addresses of the subnet."""
        configurations = ip_configurations(cloud, resource)
        if not configurations:
            return None
        holders = [
            holder for owner in addresses.owners(cloud, resource) if (holder := cloud.get(owner.partition("#")[0]))
        ]
        shown: Json = {"ipConfigurations": [{"id": c} for c in configurations]}
        endpoints = [{"id": holder.id} for holder in holders if "interface" in holder.state]
        if endpoints:
            shown["privateEndpoints"] = endpoints
        return shown


TYPES = (Subnets(),)
