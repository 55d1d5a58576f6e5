"""The table of private addresses: which subnet gave which number to which member of which owner."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence

Entry = tuple[str, str, int]
"""Owner, member and number of one address."""


class Ledger:
    """Rows of the table, on the connection of its store; keys are ids in lower case."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def taken(self, subnet: str) -> dict[int, str]:
        """Return the numbers that are taken in a subnet, and who has each."""
        rows = self._db.execute("SELECT number, owner FROM addresses WHERE subnet = ?", (subnet,))
        return dict(rows.fetchall())

    def owners(self, subnet: str) -> list[str]:
        """Return who has numbers of a subnet, first come first."""
        rows = self._db.execute(
            "SELECT owner FROM addresses WHERE subnet = ? GROUP BY owner ORDER BY min(rowid)", (subnet,)
        )
        return [row[0] for row in rows]

    def held(self, owner: str) -> dict[str, int]:
        """Return the numbers of an owner by member, in the order in which they were taken."""
        rows = self._db.execute("SELECT member, number FROM addresses WHERE owner = ? ORDER BY rowid", (owner.lower(),))
        return dict(rows.fetchall())

    def entries(self, subnet: str) -> list[Entry]:
        """Return all that a subnet gave, in the order in which it was taken."""
        rows = self._db.execute(
            "SELECT owner, member, number FROM addresses WHERE subnet = ? ORDER BY rowid", (subnet,)
        )
        return rows.fetchall()

    def give(self, subnet: str, owner: str, numbers: Mapping[str, int]) -> None:
        """Note that an owner's members have these numbers of a subnet."""
        self._insert(subnet, [(owner.lower(), member, number) for member, number in numbers.items()])

    def release(self, owner: str, members: Sequence[str] | None = None) -> None:
        """Take back the numbers of the named members, or all that an owner has, also under its id and a suffix: `<id>#pods`."""
        if members is None:
            key = owner.lower()
            # "$" is the character after "#".
            where = "owner = ? OR (owner > ? AND owner < ?)"
            self._db.execute(f"DELETE FROM addresses WHERE {where}", (key, f"{key}#", f"{key}$"))
            return
        rows = [(owner.lower(), member) for member in members]
        self._db.executemany("DELETE FROM addresses WHERE owner = ? AND member = ?", rows)

    def replace(self, subnet: str, entries: Iterable[Entry]) -> None:
        """Make these all that a subnet gave."""
        self._db.execute("DELETE FROM addresses WHERE subnet = ?", (subnet,))
        self._insert(subnet, entries)

    def _insert(self, subnet: str, entries: Iterable[Entry]) -> None:
        rows = [(subnet, number, owner, member) for owner, member, number in entries]
        self._db.executemany("INSERT INTO addresses (subnet, number, owner, member) VALUES (?,?,?,?)", rows)
