"""A planned change: the resources of a program before and after, and the operation on each.

Read from `pulumi preview --json --show-sames`, or from an event log (`--event-log`) of a preview or an update. Where a plan
leaves out unchanged resources, they are read from the exported state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from policies.fronts.offline import graph_of
from policies.model import Graph, Resource

Json = Mapping[str, Any]
Action = Literal["create", "update", "replace", "delete", "same"]

_REPLACING = frozenset({"replace", "create-replacement", "delete-replaced"})
_DELETING = frozenset({"delete", "discard", "read-discard"})
_GONE = _DELETING | {"delete-replaced"}
_CREATING = frozenset({"create", "import"})


@dataclass(frozen=True, slots=True)
class Step:
    """The operation on one resource.

    Attributes:
        action: create, update, replace, delete, or same for none.
        urn: URN.
        before: the resource in the state; None where it is created.
        after: the resource in the program; None where it is deleted.
        reasons: properties whose change replaces it.
    """

    action: Action
    urn: str
    before: Resource | None
    after: Resource | None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LostPull:
    """A pull, or a push, that a change breaks.

    Attributes:
        consumer: who pulls, in words.
        consumer_id: its ARM id.
        action: pull or push.
        image: the image.
        reason: which link is broken, in words.
        resource: ARM id of the resource to change.
        began: the write after which it fails; empty for a consumer that the change makes.
        ended: the write after which it works again; empty where it still fails after the change.
        writes: the writes after which it fails.
    """

    consumer: str
    consumer_id: str
    action: str
    image: str
    reason: str
    resource: str
    began: str = ""
    ended: str = ""
    writes: tuple[str, ...] = ()


class Changes(Graph):
    """The resources of a program after a change, those before it, and the operations.

    Attributes:
        before: the resources before the change.
        steps: one for each resource of before or after.
        held: addresses in use, by subnet id and owner id in lower case, from a ledger of the subscription or of the local
            Azure.
        pulls: pulls that the change broke; None where it was not applied.
    """

    def __init__(
        self,
        steps: Iterable[Step],
        held: Mapping[str, Mapping[str, int]] | None = None,
        pulls: Sequence[LostPull] | None = None,
    ) -> None:
        """Build both graphs from a list of steps."""
        self.pulls = pulls
        self.steps: tuple[Step, ...] = tuple(steps)
        self.held: Mapping[str, Mapping[str, int]] = held or {}
        super().__init__(step.after for step in self.steps if step.after)

    @cached_property
    def before(self) -> Graph:
        """The resources before the change."""
        return Graph(step.before for step in self.steps if step.before)

    def step(self, resource: Resource) -> Step | None:
        """Return the operation on a resource of either graph."""
        return self._by_step.get(resource.urn)

    @cached_property
    def _by_step(self) -> dict[str, Step]:
        return {step.urn: step for step in self.steps}


def of_preview(
    document: Json,
    state: Json | None = None,
    held: Mapping[str, Mapping[str, int]] | None = None,
    pulls: Sequence[LostPull] | None = None,
) -> Changes:
    """Return the change in the output of `pulumi preview --json`.

    Args:
        document: the output.
        state: output of `pulumi stack export` before the change, for a plan without unchanged resources.
        held: addresses in use, see `Changes`.
        pulls: pulls that it broke, see `Changes`.
    """
    rows = ((s["op"], s["urn"], s.get("oldState"), s.get("newState"), s) for s in document.get("steps") or [])
    return _changes(rows, state, held, pulls)


def of_events(
    events: Iterable[Json], state: Json | None = None, held: Mapping[str, Mapping[str, int]] | None = None
) -> Changes:
    """Return the change in an event log; arguments as for `of_preview`."""
    planned = (event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event)
    return _changes(((m["op"], m["urn"], m.get("old"), m.get("new"), m) for m in planned), state, held)


def _changes(
    rows: Iterable[tuple[str, str, Json | None, Json | None, Json]],
    state: Json | None,
    held: Mapping[str, Mapping[str, int]] | None,
    pulls: Sequence[LostPull] | None = None,
) -> Changes:
    found: dict[str, Step] = {}
    for op, urn, old, new, row in rows:
        earlier = found.get(urn)
        action = _action(op)
        before = (earlier.before if earlier else None) or (_resource(old) if old and action != "create" else None)
        after = (earlier.after if earlier else None) or (_resource(new) if new and op not in _GONE else None)
        reasons = tuple(row.get("replaceReasons") or row.get("keys") or ())
        action = "replace" if earlier and earlier.action == "replace" else action
        found[urn] = Step(action, urn, before, after, reasons or (earlier.reasons if earlier else ()))
    for raw in ((state or {}).get("deployment") or {}).get("resources") or []:
        if raw["urn"] not in found and not raw.get("delete"):
            there = _resource(raw)
            found[raw["urn"]] = Step("same", raw["urn"], there, there)
    return Changes(found.values(), held, pulls)


def _action(op: str) -> Action:
    if op in _REPLACING:
        return "replace"
    if op in _DELETING:
        return "delete"
    if op in _CREATING:
        return "create"
    return "update" if op == "update" else "same"


def _resource(raw: Json) -> Resource:
    return graph_of([raw]).resources[0]


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a value, also the keys of objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)
