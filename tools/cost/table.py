"""The file of list prices, and how it is read and written."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from planning.meters import Meter
from planning.prices import CURRENCY, Prices, PriceTable, Tiers
from tools.engine import write

FILE: Final = Path(__file__).parent / "prices.json"
"""The table of the project; `./moorings cost --refresh` writes it."""

STALE_DAYS: Final = 183
"""Age from which every estimate says that its prices are old; half a year is chosen."""

_NAMES: Final = {
    "serviceName": "service",
    "productName": "product",
    "skuName": "sku",
    "meterName": "name",
    "unitOfMeasure": "unit",
    "armSkuName": "size",
}
"""Fields of the API by attribute of a meter."""


class TableError(Exception):
    """The file is not a table of prices; the message is one line."""


def load(path: Path | None = None) -> PriceTable:
    """Return the prices in a file, or those of the project.

    Raises:
        TableError: it cannot be read, or is not a table of prices in US dollars.
    """
    path = path or FILE
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["currency"] != CURRENCY:
            raise TableError(f"{path.name}: the currency is {document['currency']}, expected {CURRENCY}")
        return PriceTable(_row(each) for each in document["meters"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path.name} is not a table of prices ({error!r}); restore it from version control"
        raise TableError(message) from None


def save(table: PriceTable, path: Path | None = None) -> None:
    """Write the prices to a file, or to that of the project, atomically."""
    rows = [json.dumps(_data(row), separators=(", ", ": ")) for row in table]
    text = ",\n  ".join(rows)
    write(path or FILE, f'{{\n "currency": "{CURRENCY}",\n "meters": [\n  {text}\n ]\n}}\n', 0o644)


def is_stale(table: PriceTable, today: datetime.date) -> bool:
    """Return whether a price of the table is so old that estimates say so."""
    return (today - table.dates()[0]).days >= STALE_DAYS


def _row(data: Mapping[str, Any]) -> Prices:
    meter = Meter(
        **{ours: data.get(theirs, "") for theirs, ours in _NAMES.items()},
        windows=data.get("windows", False),
        region=data.get("billedIn", ""),
    )
    regions = {region: _tiers(found) for region, found in data["prices"].items()}
    return Prices(meter, datetime.date.fromisoformat(data["read"]), data["source"], regions)


def _tiers(found: Any) -> Tiers:
    if isinstance(found, list):
        return tuple((float(start), float(price)) for start, price in found)
    return ((0.0, float(found)),)


def _data(row: Prices) -> dict[str, Any]:
    meter = row.meter
    named = {theirs: getattr(meter, ours) for theirs, ours in _NAMES.items()}
    further = {"windows": meter.windows, "billedIn": meter.region}
    return {
        **{key: value for key, value in (named | further).items() if value},
        "read": row.read.isoformat(),
        "source": row.source,
        "prices": {region: _flat(row.regions[region]) for region in sorted(row.regions)},
    }


def _flat(tiers: Tiers) -> Any:
    """A price as a number, or the tiers of a price that changes with the quantity."""
    return tiers[0][1] if len(tiers) == 1 and tiers[0][0] == 0 else [list(each) for each in tiers]
