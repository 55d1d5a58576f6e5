"""`./moorings ledger`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.verbs.arguments import Json, StackName
from tools.verbs.command import verb
from tools.verbs.printing import show_columns, show_json

if TYPE_CHECKING:
    from planning.addresses import Row

_COLUMNS = ("network", "subnet", "prefix", "need", "free", "next_replica", "regional_switch", "verdict")


@verb("./moorings ledger prod", "./moorings ledger prod --json")
def ledger(stack: StackName, json: Json = False) -> None:
    """Show the address ledger of a stack.

    It lists the number of addresses that every subnet needs and has free, whether the next replica and regional
    endpoints fit, and how many more nodes, replicas and pods fit if nothing else grows.
    """
    from stacks.loader import load

    described = load(stack)
    book = described.plan.ledger
    rows = [dict(zip(_COLUMNS, _values(row), strict=True)) for row in book]
    has_registry = described.spec.registry is not None
    outlook = {"next_replica": book.next_replica(), "regional_switch": book.regional_switch()} if has_registry else {}
    growth = book.growth()
    if json:
        rooms = [{"of": room.of, "more": room.more, "limit": room.limit} for room in growth]
        show_json({"subnets": rows, "growth": rooms, **outlook})
        return
    shown = [[_cell(column, row[column]) for column in _COLUMNS] for row in rows]
    show_columns([[column.replace("_", " ") for column in _COLUMNS], *shown])
    if growth:
        print()
        show_columns([["growth", "more", "limit"], *([room.of, _more(room.more), room.limit] for room in growth)])
        print()
    if outlook:
        print(f"next replica: {outlook['next_replica']}; enabling regional endpoints: {outlook['regional_switch']}")


def _values(row: Row) -> tuple[Any, ...]:
    prefix = None if row.subnet.prefix is None else str(row.subnet.prefix)
    more = (row.next_replica, row.regional_switch)
    return (row.subnet.network, row.subnet.name, prefix, row.need, row.free, *more, row.verdict)


def _cell(column: str, value: Any) -> str:
    return _more(value) if value is None or column in {"next_replica", "regional_switch"} else str(value)


def _more(count: int | None) -> str:
    return "unknown" if count is None else f"+{count}"
