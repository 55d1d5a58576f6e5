"""Formats a rollout for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planning.problems import Path
from policies.plan import LostPull
from stacks.rollout.steps import Step
from tools.pull_request.steps import WORDS
from tools.rollout.rehearsal import Rehearsed

_SHOWN = 12


def lines(rehearsed: Sequence[Rehearsed], running: Mapping[str, Any], total: int) -> Iterator[str]:
    """Yield the lines of the rehearsed steps.

    Args:
        rehearsed: the steps; the last one may be unsafe, and the steps after it are not rehearsed.
        running: the running description.
        total: number of all steps.
    """
    before = running
    for number, each in enumerate(rehearsed, start=1):
        yield f"step {number} of {total}: {_changes(each.changes)}"
        yield from (f"    because {reason}" for reason in each.step.reasons)
        paths = [".".join(path) for path in differences(before, each.step.description)]
        yield from (f"    changes {path}" for path in paths[:_SHOWN])
        if len(paths) > _SHOWN:
            yield f"    changes {len(paths) - _SHOWN} more settings"
        yield from _verdict(each)
        before = each.step.description


def _verdict(each: Rehearsed) -> Iterator[str]:
    yield from (f"    REFUSED {line}" for line in each.refusals)
    yield from (f"    BREAKS  {sentence(pull)}" for pull in each.lost)
    if each.is_safe:
        writes = f"{each.writes} write" + ("s" if each.writes != 1 else "")
        yield f"    every pull works after each of {writes}" + (f"; {each.pulls}" if each.pulls else "")
    yield from (f"    afterwards, apply by hand {line}" for line in each.by_hand)


def sentence(pull: LostPull) -> str:
    """Return which consumer fails, why, and between which writes."""
    if pull.ended:
        when = f"from {pull.began} until {pull.ended}"
    else:
        when = f"from {pull.began} on" if pull.began else "from its creation on"
    return f"{pull.consumer} cannot {pull.action} {pull.image} {when}: {pull.reason} ({pull.resource})"


def _changes(changes: Mapping[str, int]) -> str:
    named = {word: sum(changes.get(op, 0) for op in WORDS if WORDS[op] == word) for word in WORDS.values()}
    named["replaced"] += changes.get("replace", 0)
    return ", ".join(f"{count} {word}" for word, count in named.items() if count) or "no resource changes"


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths at which two descriptions differ: of a value, or of an entry that only one of them has."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in dict.fromkeys((*before, *after)):
            if key in before and key in after:
                yield from differences(before[key], after[key], (*path, str(key)))
            else:
                yield (*path, str(key))
    elif before != after:
        yield path


def as_json(each: Rehearsed | Step, before: Mapping[str, Any]) -> dict[str, Any]:
    """Return a step as plain data; a step that was not rehearsed has no result."""
    step = each.step if isinstance(each, Rehearsed) else each
    data: dict[str, Any] = {
        "reasons": list(step.reasons),
        "settings": [".".join(path) for path in differences(before, step.description)],
    }
    if isinstance(each, Rehearsed):
        data |= {
            "safe": each.is_safe,
            "changes": dict(each.changes),
            "writes": each.writes,
            "pulls": each.pulls,
            "breaks": [sentence(pull) for pull in each.lost],
            "refusals": list(each.refusals),
            "by_hand": list(each.by_hand),
        }
    return data
