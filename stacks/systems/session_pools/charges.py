"""What session pools are billed for: the hours of sessions."""

from __future__ import annotations

from collections.abc import Iterator

from planning import meters
from planning.charges import Item, NotKnown
from stacks.billing import stated
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the pools; how many resources a pool of custom containers uses is not known."""
    for key, pool in spec.session_pools.items():
        path = ("session_pools", key)
        region = plan.sites[path].location
        if pool.type == "Custom":
            why = "depends on its ready and active sessions"
            yield NotKnown(path, region, "custom sessions", why)
        else:
            yield stated(path, region, "sessions", meters.SESSIONS, usage.session_hours, "session_hours")
