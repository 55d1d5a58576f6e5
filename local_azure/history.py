"""What changed in a store, transaction by transaction: kept by the database itself while somebody asks for it.

The table `turn` is empty unless the history is kept; then it holds the number of the running transaction, and triggers
write every change of a resource, an address or the journal under it. What a transaction takes back is taken back here too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import groupby
from sqlite3 import Connection
from typing import Any

_RESOURCE = "json_array(NEW.id, NEW.type, NEW.name, NEW.location, json(NEW.body), json(NEW.state), NEW.etag)"
_ADDRESS = "json_array(NEW.subnet, NEW.number, NEW.owner, NEW.member)"


def _trigger(table: str, event: str, what: str, key: str, subject: str, row: str) -> str:
    return (
        f"CREATE TRIGGER IF NOT EXISTS {table}_{event.lower()} AFTER {event} ON {table} BEGIN INSERT INTO history "
        f"(turn, what, key, subject, row) SELECT number, '{what}', {key}, {subject}, {row} FROM turn; END;\n"
    )


SCHEMA = (
    "CREATE TABLE IF NOT EXISTS turn (number INTEGER NOT NULL);\n"
    "CREATE TABLE IF NOT EXISTS history (seq INTEGER PRIMARY KEY AUTOINCREMENT, turn INTEGER NOT NULL, "
    "what TEXT NOT NULL, key TEXT NOT NULL, subject TEXT NOT NULL, row TEXT);\n"
    + _trigger("resources", "INSERT", "resource", "NEW.key", "NEW.type || ' ' || NEW.name", _RESOURCE)
    + _trigger("resources", "UPDATE", "resource", "NEW.key", "NEW.type || ' ' || NEW.name", _RESOURCE)
    + _trigger("resources", "DELETE", "resource", "OLD.key", "OLD.type || ' ' || OLD.name", "NULL")
    + _trigger("addresses", "INSERT", "address", "NEW.subnet || '#' || NEW.number", "NEW.member", _ADDRESS)
    + _trigger("addresses", "DELETE", "address", "OLD.subnet || '#' || OLD.number", "OLD.member", "NULL")
    + _trigger("journal", "INSERT", "write", "NEW.id", "NEW.method || ' ' || NEW.type || ' ' || NEW.name", "NULL")
)
NEXT_TURN = "UPDATE turn SET number = number + 1"
"""What every transaction begins with; it changes nothing while the history is not kept."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change in a transaction.

    Attributes:
        what: `resource`, `address`, or `write` for an accepted request.
        key: what it is a change of.
        subject: the same for people.
        row: the row as it is now; None where it is gone, and of a request.
    """

    what: str
    key: str
    subject: str
    row: list[Any] | None


@dataclass(frozen=True, slots=True)
class Turn:
    """One transaction that changed something.

    Attributes:
        label: the accepted write, as `PUT <type> <name>`, or which resource changed without one.
        changes: what it changed, in order.
    """

    label: str
    changes: tuple[Change, ...]


def keep(connection: Connection) -> None:
    """Keep the history of a store from now on."""
    connection.execute("INSERT INTO turn SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM turn)")


def forget(connection: Connection) -> None:
    """Keep the history no longer, and delete what was kept."""
    connection.execute("DELETE FROM turn")
    connection.execute("DELETE FROM history")


def turns(connection: Connection) -> list[Turn]:
    """Return the transactions since the history is kept, in order."""
    rows = connection.execute("SELECT turn, what, key, subject, row FROM history ORDER BY seq").fetchall()
    return [_turn([row[1:] for row in group]) for _, group in groupby(rows, key=lambda row: row[0])]


def _turn(rows: list[tuple[str, str, str, str | None]]) -> Turn:
    changes = [Change(what, key, subject, json.loads(row) if row else None) for what, key, subject, row in rows]
    writes = [change.subject for change in changes if change.what == "write"]
    kept = tuple(change for change in changes if change.what != "write")
    return Turn(writes[0] if writes else _unasked(kept), kept)


def _unasked(changes: tuple[Change, ...]) -> str:
    """Return what a transaction without an accepted PUT or PATCH did: a DELETE, or the end of an operation."""
    gone = [change.subject for change in changes if change.what == "resource" and change.row is None]
    if gone:
        # What a resource takes along goes before it.
        return f"DELETE {gone[-1]}"
    return f"end of the operation on {changes[0].subject}" if changes else "nothing"
