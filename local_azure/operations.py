"""Long-running operations: declared state transitions, the styles in which ARM answers them, and their progress.

An operation is a row, so it outlives the process: after a restart it is resumed when its time has come, and its poll
URL stays valid.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from local_azure.clock import Clock
from local_azure.store import Store

NEVER = 9e15
"""Due time of an operation that waits for reads and not for time."""


class Style(Enum):
    """How a service tells the client that it has not finished."""

    SYNC = "sync"
    STATUS = "status"  # Azure-AsyncOperation header
    RESULT = "result"  # Location header
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Transition:
    """One declared transition of a type: what the first answer says and when the end comes.

    `seconds` is the real duration; `reads`, when set, replaces it by that many polls. `status` is the first answer's
    HTTP status, `shown` its provisioningState and `empty` what stands for the body where the service sends none.
    """

    style: Style
    status: int
    shown: str
    seconds: float = 0.0
    reads: int = 0
    retry_after: int = 10
    empty: bool = False


SYNC_CREATED = Transition(Style.SYNC, 201, "Succeeded")
SYNC_OK = Transition(Style.SYNC, 200, "Succeeded")
NETWORK_CREATE = Transition(Style.STATUS, 201, "Updating", 3.0)
NETWORK_UPDATE = Transition(Style.STATUS, 200, "Updating", 3.0)
NETWORK_DELETE = Transition(Style.BOTH, 202, "Deleting", 10.0, empty=True)
DNS_WRITE = Transition(Style.BOTH, 202, "Updating", 5.0, empty=True)
DNS_DELETE = Transition(Style.BOTH, 202, "Deleting", 5.0, empty=True)
SYNC_DELETE = Transition(Style.SYNC, 200, "Deleting", empty=True)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The transitions of a type: create, update (PUT on what exists), patch and delete."""

    create: Transition
    update: Transition
    delete: Transition
    patch: Transition = SYNC_OK


SYNC = Lifecycle(SYNC_CREATED, SYNC_OK, SYNC_DELETE)
"""Default: 201 created, 200 updated, 200 deleted, nothing to poll."""

SYNC_ALWAYS_OK = Lifecycle(SYNC_OK, SYNC_OK, SYNC_DELETE)
"""200 at once, whether the resource is new or not."""

SYNC_WRITES = Lifecycle(SYNC_CREATED, SYNC_OK, Transition(Style.RESULT, 202, "Deleting", 5.0, empty=True))
"""201 and 200 at once; a delete is polled by Location (duration chosen)."""

NETWORK = Lifecycle(NETWORK_CREATE, NETWORK_UPDATE, NETWORK_DELETE)
"""Network: 201 new, 200 existing, body Updating, Azure-AsyncOperation [REC-NET]; durations chosen."""


def long_running(
    states: tuple[str, str],
    seconds: tuple[float, float, float],
    *,
    deletes: Style = Style.RESULT,
    retry_after: int = 10,
) -> Lifecycle:
    """Return the transitions of a type whose writes and deletes are all polled.

    A create answers 201 and an update 200, both with Azure-AsyncOperation. A PATCH answers as an update, or 202 with Location
    where deletes do.

    Args:
        states: provisioningState during a create and during an update.
        seconds: durations of a create, an update and a delete.
        deletes: how a delete, which answers 202, is polled.
        retry_after: seconds that every answer names.
    """
    create, update, delete = seconds
    updating = Transition(Style.STATUS, 200, states[1], update, retry_after=retry_after)
    return Lifecycle(
        Transition(Style.STATUS, 201, states[0], create, retry_after=retry_after),
        updating,
        Transition(deletes, 202, "Deleting", delete, retry_after=retry_after, empty=True),
        replace(updating, style=Style.RESULT, status=202) if deletes is Style.RESULT else updating,
    )


@dataclass(frozen=True, slots=True)
class Polls:
    """Where a type's operations are polled, and what a poll of their status says.

    `status` and `result` are paths with `{subscription}`, `{group}`, `{id}`, `{namespace}`, `{region}`, `{kind}` and
    `{guid}` in them. `repeats` says that a status repeats the resource's state while the operation runs, where others say
    InProgress [REC-ACR-REPL]; `pending` is the HTTP status of such an answer.
    """

    status: str = "{subscription}/providers/{namespace}/locations/{region}/operations/{guid}"
    result: str = "{subscription}/providers/{namespace}/locations/{region}/operationResults/{guid}"
    repeats: bool = False
    pending: int = 200

    @property
    def words(self) -> frozenset[str]:
        """The last but one segments of both paths, in lower case, by which a poll is told from other requests."""
        return frozenset(path.rsplit("/", 2)[1].lower() for path in (self.status, self.result))


@dataclass(slots=True)
class Operation:
    """A running or finished operation on the resource `subject`."""

    guid: str
    subject: str
    action: str
    status: str
    started: float
    due: float
    reads: int
    shown: str
    error: dict[str, Any] | None = None
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Tell whether the end has not come."""
        return self.status == "InProgress"


_COLUMNS = "guid, subject, action, status, started, due, reads, shown, error, data"
_RUNNING = "status = 'InProgress'"


def _operation(row: tuple[Any, ...]) -> Operation:
    error = json.loads(row[8]) if row[8] else None
    return Operation(*row[:8], error=error, data=json.loads(row[9]))


class Operations:
    """The operations of one store, on one clock."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._db = store.connection
        self._clock = clock

    def start(self, subject: str, action: str, transition: Transition, data: dict[str, Any] | None = None) -> Operation:
        """Begin an operation whose end is declared by `transition`."""
        due = NEVER if transition.reads else self._clock.due(transition.seconds)
        operation = Operation(
            str(uuid.uuid4()),
            subject,
            action,
            "InProgress",
            self._clock.now(),
            due,
            transition.reads,
            transition.shown,
            data={"retry_after": transition.retry_after, "style": transition.style.value, **(data or {})},
        )
        self._db.execute(
            f"INSERT INTO operations ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                *(operation.guid, subject, action, operation.status, operation.started, due),
                *(operation.reads, operation.shown, None, json.dumps(operation.data)),
            ),
        )
        return operation

    def find(self, guid: str) -> Operation | None:
        """Return the operation of a poll URL."""
        return next(iter(self._select("guid = ?", guid)), None)

    def next_due(self) -> Operation | None:
        """Return the running operation that should have ended first; a clock set back ends it, never prolongs it."""
        now = self._clock.now()
        where = f"{_RUNNING} AND (due <= ? OR (due < ? AND started > ?)) ORDER BY due, seq LIMIT 1"
        return next(iter(self._select(where, now, NEVER, now + 1)), None)

    def running(self, subject: str) -> list[Operation]:
        """Return what runs on a resource."""
        return self._select(f"{_RUNNING} AND subject = ? ORDER BY seq", subject)

    def waiting(self, action: str) -> list[Operation]:
        """Return running operations of one action that wait for reads."""
        return self._select(f"{_RUNNING} AND action = ? ORDER BY seq", action)

    def _select(self, where: str, *values: str | float) -> list[Operation]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM operations WHERE {where}", values)
        return [_operation(row) for row in rows]

    def finish(self, operation: Operation, error: dict[str, Any] | None = None) -> None:
        """Mark an operation Succeeded, or Failed with an error."""
        operation.status = "Failed" if error else "Succeeded"
        operation.error = error
        self._db.execute(
            "UPDATE operations SET status = ?, error = ? WHERE guid = ?",
            (operation.status, json.dumps(error) if error else None, operation.guid),
        )

    def read(self, operation: Operation) -> None:
        """Count one read; the last one that was waited for makes the operation due."""
        if operation.running and operation.reads > 0:
            operation.reads -= 1
            due = self._clock.now() if operation.reads == 0 else operation.due
            self._db.execute(
                "UPDATE operations SET reads = ?, due = ? WHERE guid = ?", (operation.reads, due, operation.guid)
            )

    def cancel(self, subject: str) -> None:
        """End what runs on a resource that another operation took away."""
        self._db.execute(f"UPDATE operations SET status = 'Canceled' WHERE {_RUNNING} AND subject = ?", (subject,))
