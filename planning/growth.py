"""How many more units of something fit: nodes of a pool, replicas of apps, pods of virtual nodes, replicas of a registry."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

NO_LIMIT = sys.maxsize
"""Units where nothing but addresses limits them."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What can grow in one subnet.

    Attributes:
        of: units that are added, such as ``nodes of pool apps of cluster east``; the same in each subnet that they use.
        addresses: further addresses for that many more units, which never fall as units are added.
        most: most further units, however many addresses are free.
        limit: what `most` comes from, such as ``1,000 nodes of a pool [AKS-6]``.
    """

    of: str
    addresses: Callable[[int], int] = field(compare=False)
    most: int = NO_LIMIT
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """How many more units fit if nothing else grows.

    Attributes:
        of: units that are added.
        more: how many fit; None if the free addresses of a subnet are not known.
        limit: what prevents one more: a subnet, as ``network/subnet``, or a limit of the service.
    """

    of: str
    more: int | None
    limit: str


def room(growths: Iterable[Growth], subnet: str, free: int | None) -> Room:
    """Return how many more units fit in one subnet.

    Args:
        growths: what the same units add to the subnet, one at least.
        subnet: the subnet, for the result.
        free: its free addresses, negative if it is too small; None if they are not known.
    """
    added = tuple(growths)
    tightest = min(added, key=lambda growth: growth.most)
    if free is None:
        return Room(tightest.of, None, subnet)
    most = max(0, tightest.most)
    fits = bisect_right(range(1, most + 1), free, key=lambda more: sum(growth.addresses(more) for growth in added))
    return Room(tightest.of, fits, tightest.limit if fits == most else subnet)


def smallest(rooms: Iterable[Room]) -> Room:
    """Return the room of units that use several subnets: the smallest, since each of them is needed.

    A subnet without room decides even if that of another subnet is not known, which otherwise makes it unknown.
    """
    return min(rooms, key=lambda each: 0.5 if each.more is None else each.more)
