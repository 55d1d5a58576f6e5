"""What charges cost, and what a change of them does."""

import datetime

import pytest

from planning.charges import Charge, Item, NotKnown, charge
from planning.estimates import Amount, changes, estimate
from planning.meters import APP_CORES, APP_IDLE_CORES, NAT_GATEWAY, REGISTRY, REPLICA, machine
from planning.prices import Prices, PriceTable

DAY = datetime.date(2026, 8, 14)
SIZE = machine("Standard_D4ds_v5")
TABLE = PriceTable(
    Prices(meter, DAY, "COST-TABLE", {region: ((0.0, price),)})
    for meter, region, price in (
        (REPLICA, "westeurope", 1.6666),
        (REGISTRY["Premium"], "westeurope", 1.6666),
        (SIZE, "westeurope", 0.272),
        (NAT_GATEWAY, "Global", 0.045),
        (APP_IDLE_CORES, "westeurope", 0.000004),
        (APP_CORES, "westeurope", 0.000034),
    )
)
HOME = charge(("registry",), "westeurope", "Premium registry", REGISTRY["Premium"], 30)


def replica(region: str) -> Item:
    """Return the charge of a replica for 30 days."""
    return charge(("registry", "replicas", region), region, "replica", REPLICA, 30)


def nodes(least: int, most: int) -> Charge:
    """Return the charge of a pool for 730 hours."""
    return Charge(("clusters", "one"), "westeurope", f"{least} to {most} nodes", SIZE, least * 730, most * 730)


def test_a_range_of_nodes_is_a_range_of_dollars() -> None:
    total = estimate([nodes(3, 5)], TABLE).total
    # 3 times 730 times 0.272 and 5 times 730 times 0.272.
    assert (total.least, total.most) == (pytest.approx(595.68), pytest.approx(992.80))


def test_the_charges_of_one_part_are_one_line() -> None:
    path, part, seconds = ("container_apps", "a", "apps", "web"), "0 to 2 replicas", 730 * 3600
    items = [
        Charge(path, "westeurope", part, APP_IDLE_CORES, 1 * seconds, 0),
        Charge(path, "westeurope", part, APP_CORES, 0, 2 * seconds),
    ]
    (line,) = estimate(items, TABLE).lines
    assert line.amount is not None
    # 2,628,000 seconds at 0.000004, and twice as many at 0.000034.
    assert (line.amount.least, line.amount.most) == (pytest.approx(10.512), pytest.approx(178.704))


def test_a_line_without_a_price_is_in_no_total_and_said() -> None:
    found = estimate([HOME, replica("eastus")], TABLE)
    assert found.total.least == pytest.approx(49.998)
    (open_,) = found.open()
    assert (open_.path, open_.region) == (("registry", "replicas", "eastus"), "eastus")
    assert open_.why == (
        "price of Container Registry, Premium Registry Replication Unit not known; run ./moorings cost --refresh"
    )


def test_totals_are_summed_by_the_region_of_the_resource() -> None:
    nat = charge(("nat_gateways", "n"), "uksouth", "NAT gateway", NAT_GATEWAY, 730)
    regions = estimate([HOME, replica("westeurope"), replica("eastus"), nat], TABLE).by_region()
    assert list(regions) == ["eastus", "uksouth", "westeurope"]
    assert regions["eastus"] is None
    assert regions["uksouth"] == Amount(pytest.approx(32.85), pytest.approx(32.85))
    assert regions["westeurope"] == Amount(pytest.approx(99.996), pytest.approx(99.996))


def test_a_change_lists_only_what_it_touches() -> None:
    before = estimate([HOME, nodes(3, 5)], TABLE)
    after = estimate([HOME, nodes(3, 8), replica("westeurope")], TABLE)
    pool, added = changes(after, before)
    assert (pool.path, pool.parts) == (("clusters", "one"), ("3 to 8 nodes",))
    # 3 further nodes at most: 3 times 730 times 0.272.
    assert pool.difference == Amount(pytest.approx(0), pytest.approx(595.68))
    assert added.difference == Amount(pytest.approx(49.998), pytest.approx(49.998))


def test_what_is_removed_is_saved() -> None:
    (change,) = changes(estimate([HOME], TABLE), estimate([HOME, replica("westeurope")], TABLE))
    assert change.difference == Amount(pytest.approx(-49.998), pytest.approx(-49.998))
    assert change.parts == ("replica",)


def test_the_difference_of_what_has_no_price_is_not_known() -> None:
    (change,) = changes(estimate([HOME, replica("eastus")], TABLE), estimate([HOME], TABLE))
    assert (change.after, change.difference) == (None, None)


def test_what_has_no_quantity_is_kept_apart() -> None:
    unknown = NotKnown(("alerts",), "eastus", "alert rules", "depends on what is watched")
    found = estimate([HOME, unknown], TABLE)
    assert list(found.open()) == [unknown]
