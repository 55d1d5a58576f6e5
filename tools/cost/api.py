"""The Azure Retail Prices API: filters, pages, retries, and which of the rows of an answer are list prices [COST-API]."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from planning.meters import VIRTUAL_MACHINES, Meter
from planning.prices import CURRENCY

URL: Final = "https://prices.azure.com/api/retail/prices"
VERSION: Final = "2023-01-01-preview"

_ATTEMPTS = 5
_LONGEST_WAIT = 60.0
_TIMEOUT = 30
_MOST_PAGES = 100
_PASSING = frozenset({408, 429, 500, 502, 503, 504})

Row = Mapping[str, Any]


class PricesError(Exception):
    """The API did not answer, or not as documented; the message is one line."""


@dataclass(frozen=True, slots=True)
class Api:
    """The API.

    Attributes:
        url: its address.
        wait: called with the seconds before another attempt.
    """

    url: str
    wait: Callable[[float], None]

    def rows(self, meter: Meter) -> Iterator[Row]:
        """Yield all rows of the answer for a meter.

        Raises:
            PricesError: there is no answer, or one that is not as documented.
        """
        query = {"api-version": VERSION, "currencyCode": f"'{CURRENCY}'", "$filter": filter_of(meter)}
        link: str | None = f"{self.url}?{urllib.parse.urlencode(query)}"
        seen: set[str] = set()
        while link:
            if link in seen or len(seen) == _MOST_PAGES:
                raise PricesError(f"{meter}: the pages do not end")
            seen.add(link)
            page = self._page(link, meter)
            items, link = page.get("Items"), page.get("NextPageLink")
            if not isinstance(items, list) or page.get("Count", len(items)) != len(items):
                raise PricesError(f"{meter}: the answer has not the items that it counts")
            if page.get("BillingCurrency") != CURRENCY:
                raise PricesError(f"{meter}: the currency is {page.get('BillingCurrency')}, expected {CURRENCY}")
            if link and not self._is_ours(link):
                raise PricesError(f"{meter}: the next page is at another host, {link}")
            yield from items

    def _is_ours(self, link: str) -> bool:
        ours, theirs = urllib.parse.urlsplit(self.url), urllib.parse.urlsplit(link)
        return (ours.scheme, ours.hostname) == (theirs.scheme, theirs.hostname)

    def _page(self, link: str, meter: Meter) -> Mapping[str, Any]:
        """Return one page; what may pass is asked for again, as the answer says or after ever longer pauses."""
        problem = ""
        for attempt in range(1, _ATTEMPTS + 1):
            pause = min(_LONGEST_WAIT, float(2**attempt))
            try:
                with urllib.request.urlopen(link, timeout=_TIMEOUT) as answer:
                    page = json.load(answer)
                if isinstance(page, dict):
                    return page
                raise PricesError(f"{meter}: the answer is not an object")
            except urllib.error.HTTPError as error:
                problem = f"HTTP {error.code}"
                if error.code not in _PASSING:
                    raise PricesError(f"{meter}: {problem}") from None
                stated = error.headers.get("Retry-After", "")
                pause = min(_LONGEST_WAIT, float(stated)) if stated.isdigit() else pause
            except OSError as error:
                problem = str(getattr(error, "reason", error))
            except ValueError:
                problem = "the answer is not JSON"
            if attempt < _ATTEMPTS:
                self.wait(pause)
        raise PricesError(f"{meter}: {problem} after {_ATTEMPTS} attempts")


def filter_of(meter: Meter) -> str:
    """Return the OData filter for a meter; its values are compared case-sensitively [COST-API]."""
    named = {
        "serviceName": meter.service,
        "productName": meter.product,
        "skuName": meter.sku,
        "meterName": meter.name,
        "armSkuName": meter.size,
        "priceType": "Consumption",
    }
    return " and ".join(f"{name} eq '{value.replace(chr(39), chr(39) * 2)}'" for name, value in named.items() if value)


def is_list_price(row: Row, meter: Meter) -> bool:
    """Return whether a row is the list price of a meter: no reservation, no DevTest, Spot or Low Priority price.

    A machine for Windows has a product whose name ends so [COST-VM].
    """
    if row.get("type") != "Consumption" or row.get("currencyCode") != CURRENCY:
        return False
    if meter.service != VIRTUAL_MACHINES:
        return True
    names = f"{row.get('skuName')} {row.get('meterName')}"
    reduced = any(mark in names for mark in ("Spot", "Low Priority"))
    return not reduced and str(row.get("productName", "")).endswith("Windows") is meter.windows
