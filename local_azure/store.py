"""The store of the local Azure: one SQLite file (WAL) that survives kill -9 between any two statements.

It holds resources, running operations, the ledger of private addresses and the journal of accepted writes. Every
state transition is one transaction. A serving process holds an exclusive lock on the folder.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_azure import history, outages
from local_azure.errors import ArmError
from local_azure.ledger import Ledger
from local_azure.masking import masked

SCHEMA = """
CREATE TABLE IF NOT EXISTS resources (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, id TEXT NOT NULL, type TEXT NOT NULL,
  name TEXT NOT NULL, parent TEXT NOT NULL, grp TEXT NOT NULL, subscription TEXT NOT NULL,
  location TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, etag TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_type ON resources (type, subscription, grp);
CREATE INDEX IF NOT EXISTS by_parent ON resources (parent, type);
CREATE INDEX IF NOT EXISTS by_group ON resources (grp);
CREATE TABLE IF NOT EXISTS operations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, guid TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, action TEXT NOT NULL,
  status TEXT NOT NULL, started REAL NOT NULL, due REAL NOT NULL, reads INTEGER NOT NULL, shown TEXT NOT NULL,
  error TEXT, data TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS running ON operations (due) WHERE status = 'InProgress';
CREATE INDEX IF NOT EXISTS by_subject ON operations (subject) WHERE status = 'InProgress';
CREATE TABLE IF NOT EXISTS addresses (
  subnet TEXT NOT NULL, number INTEGER NOT NULL, owner TEXT NOT NULL, member TEXT NOT NULL,
  PRIMARY KEY (subnet, number));
CREATE UNIQUE INDEX IF NOT EXISTS by_owner ON addresses (owner, member);
CREATE INDEX IF NOT EXISTS by_principal ON resources (json_extract(body, '$.identity.principalId'));
CREATE INDEX IF NOT EXISTS by_own_principal ON resources (json_extract(body, '$.properties.principalId'));
CREATE TABLE IF NOT EXISTS departed (principal TEXT PRIMARY KEY, owner TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS journal (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, type TEXT NOT NULL, api_version TEXT NOT NULL,
  name TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL);
"""


class StoreLockedError(Exception):
    """Another process serves from this store."""


class StoreUnreadableError(OSError):
    """The folder's file is there and is no store."""


@dataclass(slots=True)
class Resource:
    """A stored resource: what its provider keeps (`body`, ARM's members) and what it only remembers (`state`)."""

    id: str
    type: str
    name: str
    location: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    etag: str = ""

    @property
    def key(self) -> str:
        """Text by which ids are compared."""
        return self.id.lower()

    @property
    def properties(self) -> dict[str, Any]:
        """The body's `properties`."""
        return self.body["properties"]


_COLUMNS = "id, type, name, location, body, state, etag"


def dumps(value: Any) -> str:
    """Write JSON without spaces."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


class Store:
    """Rows of one store folder; used from one thread at a time.

    `serve` takes the folder's exclusive lock and raises StoreLockedError when another process has it.
    """

    def __init__(self, folder: Path, *, serve: bool = False) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "arm.sqlite3"
        # SQLite gives its further files the permissions of this one: bodies hold what was sent, secrets among it.
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        self._lock = _lock(folder) if serve else None
        self.connection = sqlite3.connect(
            file, isolation_level=None, check_same_thread=False, timeout=2.0, cached_statements=512
        )
        self.ledger = Ledger(self.connection)
        try:
            self.connection.execute("PRAGMA journal_mode=WAL")
            self.connection.execute("PRAGMA synchronous=NORMAL")
            self.connection.executescript(SCHEMA + history.SCHEMA + outages.SCHEMA)
        except sqlite3.DatabaseError as error:
            self.close()
            raise StoreUnreadableError(_unopened(folder, str(error))) from error

    def close(self) -> None:
        """Close the file and release the folder's lock."""
        self.connection.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen wholly or not at all; raises ArmError when the file cannot be written."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                self.connection.execute(history.NEXT_TURN)
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise _unwritable(error) from error

    @contextlib.contextmanager
    def savepoint(self) -> Iterator[None]:
        """Take back what happens inside, and only that, when it raises; to be used inside a transaction."""
        self.connection.execute("SAVEPOINT inner")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO inner")
            raise
        finally:
            self.connection.execute("RELEASE inner")

    def get(self, resource_id: str) -> Resource | None:
        """Return the resource of that id, whatever its case."""
        return next(iter(self._select("key = ?", resource_id.lower())), None)

    def _select(self, where: str, *values: str | float) -> list[Resource]:
        rows = self.connection.execute(f"SELECT {_COLUMNS} FROM resources WHERE {where}", values)
        return [Resource(*row[:4], body=json.loads(row[4]), state=json.loads(row[5]), etag=row[6]) for row in rows]

    def exists(self, resource_id: str) -> bool:
        """Tell whether a resource of that id is stored."""
        row = self.connection.execute("SELECT 1 FROM resources WHERE key = ?", (resource_id.lower(),))
        return row.fetchone() is not None

    def put(self, resource: Resource, *, parent: str, group: str, subscription: str) -> None:
        """Insert or replace a resource."""
        self.connection.execute(
            "INSERT INTO resources (key, id, type, name, parent, grp, subscription, location, body, state, etag) "
            "VALUES (?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (key) DO UPDATE SET "
            "location=excluded.location, body=excluded.body, state=excluded.state, etag=excluded.etag",
            (
                *(resource.key, resource.id, resource.type, resource.name),
                *(parent.lower(), group.lower(), subscription.lower()),
                *(resource.location, dumps(resource.body), dumps(resource.state), resource.etag),
            ),
        )

    def update(self, resource: Resource) -> None:
        """Write back a resource that is stored already."""
        self.connection.execute(
            "UPDATE resources SET body = ?, state = ?, etag = ?, location = ? WHERE key = ?",
            (dumps(resource.body), dumps(resource.state), resource.etag, resource.location, resource.key),
        )

    def drop(self, resource_id: str) -> None:
        """Delete one row."""
        self.connection.execute("DELETE FROM resources WHERE key = ?", (resource_id.lower(),))

    def children(self, parent: str, type_name: str) -> list[Resource]:
        """Return the children of that type, in the order of their making."""
        return self._select("parent = ? AND type = ? ORDER BY seq", parent.lower(), type_name)

    def of_type(self, type_name: str, scope: str = "") -> list[Resource]:
        """Return all of a type under a subscription, a resource group, or anywhere."""
        where = "type = ? AND (? = '' OR (key > ? AND key < ?)) ORDER BY seq"
        return self._select(where, type_name, scope, *_below(scope))

    def named(self, type_name: str, name: str) -> list[Resource]:
        """Return all of a type with that name, wherever they are."""
        return self._select("type = ? AND name = ? COLLATE NOCASE", type_name, name)

    def below(self, scope: str) -> list[Resource]:
        """Return everything whose id lies under `scope`, extension resources included, in the order of making."""
        return self._select("key > ? AND key < ? ORDER BY seq", *_below(scope))

    def referring(self, type_name: str, member: str, resource_id: str) -> list[str]:
        """Return the ids of resources of a type whose body names another one at a path such as `properties.subnet.id`."""
        rows = self.connection.execute(
            "SELECT id FROM resources WHERE type = ? AND lower(json_extract(body, ?)) = ? ORDER BY seq",
            (type_name, f"$.{member}", resource_id.lower()),
        )
        return [row[0] for row in rows]

    def has_principal(self, principal: str) -> bool:
        """Tell whether a resource has an identity of that principal now."""
        row = self.connection.execute(
            "SELECT 1 FROM resources WHERE json_extract(body, '$.identity.principalId') = ?1 UNION ALL "
            "SELECT 1 FROM resources WHERE json_extract(body, '$.properties.principalId') = ?1 "
            "AND json_extract(body, '$.properties.clientId') IS NOT NULL LIMIT 1",
            (principal,),
        )
        return row.fetchone() is not None

    def depart(self, principal: str, owner: str) -> None:
        """Note that a principal, which a resource had, is gone."""
        row = (principal, owner.lower())
        self.connection.execute("INSERT OR IGNORE INTO departed (principal, owner) VALUES (?,?)", row)

    def departed(self, principal: str) -> bool:
        """Tell whether a principal was here and is gone."""
        return (
            self.connection.execute("SELECT 1 FROM departed WHERE principal = ?", (principal,)).fetchone() is not None
        )

    def departures(self, owner: str) -> int:
        """Return how many principals a resource of that id has had and lost."""
        row = self.connection.execute("SELECT count(*) FROM departed WHERE owner = ?", (owner.lower(),))
        return row.fetchone()[0]

    def types(self) -> list[str]:
        """Return the types of all resources, each once."""
        return [row[0] for row in self.connection.execute("SELECT DISTINCT type FROM resources")]

    def ids(self) -> list[str]:
        """Return the ids of all resources but those whose delete is over and only waits for a poll."""
        return [resource.id for resource in self.every()]

    def every(self) -> list[Resource]:
        """Return all resources but those whose delete is over and only waits for a poll, in the order of their making."""
        gone = "SELECT subject FROM operations WHERE status = 'InProgress' AND action = 'delete' AND due <= ?"
        below = "key = subject OR substr(key, 1, length(subject) + 1) = subject || '/'"
        return self._select(f"NOT EXISTS (SELECT 1 FROM ({gone}) WHERE {below}) ORDER BY seq", time.time())

    def allocations(self) -> list[tuple[str, int, str, str]]:
        """Return subnet, number, owner and member of every private address in use."""
        return self.connection.execute("SELECT subnet, number, owner, member FROM addresses ORDER BY rowid").fetchall()

    def record(self, method: str, type_name: str, api_version: str, name: str, resource_id: str, body: Any) -> None:
        """Write an accepted request into the journal, secrets masked."""
        self.connection.execute(
            "INSERT INTO journal (method, type, api_version, name, id, body) VALUES (?,?,?,?,?,?)",
            (method, type_name, api_version, name, resource_id, dumps(masked(body, type_name))),
        )

    def history(self) -> tuple[int, int]:
        """Return a mark of now in the journal and the operations."""
        last = "SELECT coalesce((SELECT max(seq) FROM journal), 0), coalesce((SELECT max(seq) FROM operations), 0)"
        journal, operations = self.connection.execute(last).fetchone()
        return journal, operations

    def forget_history(self, since: tuple[int, int]) -> None:
        """Delete what the journal and the operations hold beyond a mark."""
        self.connection.execute("DELETE FROM journal WHERE seq > ?", (since[0],))
        self.connection.execute("DELETE FROM operations WHERE seq > ?", (since[1],))

    def requests(self, *, every: bool = False) -> list[dict[str, Any]]:
        """Return accepted PUT bodies in order; with `every` also PATCH, and a member `method`."""
        rows = self.connection.execute("SELECT method, type, api_version, name, body FROM journal ORDER BY seq")
        found = []
        for method, type_name, version, name, body in rows:
            if not every and method != "PUT":
                continue
            entry = {"type": type_name, "apiVersion": version, "name": name, "body": json.loads(body)}
            found.append({"method": method, **entry} if every else entry)
        return found


def _below(scope: str) -> tuple[str, str]:
    """Return the bounds of the keys under a scope: "0" is the character after "/"."""
    return f"{scope.lower()}/", f"{scope.lower()}0"


def _lock(folder: Path) -> int:
    handle = os.open(folder / "serve.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise StoreLockedError(f"another process serves from {folder}") from error
    return handle


def _unopened(folder: Path, reason: str) -> str:
    """Return what keeps a store from being opened, and what to do about it."""
    file = folder / "arm.sqlite3"
    if "full" in reason or "disk I/O" in reason:
        return f"{file} cannot be written ({reason}): free some space, and try again"
    if "locked" in reason or "busy" in reason:
        return f"{file} is locked by another process ({reason}): end it, and try again"
    return f"{file} is no store ({reason}): delete it by `./moorings azure reset --store {folder}`"


def _unwritable(error: sqlite3.OperationalError) -> Exception:
    text = str(error)
    if "full" in text or "disk I/O" in text:
        return ArmError(507, "LocalStoreFull", f"The local store cannot be written ({text}); nothing was changed.")
    if "locked" in text or "busy" in text:
        message = f"The local store is locked by another process ({text}); nothing was changed."
        return ArmError(503, "LocalStoreLocked", message, headers={"Retry-After": "1"})
    return error


def present(folder: Path) -> bool:
    """Return whether a folder holds a store."""
    return (folder / "arm.sqlite3").exists()


def accepted_writes(folder: Path) -> int:
    """Return the number of writes in the journal of a store, read beside the process that serves it; 0 without a store."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{folder / 'arm.sqlite3'}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT count(*) FROM journal").fetchone()[0]
    except sqlite3.OperationalError:
        return 0


def reset(folder: Path) -> None:
    """Delete everything in the store; raises StoreLockedError while a process serves from it."""
    if not folder.exists():
        return
    handle = _lock(folder)
    try:
        for name in ("arm.sqlite3", "arm.sqlite3-wal", "arm.sqlite3-shm"):
            (folder / name).unlink(missing_ok=True)
    finally:
        os.close(handle)
