"""The address ledger: capacity, use and headroom of every subnet.

Azure rolls back a replica if one subnet of an attached virtual network lacks an address, and its error names neither
[ACR-5]. The ledger checks every subnet before any resource is registered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from ipaddress import IPv4Network
from typing import Literal

from planning.growth import Growth, Room, room, smallest

RESERVED = 5
"""Addresses that Azure reserves in every subnet: the first four and the last [NET-1]."""

SMALLEST_PREFIX = 29
"""Longest prefix that Azure accepts for a subnet [NET-2]."""

REGISTRY_MINIMUM_PREFIX = 27
"""Longest prefix that the service's own guidance accepts for a registry's private endpoints [ACR-8]."""

REGISTRY_ADVISED_PREFIX = 24
"""Prefix that the same guidance recommends [ACR-8]."""

SubnetKey = tuple[str, str]
"""Keys of the network and of the subnet in the stack file."""

Verdict = Literal["fits", "tight", "short", "undetermined"]
"""``tight``: fits now but not with the headroom. ``undetermined``: the capacity is not known, which is not a pass."""


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet of the ledger.

    Attributes:
        network: key of its virtual network in the description.
        name: key of the subnet.
        prefix: its range, or None for a subnet of a network outside the stack whose range is not stated.
        free: for a subnet outside the stack, the addresses that are free without this stack; None if not stated. Within
            the stack it is computed and stays None.
        outside: whether the network is made elsewhere.
    """

    network: str
    name: str
    prefix: IPv4Network | None
    free: int | None = None
    outside: bool = False

    @property
    def key(self) -> SubnetKey:
        """The pair of keys by which consumers name this subnet."""
        return (self.network, self.name)

    @property
    def capacity(self) -> int | None:
        """Addresses for this stack's consumers: the range less the reserved five, or what was declared, or None."""
        if self.outside:
            return self.free
        return None if self.prefix is None else usable(self.prefix.prefixlen)


@dataclass(frozen=True, slots=True)
class Consumer:
    """The addresses that one resource uses in one subnet.

    Attributes:
        subnet: keys of its subnet.
        name: its name in messages, such as ``private endpoint eastus of registry contosoprod``.
        need: addresses that it uses now.
        parts: the same as a sum, such as ``1 global + 3 data + 3 regional``.
        next_replica: further addresses for one more replica of its registry.
        regional_switch: further addresses for enabling regional endpoints; 0 if they are enabled.
        longest_prefix: smallest subnet that the service accepts, whatever the count.
        source: id of the fact behind the rule.
        is_endpoint: whether it is a private endpoint.
        growth: units of it that can be added, replicas of a registry excepted, which `next_replica` counts.
    """

    subnet: SubnetKey
    name: str
    need: int
    parts: str
    next_replica: int = 0
    regional_switch: int = 0
    longest_prefix: int = SMALLEST_PREFIX
    source: str = "ACR-7"
    is_endpoint: bool = False
    growth: tuple[Growth, ...] = ()

    def repeated(self, of: str) -> Consumer:
        """Return it with the growth by further units that use as many addresses."""
        return replace(self, growth=(*self.growth, Growth(of, lambda more: more * self.need)))


@dataclass(frozen=True, slots=True)
class Row:
    """The ledger's line for one subnet; all counts are addresses.

    Attributes:
        subnet: the subnet.
        consumers: its consumers.
        need: used now, by all consumers together.
        free: the rest, negative if it is too small; None if the capacity is not known.
        next_replica: further addresses for one more replica.
        regional_switch: further addresses for enabling regional endpoints.
        headroom: replicas to reserve addresses for.
    """

    subnet: Subnet
    consumers: tuple[Consumer, ...]
    need: int
    free: int | None
    next_replica: int
    regional_switch: int
    headroom: int

    @property
    def wanted(self) -> int:
        """Addresses that the consumers and the headroom need."""
        return self.need + self.headroom * self.next_replica

    @property
    def verdict(self) -> Verdict:
        """Whether the subnet is large enough."""
        if self.free is None:
            return "undetermined" if self.need else "fits"
        if self.free < 0 or self.too_small:
            return "short"
        return "tight" if self.free < self.wanted - self.need else "fits"

    @property
    def growth(self) -> tuple[Growth, ...]:
        """Everything that can grow in it, with the addresses that further units use."""
        replicas = Growth("regions with a replica of the registry", lambda more: more * self.next_replica)
        others = (growth for consumer in self.consumers for growth in consumer.growth)
        return (replicas, *others) if self.next_replica else tuple(others)

    @property
    def longest_prefix(self) -> int:
        """Smallest subnet that every consumer accepts."""
        return min((consumer.longest_prefix for consumer in self.consumers), default=SMALLEST_PREFIX)

    @property
    def too_small(self) -> bool:
        """Whether a consumer refuses a subnet of this size, even with enough addresses."""
        return self.subnet.prefix is not None and self.subnet.prefix.prefixlen > self.longest_prefix

    @property
    def fitting_prefix(self) -> int:
        """Longest prefix, so the smallest subnet, that holds the need and the headroom."""
        return min(fitting_prefix(self.wanted), self.longest_prefix)

    def as_dict(self) -> dict[str, object]:
        """Return the row as plain data, the form in which a stack exports it."""
        return {
            "vnet": self.subnet.network,
            "subnet": self.subnet.name,
            "prefix": str(self.subnet.prefix) if self.subnet.prefix else None,
            "need": self.need,
            "free": self.free,
            "next_replica": self.next_replica,
            "regional_switch": self.regional_switch,
            "verdict": self.verdict,
        }


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every subnet with its consumers, in the given order."""

    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def next_replica(self) -> Verdict:
        """Whether one more replica fits in all attached subnets, since the service needs all of them [ACR-5]."""
        return _together((row, row.next_replica) for row in self.rows)

    def regional_switch(self) -> Verdict:
        """Whether enabling regional endpoints fits in all attached subnets."""
        return _together((row, row.regional_switch) for row in self.rows)

    def growth(self) -> tuple[Room, ...]:
        """Return how many more units of everything that can grow fit, each if nothing else grows."""
        found: defaultdict[str, list[Room]] = defaultdict(list)
        for row in self.rows:
            growths: defaultdict[str, list[Growth]] = defaultdict(list)
            for growth in row.growth:
                growths[growth.of].append(growth)
            for of, same in growths.items():
                found[of].append(room(same, "/".join(row.subnet.key), row.free))
        return tuple(smallest(rooms) for rooms in found.values())


def usable(prefix_length: int) -> int:
    """Return the addresses that a subnet of that prefix length has for resources, never below 0."""
    return max(0, (1 << (32 - prefix_length)) - RESERVED)


def fitting_prefix(addresses: int) -> int:
    """Return the longest prefix length whose subnet has room for that many addresses, /29 at the longest."""
    return min(SMALLEST_PREFIX, 32 - (max(0, addresses) + RESERVED - 1).bit_length())


def size_advice(fits: int, *, registry: bool, free: int | None = None) -> str:
    """Return the advice for a subnet's prefix, the recommended one first [ACR-7, ACR-8].

    A subnet that holds resources cannot be resized, so the advice for a registry's private endpoints comes before the
    prefix that is only just large enough.

    Args:
        fits: longest prefix that has room.
        registry: whether the subnet holds a registry's private endpoint.
        free: addresses left by a subnet of that prefix; None where they are not known.
    """
    left = "" if free is None else f" ({free} free)"
    if registry and fits > REGISTRY_MINIMUM_PREFIX:
        return f"give /{REGISTRY_MINIMUM_PREFIX} or larger; /{fits}{left} is the smallest that fits"
    return f"give /{fits}{left} or larger"


def small_for_registry(prefix: IPv4Network, free: int | None = None) -> str | None:
    """Return why a subnet is smaller than advised for a registry's private endpoints in one line, or None [ACR-8].

    The service's guidance says "should", so a smaller subnet with enough addresses is a warning only.

    Args:
        prefix: range of the subnet.
        free: addresses left in it; None where they are not known.
    """
    if prefix.prefixlen <= REGISTRY_MINIMUM_PREFIX:
        return None
    fits = "" if free is None else f" fits ({free} free) and"
    return (
        f"{prefix}{fits} is smaller than the /{REGISTRY_MINIMUM_PREFIX} advised for private endpoints of a registry; "
        f"give /{REGISTRY_MINIMUM_PREFIX} or larger while the subnet is empty [ACR-8]"
    )


def registry_consumer(subnet: SubnetKey, name: str, *, regions: int, regional_endpoints: bool) -> Consumer:
    """Return the addresses of a registry's private endpoint: 1 + N addresses, N more with regional endpoints [ACR-7].

    Args:
        subnet: keys of its subnet.
        name: its name in messages.
        regions: N, the home region and the replicas.
        regional_endpoints: whether the registry's regional endpoints are on.
    """
    parts = f"1 global + {regions} data" + (f" + {regions} regional" if regional_endpoints else "")
    return Consumer(
        subnet=subnet,
        name=name,
        need=1 + regions * (2 if regional_endpoints else 1),
        parts=parts,
        next_replica=2 if regional_endpoints else 1,
        regional_switch=0 if regional_endpoints else regions,
        is_endpoint=True,
    )


def shared_with_registry(others: Iterable[str]) -> str | None:
    """Return in one line why a subnet with a registry's private endpoint must not be shared, or None (chosen).

    Args:
        others: what the subnet contains beside private endpoints, delegations among it.
    """
    found = ", ".join(others)
    reason = "they take the addresses that the next geo-replica needs"
    return (
        f"contains {found} in addition to private endpoints, expected private endpoints only: {reason}"
        if found
        else None
    )


def ledger(subnets: Iterable[Subnet], consumers: Iterable[Consumer], *, headroom: int = 0) -> Ledger:
    """Compute the ledger of all subnets.

    Args:
        subnets: all subnets; those without consumers have a row too.
        consumers: all consumers.
        headroom: further replicas to reserve addresses for.

    Raises:
        KeyError: a consumer names a subnet that was not given.
    """
    known = {subnet.key: subnet for subnet in subnets}
    by_subnet: defaultdict[SubnetKey, list[Consumer]] = defaultdict(list)
    for consumer in consumers:
        if consumer.subnet not in known:
            raise KeyError(consumer.subnet)
        by_subnet[consumer.subnet].append(consumer)
    return Ledger(tuple(_row(subnet, tuple(by_subnet.get(key, ())), headroom) for key, subnet in known.items()))


def _row(subnet: Subnet, consumers: tuple[Consumer, ...], headroom: int) -> Row:
    need = sum(consumer.need for consumer in consumers)
    capacity = subnet.capacity
    return Row(
        subnet=subnet,
        consumers=consumers,
        need=need,
        free=None if capacity is None else capacity - need,
        next_replica=sum(consumer.next_replica for consumer in consumers),
        regional_switch=sum(consumer.regional_switch for consumer in consumers),
        headroom=headroom,
    )


def _together(asked: Iterable[tuple[Row, int]]) -> Verdict:
    """The verdict over all subnets: short wins over undetermined."""
    worst: Verdict = "fits"
    for row, more in asked:
        if more == 0:
            continue
        if row.free is None:
            worst = "undetermined"
        elif row.free < more:
            return "short"
    return worst
