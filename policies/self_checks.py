"""Rules on the policy files themselves: exemptions that have expired or match nothing, and rules that raise an error.

They are rules like any other, so that they have an id, a level and a page. The engine judges them itself, because they concern
no resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Graph, NoConfig, Resource, Rule, Verdict, passed, rule

_ALL = ("minimal", "standard", "regulated")


@rule(
    id="MOOR-POL-001",
    title="Exemption has expired",
    severity="high",
    pillar="operations",
    covers=("D30", "1.6#14", "Azure.Policy.WaiverExpiry"),
    profiles=_ALL,
    remedy="fix the finding that the entry excused, or renew the entry with a reason and a later date in expires",
)
def exemption_expired(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every exemption is still valid.

    After the date in `expires` the excused finding counts again, and the entry is reported so that its owner decides.
    """
    del resource, graph, config
    yield passed()


@rule(
    id="MOOR-POL-002",
    title="Exemption matches no finding",
    severity="low",
    pillar="operations",
    covers=("D30",),
    profiles=_ALL,
    remedy="remove the entry, or correct its rule or resource",
)
def exemption_unused(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every exemption matches a finding.

    An entry that matches nothing today can hide a finding that appears later.
    """
    del resource, graph, config
    yield passed()


@rule(
    id="MOOR-POL-003",
    title="Rule raised an error",
    severity="high",
    pillar="operations",
    covers=("D30",),
    profiles=_ALL,
    remedy="report the error that the message names, and disable the rule until it is fixed",
)
def rule_broken(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every rule runs to completion.

    A rule that raises an error has judged nothing. The error is reported as a finding, because a silent rule looks like one
    that passes.
    """
    del resource, graph, config
    yield passed()


EXEMPTION_EXPIRED: Final[Rule] = exemption_expired
EXEMPTION_UNUSED: Final[Rule] = exemption_unused
RULE_BROKEN: Final[Rule] = rule_broken

SELF_CHECKS: Final[tuple[Rule, ...]] = (EXEMPTION_EXPIRED, EXEMPTION_UNUSED, RULE_BROKEN)
"""Rules that the engine judges itself."""
