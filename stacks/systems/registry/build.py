"""Builds the content of the registry, and lets tasks with an identity of their own use it."""

from components.permissions import Permission, Permissions
from components.registry.content import RegistryContent
from components.registry.spec import RegistrySpec
from components.registry.tasks import TaskWiring
from planning.registry_tasks import SYSTEM
from planning.roles import ABAC, role_for
from stacks.context import BuildContext, Built
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.registry.system import SECTION


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build the content of section ``registry``; a registry without content makes nothing here."""
    registry = spec.registry
    if registry is None or not registry.has_content:
        return Built({})
    name = f"{context.name}-registry-content"
    content = RegistryContent(
        name,
        registry,
        registry_id=context.registry.id,
        registry_name=context.registry.name,
        wiring=_wiring(registry, context),
        # A webhook belongs to a replica, which must exist, and a task signs in with its identity [ACR-WEBHOOK].
        opts=context.options(after_pull_access=bool(registry.tasks), after=[context.registry]),
        **context.placement(plan.sites["registry",]),
    )
    if registry.role_assignment_mode != ABAC or not content.task_principal_ids:
        return Built({}, {SECTION: content})
    role = role_for("push", registry.role_assignment_mode)
    permissions = {
        key: Permission(role, context.registry.id, principal) for key, principal in content.task_principal_ids.items()
    }
    namespace = f"{spec.namespace}/tasks"
    grants = Permissions(f"{name}-grants", permissions, namespace=namespace, opts=context.options())
    return Built({}, {SECTION: content, f"{SECTION}-tasks": grants})


def _wiring(registry: RegistrySpec, context: BuildContext) -> TaskWiring:
    identities = {task.identity for task in registry.tasks.values() if task.identity and task.identity != SYSTEM}
    return TaskWiring(
        subnet_ids={
            key: context.subnet_id(pool.network, pool.subnet)
            for key, pool in registry.agent_pools.items()
            if pool.network and pool.subnet
        },
        identity_ids={key: context.identity(key).id for key in sorted(identities)},
        client_ids={key: context.identity(key).client_id for key in sorted(identities)},
    )
