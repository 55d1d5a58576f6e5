"""Builds the Durable Task schedulers of a stack."""

from components.durable_task.scheduler import Scheduler
from components.durable_task.spec import TaskSchedulerSpec
from components.identity.identity import UserAssignedIdentity
from planning.image_hosts import Choice
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.sites import Site
from stacks.spec import StackSpec


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``task_schedulers``."""
    sites = plan.sites.within("task_schedulers")
    schedulers = {
        key: _scheduler(context, key, sites[key], each, _endpoint(spec, each))
        for key, each in spec.task_schedulers.items()
    }
    return Built(
        {key: _report(sites[key], spec.task_schedulers[key], each) for key, each in schedulers.items()}, schedulers
    )


def _endpoint(spec: StackSpec, scheduler: TaskSchedulerSpec) -> Choice:
    stated = scheduler.on_demand_sandboxes.endpoint if scheduler.on_demand_sandboxes else None
    return spec.image_endpoint("task_schedulers", stated)


def _scheduler(context: BuildContext, key: str, site: Site, spec: TaskSchedulerSpec, endpoint: Choice) -> Scheduler:
    identities = context.resources.of(UserAssignedIdentity)
    return Scheduler(
        f"{context.name}-tasks-{key}",
        spec,
        scheduler_name=site.name,
        registry_host=context.image_host(site.location, endpoint),
        identity_ids={name: identity.id for name, identity in identities.items()},
        client_ids={name: identity.client_id for name, identity in identities.items()},
        principal_ids={name: identity.principal_id for name, identity in identities.items()},
        opts=context.options(after_pull_access=spec.on_demand_sandboxes is not None),
        **context.placement(site),
    )


def _report(site: Site, spec: TaskSchedulerSpec, scheduler: Scheduler) -> Report:
    return {
        "id": scheduler.id,
        "name": scheduler.name,
        "location": site.location,
        "endpoint": scheduler.endpoint,
        "task_hubs": list(spec.task_hubs),
        "workers": dict(scheduler.workers),
    }
