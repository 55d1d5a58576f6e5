"""Pulls during a rehearsal: who can pull before the change, and who cannot after any of its writes."""

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
    """A store whose history is kept from the moment before the change on.

    Attributes:
        store: folder of the store.
        before: what it held then.
        pulls: those that ARM does not know of, as the base's outputs state them.
    """

    store: Path
    before: Estate
    pulls: list[Any]


def watch(store: Path, state: Mapping[str, Any]) -> Watch:
    """Begin to watch a store.

    Args:
        store: folder of the store.
        state: the exported state from before the change.
    """
    with _opened(store) as opened:
        history.keep(opened.connection)
        return Watch(store, command.snapshot(opened), pulls_of(state))


def pulls_of(state: Mapping[str, Any]) -> list[Any]:
    """Return the output `pulls` of a stack in an exported state; none where it has no such output."""
    resources = (state.get("deployment") or {}).get("resources") or []
    stack = next((each for each in resources if each["type"] == "pulumi:pulumi:Stack"), {})
    found = (stack.get("outputs") or {}).get("pulls")
    return found if isinstance(found, list) else []


def lost(watching: Watch, state: Mapping[str, Any]) -> list[LostPull]:
    """Return the pulls that a change broke, those of consumers that it made among them.

    Args:
        watching: what was begun before the change.
        state: the exported state after it.
    """
    with _opened(watching.store) as opened:
        turns, after = history.turns(opened.connection), command.snapshot(opened)
    broken = [
        _lost(each.consumer, each.broken, each.began, each.ended, tuple(each.during))
        for each in outages(watching.before, turns, watching.pulls)
    ]
    made = new_failures(watching.before, after, watching.pulls, pulls_of(state))
    return [*broken, *(_lost(each.consumer, each.broken) for each in made if each.broken)]


def summary(watching: Watch, state: Mapping[str, Any]) -> str:
    """Return how many pulls work now, in one line; empty where nothing pulls."""
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
