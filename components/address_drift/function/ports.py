"""What the core asks of Azure; adapters answer by SDK clients, tests by plain dictionaries."""

from typing import Protocol

from .events import GroupEvent
from .zones import Zone


class Groups(Protocol):
    """Container groups as they are now."""

    def address(self, event: GroupEvent) -> str | None:
        """Return the group's private address; None where it is gone, stopped, or has none."""
        ...


class Records(Protocol):
    """Record sets of private DNS zones; names are relative to their zone."""

    def a(self, zone: Zone, name: str) -> list[str] | None:
        """Return the addresses of an A record set, or None where there is none."""
        ...

    def put_a(self, zone: Zone, name: str, address: str, ttl: int) -> None:
        """Make an A record set say one address, whatever it said."""
        ...

    def delete_a(self, zone: Zone, name: str) -> None:
        """Delete an A record set; one that is gone already is no error."""
        ...

    def ptr(self, zone: Zone) -> dict[str, list[str]]:
        """Return the targets of every PTR record set of a zone, by name."""
        ...

    def put_ptr(self, zone: Zone, name: str, targets: list[str], ttl: int) -> None:
        """Make a PTR record set say these targets, whatever it said."""
        ...

    def delete_ptr(self, zone: Zone, name: str) -> None:
        """Delete a PTR record set; one that is gone already is no error."""
        ...
