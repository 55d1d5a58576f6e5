"""The ids of what the stacks of a project make, as their files plan it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from planning.problems import SpecError
from stacks.loader import load
from stacks.planned import planned_outputs
from stacks.standins import texts
from tools.standins import RehearsalContext


def made_ids(name: str, context: RehearsalContext) -> set[str]:
    """Return the ids, in lower case, of what a stack makes and others can refer to; nothing for a description that is refused."""
    with contextlib.suppress(SpecError):
        # What others make is not looked up: the ids of a stack do not depend on it, and it may not be there yet.
        stack = load(name, directory=context.directory)
        stated = {text.lower() for text in texts(stack.spec)}
        planned = {text.lower() for text in _texts(planned_outputs(stack, context.subscription_of(name)))}
        return {each for each in planned - stated if each.startswith("/subscriptions/")}
    return set()


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    for item in data.values() if isinstance(data, dict) else ():
        yield from _texts(item)
