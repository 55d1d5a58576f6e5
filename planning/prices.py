"""List prices by meter and region, and what a quantity costs at them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from planning.meters import Meter

CURRENCY = "USD"
"""The currency in which Microsoft prices Azure; others are converted for reference [COST-API]."""

Tiers = tuple[tuple[float, float], ...]
"""Price of a unit from a quantity on: pairs of `tierMinimumUnits` and `retailPrice`, in ascending order."""


@dataclass(frozen=True, slots=True)
class Prices:
    """The prices of one meter.

    Attributes:
        meter: the meter.
        read: the date on which the API had them.
        source: id of the source.
        regions: tiers by region.
    """

    meter: Meter
    read: datetime.date
    source: str
    regions: Mapping[str, Tiers]


class PriceTable:
    """The prices of all meters that have some."""

    def __init__(self, rows: Iterable[Prices]) -> None:
        """Take the rows, one for each meter."""
        self._by_meter = {row.meter: row for row in rows}

    def __iter__(self) -> Iterator[Prices]:
        return (self._by_meter[meter] for meter in sorted(self._by_meter))

    def row(self, meter: Meter) -> Prices | None:
        """Return the prices of a meter, or None."""
        return self._by_meter.get(meter)

    def amount(self, meter: Meter, region: str, quantity: float) -> float | None:
        """Return what a quantity of a month costs in a region, or None if no price is known there."""
        row = self.row(meter)
        tiers = row.regions.get(meter.billed_in(region)) if row else None
        return None if tiers is None else graduated(tiers, quantity)

    def dates(self) -> tuple[datetime.date, datetime.date]:
        """Return the oldest and the newest date of the table.

        Raises:
            ValueError: the table is empty.
        """
        read = [row.read for row in self]
        return min(read), max(read)


def graduated(tiers: Tiers, quantity: float) -> float:
    """Return what a quantity costs if each part of it has the price of its tier."""
    bounds = [*tiers, (float("inf"), 0.0)]
    return sum(
        price * (min(quantity, end) - start) for (start, price), (end, _) in pairwise(bounds) if quantity > start
    )
