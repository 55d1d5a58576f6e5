"""The content of the registry in a stack: addresses of agent pools, and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.registry.spec import RegistrySpec
from components.registry.task_spec import TaskSpec
from planning.addresses import Consumer
from planning.problems import Path, Problem
from planning.registry_tasks import DEFAULT_CORES, POOL_REGIONS, SYSTEM, TIERS
from planning.roles import ABAC
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.registry.charges import charges

SECTION = "registry"


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """The addresses of agent pools in networks, one for each instance (chosen) [ACR-POOL]."""
    for key, pool in spec.registry.agent_pools.items() if spec.registry else ():
        if pool.network and pool.subnet:
            parts = f"{pool.count} instances"
            yield Consumer((pool.network, pool.subnet), f"agent pool {key}", pool.count, parts, source="ACR-POOL")


def webhook_places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Webhooks in a region without a replica [ACR-WEBHOOK]."""
    if spec.registry is None:
        return
    regions = (spec.registry_home, *spec.replicas)
    for key, webhook in spec.registry.webhooks.items():
        if webhook.location is not None and webhook.location not in regions:
            message = f"{webhook.location} has no replica; write one of {', '.join(regions)}, or add the replica"
            yield Problem((SECTION, "webhooks", key, "location"), f"{message} [ACR-WEBHOOK]")


def pools(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Agent pools in another region than the registry's home, or where there are none, and more cores than the quota."""
    if spec.registry is None or not spec.registry.agent_pools:
        return
    home, path = spec.registry_home, (SECTION, "agent_pools")
    if home not in POOL_REGIONS:
        yield Problem(path, f"agent pools are not known to be available in {home} [ACR-POOL]", "warning")
    for key, pool in spec.registry.agent_pools.items():
        site = plan.sites.within("networks").get(pool.network or "")
        if site is not None and site.location != home:
            message = f"{pool.network} is in {site.location}, and tasks run in {home}; name a network in {home}"
            yield Problem((*path, key, "network"), f"{message} [ACR-POOL]")
        subnet = spec.subnet(pool.network, pool.subnet)
        if subnet is not None and subnet.purpose == "private_endpoints":
            message = (
                f"subnet {pool.subnet} has the purpose private_endpoints; name another subnet, or change its purpose"
            )
            yield Problem((*path, key, "subnet"), message, "warning")
    tiers = [(TIERS[pool.tier], pool.count) for pool in spec.registry.agent_pools.values()]
    isolated = sum(tier.cpu * count for tier, count in tiers if tier.isolated)
    standard = sum(tier.cpu * count for tier, count in tiers if not tier.isolated)
    if standard > DEFAULT_CORES or isolated:
        message = (
            f"have {standard} cores of standard and {isolated} of isolated pools; a registry has {DEFAULT_CORES} and 0 unless a "
            "support request raised that"
        )
        yield Problem(path, f"{message} [ACR-POOL]", "warning")


def task_access(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Tasks that the registry's mode or its network rules let do nothing [ACR-TASKS-ABAC, ACR-TASKS-BYPASS]."""
    registry = spec.registry
    for key, task in registry.tasks.items() if registry else ():
        if registry is None:
            return
        path: Path = (SECTION, "tasks", key)
        if registry.role_assignment_mode == ABAC:
            yield from _in_abac(spec, path, task)
        if task.agent_pool is None and not registry.is_open:
            yield from _outside(registry, path, task)


def _in_abac(spec: StackSpec, path: Path, task: TaskSpec) -> Iterator[Problem]:
    """A task has no default access to a registry in ABAC mode: it needs an identity with a role."""
    if task.identity is None:
        message = "is missing: in AbacRepositoryPermissions a task has no access to its registry without an identity"
        yield Problem((*path, "identity"), f"{message}; write system, or name one with a grant [ACR-TASKS-ABAC]")
    elif task.identity != SYSTEM and not any(grant.identity == task.identity for grant in spec.access.values()):
        message = f"{task.identity} has no role on the registry; add access.KEY with identity: {task.identity}"
        yield Problem((*path, "identity"), f"{message} and action: push [ACR-TASKS-ABAC]")


def _outside(registry: RegistrySpec, path: Path, task: TaskSpec) -> Iterator[Problem]:
    """A task on shared machines passes network rules only by an identity of its own, where the registry lets tasks bypass."""
    if task.identity == SYSTEM and registry.tasks_bypass:
        return
    message = (
        "runs on shared machines, and the network rules of the registry do not admit it: name an agent_pool in a network that "
        "reaches the registry, or write identity: system and registry.tasks_bypass: true"
    )
    yield Problem(path, f"{message} [ACR-TASKS-BYPASS]", "warning")


REGISTRY = System(
    section=SECTION,
    charges=charges,
    consumers=consumers,
    checks=(webhook_places, pools, task_access),
    builder="stacks.systems.registry.build",
)
