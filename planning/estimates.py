"""What charges cost in a month at list prices, and how that differs from before a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from planning.charges import Charge, Item, NotKnown
from planning.meters import Meter
from planning.prices import PriceTable
from planning.problems import Path

Key = tuple[Path, str, str]
"""Path of an entry, region, and the part that is billed."""

_CENTS = 2


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in US dollars a month.

    Attributes:
        least: where replicas and nodes are fewest.
        most: where they are most.
    """

    least: float
    most: float

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.least + other.least, self.most + other.most)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.least - other.least, self.most - other.most)

    @property
    def is_zero(self) -> bool:
        """Whether it is less than half a cent."""
        return not round(self.least, _CENTS) and not round(self.most, _CENTS)


NOTHING = Amount(0, 0)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of an entry, in one region.

    Attributes:
        path: path of the entry.
        region: its region.
        part: what is billed.
        charges: its charges.
        amount: what they cost; None if a price is not known.
        unpriced: meters without a price in the region.
    """

    path: Path
    region: str
    part: str
    charges: tuple[Charge, ...]
    amount: Amount | None
    unpriced: tuple[Meter, ...] = ()


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of one description.

    Attributes:
        lines: what is billed, in the order of the paths.
        not_known: what is billed besides, without a quantity.
    """

    lines: tuple[Line, ...]
    not_known: tuple[NotKnown, ...]

    @property
    def total(self) -> Amount:
        """The sum of all lines whose price is known."""
        return _sum(self.lines)

    def by_region(self) -> dict[str, Amount | None]:
        """Return the sum of each region, in alphabetical order; None for one of which no price is known."""
        regions = sorted({line.region for line in self.lines})
        return {region: _known([line for line in self.lines if line.region == region]) for region in regions}

    @property
    def unpriced(self) -> tuple[Line, ...]:
        """The lines without a price, which no total contains."""
        return tuple(line for line in self.lines if line.amount is None)

    def open(self) -> Iterator[NotKnown]:
        """Yield everything that no total contains: lines without a price, and what has no quantity."""
        for line in self.unpriced:
            why = f"price of {'; '.join(map(str, line.unpriced))} not known; run ./moorings cost --refresh"
            yield NotKnown(line.path, line.region, line.part, why)
        yield from self.not_known


def _sum(lines: Iterable[Line]) -> Amount:
    return sum((line.amount for line in lines if line.amount), NOTHING)


def estimate(items: Iterable[Item], table: PriceTable) -> Estimate:
    """Return what charges cost; the charges of one part of an entry are one line."""
    grouped: dict[Key, list[Charge]] = {}
    unknown: list[NotKnown] = []
    for item in items:
        if isinstance(item, NotKnown):
            unknown.append(item)
        else:
            grouped.setdefault((item.path, item.region, item.part), []).append(item)
    return Estimate(tuple(_line(key, grouped[key], table) for key in sorted(grouped)), tuple(unknown))


def _line(key: Key, charges: Sequence[Charge], table: PriceTable) -> Line:
    path, region, part = key
    amount, unpriced = NOTHING, []
    for charge in charges:
        least = table.amount(charge.meter, region, charge.least)
        most = table.amount(charge.meter, region, charge.most)
        if least is None or most is None:
            unpriced.append(charge.meter)
        else:
            amount += Amount(least, most)
    return Line(path, region, part, tuple(charges), None if unpriced else amount, tuple(unpriced))


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry costs before and after a change.

    Attributes:
        path: path of the entry.
        region: its region.
        parts: what is billed of it, now or before.
        before: before the change, nothing for an entry that did not exist; None if no price of it is known.
        after: after the change; likewise.
    """

    path: Path
    region: str
    parts: tuple[str, ...]
    before: Amount | None
    after: Amount | None

    @property
    def difference(self) -> Amount | None:
        """What is added."""
        return added(self.before, self.after)


def added(before: Amount | None, after: Amount | None) -> Amount | None:
    """Return what is added, negative for what is saved; None if one side is not known."""
    return None if after is None or before is None else after - before


def changes(after: Estimate, before: Estimate) -> Iterator[Change]:
    """Yield the entries that a change touches: those with other parts or other amounts, and those in one of the two only."""
    new, old = _entries(after), _entries(before)
    for key in dict.fromkeys((*new, *old)):
        now, then = new.get(key, ()), old.get(key, ())
        if [_facts(line) for line in now] != [_facts(line) for line in then]:
            parts = tuple(dict.fromkeys(line.part for line in (now or then)))
            yield Change(*key, parts, _known(then), _known(now))


def _entries(found: Estimate) -> Mapping[tuple[Path, str], tuple[Line, ...]]:
    entries: dict[tuple[Path, str], tuple[Line, ...]] = {}
    for line in found.lines:
        entries[line.path, line.region] = (*entries.get((line.path, line.region), ()), line)
    return entries


def _facts(line: Line) -> tuple[str, tuple[Charge, ...]]:
    return line.part, line.charges


def _known(lines: Sequence[Line]) -> Amount | None:
    return _sum(lines) if not lines or any(line.amount is not None for line in lines) else None
