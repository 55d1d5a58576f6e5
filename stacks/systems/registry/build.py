"""Builds the content of the registry."""

from components.registry.content import RegistryContent
from stacks.context import BuildContext, Built
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.registry.system import SECTION


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build the content of section ``registry``; a registry without content makes nothing here."""
    registry = spec.registry
    if registry is None or not registry.has_content:
        return Built({})
    content = RegistryContent(
        f"{context.name}-registry-content",
        registry,
        registry_id=context.registry.id,
        registry_name=context.registry.name,
        # A webhook belongs to a replica, which must exist [ACR-WEBHOOK].
        opts=context.options(after=[context.registry]),
        **context.placement(plan.sites["registry",]),
    )
    return Built({}, {SECTION: content})
