"""What the policies find wrong with their own files: exemptions that have run out, or that nothing needs.

They are rules like any other, so that they have an id, a level and a page; the engine itself is what judges them, since
no resource is concerned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.model import Graph, NoConfig, Resource, Rule, Verdict, passed, rule

_ALL = ("minimal", "standard", "regulated")


@rule(
    id="MOOR-POL-001",
    title="An exemption has expired",
    severity="high",
    pillar="operations",
    covers=("D30", "1.6#14", "Azure.Policy.WaiverExpiry"),
    profiles=_ALL,
    remedy="mend what it excused, or renew the exemption with a new reason and day",
)
def exemption_expired(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every exemption is still valid.

    An exemption is a loan against a day. When the day has passed the finding counts again, and the entry is named so
    that somebody decides.
    """
    del resource, graph, config
    yield passed()


@rule(
    id="MOOR-POL-002",
    title="An exemption excuses nothing",
    severity="low",
    pillar="operations",
    covers=("D30",),
    profiles=_ALL,
    remedy="remove the entry, or mend its rule or resource if it was meant to excuse something",
)
def exemption_unused(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every exemption is needed.

    An entry that excuses nothing today excuses something unseen tomorrow.
    """
    del resource, graph, config
    yield passed()


@rule(
    id="MOOR-POL-003",
    title="A rule could not be run",
    severity="high",
    pillar="operations",
    covers=("D30",),
    profiles=_ALL,
    remedy="mend the rule; the message names its error",
)
def rule_broken(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every rule runs to its end.

    A rule that breaks off has judged nothing. That is told as a finding, for a rule that is silent looks like one that
    passes.
    """
    del resource, graph, config
    yield passed()


EXEMPTION_EXPIRED: Final[Rule] = exemption_expired
EXEMPTION_UNUSED: Final[Rule] = exemption_unused
RULE_BROKEN: Final[Rule] = rule_broken

SELF_CHECKS: Final[tuple[Rule, ...]] = (EXEMPTION_EXPIRED, EXEMPTION_UNUSED, RULE_BROKEN)
"""Rules that the engine judges itself."""
