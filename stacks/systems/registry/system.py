"""The content of the registry in a stack: cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from planning.problems import Problem
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "registry"


def webhook_places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Webhooks in a region without a replica [ACR-WEBHOOK]."""
    if spec.registry is None:
        return
    regions = (spec.registry_home, *spec.replicas)
    for key, webhook in spec.registry.webhooks.items():
        if webhook.location is not None and webhook.location not in regions:
            message = f"{webhook.location} has no replica; write one of {', '.join(regions)}, or add the replica"
            yield Problem((SECTION, "webhooks", key, "location"), f"{message} [ACR-WEBHOOK]")


REGISTRY = System(section=SECTION, checks=(webhook_places,), builder="stacks.systems.registry.build")
