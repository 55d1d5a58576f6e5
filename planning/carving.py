"""Ranges of subnets that a description states by size: each is carved from the address space of its network.

A range depends on the address space and on what is stated before it, and on nothing else. What is added later does not move it,
since Azure does not move a subnet while something is in it [NET-PREFIX-INUSE].
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network

from planning.addresses import SMALLEST_PREFIX, fitting_prefix, usable

LARGEST_PREFIX = 8
"""Shortest prefix length that a size may have (chosen): no private range is larger."""

_SIZE = re.compile(r"/([0-9]{1,2})")


def size_problem(size: object) -> str | None:
    """Return the problem with the size of a subnet in one line, or None [NET-2]."""
    found = _SIZE.fullmatch(size) if isinstance(size, str) else None
    if found and LARGEST_PREFIX <= int(found[1]) <= SMALLEST_PREFIX:
        return None
    return f"expected a prefix length from /{LARGEST_PREFIX} to /{SMALLEST_PREFIX}, got {size!r}; write one such as /24 [NET-2]"


def addresses_problem(addresses: object) -> str | None:
    """Return the problem with the number of addresses that a subnet is to have in one line, or None."""
    most = usable(LARGEST_PREFIX)
    if isinstance(addresses, int) and not isinstance(addresses, bool) and 1 <= addresses <= most:
        return None
    return f"expected a number of addresses from 1 to {most}, got {addresses!r}; write one such as 100"


def prefix_length(size: str | None, addresses: int | None) -> int:
    """Return the prefix length of a subnet of a size such as ``/26``, else of one with room for that many addresses."""
    return int(size[1:]) if size is not None else fitting_prefix(addresses or 0)


def carve(space: Sequence[IPv4Network], subnets: Iterable[IPv4Network | int]) -> list[IPv4Network | None]:
    """Return the range of every subnet, in order.

    Each subnet that states a size takes the lowest range of that size that is aligned, lies in one range of the address space
    and meets nothing that is stated before it.

    Args:
        space: the address space of the network; its ranges are used in this order.
        subnets: the range of a subnet that states one, else its prefix length.

    Returns:
        The ranges; None for a subnet that the rest of the address space has no room for.
    """
    taken: list[IPv4Network] = []
    found: list[IPv4Network | None] = []
    for subnet in subnets:
        place = subnet if isinstance(subnet, IPv4Network) else _lowest_free(space, subnet, taken)
        if place is not None:
            taken.append(place)
        found.append(place)
    return found


def _lowest_free(space: Sequence[IPv4Network], length: int, taken: Sequence[IPv4Network]) -> IPv4Network | None:
    size = 1 << (32 - length)
    for whole in space:
        start, end = int(whole.network_address), int(whole.broadcast_address)
        for held in sorted(taken, key=lambda network: network.network_address):
            # What is free before this range is tried first; after it, the search goes on at the next aligned address.
            if start + size > int(held.network_address) and start <= int(held.broadcast_address):
                start = -(-(int(held.broadcast_address) + 1) // size) * size
        if start + size - 1 <= end:
            return IPv4Network((IPv4Address(start), length))
    return None
