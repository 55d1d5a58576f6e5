"""Private DNS zone groups: they write an endpoint's members into private zones, the last writer wins."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import bad_request
from local_azure.operations import Operation
from local_azure.resource_id import ResourceId
from local_azure.services import addresses, private_dns, private_links
from local_azure.services.cloud import Cloud, Json, Request, deleting
from local_azure.services.private_dns import ZONES
from local_azure.services.private_links import ZONE_GROUPS
from local_azure.services.subnets import NetworkChild
from local_azure.store import Resource

TTL = 10
"""Seconds that a record of a zone group lives [ZONE-TTL]."""

_LIMIT = 5
"""Zones that one group takes [ZONE-5]."""


class ZoneGroups(NetworkChild):
    """Microsoft.Network/privateEndpoints/privateDnsZoneGroups."""

    name = ZONE_GROUPS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the zones; one group an endpoint [AZN-2179], at most five zones [ZONE-5]."""
        endpoint = cloud.require(request.id.parent or request.id)
        if existing is None and cloud.store.children(endpoint.id, ZONE_GROUPS):
            message = f"Private endpoint {endpoint.id} has a private DNS zone group already; it can have only one."
            raise bad_request("PrivateDnsZoneGroupCountExceedsLimit", message)
        configurations = request.properties.get("privateDnsZoneConfigs") or []
        if len(configurations) > _LIMIT:
            message = f"Private DNS zone group {request.id.name} has more than {_LIMIT} zones."
            raise bad_request("PrivateDnsZoneConfigCountExceedsLimit", message)
        resource = existing or self.new(request)
        shown = [_configuration(cloud, resource, c) for c in configurations]
        if len({c["name"].lower() for c in shown}) < len(shown):
            raise bad_request("InvalidRequestFormat", "Every zone configuration needs a name of its own.")
        return self.result(request, resource, {"privateDnsZoneConfigs": shown})

    @override
    def settle(self, cloud: Cloud, resource: Resource, operation: Operation) -> None:
        """Write the records."""
        endpoint = cloud.get(str(ResourceId.parse(resource.id).parent))
        if endpoint is not None:
            self.parent_changed(cloud, resource, endpoint)

    @override
    def parent_changed(self, cloud: Cloud, resource: Resource, parent: Resource) -> None:
        """Make the zones say where the endpoint's members are now."""
        if deleting(resource):
            return
        held = addresses.held(cloud, parent.id) if parent.state["status"] == "Approved" else {}
        hosts = {fqdn: held[m.name] for m in private_links.members(cloud, parent) if m.name in held for fqdn in m.fqdns}
        written: dict[str, str] = {}
        for configuration in resource.properties["privateDnsZoneConfigs"]:
            written |= _feed(cloud, parent, configuration, hosts)
        _erase(cloud, resource, written)
        resource.state["records"] = written
        cloud.update(resource)

    @override
    def remove(self, cloud: Cloud, resource: Resource) -> None:
        """Delete the group and the records of its names."""
        _erase(cloud, resource, {})
        cloud.drop(resource)


def _configuration(cloud: Cloud, group: Resource, sent: Json) -> Json:
    zone_id = (sent.get("properties") or {}).get("privateDnsZoneId") or ""
    message = f"Private DNS zone {zone_id} referenced by private DNS zone group {group.id} was not found."
    zone = cloud.named(zone_id, ZONES, "InvalidPrivateDnsZoneIds", message)
    name = sent.get("name") or zone.name.replace(".", "-")
    return {
        "id": f"{group.id}/privateDnsZoneConfigs/{name}",
        "name": name,
        "type": f"{ZONE_GROUPS}/privateDnsZoneConfigs",
        "properties": {"privateDnsZoneId": zone_id, "recordSets": [], "provisioningState": "Succeeded"},
    }


def relative(zone: str, fqdn: str) -> str | None:
    """Return the record name of a public host name in a private link zone, or None where the zone does not fit."""
    public = zone.lower().replace("privatelink.", "", 1)
    return fqdn.removesuffix(f".{public}") if fqdn.endswith(f".{public}") and public != zone.lower() else None


def _feed(cloud: Cloud, endpoint: Resource, configuration: Json, hosts: dict[str, str]) -> dict[str, str]:
    zone = cloud.get(configuration["properties"]["privateDnsZoneId"])
    written: dict[str, str] = {}
    shown = []
    for fqdn, address in hosts.items() if zone else ():
        name = relative(zone.name, fqdn) if zone else None
        if zone is None or name is None:
            continue
        record = private_dns.write_record(cloud, zone, name, address, TTL, _metadata(endpoint))
        written[record] = address
        shown.append(
            {
                "recordType": "A",
                "recordSetName": name,
                "fqdn": f"{name}.{zone.name}",
                "ttl": TTL,
                "provisioningState": "Succeeded",
                "ipAddresses": [address],
            }
        )
    configuration["properties"]["recordSets"] = shown
    return written


def _metadata(endpoint: Resource) -> dict[str, str]:
    guid = endpoint.properties["resourceGuid"]
    return {"creator": f"created by private endpoint {endpoint.name} with resource guid {guid}"}


def _erase(cloud: Cloud, group: Resource, keep: dict[str, str]) -> None:
    """Delete records that the group wrote, those too that another endpoint has overwritten since [DNS-FIRST]."""
    for record in group.state.get("records", {}):
        row = cloud.get(record)
        if record not in keep and row is not None:
            cloud.drop(row)


TYPES = (ZoneGroups(),)
