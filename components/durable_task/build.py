"""Make every Durable Task scheduler of a description."""

from components.durable_task.scheduler import Scheduler
from components.durable_task.spec import TaskSchedulerSpec
from components.surroundings import Made, Surroundings
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the schedulers of section ``task_schedulers`` and return what each tells, by key."""
    return {key: _make(around, key, its) for key, its in spec.task_schedulers.items()}


def _make(around: Surroundings, key: str, its: TaskSchedulerSpec) -> Made:
    location = its.location or around.location
    made = Scheduler(
        f"{around.name}-tasks-{key}",
        its,
        scheduler_name=around.names.task_scheduler(key),
        location=location,
        resource_group_name=around.resource_group("tasks", location, key).name,
        registry_host=around.registry.host(location),
        identity_ids={name: identity.id for name, identity in around.identities.items()},
        client_ids={name: identity.client_id for name, identity in around.identities.items()},
        principal_ids={name: identity.principal_id for name, identity in around.identities.items()},
        tags=around.tags,
        opts=around.options(after_pull_access=its.on_demand_sandboxes is not None),
    )
    return {
        "id": made.id,
        "name": made.name,
        "location": location,
        "endpoint": made.endpoint,
        "task_hubs": list(its.task_hubs),
        "workers": dict(made.workers),
    }
