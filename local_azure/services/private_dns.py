"""Private DNS: zones with their SOA, links to virtual networks, and record sets guarded by ETags."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any, ClassVar

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.operations import DNS_DELETE, DNS_WRITE, Lifecycle, Polls
from local_azure.resource_id import ResourceId, same
from local_azure.services import lists, private_links
from local_azure.services.cloud import Answer, Cloud, Json, Request, ResourceType, pick
from local_azure.services.subnets import NAME_80
from local_azure.store import Resource

ZONES = "Microsoft.Network/privateDnsZones"
LINKS = f"{ZONES}/virtualNetworkLinks"
STRONG = "{}"
"""Form of private DNS's ETags: a bare GUID [REC-ETAG]."""

LIFECYCLE = Lifecycle(DNS_WRITE, DNS_WRITE, DNS_DELETE, DNS_WRITE)
"""202 with body {} and both headers for zones and links; record sets are synchronous [REC-DNS]."""

POLLS = Polls(
    "{group}/providers/{namespace}/privateDnsOperationStatuses/{guid}",
    "{group}/providers/{namespace}/privateDnsOperationResults/{guid}",
    pending=202,
)
"""Polls below the resource group; a status is a 202 until the end [REC-DNS]."""

RECORDS: dict[str, str] = {
    "A": "aRecords",
    "AAAA": "aaaaRecords",
    "CNAME": "cnameRecord",
    "MX": "mxRecords",
    "PTR": "ptrRecords",
    "SOA": "soaRecord",
    "SRV": "srvRecords",
    "TXT": "txtRecords",
}
"""Record types and the property that holds each one's values [DNS-RECORDS]."""

MOST_VALUES = 20
"""Records of one record set [DNS-LIMITS]."""

_LABEL = re.compile(r"^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$")
_SOA = {
    "host": "azureprivatedns.net",
    "email": "azureprivatedns-host.microsoft.com",
    "serialNumber": 1,
    "refreshTime": 3600,
    "retryTime": 300,
    "expireTime": 2419200,
    "minimumTtl": 10,
}


def every_record(cloud: Cloud, request: Request, zone: Resource) -> Answer:
    """List the record sets of all types."""
    rows: list[Resource] = []
    for kind in RECORDS:
        rows += cloud.store.children(zone.id, f"{ZONES}/{kind}")
    return lists.paged(cloud, request, rows, lambda r: cloud.type_of(r).view(cloud, r, request.api_version))


class Zones(ResourceType):
    """Microsoft.Network/privateDnsZones."""

    name = ZONES
    kind = "global"
    etag = STRONG
    actions: ClassVar = {("GET", "all"): every_record}
    lifecycle = LIFECYCLE
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the name: 2 to 34 labels, at most 253 characters [DNS-NAMES]."""
        labels = request.id.name.split(".")
        if not 2 <= len(labels) <= 34 or not all(_LABEL.match(part) for part in labels):
            message = f"The private DNS zone name '{request.id.name}' is not valid: 2 to 34 labels are expected."
            raise bad_request("InvalidZoneName", message)
        return self.result(request, existing, {})

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Give a new zone its SOA record."""
        soa_id = f"{resource.id}/SOA/@"
        if not cloud.store.exists(soa_id):
            body = {"properties": {"ttl": 3600, "soaRecord": _SOA}}
            cloud.add(Resource(soa_id, f"{ZONES}/SOA", "@", "", body))

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse while networks are linked [DNS-NESTED]."""
        for link in cloud.store.children(resource.id, LINKS):
            message = (
                "Cannot delete resource while nested resources exist. Some existing nested resource IDs include: "
                f"'{link.id.rpartition('/providers/')[2]}'. Please delete all nested resources before deleting this resource."
            )
            raise ArmError(409, "CannotDeleteResource", message)

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the counts and limits of the zone [DNS-LIMITS]."""
        links = cloud.store.children(resource.id, LINKS)
        records = sum(len(cloud.store.children(resource.id, f"{ZONES}/{kind}")) for kind in RECORDS)
        return {
            "maxNumberOfRecordSets": 25000,
            "numberOfRecordSets": records,
            "maxNumberOfVirtualNetworkLinks": 1000,
            "numberOfVirtualNetworkLinks": len(links),
            "maxNumberOfVirtualNetworkLinksWithRegistration": 100,
            "numberOfVirtualNetworkLinksWithRegistration": sum(
                1 for link in links if link.properties["registrationEnabled"]
            ),
        }


class Links(ResourceType):
    """Microsoft.Network/privateDnsZones/virtualNetworkLinks."""

    name = LINKS
    pattern = NAME_80
    kind = "global"
    etag = STRONG
    lifecycle = LIFECYCLE
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the network, and that it sees no other zone of that name."""
        sent = request.properties
        network_id = (sent.get("virtualNetwork") or {}).get("id") or ""
        message = f"The virtual network '{network_id}' of link '{request.id.name}' was not found."
        cloud.named(network_id, "Microsoft.Network/virtualNetworks", "BadRequest", message)
        if existing is not None and not same(existing.properties["virtualNetwork"]["id"], network_id):
            raise bad_request("BadRequest", "The virtual network of a link cannot be changed.")
        registration = bool(sent.get("registrationEnabled"))
        _refuse_clash(cloud, request, network_id, registration)
        properties = {
            "registrationEnabled": registration,
            **pick(sent, "resolutionPolicy"),
            "virtualNetwork": {"id": network_id},
            "virtualNetworkLinkState": "Completed",
        }
        return self.result(request, existing, properties)


def _refuse_clash(cloud: Cloud, request: Request, network_id: str, registration: bool) -> None:
    """Raise ArmError when the network is linked to a namesake, or registers elsewhere [DNS-OVERLAP]."""
    zone = request.id.names[0]
    for link in cloud.store.of_type(LINKS):
        if same(link.id, str(request.id)) or not same(link.properties["virtualNetwork"]["id"], network_id):
            continue
        other = ResourceId.parse(link.id).names[0]
        if same(other, zone):
            message = (
                "A virtual network cannot be linked to multiple zones with overlapping namespaces. You tried to link "
                f"virtual network with '{zone}' and '{other}' zones."
            )
            raise bad_request("BadRequest", message)
        if registration and link.properties["registrationEnabled"]:
            message = "A virtual network can only be linked to 1 Private DNS zone(s) with registration enabled."
            raise bad_request("BadRequest", message)


class RecordSets(ResourceType):
    """Microsoft.Network/privateDnsZones/<record type>."""

    kind = ""
    etag = STRONG
    provisioning = False
    missing = (
        "NotFound",
        "The resource record '{name}' does not exist in resource group '{group}' of subscription '{subscription}'.",
    )

    def __init__(self, record: str) -> None:
        self.record = record
        self.values = RECORDS[record]

    name: ClassVar[str] = ""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check ttl, values and the CNAME rule [DNS-RECORDS]."""
        sent = request.properties
        zone = cloud.require(request.id.parent or request.id)
        ttl = sent.get("ttl", 3600)
        if not 1 <= ttl <= 2147483647:
            raise bad_request("BadRequest", f"The ttl {ttl} is not between 1 and 2147483647.", "properties.ttl")
        self._refuse_name(cloud, request, zone)
        values = sent.get(self.values, {} if self.values.endswith("Record") else [])
        if isinstance(values, list) and len(values) > MOST_VALUES:
            message = f"The record set has {len(values)} records; the maximum is {MOST_VALUES}."
            raise bad_request("BadRequest", message, f"properties.{self.values}")
        for value in values if isinstance(values, list) else ():
            _refuse_address(self.record, value)
        if self.record == "SOA":
            values = {**_SOA, **sent.get(self.values, {}), "host": _SOA["host"]}
        return self.result(request, existing, {"ttl": ttl, **pick(sent, "metadata"), self.values: values})

    def _refuse_name(self, cloud: Cloud, request: Request, zone: Resource) -> None:
        name = request.id.name
        if self.record == "SOA" and name != "@":
            raise bad_request("BadRequest", "The SOA record set has the name '@'.")
        for kind in RECORDS:
            clash = "CNAME" in (kind, self.record) and kind != self.record
            if clash and cloud.store.exists(f"{zone.id}/{kind}/{name}"):
                message = f"The record set '{name}' of type {kind} exists; a CNAME stands alone."
                raise bad_request("BadRequest", message)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Keep the SOA record."""
        if self.record == "SOA":
            raise bad_request("BadRequest", "The SOA record set cannot be deleted.")

    @override
    def computed(self, cloud: Cloud, resource: Resource, api_version: str) -> Json:
        """Show the full name."""
        zone = ResourceId.parse(resource.id).names[0]
        fqdn = f"{zone}." if resource.name == "@" else f"{resource.name}.{zone}."
        return {"fqdn": fqdn, "isAutoRegistered": False}

    @override
    def read(self, cloud: Cloud, resource: Resource) -> None:
        """Let records that a private endpoint wrote be up to date at the next read."""
        for operation in cloud.operations.waiting("publish"):
            private_links.seen(cloud, operation.subject)


def _refuse_address(record: str, value: Any) -> None:
    try:
        if record == "A":
            IPv4Address(value.get("ipv4Address"))
        elif record == "AAAA":
            IPv6Address(value.get("ipv6Address"))
    except (AddressValueError, AttributeError) as error:
        raise bad_request("BadRequest", f"The record '{value}' of type {record} is not an address.") from error


def write_record(cloud: Cloud, zone: Resource, name: str, address: str, ttl: int, metadata: dict[str, str]) -> str:
    """Write an A record set for a private endpoint, over whatever it said before; returns its id."""
    record_id = f"{zone.id}/A/{name}"
    record = cloud.get(record_id) or Resource(record_id, f"{ZONES}/A", name)
    body = {"properties": {"ttl": ttl, "metadata": metadata, "aRecords": [{"ipv4Address": address}]}}
    if record.body != body:
        record.body = body
        cloud.add(record)
    return record_id


def _record_types() -> Sequence[ResourceType]:
    return [type(f"{kind}Records", (RecordSets,), {"name": f"{ZONES}/{kind}"})(kind) for kind in RECORDS]


TYPES = (Zones(), Links(), *_record_types())
