"""Builds the sandbox groups of a stack."""

import pulumi

from components.container_apps.environment import Environment
from components.identity.identity import UserAssignedIdentity
from components.images import reference
from components.sandboxes.sandbox_group import SandboxGroup
from components.sandboxes.spec import SandboxGroupSpec
from planning.sandboxes import AUDIENCE, management_endpoint
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.sandboxes.profile import profile_of


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``sandbox_groups``, and report the profile of each group with it."""
    groups = {key: _group(plan, context, key, group) for key, group in spec.sandbox_groups.items()}
    pulls = [
        _pull(spec, plan, context, key, groups[key])
        for key, entry in spec.sandbox_groups.items()
        if entry.profile.image
    ]
    return Built({key: _report(spec, plan, context, key, group) for key, group in groups.items()}, pulls=pulls)


def _pull(stack: StackSpec, plan: Plan, context: BuildContext, key: str, group: SandboxGroup) -> Report:
    """The pull of the image of a group's profile by its identity [SBX-8]."""
    spec = stack.sandbox_groups[key]
    endpoint = stack.image_endpoint("sandbox_groups", spec.endpoint)
    host = context.image_host(plan.sites["sandbox_groups", key].location, endpoint)
    return {
        "name": f"sandboxes in {key}",
        "from": group.id,
        "image": reference(spec.profile.image or "", host),
        **({"identity": context.identity(spec.identity).id} if spec.identity else {}),
    }


def _group(plan: Plan, context: BuildContext, key: str, spec: SandboxGroupSpec) -> SandboxGroup:
    site = plan.sites["sandbox_groups", key]
    identities = context.resources.of(UserAssignedIdentity)
    environments = context.resources.of(Environment)
    return SandboxGroup(
        f"{context.name}-sandboxes-{key}",
        spec,
        group_name=site.name,
        subnet_id=context.subnet_id(spec.network, spec.subnet) if spec.network and spec.subnet else None,
        environment_id=environments[spec.environment].id if spec.environment else None,
        identity_ids={name: identity.id for name, identity in identities.items()},
        principal_ids={name: identity.principal_id for name, identity in identities.items()},
        opts=context.options(after_pull_access=spec.identity is not None),
        **context.placement(site),
    )


def _report(spec: StackSpec, plan: Plan, context: BuildContext, key: str, group: SandboxGroup) -> Report:
    location = plan.sites["sandbox_groups", key].location
    return {
        "id": group.id,
        "name": group.name,
        "location": location,
        "endpoint": management_endpoint(location),
        "audience": AUDIENCE,
        "default_domain": group.default_domain,
        "profile": _profile(spec, plan, context, key),
    }


def _profile(spec: StackSpec, plan: Plan, context: BuildContext, key: str) -> pulumi.Input[object]:
    """The profile as data: plain, or an output if the registry's hosts contain a hash [ACR-6]."""
    if plan.endpoints is not None:
        return profile_of(spec, plan, key, plan.endpoints).as_dict()
    return (
        context.hosts.names.apply(lambda hosts: profile_of(spec, plan, key, hosts).as_dict()) if context.hosts else None
    )
