"""The addresses in the subnets of a local Azure before and after a change."""

from __future__ import annotations

import contextlib
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from operator import itemgetter
from pathlib import Path

from local_azure.services import addresses
from local_azure.services.private_links import ENDPOINTS
from local_azure.services.subnets import SUBNETS
from local_azure.store import Store, present

_READS = 2
"""Number of reads after which the members of an endpoint are up to date if delays are off."""


@dataclass(frozen=True)
class Subnet:
    """A subnet and the owners of its addresses.

    Attributes:
        id: its ARM id.
        prefix: its ranges.
        usable: number of addresses that can be allocated.
        held: owner (ARM id and member) by address.
    """

    id: str
    prefix: str
    usable: int
    held: Mapping[str, tuple[str, str]]

    @property
    def name(self) -> str:
        """Name of the network and of the subnet."""
        segments = self.id.split("/")
        return f"{segments[-3]}/{segments[-1]}"

    @property
    def free(self) -> int:
        """Number of addresses that can still be allocated."""
        return self.usable - len(self.held)

    @property
    def owners(self) -> Counter[str]:
        """Number of addresses by owner."""
        return Counter(owner for owner, _ in self.held.values())


Ledger = Mapping[str, Subnet]
"""Subnets by id in lower case."""


def ledger(store: Path, url: str | None = None) -> dict[str, Subnet]:
    """Return the addresses of every subnet of a store.

    Args:
        store: folder of the store; a store that does not exist has no subnets.
        url: URL of a running local Azure, at which endpoints are read first because a read updates their addresses.
    """
    if not present(store):
        return {}
    with contextlib.closing(Store(store)) as opened:
        for endpoint in opened.of_type(ENDPOINTS) if url else ():
            for _ in range(_READS):
                urllib.request.urlopen(f"{url}{endpoint.id}?api-version=2024-05-01").close()
        found = {}
        for subnet in opened.of_type(SUBNETS):
            rows = sorted(opened.ledger.entries(subnet.key), key=itemgetter(2))
            held = {str(IPv4Address(number)): (owner, member) for owner, member, number in rows}
            prefix = ", ".join(str(p) for p in addresses.prefixes(subnet))
            found[subnet.key] = Subnet(subnet.id, prefix, sum(1 for _ in addresses.usable(subnet)), held)
        return found


@dataclass(frozen=True)
class Row:
    """One line of the comparison: a subnet before and after.

    Attributes:
        name: network and subnet.
        prefix: its range, or both ranges if it changed.
        held: number of addresses in use before and after; None if the subnet does not exist.
        free: number of free addresses before and after.
        changes: one line for each address that was added, removed or has another owner.
    """

    name: str
    prefix: str
    held: tuple[int | None, int | None]
    free: tuple[int | None, int | None]
    changes: tuple[str, ...]


def compared(before: Ledger, after: Ledger) -> list[Row]:
    """Return a row for every subnet in either ledger."""
    rows = []
    for key in [*before, *(k for k in after if k not in before)]:
        old, new = before.get(key), after.get(key)
        subnet = new or old
        if subnet is None:
            continue
        prefixes = list(dict.fromkeys(s.prefix for s in (old, new) if s))
        rows.append(
            Row(
                subnet.name,
                " → ".join(prefixes),
                (len(old.held) if old else None, len(new.held) if new else None),
                (old.free if old else None, new.free if new else None),
                tuple(_moves(old.held if old else {}, new.held if new else {})),
            )
        )
    return rows


def _moves(before: Mapping[str, tuple[str, str]], after: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    for address in sorted({*before, *after}, key=IPv4Address):
        old, new = before.get(address), after.get(address)
        if old != new:
            shown = [f"{sign} {address} {_holder(*who)}" for sign, who in (("-", old), ("+", new)) if who]
            yield " ".join(shown)


def _holder(owner: str, member: str) -> str:
    return f"{owner.rpartition('/')[2]} {member}"
