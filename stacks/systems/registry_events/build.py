"""Builds the events of the registry."""

from components.registry_events.events import RegistryEvents
from stacks.context import BuildContext, Built
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.registry_events.system import SECTION


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``registry_events``."""
    if spec.registry_events is None:
        return Built({})
    site = plan.sites[SECTION,]
    events = RegistryEvents(
        f"{context.name}-registry-events",
        spec.registry_events,
        topic_name=site.name,
        registry_id=context.registry.id,
        opts=context.options(),
        **context.placement(site),
    )
    return Built({"topic": {"id": events.topic_id}}, {SECTION: events})
