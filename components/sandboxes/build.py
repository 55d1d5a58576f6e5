"""Make every sandbox group of a description."""

import pulumi

from components.sandboxes.sandbox_group import SandboxGroup
from components.sandboxes.spec import SandboxGroupSpec
from components.surroundings import Made, Surroundings
from planning.endpoints import endpoints
from planning.sandboxes import AUDIENCE, management_endpoint
from stacks.plan import plan_of
from stacks.sandbox_profile import profile_of
from stacks.spec import StackSpec
from stacks.systems.sandboxes import region_of


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the groups of section ``sandbox_groups`` and return what each tells, its profile included, by key."""
    return {key: _make(around, spec, key, its) for key, its in spec.sandbox_groups.items()}


def _make(around: Surroundings, spec: StackSpec, key: str, its: SandboxGroupSpec) -> Made:
    region = region_of(spec, its)
    made = SandboxGroup(
        f"{around.name}-sandboxes-{key}",
        its,
        group_name=around.names.sandbox_group(key),
        location=region,
        resource_group_name=around.resource_group("sandboxes", region, key).name,
        subnet_id=around.subnet_id(its.network, its.subnet) if its.network and its.subnet else None,
        environment_id=_environment_id(around, its),
        identity_ids={name: identity.id for name, identity in around.identities.items()},
        principal_ids={name: identity.principal_id for name, identity in around.identities.items()},
        tags=around.tags,
        opts=around.options(after_pull_access=its.identity is not None),
    )
    return {
        "id": made.id,
        "name": made.name,
        "location": region,
        "endpoint": management_endpoint(region),
        "audience": AUDIENCE,
        "default_domain": made.default_domain,
        "profile": _profile(around, spec, key),
    }


def _environment_id(around: Surroundings, its: SandboxGroupSpec) -> pulumi.Input[str] | None:
    if its.environment is None:
        return None
    return pulumi.Output.from_input(around.made["container_apps"][its.environment]["id"]).apply(str)


def _profile(around: Surroundings, spec: StackSpec, key: str) -> pulumi.Input[object]:
    """The profile as data: plain, or an output where the registry's hosts carry a hash that only Azure knows [ACR-6]."""
    plan = plan_of(spec)
    if plan.endpoints is not None:
        return profile_of(spec, plan, key, plan.endpoints).as_dict()
    return around.registry.global_host.apply(
        lambda server: profile_of(spec, plan, key, endpoints(server.split(".", 1)[0], plan.shape)).as_dict()
    )
