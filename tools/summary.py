"""Summarizes the outputs of a stack: host names, address ledger, private addresses, and addresses of compute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_KINDS = ("global", "regional", "data")
_CHOICES = ("push",)
"""Keys that choose among hosts of other kinds."""
_ANSWERS = ("fqdn", "endpoint", "default_domain", "address")
_PARTS = ("apps", "http_routes")
"""Outputs of a compute entry that contain host names by key."""


def summary(outputs: Mapping[str, Any]) -> list[str]:
    """Return the lines for the outputs of a stack; missing or malformed outputs are omitted."""
    return [
        *_endpoints(outputs.get("endpoints")),
        *_ledger(outputs.get("ledger")),
        *_addresses(outputs.get("addresses")),
        *_compute(outputs.get("compute")),
    ]


def _endpoints(endpoints: Any) -> Iterator[str]:
    if not isinstance(endpoints, Mapping):
        return
    yield "Endpoints:"
    kinds = [
        *(kind for kind in _KINDS if kind in endpoints),
        *(kind for kind in endpoints if kind not in (*_KINDS, *_CHOICES)),
    ]
    for kind in kinds:
        value = endpoints[kind]
        names = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else [value]
        for name in filter(None, names):
            yield f"    {kind:<10}{name}"


def _ledger(ledger: Any) -> Iterator[str]:
    rows = [row for row in ledger if isinstance(row, Mapping)] if isinstance(ledger, list) else []
    columns = ("vnet", "subnet", "need", "free")
    if rows:
        yield "Address ledger:"
        yield from _table(columns, [[str(row.get(column, "")) for column in columns] for row in rows])


def _addresses(addresses: Any) -> Iterator[str]:
    rows = list(_flat(addresses)) if isinstance(addresses, Mapping) else []
    if rows:
        yield "Private addresses:"
        yield from _table(("endpoint", "member", "address"), rows)


def _compute(compute: Any) -> Iterator[str]:
    """Yield the name and address of each compute entry, and those of its apps and routes."""
    rows: list[list[str]] = []
    for section, entries in compute.items() if isinstance(compute, Mapping) else ():
        for key, entry in entries.items() if isinstance(entries, Mapping) else ():
            if not isinstance(entry, Mapping):
                continue
            answers = next((str(entry[name]) for name in _ANSWERS if entry.get(name)), "")
            rows.append([f"{section}.{key}", str(entry.get("name", "")), answers])
            for part in _PARTS:
                inner = entry.get(part)
                for name, host in inner.items() if isinstance(inner, Mapping) else ():
                    rows.append([f"{section}.{key}.{part}.{name}", "", str(host or "")])
    if rows:
        yield "Compute:"
        yield from _table(("entry", "name", "address"), rows)


def _flat(tree: Mapping[str, Any], *above: str) -> Iterator[list[str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, *above, str(key))
        else:
            shown = ", ".join(str(item) for item in value) if isinstance(value, list) else str(value)
            yield ["/".join(above), str(key), shown]


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[column]) for row in [header, *rows]) for column in range(len(header))]
    for row in [header, *rows]:
        yield "    " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
