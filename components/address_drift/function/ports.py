"""The interfaces to Azure; adapters implement them with SDK clients, tests with dictionaries."""

from typing import Protocol

from .events import GroupEvent
from .zones import Zone


class Groups(Protocol):
    """Container groups in their current state."""

    def address(self, event: GroupEvent) -> str | None:
        """Return the group's private address; None if it is deleted, is stopped, or has none."""
        ...


class Records(Protocol):
    """Record sets of private DNS zones; names are relative to their zone."""

    def a(self, zone: Zone, name: str) -> list[str] | None:
        """Return the addresses of an A record set, or None if it does not exist."""
        ...

    def put_a(self, zone: Zone, name: str, address: str, ttl: int) -> None:
        """Set an A record set to one address."""
        ...

    def delete_a(self, zone: Zone, name: str) -> None:
        """Delete an A record set; no error if it does not exist."""
        ...

    def ptr(self, zone: Zone) -> dict[str, list[str]]:
        """Return the targets of every PTR record set of a zone, by name."""
        ...

    def put_ptr(self, zone: Zone, name: str, targets: list[str], ttl: int) -> None:
        """Set a PTR record set to these targets."""
        ...

    def delete_ptr(self, zone: Zone, name: str) -> None:
        """Delete a PTR record set; no error if it does not exist."""
        ...
