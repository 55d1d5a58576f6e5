"""Pulls that a change breaks: known once the change is applied to a local Azure, and not from its plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.changes.common import approval, change_rule
from policies.model import Resource, Rule, Verdict, fail
from policies.plan import Changes, LostPull

_SHOWN: Final = 3
_DOCS: Final = "container-registry/container-registry-troubleshoot-access"


@change_rule(
    id="MOOR-CHG-006",
    title="Image cannot be pulled after the change",
    severity="critical",
    docs=_DOCS,
    remedy="move the consumers off what the change takes away in an earlier change, or give them what they need with it",
)
def every_pull_works_afterwards(changes: Changes) -> Iterator[Verdict]:
    """Every consumer that could pull its image before the change, and every new one, can pull it after the change.

    A switch of the registry, a zone or a role assignment is changed without an error while a consumer still depends on it: it
    fails at its next start, scale-out or node replacement.
    """
    lost = [pull for pull in changes.pulls or () if not pull.ended]
    for pull in lost:
        since = f"; it fails since {pull.began}" if pull.began else ""
        consumer = _consumer(changes, pull)
        yield fail(f"{_said(pull)} after the change{since}; {approval('MOOR-CHG-006', consumer)}", resource=consumer)


@change_rule(
    id="MOOR-CHG-007",
    title="Image cannot be pulled for a while during the change",
    severity="high",
    docs=_DOCS,
    remedy="make the change in steps with `./moorings plan`, which adds first what is needed afterwards, and removes last what "
    "was needed before",
)
def every_pull_works_meanwhile(changes: Changes) -> Iterator[Verdict]:
    """Every consumer that could pull its image before the change can pull it after each write of the change.

    The engine makes the writes one after the other. Between two of them an image may not be pulled although it can be before and
    after the change, for as long as the writes between take, or for ever where the engine stops there.
    """
    lost = [pull for pull in changes.pulls or () if pull.ended]
    for pull in lost:
        consumer = _consumer(changes, pull)
        count = f"{len(pull.writes)} write" + ("s" if len(pull.writes) != 1 else "")
        more = f" and {len(pull.writes) - _SHOWN} more" if len(pull.writes) > _SHOWN else ""
        between = f"{count}: {', '.join(pull.writes[:_SHOWN])}{more}"
        yield fail(
            f"{_said(pull)} for a while, from {pull.began} until {pull.ended} ({between}); "
            f"make the change in steps with `./moorings plan`; {approval('MOOR-CHG-007', consumer)}",
            resource=consumer,
        )


def _said(pull: LostPull) -> str:
    at = f" ({pull.resource})" if pull.resource else ""
    return f"{pull.consumer} cannot {pull.action} {pull.image}, because {pull.reason}{at},"


def _consumer(changes: Changes, pull: LostPull) -> Resource:
    """Return the resource that pulls, by its ARM id; the stack where none has it."""
    wanted = pull.consumer_id.lower()
    every = (*changes.before.resources, *changes.resources)
    return next((each for each in every if str(each.id or "").lower() == wanted), changes.stack)


PULL_RULES: Final[tuple[Rule, ...]] = (every_pull_works_afterwards, every_pull_works_meanwhile)
"""The rules on pulls, judged once the change is applied."""
