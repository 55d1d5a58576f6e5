"""The observer: compares a group's address with its A record and reports the result; it never writes a record [DRIFT-3]."""

from dataclasses import dataclass
from typing import Literal

from .events import GroupEvent
from .ports import Groups, Records
from .zones import Spoke

Sight = Literal["first_seen", "no_change", "drift_detected"]

COLUMNS: dict[str, str] = {
    "TimeGenerated": "datetime",
    "EventId": "string",
    "ContainerGroup": "string",
    "ResourceGroup": "string",
    "Sight": "string",
    "OldAddress": "string",
    "NewAddress": "string",
}
"""Columns of the table of sightings, with their types."""


@dataclass(frozen=True)
class Sighting:
    """The result of comparing one container group with its record.

    Attributes:
        group: name of the group.
        resource_group: its resource group.
        sight: ``first_seen`` without a record, ``no_change`` where it says the address, else ``drift_detected``.
        old: addresses of the record, joined by commas; empty without one.
        new: the group's address.
    """

    group: str
    resource_group: str
    sight: Sight
    old: str
    new: str

    def row(self, time: str, event_id: str) -> dict[str, str]:
        """Return it as a row of the table.

        Args:
            time: when the event happened, as ISO 8601 text.
            event_id: the event's id; an event that is handled twice produces two rows with one id.
        """
        values = (time, event_id, self.group, self.resource_group, self.sight, self.old, self.new)
        return dict(zip(COLUMNS, values, strict=True))


def track(event: GroupEvent, spoke: Spoke, groups: Groups, records: Records) -> Sighting | None:
    """Return the comparison for a group, or None if it is deleted or has no address."""
    if event.deleted:
        return None
    address = groups.address(event)
    if address is None:
        return None
    before = records.a(spoke.forward, event.name)
    sight: Sight = "first_seen" if before is None else "no_change" if before == [address] else "drift_detected"
    return Sighting(event.name, event.resource_group, sight, ",".join(before or []), address)
