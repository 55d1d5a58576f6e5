"""What address drift is billed for: its private DNS zones; function app and events depend on the changes."""

from __future__ import annotations

from collections.abc import Iterator

from planning.charges import Item, NotKnown
from stacks.billing import zone
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.address_drift.zones import zone_names
from stacks.usage import Usage


def charges(spec: StackSpec, plan: Plan, _usage: Usage) -> Iterator[Item]:
    """Yield the charges of the zones, and what is not known of the app."""
    stated = spec.address_drift
    if stated is None:
        return
    for key, spoke in stated.spokes.items():
        path = ("address_drift", "spokes", key)
        yield from (zone(path, plan.sites[path].location, name) for name in zone_names(spec, key, spoke))
    path = ("address_drift",)
    yield NotKnown(
        path, plan.sites[path].location, "function app, storage and events", "depends on how often addresses change"
    )
