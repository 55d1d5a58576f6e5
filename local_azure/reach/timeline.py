"""Which pulls a change breaks, and when: every consumer judged again after each transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from local_azure.facts.container_registry import CACHE_RULES
from local_azure.history import Turn
from local_azure.reach import cache_rules
from local_azure.reach.consumers import Consumer, host_of, in_arm, repository_of, stated
from local_azure.reach.estate import Estate, matters
from local_azure.reach.links import Break
from local_azure.reach.verdict import FAILS, Verdict, judge
from local_azure.store import Resource

Key = tuple[str, str, str, str]


@dataclass
class Outage:
    """Writes after which a consumer that could pull, or push, could not.

    Attributes:
        consumer: who, as it was when it began to fail.
        broken: the first broken link.
        began: the write after which it failed.
        ended: the write after which it worked again; empty where it still fails at the end.
        during: the writes from the one at which it began to the one before it ended.
    """

    consumer: Consumer
    broken: Break
    began: str
    ended: str = ""
    during: list[str] = field(default_factory=list)


class _Rows:
    """Resources and addresses, changed transaction by transaction."""

    def __init__(self, before: Estate) -> None:
        self.resources = dict(before.by_key)
        self.down = before.down
        self.addresses = {f"{row[0]}#{row[1]}": row for row in before.addresses}

    def take(self, turn: Turn) -> None:
        for change in turn.changes:
            if change.what == "resource":
                _put(self.resources, change.key, Resource(*change.row) if change.row else None)
            else:
                _put(self.addresses, change.key, tuple(change.row) if change.row else None)

    def estate(self) -> Estate:
        return Estate(self.resources.values(), self.addresses.values(), self.down)


def _put(rows: dict[str, Any], key: str, row: Any) -> None:
    if row is None:
        rows.pop(key, None)
    else:
        rows[key] = row


def outages(before: Estate, turns: Iterable[Turn], document: Any = None) -> list[Outage]:
    """Return the outages of a change, in the order in which they began.

    A consumer is followed by its resource and repository, so that one which moves to another host or tag is the same. One
    that is deleted has no outage, nor one that failed before the change, nor one that the change makes. One that moves to a
    repository that a cache rule of the change fills has an outage until the rule exists.

    Args:
        before: the estate before the change.
        turns: the transactions of the change.
        document: consumers that ARM does not know and that stay as they are during the change.
    """
    turns = list(turns)
    coming = _coming_rules(before, turns)
    rows, pending = _Rows(before), {}
    works = {key for key, verdict in _verdicts(before, document).items() if verdict.status != FAILS}
    pullers = {_puller(key) for key in works}
    found: list[Outage] = []
    if not works:
        return found
    for turn in turns:
        rows.take(turn)
        if not any(change.what == "address" or matters(change.subject) for change in turn.changes):
            continue
        estate = rows.estate()
        now = _verdicts(estate, document)
        broken = {key: each.broken for key, each in now.items() if key in works and each.status == FAILS}
        moved = {key: each.consumer for key, each in now.items() if key not in works and _puller(key) in pullers}
        broken |= {key: _unfilled(estate, consumer, coming) for key, consumer in moved.items()}
        failing = {key: each for key, each in broken.items() if each is not None}
        for key in [key for key in pending if key not in failing]:
            pending.pop(key).ended = turn.label
        for key, each in failing.items():
            if key not in pending:
                pending[key] = Outage(now[key].consumer, each, turn.label)
                found.append(pending[key])
            pending[key].during.append(turn.label)
    return found


def _puller(key: Key) -> tuple[str, str, str]:
    """A consumer whatever it pulls."""
    return key[0], key[1], key[3]


def _coming_rules(before: Estate, turns: Iterable[Turn]) -> list[Resource]:
    """Return the cache rules that a change creates."""
    rows = _Rows(before)
    for turn in turns:
        rows.take(turn)
    return [rule for rule in rows.estate().of_type(CACHE_RULES) if rule.key not in before.by_key]


def _unfilled(estate: Estate, consumer: Consumer, coming: list[Resource]) -> Break | None:
    """Return the cache rule that a consumer waits for, which has moved to a repository that the rule fills."""
    host = estate.hosts.get(host_of(consumer.image))
    return cache_rules.unfilled(estate, host.registry, repository_of(consumer.image), coming) if host else None


def new_failures(before: Estate, after: Estate, document: Any = None, stated_after: Any = None) -> list[Verdict]:
    """Return the verdicts on consumers that were not there before a change and that fail after it.

    Args:
        before: the estate before the change.
        after: the estate after it.
        document: stated consumers before the change.
        stated_after: stated consumers after it.
    """
    known = _verdicts(before, document).keys()
    now = _verdicts(after, stated_after)
    return [verdict for key, verdict in now.items() if key not in known and verdict.status == FAILS]


def _verdicts(estate: Estate, document: Any) -> dict[Key, Verdict]:
    """Judge every consumer; a stated one whose place is gone is gone with it."""
    everybody = [*in_arm(estate), *(stated(estate, _there(estate, document)) if document else ())]
    return {_key(consumer): judge(estate, consumer) for consumer in everybody}


def _key(consumer: Consumer) -> Key:
    return consumer.id.lower(), consumer.name, repository_of(consumer.image), consumer.action


def _there(estate: Estate, document: Any) -> list[Any]:
    rows = document.get("pulls") or [] if isinstance(document, dict) else document
    return [row for row in rows if not row.get("from") or estate.get(row["from"]) is not None]
