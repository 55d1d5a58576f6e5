"""Reads the table of prices again from the Azure Retail Prices API."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from planning.meters import EVERYWHERE, NAMED, Meter, is_of_another_cloud
from planning.prices import Prices, PriceTable, Tiers
from tools.cost.api import Api, Row, is_list_price

SOURCE = "COST-API"
"""Source of the prices that a refresh reads."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The outcome of a refresh.

    Attributes:
        table: the prices: those that were read, and the old ones of meters with a problem.
        problems: one line for each meter whose old prices are kept.
        read: number of meters that were read.
    """

    table: PriceTable
    problems: tuple[str, ...]
    read: int


def refresh(old: PriceTable, further: Iterable[Meter], api: Api, today: datetime.date) -> Refreshed:
    """Return the prices of all meters that the old table has, of the named ones, and of further ones.

    Args:
        old: the table before.
        further: meters of which the table may have none, such as sizes of virtual machines in a new stack file.
        api: the API.
        today: the date of the prices.

    Raises:
        PricesError: the API does not answer, or not as documented; the old table stays right.
    """
    rows, problems, read = [], [], 0
    for meter in sorted({*NAMED, *further, *(row.meter for row in old)}):
        before = old.row(meter)
        found, problem = _regions(meter, list(api.rows(meter)), today)
        if problem:
            problems.append(f"{meter}: {problem}" + ("; the old prices are kept" if before else ""))
            rows += [before] if before else []
            continue
        rows.append(Prices(meter, today, SOURCE, found))
        read += 1
    return Refreshed(PriceTable(rows), tuple(problems), read)


def _regions(meter: Meter, items: list[Row], today: datetime.date) -> tuple[Mapping[str, Tiers], str]:
    """Return the tiers of each region, or what is wrong with the rows of the answer, in one line."""
    found: dict[str, dict[float, tuple[str, float]]] = {}
    for row in items:
        if not is_list_price(row, meter):
            continue
        try:
            region, unit = str(row["armRegionName"]), str(row["unitOfMeasure"])
            start, price, since = (
                float(row["tierMinimumUnits"]),
                float(row["retailPrice"]),
                str(row["effectiveStartDate"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            return {}, f"a row has no valid {error}"
        if meter.unit and unit != meter.unit:
            return {}, f"its unit is {unit}, expected {meter.unit}"
        if since[:10] > today.isoformat():
            continue
        # A meter with one price for all regions has it under Global or without a region [COST-WORKSHEET].
        if meter.region and region in {"", EVERYWHERE}:
            region = EVERYWHERE
        elif not region or (meter.region and not is_of_another_cloud(region)):
            continue
        tiers = found.setdefault(region, {})
        known = tiers.get(start)
        if known and known[0] == since and known[1] != price:
            return {}, f"there are several prices in {region}: {known[1]:g} and {price:g}"
        if known is None or known[0] < since:
            tiers[start] = (since, price)
    if not found:
        return {}, "the API has no price of it"
    return {region: tuple((start, tiers[start][1]) for start in sorted(tiers)) for region, tiers in found.items()}, ""
