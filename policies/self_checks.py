"""Rules on the policy files themselves: exemptions that have expired or match nothing, and rules that raise an error.

They are rules like any other, so that they have an id, a level and a page. The engine judges them itself, because they concern
no resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from policies.model import EVERYWHERE, Graph, Resource, Rule, Verdict


def _nothing(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    del resource, graph, config
    yield from ()


_self_check = partial(Rule, _nothing, pillar="operations", profiles=EVERYWHERE)

EXEMPTION_EXPIRED: Final = _self_check(
    id="MOOR-POL-001",
    title="Exemption has expired",
    severity="high",
    what="Every exemption is still valid.",
    why="After the date in `expires` the excused finding counts again, and the entry is reported so that its owner decides.",
    remedy="fix the finding that the entry excused, or renew the entry with a reason and a later date in expires",
    covers=("D30", "1.6#14", "Azure.Policy.WaiverExpiry"),
)
EXEMPTION_UNUSED: Final = _self_check(
    id="MOOR-POL-002",
    title="Exemption matches no finding",
    severity="low",
    what="Every exemption matches a finding.",
    why="An entry that matches nothing today can hide a finding that appears later.",
    remedy="remove the entry, or correct its rule or resource",
    covers=("D30",),
)
RULE_BROKEN: Final = _self_check(
    id="MOOR-POL-003",
    title="Rule raised an error",
    severity="high",
    what="Every rule runs to completion.",
    why="A rule that raises an error has judged nothing. The error is reported as a finding, because a silent rule "
    "looks like one\nthat passes.",
    remedy="report the error that the message names, and disable the rule until it is fixed",
    covers=("D30",),
)

SELF_CHECKS: Final[tuple[Rule, ...]] = (EXEMPTION_EXPIRED, EXEMPTION_UNUSED, RULE_BROKEN)
"""Rules that the engine judges itself."""
