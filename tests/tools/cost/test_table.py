"""The file of prices: what the project's has, and what is not a table."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from planning.meters import ENDPOINT_DATA, LOGS, NAMED, REPLICA, VIRTUAL_MACHINES, machine
from planning.prices import Prices, PriceTable
from tests.architecture.project import ROOT
from tools.cost import table
from tools.cost.table import TableError

DAY = datetime.date(2026, 8, 14)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    rows = [
        Prices(REPLICA, DAY, "COST-TABLE", {"westeurope": ((0.0, 1.6666),), "brazilsouth": ((0.0, 1.7),)}),
        Prices(LOGS, DAY, "COST-TABLE", {"westeurope": ((0.0, 0.0), (5.0, 2.99))}),
        Prices(machine("Standard_D4ds_v5", windows=True), DAY, "COST-API", {"westeurope": ((0.0, 0.456),)}),
    ]
    table.save(PriceTable(rows), path)
    assert sorted(table.load(path), key=lambda each: each.meter) == sorted(rows, key=lambda each: each.meter)


def test_the_file_of_the_project_is_as_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "prices.json"
    table.save(table.load(), path)
    assert path.read_text(encoding="utf-8") == table.FILE.read_text(encoding="utf-8")


def test_every_price_of_the_project_has_a_source_and_a_meter() -> None:
    sources = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    rows = list(table.load())
    assert [row for row in rows if f"| {row.source} |" not in sources] == []
    assert [row.meter for row in rows if row.meter not in NAMED and row.meter.service != VIRTUAL_MACHINES] == []
    assert [row.meter for row in rows if not row.regions] == []
    assert [row.meter for row in rows if min(price for tiers in row.regions.values() for _, price in tiers) < 0] == []


def test_prices_of_the_project_are_those_of_their_sources() -> None:
    known = table.load()
    # As the price list had them on the dates of the rows [COST-TABLE, COST-VM, COST-ENDPOINTS].
    assert known.amount(REPLICA, "brazilsouth", 1) == 1.6666
    assert known.amount(LOGS, "westeurope", 6) == 2.99
    assert known.amount(machine("Standard_D4ds_v5"), "westeurope", 1) == 0.272
    assert known.amount(ENDPOINT_DATA, "brazilsouth", 1) == 0.01


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"currency": "USD"}', '{"currency": "USD", "meters": [{"read": "today"}]}', '{"currency": "EUR"}'],
)
def test_what_is_not_a_table_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "prices.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TableError) as refusal:
        table.load(path)
    assert "\n" not in str(refusal.value)
    assert "prices.json" in str(refusal.value)


def test_prices_are_old_after_half_a_year(tmp_path: Path) -> None:
    known = PriceTable([Prices(REPLICA, DAY, "COST-TABLE", {})])
    assert not table.is_stale(known, datetime.date(2027, 2, 12))
    assert table.is_stale(known, datetime.date(2027, 2, 13))
    assert json.loads(table.FILE.read_text(encoding="utf-8"))["currency"] == "USD"
