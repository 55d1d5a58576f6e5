"""Durable Task schedulers in a stack: sites, pulls and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.container_apps.workload_spec import AppSpec, TaskHubReferenceSpec
from components.durable_task.spec import TaskSchedulerSpec
from planning import names
from planning.problems import Path, Problem
from planning.task_schedulers import ROLES
from stacks.billing import not_known
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "task_schedulers"


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Schedulers, each in its own resource group."""
    for key, scheduler in spec.task_schedulers.items():
        name = (names.TASK_SCHEDULER, sites.names.task_scheduler(key))
        yield sites.site((SECTION, key), name, group=("tasks", key), stated=scheduler.location)


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Schedulers that pull worker images."""
    for key, scheduler in spec.task_schedulers.items():
        if scheduler.on_demand_sandboxes is not None:
            path = (SECTION, key, "on_demand_sandboxes")
            yield Puller(path, sites[SECTION, key].location, scheduler.on_demand_sandboxes.identity)


def reach(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Allowed ranges of schedulers [DTS-7]."""
    for key, scheduler in spec.task_schedulers.items():
        path = (SECTION, key)
        for index, found in enumerate(scheduler.ip_allow_list):
            if found.prefixlen == 0:
                message = f"{found} allows every address; name the ranges of the apps [DTS-7]"
                yield Problem((*path, "ip_allow_list", str(index)), message, "warning")


def identities(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Duplicate roles, and sandboxes without the role that they need [DTS-4, DTS-5]."""
    for key, scheduler in spec.task_schedulers.items():
        path, sandboxes = (SECTION, key), scheduler.on_demand_sandboxes
        holders: dict[tuple[str, str, str | None], str] = {}
        for name, grant in scheduler.access.items():
            other = holders.setdefault((grant.identity, grant.action, grant.task_hub), name)
            if other != name:
                message = f"gives {grant.identity} the role that {other} gives; remove one [ROLE-7]"
                yield Problem((*path, "access", name), message)
        works = {grant.identity for grant in scheduler.access.values() if grant.action in {"worker", "contributor"}}
        if sandboxes is not None and sandboxes.identity not in works:
            message = (
                f"{sandboxes.identity} has no role on the scheduler, so its sandboxes would stay idle; add an access with "
                f"action worker for it ({ROLES['worker'].name}) [DTS-5]"
            )
            yield Problem((*path, "on_demand_sandboxes", "identity"), message)


def orchestrators(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Apps with a task hub: worker profile, orchestrator host and role [DTS-4, DTS-5, DTS-6]."""
    for key, environment in spec.container_apps.items():
        for name, app in environment.apps.items():
            if app.task_hub is None:
                continue
            path = ("container_apps", key, "apps", name)
            scheduler = spec.task_schedulers.get(app.task_hub.scheduler)
            if scheduler is not None and app.task_hub.hub in scheduler.task_hubs:
                yield from _worker((*path, "task_hub", "worker"), app.task_hub, scheduler)
                yield from _admitted((*path, "identities"), app, app.task_hub, scheduler)


def _worker(path: Path, hub: TaskHubReferenceSpec, scheduler: TaskSchedulerSpec) -> Iterator[Problem]:
    if hub.worker is None:
        return
    sandboxes = scheduler.on_demand_sandboxes
    profile = sandboxes.profiles.get(hub.worker) if sandboxes else None
    if sandboxes is None:
        message = (
            f"{hub.worker}, but scheduler {hub.scheduler} has no on_demand_sandboxes; state them, or remove it [DTS-5]"
        )
        yield Problem(path, message)
    elif profile is None:
        return
    elif profile.task_hub != hub.hub:
        message = f"{hub.worker} uses task hub {profile.task_hub}, the app {hub.hub}; change one [DTS-6]"
        yield Problem(path, message)
    elif sandboxes.orchestrator_host != "container_apps":
        message = (
            f"{hub.worker}, but orchestrator_host of scheduler {hub.scheduler} is {sandboxes.orchestrator_host}; "
            "write container_apps there [DTS-5]"
        )
        yield Problem(path, message)


def _admitted(path: Path, app: AppSpec, hub: TaskHubReferenceSpec, scheduler: TaskSchedulerSpec) -> Iterator[Problem]:
    """A warning only, since the role may be assigned elsewhere."""
    may = {
        grant.identity
        for grant in scheduler.access.values()
        if grant.action == "contributor" and grant.task_hub in {None, hub.hub}
    }
    if not may.intersection(app.identities):
        message = (
            f"none of them has a role on task hub {hub.hub}; add one to which access of scheduler "
            f"{hub.scheduler} gives contributor ({ROLES['contributor'].name}) [DTS-4]"
        )
        yield Problem(path, message, "warning")


TASK_SCHEDULERS = System(
    section=SECTION,
    charges=not_known(SECTION, "scheduler", "no meter is known for schedulers"),
    sites=sites_of,
    pullers=pullers,
    checks=(reach, identities, orchestrators),
    builder="stacks.systems.durable_task.build",
)
