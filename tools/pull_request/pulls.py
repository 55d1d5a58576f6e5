"""Image pulls during a rehearsal: the pulls that work before the change and fail after one of its writes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure import history
from local_azure.reach import command
from local_azure.reach.consumers import Consumer
from local_azure.reach.estate import Estate
from local_azure.reach.links import Break
from local_azure.reach.timeline import new_failures, outages
from local_azure.store import Store
from policies.plan import LostPull


@dataclass(frozen=True)
class Watch:
    """A store whose history is recorded from the start of the change.

    Attributes:
        store: folder of the store.
        before: content of the store before the change.
        pulls: consumers that are not in ARM, from the outputs of the base.
        since: number of transactions in the history before the change.
    """

    store: Path
    before: Estate
    pulls: list[Any]
    since: int = 0


def watch(store: Path, state: Mapping[str, Any]) -> Watch:
    """Start recording the history of a store.

    Args:
        store: folder of the store.
        state: the exported state before the change.
    """
    with _opened(store) as opened:
        history.keep(opened.connection)
        return Watch(store, command.snapshot(opened), pulls_of(state), len(history.turns(opened.connection)))


def writes(watching: Watch) -> int:
    """Return the number of writes since the start of the change."""
    with _opened(watching.store) as opened:
        return len(history.turns(opened.connection)) - watching.since


def pulls_of(state: Mapping[str, Any]) -> list[Any]:
    """Return the output `pulls` of a stack in an exported state; empty without such an output."""
    resources = (state.get("deployment") or {}).get("resources") or []
    stack = next((each for each in resources if each["type"] == "pulumi:pulumi:Stack"), {})
    found = (stack.get("outputs") or {}).get("pulls")
    return found if isinstance(found, list) else []


def lost(watching: Watch, state: Mapping[str, Any]) -> list[LostPull]:
    """Return the pulls that a change broke, including those of consumers that it created.

    Args:
        watching: the recording.
        state: the exported state after the change.
    """
    with _opened(watching.store) as opened:
        turns, after = history.turns(opened.connection)[watching.since :], command.snapshot(opened)
    broken = [
        _lost(each.consumer, each.broken, each.began, each.ended, tuple(each.during))
        for each in outages(watching.before, turns, watching.pulls)
    ]
    created = new_failures(watching.before, after, watching.pulls, pulls_of(state))
    return [*broken, *(_lost(each.consumer, each.broken) for each in created if each.broken)]


def summary(watching: Watch, state: Mapping[str, Any]) -> str:
    """Return the number of working pulls in one line; empty without consumers."""
    with _opened(watching.store) as opened:
        estate = command.snapshot(opened)
    asked = command.consumers(estate, pulls_of(state), command.Question())
    return command.summary(command.verdicts(estate, asked)) if asked else ""


def _lost(
    consumer: Consumer, broken: Break, began: str = "", ended: str = "", writes: tuple[str, ...] = ()
) -> LostPull:
    who = f"{consumer.kind} {consumer.name}"
    action, image = consumer.action, consumer.image
    return LostPull(who, consumer.id, action, image, broken.message, broken.resource, began, ended, writes)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[Store]:
    store = Store(folder)
    try:
        yield store
    finally:
        store.close()
