"""The orderings of a rollout: what must exist before something else is given up, each with its reason.

An ordering is a function of the running and the wanted description. It returns the part of the change that it cuts, or None if
the change does not need it. Whether the steps keep every pull working is not assumed: `tools.rollout` rehearses them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from stacks.rollout.cut import Cut, Json
from stacks.rollout.endpoints import endpoints_before_closing, fallback_before_records
from stacks.rollout.grants import grants_before_the_mode
from stacks.rollout.hosts import (
    consumers_before_regional_hosts_end,
    consumers_before_replicas_go,
    room_before_members,
)
from stacks.rollout.images import cache_rules_before_images
from stacks.rollout.routes import firewall_before_routes

Ordering = Callable[[Json, Json], Cut | None]

ORDERINGS: Final[tuple[Ordering, ...]] = (
    grants_before_the_mode,
    fallback_before_records,
    endpoints_before_closing,
    room_before_members,
    consumers_before_regional_hosts_end,
    consumers_before_replicas_go,
    cache_rules_before_images,
    firewall_before_routes,
)
"""Every ordering. Their order is that of the reasons of a step."""
