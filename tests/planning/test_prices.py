"""Prices by meter and region, with tiers."""

import datetime

import pytest

from planning.meters import LOGS, PRIVATE_ENDPOINT, REPLICA, disk, machine
from planning.prices import Prices, PriceTable, graduated
from planning.vm_sizes import takes_premium_disks

DAY = datetime.date(2026, 8, 14)


def test_each_part_of_a_quantity_has_the_price_of_its_tier() -> None:
    # Log ingestion in westeurope: 5 GB without a charge, then 2.99 for each GB [COST-TABLE].
    tiers = ((0.0, 0.0), (5.0, 2.99))
    assert graduated(tiers, 4) == 0
    assert graduated(tiers, 5) == 0
    assert graduated(tiers, 105) == pytest.approx(299)


def test_a_price_of_one_tier_is_multiplied() -> None:
    assert graduated(((0.0, 0.1),), 730) == pytest.approx(73)


def test_a_region_without_a_price_has_no_amount() -> None:
    table = PriceTable([Prices(REPLICA, DAY, "COST-TABLE", {"westeurope": ((0.0, 1.6666),)})])
    assert table.amount(REPLICA, "westeurope", 30) == pytest.approx(49.998)
    assert table.amount(REPLICA, "eastus", 30) is None
    assert table.amount(LOGS, "westeurope", 30) is None


def test_a_meter_with_one_price_for_all_regions_has_it_in_each() -> None:
    table = PriceTable([Prices(PRIVATE_ENDPOINT, DAY, "COST-WORKSHEET", {"Global": ((0.0, 0.01),)})])
    assert table.amount(PRIVATE_ENDPOINT, "brazilsouth", 730) == pytest.approx(7.3)


def test_the_dates_of_a_table_are_the_oldest_and_the_newest() -> None:
    later = datetime.date(2026, 10, 3)
    table = PriceTable([Prices(REPLICA, later, "COST-API", {}), Prices(LOGS, DAY, "COST-API", {})])
    assert table.dates() == (DAY, later)


@pytest.mark.parametrize(
    ("gib", "premium", "name"),
    # Sizes of the tiers as Azure documents them [COST-DISKS].
    [
        (30, True, "P4"),
        (32, True, "P4"),
        (33, True, "P6"),
        (128, True, "P10"),
        (2048, True, "P40"),
        (100, False, "E10"),
    ],
)
def test_a_disk_is_billed_as_the_smallest_tier_that_holds_it(gib: int, premium: bool, name: str) -> None:
    assert disk(gib, premium=premium).name == f"{name} LRS Disk"


def test_a_machine_is_named_by_its_size() -> None:
    assert str(machine("Standard_D4ds_v5")) == "Virtual Machines, Standard_D4ds_v5"
    assert machine("Standard_D4ds_v5") != machine("Standard_D4ds_v5", windows=True)


@pytest.mark.parametrize(
    ("size", "premium"),
    [("Standard_D4ds_v5", True), ("Standard_D4s_v5", True), ("Standard_DS2_v2", True), ("Standard_D4_v5", False)],
)
def test_the_name_of_a_size_says_whether_it_takes_premium_disks(size: str, premium: bool) -> None:
    assert takes_premium_disks(size) is premium
