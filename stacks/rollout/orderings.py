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

Ordering = Callable[[Json, Json], Cut | None]

ORDERINGS: Final[tuple[Ordering, ...]] = (
    grants_before_the_mode,
    fallback_before_records,
    endpoints_before_closing,
)
"""Every ordering. Their order is that of the reasons of a step."""
