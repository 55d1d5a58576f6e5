"""The compute systems of an environment, in the order in which they are made; a system joins by one entry in `BUILDERS`."""

from collections.abc import Callable

from components.surroundings import Made, Surroundings
from stacks.spec import StackSpec

Builder = Callable[[Surroundings, StackSpec], dict[str, Made]]
"""Makes everything of one section and returns what it tells of each, by key."""

BUILDERS: dict[str, Builder] = {}
"""Section of the stack file to its builder; a later one finds what an earlier one made in ``around.made``."""


def build(around: Surroundings, spec: StackSpec) -> dict[str, dict[str, Made]]:
    """Make every system that the description asks for, and return what each tells, by section and key."""
    for section, builder in BUILDERS.items():
        made = builder(around, spec)
        if made:
            around.made[section] = made
    return around.made
