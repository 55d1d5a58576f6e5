"""Cuts the change of a description into steps, each an ordinary `up` of a description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stacks.rollout.cut import Cut, Json, Values, with_values
from stacks.rollout.orderings import ORDERINGS

PLAIN = "no ordering applies: one update makes the change"
"""Reason of the only step of a change that no ordering cuts."""


@dataclass(frozen=True)
class Step:
    """One step of a rollout.

    Attributes:
        description: the description that is applied.
        reasons: one line for each reason why this is a step of its own.
    """

    description: Json
    reasons: tuple[str, ...]


def steps(running: Json, wanted: Json) -> tuple[Step, ...]:
    """Return the steps from the running description to the wanted one, the last of which applies the wanted one.

    A step whose description is the running one is left out, so that the steps that remain of an interrupted rollout are
    those that the interrupted one had not completed. For equal descriptions, the only step applies the wanted one once more.

    Args:
        running: the description that was applied last, written out.
        wanted: the description of the stack file, written out.
    """
    cuts = [cut for ordering in ORDERINGS if (cut := ordering(running, wanted)) is not None]
    planned = [*_intermediate(wanted, cuts), wanted]
    found: list[Step] = []
    for index, description in enumerate(planned):
        reasons = tuple(dict.fromkeys(reason for cut in cuts if (reason := cut.reasons[index])))
        reached = found[-1].description if found else running
        if description != reached:
            found.append(Step(description, reasons))
        elif found:
            found[-1] = Step(description, (*found[-1].reasons, *reasons))
    found = found or [Step(wanted, ())]
    return tuple(Step(each.description, each.reasons or (PLAIN,)) for each in found)


def _intermediate(wanted: Json, cuts: Sequence[Cut]) -> tuple[Json, Json]:
    """Return the first and the second description of a rollout."""

    def joined(parts: Sequence[Values]) -> Json:
        return with_values(wanted, {path: value for part in parts for path, value in part.items()})

    return joined([cut.prepare for cut in cuts]), joined([cut.move for cut in cuts])
