"""Implementations of the ports with Azure's SDK clients, one client per subscription."""

from collections.abc import Callable

from azure.core.exceptions import ResourceNotFoundError
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from azure.mgmt.privatedns.models import ARecord, PtrRecord, RecordSet, RecordSetProperties

from .events import GroupEvent
from .zones import Zone


class ArmGroups:
    """Container groups, read from Azure Resource Manager."""

    def __init__(self, client: Callable[[str], ContainerInstanceManagementClient]) -> None:
        """Keep the function that returns the client of a subscription."""
        self._client = client

    def address(self, event: GroupEvent) -> str | None:
        """Return the group's private address; None if it is deleted, is stopped, or has none."""
        try:
            group = self._client(event.subscription).container_groups.get(event.resource_group, event.name)
        except ResourceNotFoundError:
            return None
        found = group.ip_address
        return found.ip if found is not None and found.type == "Private" and found.ip else None


class ArmRecords:
    """Record sets of private DNS zones."""

    def __init__(self, client: Callable[[str], PrivateDnsManagementClient]) -> None:
        """Keep the function that returns the client of a subscription."""
        self._client = client

    def a(self, zone: Zone, name: str) -> list[str] | None:
        """Return the addresses of an A record set, or None if it does not exist."""
        try:
            found = self._client(zone.subscription).record_sets.get(zone.resource_group, zone.name, "A", name)
        except ResourceNotFoundError:
            return None
        return [record.ipv4_address for record in found.a_records or [] if record.ipv4_address]

    def put_a(self, zone: Zone, name: str, address: str, ttl: int) -> None:
        """Set an A record set to one address."""
        self._put(zone, "A", name, RecordSetProperties(ttl=ttl, a_records=[ARecord(ipv4_address=address)]))

    def delete_a(self, zone: Zone, name: str) -> None:
        """Delete an A record set; no error if it does not exist."""
        self._delete(zone, "A", name)

    def ptr(self, zone: Zone) -> dict[str, list[str]]:
        """Return the targets of every PTR record set of a zone, by name."""
        found = self._client(zone.subscription).record_sets.list_by_type(zone.resource_group, zone.name, "PTR")
        return {
            str(records.name): [record.ptrdname for record in records.ptr_records or [] if record.ptrdname]
            for records in found
        }

    def put_ptr(self, zone: Zone, name: str, targets: list[str], ttl: int) -> None:
        """Set a PTR record set to these targets."""
        records = [PtrRecord(ptrdname=target) for target in targets]
        self._put(zone, "PTR", name, RecordSetProperties(ttl=ttl, ptr_records=records))

    def delete_ptr(self, zone: Zone, name: str) -> None:
        """Delete a PTR record set; no error if it does not exist."""
        self._delete(zone, "PTR", name)

    def _put(self, zone: Zone, kind: str, name: str, records: RecordSetProperties) -> None:
        self._client(zone.subscription).record_sets.create_or_update(
            zone.resource_group, zone.name, kind, name, RecordSet(properties=records)
        )

    def _delete(self, zone: Zone, kind: str, name: str) -> None:
        try:
            self._client(zone.subscription).record_sets.delete(zone.resource_group, zone.name, kind, name)
        except ResourceNotFoundError:
            return
