"""Detection of images whose tag refers to another image after every push, in all sections of a stack file [IMAGE-1]."""

from __future__ import annotations

from collections.abc import Iterator

from planning.images import moving_tag
from planning.problems import Problem
from stacks.clear_text import VARIABLES, texts
from stacks.plan import Plan
from stacks.spec import StackSpec


def moving_tags(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Images with the tag latest and without a digest."""
    del plan
    for path, value in texts(spec.model_dump(mode="python"), ()):
        if path[-1] != "image" or (path[-2:-1] and path[-2] in VARIABLES):
            continue
        found = moving_tag(value)
        if found:
            yield Problem(path, f"{value}: {found}; state one", "warning")
