"""The address map: the ranges of subnets in order, and of each subnet what is reserved, used, added, set aside and free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from planning.addresses import RESERVED, Row
from tools.report.changes import AddressRow
from tools.report.picture import Network, Picture

LEGEND: Final = (
    ("reserved", "reserved by Azure"),
    ("used", "used today"),
    ("added", "added by the change"),
    ("room", "headroom for further replicas"),
    ("taken", "subnet, or used by others"),
    ("free", "free"),
)
"""Kinds of segments with what they represent; each has a pattern of its own."""

_LEAST: Final = 0.8
"""Width in percent below which a segment cannot be seen."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar; `start` and `width` are percentages."""

    kind: str
    start: float
    width: float
    title: str


@dataclass(frozen=True, slots=True)
class Bar:
    """The addresses of one subnet; without segments if its size is not known."""

    row: AddressRow
    title: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """The part of a network's range that contains its subnets."""

    title: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """The address space of one network."""

    key: str
    ranges: str
    blocks: tuple[Block, ...]
    bars: tuple[Bar, ...]


def spaces(shown: Picture, rows: Sequence[AddressRow], *, compared: bool) -> Iterator[Space]:
    """Yield the address map of each network.

    Args:
        shown: the picture, for the networks and their subnets.
        rows: the addresses of every subnet.
        compared: whether there is a base, so that the need of a subnet that it has not is added by the change.
    """
    by_key = {(row.network, row.subnet): row for row in rows}
    for network in shown.networks:
        ordered = sorted(network.subnets, key=lambda row: (row.subnet.prefix is None, row.subnet.prefix or 0))
        bars = tuple(_bar(by_key[row.subnet.key], row, compared=compared) for row in ordered)
        yield Space(network.key, network.ranges, tuple(_blocks(network)), bars)


def _bar(row: AddressRow, line: Row, *, compared: bool) -> Bar:
    subnet = line.subnet
    before = row.before if row.before is not None else 0 if compared else row.need
    used, added = min(before, row.need), max(0, row.need - before)
    room = row.wanted - row.need
    words = [f"{row.need} needed" + (f", {before} before" if compared and before != row.need else "")]
    words += [f"{row.wanted} with headroom"] if room else []
    if row.capacity is None or row.free is None:
        return Bar(row, "; ".join([*words, "capacity unknown"]), ())
    total = subnet.prefix.num_addresses if subnet.prefix else row.capacity
    reserved = RESERVED if subnet.prefix else 0
    taken = max(0, total - reserved - row.capacity)
    free = max(0, row.free - room)
    counted = [("reserved", max(0, reserved - 1)), ("taken", taken), ("used", used), ("added", added), ("room", room)]
    counted += [("free", free), ("reserved", min(1, reserved))]
    title = "; ".join([*words, f"{row.free} free" if row.free >= 0 else f"{-row.free} short"])
    return Bar(row, title, tuple(_segments(counted)))


def _segments(counted: Sequence[tuple[str, int]]) -> Iterator[Segment]:
    """Yield segments in proportion to their counts; what is not free is wide enough to be seen."""
    names = dict(LEGEND)
    total = sum(count for _, count in counted) or 1
    widths = [0.0 if not count else max(_LEAST, 100 * count / total) for _, count in counted]
    scale, at = 100 / (sum(widths) or 1), 0.0
    for (kind, count), width in zip(counted, widths, strict=True):
        if count:
            yield Segment(kind, round(at, 3), round(width * scale, 3), f"{count} {names[kind]}")
        at += width * scale


def _blocks(network: Network) -> Iterator[Block]:
    prefixes = [(row.subnet.name, row.subnet.prefix) for row in network.subnets if row.subnet.prefix]
    for text in filter(None, network.ranges.split(", ")):
        whole = IPv4Network(text)
        inside = sorted(((prefix, name) for name, prefix in prefixes if prefix and prefix.subnet_of(whole)))
        if inside:
            yield _block(whole, inside)


def _block(whole: IPv4Network, inside: Sequence[tuple[IPv4Network, str]]) -> Block:
    """Return the smallest range that contains all subnets, with the space between them."""
    around = inside[0][0]
    while not all(prefix.subnet_of(around) for prefix, _ in inside):
        around = around.supernet()
    at, first = int(around.network_address), int(around.network_address)
    size = around.num_addresses
    segments = []

    def add(kind: str, start: int, count: int, title: str) -> None:
        segments.append(Segment(kind, round(100 * (start - first) / size, 3), round(100 * count / size, 3), title))

    for prefix, name in inside:
        start = int(prefix.network_address)
        if start > at:
            add("free", at, start - at, f"{start - at:,} addresses in no subnet")
        add("taken", start, prefix.num_addresses, f"{name} {prefix}")
        at = max(at, start + prefix.num_addresses)
    if at < first + size:
        add("free", at, first + size - at, f"{first + size - at:,} addresses in no subnet")
    names = ", ".join(name for _, name in inside)
    rest = (
        f"; {whole.num_addresses - size:,} further addresses of {whole} are free" if size < whole.num_addresses else ""
    )
    return Block(f"{around} with subnets {names}{rest}", tuple(segments))
