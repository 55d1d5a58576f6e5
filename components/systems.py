"""The compute systems of an environment, in the order in which they are made; a system joins by one entry in `BUILDERS`."""

from collections.abc import Callable
from importlib import import_module

from components.surroundings import Made, Surroundings
from stacks.spec import StackSpec

Builder = Callable[[Surroundings, StackSpec], dict[str, Made]]
"""Makes everything of one section and returns what it tells of each, by key."""

BUILDERS: dict[str, str] = {
    "clusters": "aks",
    "virtual_nodes": "virtual_nodes",
    "gateways": "gateways",
    "task_schedulers": "durable_task",
    "container_apps": "container_apps",
    "session_pools": "session_pools",
    "sandbox_groups": "sandboxes",
    "container_groups": "container_groups",
    "address_drift": "address_drift",
    "agents": "agents",
}
"""Section of the stack file to the package whose ``build`` makes it; a later one finds what an earlier one made.

By name, because a system brings its part of the SDK along: seconds that a stack without it must not pay for.
"""


def build(around: Surroundings, spec: StackSpec) -> dict[str, dict[str, Made]]:
    """Make every system that the description asks for, and return what each tells, by section and key."""
    for section, package in BUILDERS.items():
        if not getattr(spec, section):
            continue
        builder: Builder = import_module(f"components.{package}.build").build
        made = builder(around, spec)
        if made:
            around.made[section] = made
    return around.made
