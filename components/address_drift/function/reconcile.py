"""The only writer: sets a container group's A and PTR records to the group's current address.

Events arrive at least once and in any order, so an event only names a group: the records are written from the current
state of the group. Handling an event twice changes nothing [DRIFT-2].
"""

from collections.abc import Iterator

from .events import GroupEvent
from .ports import Groups, Records
from .zones import Spoke, Zone

_ATTEMPTS = 3


class UnsettledError(RuntimeError):
    """The group's address changed each time its records had been written."""


def reconcile(event: GroupEvent, spoke: Spoke, groups: Groups, records: Records) -> list[str]:
    """Correct the records of a group and return the changes, one line each.

    Two events of one group may be handled at the same time. The address is therefore read again at the end, so that
    the slower one does not leave an outdated address.

    Raises:
        SettingsError: no reverse zone holds the address.
        UnsettledError: the address kept changing.
    """
    changes: list[str] = []
    address = groups.address(event)
    for _ in range(_ATTEMPTS):
        changes += _write(event.name, address, spoke, records)
        now = groups.address(event)
        if now == address:
            return changes
        address = now
    raise UnsettledError(f"{event.name} has another address than was written, {_ATTEMPTS} times in a row")


def _write(name: str, address: str | None, spoke: Spoke, records: Records) -> Iterator[str]:
    # Settings that do not fit the address must fail before any record is written.
    pointer = spoke.pointer(address) if address else None
    yield from _forward(name, address, spoke, records)
    host = spoke.host(name)
    for zone in spoke.reverse:
        own = pointer[1] if pointer and pointer[0] == zone else None
        found = records.ptr(zone)
        if own is not None and _plain(found.get(own, [])) != [host]:
            records.put_ptr(zone, own, [host], spoke.ttl)
            yield f"{own}.{zone.name} PTR {host}"
        for stale, targets in found.items():
            if stale != own and host in _plain(targets):
                yield _take_out(host, stale, targets, zone, spoke, records)


def _forward(name: str, address: str | None, spoke: Spoke, records: Records) -> Iterator[str]:
    before = records.a(spoke.forward, name)
    if address is None and before is not None:
        records.delete_a(spoke.forward, name)
        yield f"{spoke.host(name)} A deleted, was {', '.join(before)}"
    elif address is not None and before != [address]:
        records.put_a(spoke.forward, name, address, spoke.ttl)
        yield f"{spoke.host(name)} A {address}, was {', '.join(before or []) or 'not there'}"


def _take_out(host: str, name: str, targets: list[str], zone: Zone, spoke: Spoke, records: Records) -> str:
    left = [target for target in targets if target.rstrip(".").lower() != host]
    if left:
        records.put_ptr(zone, name, left, spoke.ttl)
    else:
        records.delete_ptr(zone, name)
    return f"{name}.{zone.name} PTR without {host}"


def _plain(targets: list[str]) -> list[str]:
    """Host names in the form in which they are compared: lower case, without a trailing dot."""
    return [target.rstrip(".").lower() for target in targets]
