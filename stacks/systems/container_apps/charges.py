"""What environments are billed for: replicas, dedicated nodes, and private endpoints with their zones."""

from __future__ import annotations

from collections.abc import Iterator

from components.container_apps.spec import EnvironmentSpec, ProfileSpec
from components.container_apps.workload_spec import AppSpec
from planning import meters
from planning.charges import Charge, Item, NotKnown
from planning.container_apps import ProfileType, private_link_zone, profile_type
from planning.problems import Path
from stacks.billing import endpoint, running, zone
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.container_apps.zones import dns_links, shared_zone_endpoints
from stacks.usage import Usage

_CORES_OF_A_GPU = 24
"""vCPUs of a dedicated node for each of its GPUs [CAE-4]."""


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the environments, their apps and their jobs [COST-APPS]."""
    shared: set[str] = set()
    for key, environment in spec.container_apps.items():
        path = ("container_apps", key)
        region = plan.sites[path].location
        if environment.id is None:
            yield from _environment(path, region, environment, usage)
        for name, private in environment.private_endpoints.items():
            there = (*path, "private_endpoints", name)
            yield from endpoint(there, plan.sites["networks", private.network].location, usage)
        if shared_zone_endpoints(spec, key) and region not in shared:
            shared.add(region)
            yield zone(path, region, private_link_zone(region))
        if dns_links(environment, plan):
            yield zone(path, region, "of its apps")
        for name, app in environment.apps.items():
            yield from _app((*path, "apps", name), region, environment, app, usage)
        for name in environment.jobs:
            why = "depends on how often and how long it runs [COST-APPS]"
            yield NotKnown((*path, "jobs", name), region, "executions", why)


def _environment(path: Path, region: str, environment: EnvironmentSpec, usage: Usage) -> Iterator[Item]:
    """Dedicated nodes, and plan management: once for them, and once for private endpoints [COST-APPS]."""
    dedicated = any(profile.has_nodes for profile in environment.profiles.values())
    features = dedicated + bool(environment.private_endpoints)
    if features:
        yield running(path, region, "plan management", meters.PLAN_MANAGEMENT, usage, features)
    for key, profile in environment.profiles.items():
        found = profile_type(profile.type)
        if found is not None:
            yield from _profile((*path, "profiles", key), region, profile, found, usage)


def _profile(path: Path, region: str, profile: ProfileSpec, kind: ProfileType, usage: Usage) -> Iterator[Item]:
    if kind.family in {"flex", "confidential"}:
        yield NotKnown(path, region, f"{kind.name} nodes", "no meter is known for them")
        return
    if not kind.has_nodes:
        return
    counts = str(profile.least) if profile.least == profile.most else f"{profile.least} to {profile.most}"
    part = f"{counts} nodes {kind.name}"
    units = [(meters.NODE_CORES, kind.cores), (meters.NODE_MEMORY, kind.memory_gib)]
    if kind.family == "dedicated_gpu":
        units.append((meters.NODE_GPU, kind.cores / _CORES_OF_A_GPU))
    for meter, each in units:
        yield running(path, region, part, meter, usage, profile.least * each, profile.most * each)


def _app(path: Path, region: str, environment: EnvironmentSpec, app: AppSpec, usage: Usage) -> Iterator[Item]:
    """Replicas on consumption: the fewest, all idle, to the most, all active; those on nodes are part of the nodes."""
    kind = profile_type(environment.profile_types[app.profile])
    if kind is None or kind.has_nodes or kind.family == "flex":
        return
    least, most = app.scale.min_replicas, app.scale.max_replicas
    cores, memory = app.size
    part = f"{least} to {most} replicas of {cores:g} vCPU, {memory:g} GiB"
    seconds = usage.seconds
    for idle, active, each in (
        (meters.APP_IDLE_CORES, meters.APP_CORES, cores),
        (meters.APP_IDLE_MEMORY, meters.APP_MEMORY, memory),
    ):
        if kind.family == "consumption":
            yield Charge(path, region, part, idle, least * each * seconds, 0)
            yield Charge(path, region, part, active, 0, most * each * seconds)
        else:
            yield Charge(path, region, part, active, least * each * seconds, most * each * seconds)
    if kind.family == "consumption_gpu":
        yield Charge(path, region, part, meters.APP_GPU[kind.name], least * seconds, most * seconds)
    if app.ingress is not None:
        yield NotKnown(path, region, "requests", "depends on the number of requests [COST-APPS]")
