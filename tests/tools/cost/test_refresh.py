"""The refresh of prices against a server that answers as the Retail Prices API is documented [COST-API]."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping

import pytest

from planning.meters import LOGS, NAMED, PRIVATE_ENDPOINT, REPLICA, ZONE, Meter, machine
from planning.prices import Prices, PriceTable, Tiers
from tests.tools.cost.price_server import PriceServer, row
from tools.cost.api import Api, PricesError
from tools.cost.refresh import Refreshed, refresh

TODAY = datetime.date(2026, 11, 29)
OLD = datetime.date(2026, 8, 14)
SIZE = machine("Standard_D4ds_v5")
LINUX = {"productName": "Virtual Machines Ddsv5 Series", "skuName": "Standard_D4ds_v5", "meterName": "D4ds v5"}


@pytest.fixture
def server() -> Iterator[PriceServer]:
    """A server with a price of each named meter, and of one size."""
    rows = [row(meter, meter.region or "westeurope", 1.5) for meter in NAMED if meter != REPLICA]
    with PriceServer([*rows, row(SIZE, "westeurope", 0.272, **LINUX)]) as running:
        yield running


def read(server: PriceServer, old: PriceTable | None = None) -> tuple[Refreshed, list[float]]:
    """Return the outcome of a refresh, and the pauses that it made."""
    pauses: list[float] = []
    return refresh(old or PriceTable([]), [SIZE], Api(server.url, pauses.append), TODAY), pauses


def prices(done: Refreshed, meter: Meter) -> Mapping[str, Tiers]:
    """Return the prices of a meter by region."""
    return {row.meter: row.regions for row in done.table}[meter]


def test_every_page_is_read(server: PriceServer) -> None:
    server.page = 2
    server.rows += [
        row(REPLICA, region, 1.6666) for region in ("westeurope", "brazilsouth", "uksouth", "eastus", "westus")
    ]
    done, pauses = read(server)
    assert (done.problems, pauses) == ((), [])
    assert prices(done, REPLICA) == dict.fromkeys(
        ("brazilsouth", "eastus", "uksouth", "westeurope", "westus"), ((0.0, 1.6666),)
    )
    assert {row.read for row in done.table} == {TODAY}
    assert {row.source for row in done.table} == {"COST-API"}


def test_a_query_names_version_currency_and_meter(server: PriceServer) -> None:
    server.rows.append(row(REPLICA, "westeurope", 1.6666))
    read(server)
    (query,) = [each for each in server.queries if REPLICA.name in each["$filter"][0]]
    assert query["api-version"] == ["2023-01-01-preview"]
    assert query["currencyCode"] == ["'USD'"]
    assert query["$filter"] == [
        "serviceName eq 'Container Registry' and productName eq 'Container Registry' and skuName eq 'Premium' and "
        "meterName eq 'Premium Registry Replication Unit' and priceType eq 'Consumption'"
    ]


def test_only_the_list_price_of_a_machine_is_taken(server: PriceServer) -> None:
    windows = {**LINUX, "productName": "Virtual Machines Ddsv5 Series Windows"}
    server.rows += [
        row(SIZE, "westeurope", 0.05, **{**LINUX, "skuName": "Standard_D4ds_v5 Spot", "meterName": "D4ds v5 Spot"}),
        row(
            SIZE,
            "westeurope",
            0.06,
            **{**LINUX, "skuName": "D4ds v5 Low Priority", "meterName": "D4ds v5 Low Priority"},
        ),
        row(SIZE, "westeurope", 0.07, **LINUX, type="DevTestConsumption"),
        row(SIZE, "westeurope", 2300.0, **LINUX, type="Reservation", reservationTerm="1 Year"),
        row(SIZE, "westeurope", 0.456, **windows),
    ]
    done, _ = read(server)
    assert prices(done, SIZE) == {"westeurope": ((0.0, 0.272),)}
    with_license = refresh(PriceTable([]), [machine("Standard_D4ds_v5", windows=True)], Api(server.url, print), TODAY)
    assert prices(with_license, machine("Standard_D4ds_v5", windows=True)) == {"westeurope": ((0.0, 0.456),)}


def test_tiers_are_kept_in_order(server: PriceServer) -> None:
    server.rows = [each for each in server.rows if each["meterName"] != LOGS.name]
    server.rows += [row(LOGS, "westeurope", 2.99, tierMinimumUnits=5.0), row(LOGS, "westeurope", 0.0)]
    done, _ = read(server)
    assert prices(done, LOGS) == {"westeurope": ((0.0, 0.0), (5.0, 2.99))}


def test_the_price_in_force_is_taken(server: PriceServer) -> None:
    server.rows += [
        row(REPLICA, "westeurope", 1.5, effectiveStartDate="2018-01-01T00:00:00Z"),
        row(REPLICA, "westeurope", 1.6666, effectiveStartDate="2023-05-01T00:00:00Z"),
        row(REPLICA, "westeurope", 9.9, effectiveStartDate="2027-01-01T00:00:00Z"),
    ]
    assert prices(read(server)[0], REPLICA) == {"westeurope": ((0.0, 1.6666),)}


def test_a_meter_for_all_regions_has_one_price_in_the_public_cloud(server: PriceServer) -> None:
    server.rows += [row(PRIVATE_ENDPOINT, "usgovvirginia", 0.0125), row(PRIVATE_ENDPOINT, "attdallas1", 0.02)]
    done, _ = read(server)
    assert prices(done, PRIVATE_ENDPOINT) == {"Global": ((0.0, 1.5),), "usgovvirginia": ((0.0, 0.0125),)}


def test_a_meter_for_all_regions_may_have_no_region_in_the_list(server: PriceServer) -> None:
    server.rows = [each for each in server.rows if each["meterName"] != ZONE.name]
    server.rows += [row(ZONE, "", 0.5), row(ZONE, "Zone 1", 0.6)]
    assert prices(read(server)[0], ZONE) == {"Global": ((0.0, 0.5),)}


def test_what_passes_is_asked_for_again(server: PriceServer) -> None:
    server.rows.append(row(REPLICA, "westeurope", 1.6666))
    server.refusals = [(429, {"Retry-After": "7"}), (503, {}), (429, {})]
    server.broken = ["<html>"]
    done, pauses = read(server)
    assert done.problems == ()
    assert pauses == [7, 4, 8, 16]


def test_attempts_are_bounded(server: PriceServer) -> None:
    server.refusals = [(429, {})] * 10
    with pytest.raises(PricesError, match="HTTP 429 after 5 attempts"):
        read(server)
    assert len(server.queries) == 5


def test_what_does_not_pass_is_asked_for_once(server: PriceServer) -> None:
    server.refusals = [(400, {})]
    with pytest.raises(PricesError, match=r"HTTP 400$"):
        read(server)
    assert len(server.queries) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"Count": 7}, "has not the items that it counts"),
        ({"Items": None}, "has not the items that it counts"),
        ({"BillingCurrency": "EUR"}, "the currency is EUR, expected USD"),
        ({"NextPageLink": "https://example.com/next"}, "the next page is at another host"),
    ],
)
def test_an_answer_that_is_not_as_documented_is_refused(
    server: PriceServer, change: dict[str, object], message: str
) -> None:
    server.change = change
    with pytest.raises(PricesError, match=message):
        read(server)


def test_pages_that_do_not_end_are_refused(server: PriceServer) -> None:
    server.change = {"NextPageLink": f"{server.url}?{'%24'}filter=serviceName+eq+%27x%27"}
    with pytest.raises(PricesError, match="the pages do not end"):
        read(server)


def test_a_meter_that_the_api_does_not_have_keeps_its_prices(server: PriceServer) -> None:
    old = PriceTable([Prices(REPLICA, OLD, "COST-TABLE", {"westeurope": ((0.0, 1.6),)})])
    done, _ = read(server, old)
    assert done.problems == (f"{REPLICA}: the API has no price of it; the old prices are kept",)
    assert prices(done, REPLICA) == {"westeurope": ((0.0, 1.6),)}
    assert read(server)[0].problems == (f"{REPLICA}: the API has no price of it",)


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"unitOfMeasure": "1/Month"}, "its unit is 1/Month, expected 1/Day"),
        ({"retailPrice": "free"}, "a row has no valid could not convert string to float: 'free'"),
    ],
)
def test_a_row_that_cannot_be_used_keeps_the_old_prices(
    server: PriceServer, more: dict[str, object], problem: str
) -> None:
    server.rows.append(row(REPLICA, "westeurope", 1.6666, **more))
    assert read(server)[0].problems == (f"{REPLICA}: {problem}",)


def test_two_prices_of_one_region_are_ambiguous(server: PriceServer) -> None:
    server.rows += [row(REPLICA, "westeurope", 1.6666), row(REPLICA, "westeurope", 2.0)]
    assert read(server)[0].problems == (f"{REPLICA}: there are several prices in westeurope: 1.6666 and 2",)


def test_a_server_that_is_not_there_is_said() -> None:
    with pytest.raises(PricesError, match="after 5 attempts"):
        refresh(PriceTable([]), [], Api("http://127.0.0.1:9/api/retail/prices", lambda _: None), TODAY)
