"""The compute systems of an environment, in the order in which they are made; a system joins by one entry in `BUILDERS`."""

from collections.abc import Callable

from components.address_drift import build as address_drift
from components.agents import build as agents
from components.aks import build as aks
from components.container_apps import build as container_apps
from components.container_groups import build as container_groups
from components.durable_task import build as durable_task
from components.gateways import build as gateways
from components.sandboxes import build as sandboxes
from components.session_pools import build as session_pools
from components.surroundings import Made, Surroundings
from components.virtual_nodes import build as virtual_nodes
from stacks.spec import StackSpec

Builder = Callable[[Surroundings, StackSpec], dict[str, Made]]
"""Makes everything of one section and returns what it tells of each, by key."""

BUILDERS: dict[str, Builder] = {
    "clusters": aks.build,
    "virtual_nodes": virtual_nodes.build,
    "gateways": gateways.build,
    "task_schedulers": durable_task.build,
    "container_apps": container_apps.build,
    "session_pools": session_pools.build,
    "sandbox_groups": sandboxes.build,
    "container_groups": container_groups.build,
    "address_drift": address_drift.build,
    "agents": agents.build,
}
"""Section of the stack file to its builder; a later one finds what an earlier one made in ``around.made``."""


def build(around: Surroundings, spec: StackSpec) -> dict[str, dict[str, Made]]:
    """Make every system that the description asks for, and return what each tells, by section and key."""
    for section, builder in BUILDERS.items():
        made = builder(around, spec)
        if made:
            around.made[section] = made
    return around.made
