"""A small server that answers as the Azure Retail Prices API is documented: pages, counts, filters and refusals."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from planning.meters import Meter

_TERM = re.compile(r"(\w+) eq '((?:[^']|'')*)'")
_FIELDS = {"priceType": "type"}


def row(meter: Meter, region: str, price: float, **more: Any) -> dict[str, Any]:
    """Return a row of an answer, with the fields that the documentation lists."""
    return {
        "currencyCode": "USD",
        "tierMinimumUnits": 0.0,
        "retailPrice": price,
        "unitPrice": price,
        "armRegionName": region,
        "location": region,
        "effectiveStartDate": "2024-01-01T00:00:00Z",
        "meterId": "00000000-0000-0000-0000-000000000000",
        "meterName": meter.name,
        "productId": "DZH318Z0BQV5",
        "skuId": "DZH318Z0BQV5/000W",
        "productName": meter.product,
        "skuName": meter.sku,
        "serviceName": meter.service,
        "serviceId": "DZH315F9L8DM",
        "serviceFamily": "Containers",
        "unitOfMeasure": meter.unit,
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": meter.size,
        **more,
    }


class PriceServer(ThreadingHTTPServer):
    """Answers with the rows that fit the filter, in pages.

    Attributes:
        rows: all rows of the price list.
        page: rows of a page.
        refusals: status and headers of the next requests, which are refused.
        broken: bodies of the next requests, instead of JSON.
        change: members of every answer that differ from the documented ones.
        queries: the query of each request.
    """

    daemon_threads = True

    def __init__(self, rows: list[dict[str, Any]], page: int = 100) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rows, self.page = rows, page
        self.refusals: list[tuple[int, Mapping[str, str]]] = []
        self.broken: list[str] = []
        self.change: dict[str, Any] = {}
        self.queries: list[dict[str, list[str]]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_address[1]}/api/retail/prices"

    def __enter__(self) -> PriceServer:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def answer(self, query: dict[str, list[str]]) -> dict[str, Any]:
        """Return one page."""
        terms = _TERM.findall(query["$filter"][0])
        fitting = [
            each
            for each in self.rows
            if all(each[_FIELDS.get(name, name)] == value.replace("''", "'") for name, value in terms)
        ]
        skip = int(query.get("$skip", ["0"])[0])
        items = fitting[skip : skip + self.page]
        more = skip + self.page < len(fitting)
        further = urlencode({key: value[0] for key, value in query.items()} | {"$skip": skip + self.page})
        return {
            "BillingCurrency": "USD",
            "CustomerEntityId": "Default",
            "CustomerEntityType": "Retail",
            "Items": items,
            "NextPageLink": f"{self.url}?{further}" if more else None,
            "Count": len(items),
            **self.change,
        }


class _Handler(BaseHTTPRequestHandler):
    server: PriceServer

    def do_GET(self) -> None:
        """Answer, or refuse as scripted."""
        query = parse_qs(urlsplit(self.path).query)
        self.server.queries.append(query)
        status, headers = self.server.refusals.pop(0) if self.server.refusals else (200, {})
        refused = status != 200
        text = self.server.broken.pop(0) if self.server.broken and not refused else None
        body = (text if text is not None else "{}" if refused else json.dumps(self.server.answer(query))).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""
