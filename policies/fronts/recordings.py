"""The rules in pytest: judges what a program registered under Pulumi's mocks, with the same rule ids.

def test_the_registry_complies(record):
    report = judged(record(lambda: Registry(...), preview=True), RULES)
    assert [(each.rule, each.message) for each in report.open] == []
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from pulumi.output import Unknown

from policies import configuration, normalisation
from policies.engine import judge
from policies.model import Graph, Profile, Resource, Rule
from policies.report import Report
from policies.resource import UNKNOWN


class Registered(Protocol):
    """One resource, as the mocks received it."""

    @property
    def type(self) -> str:
        """Type token."""
        ...

    @property
    def name(self) -> str:
        """Logical name."""
        ...

    @property
    def parent(self) -> str:
        """URN of the parent."""
        ...

    @property
    def inputs(self) -> Mapping[str, Any]:
        """Plain inputs, unknown ones as the SDK's `UNKNOWN`."""
        ...

    @property
    def depends_on(self) -> frozenset[str]:
        """URNs that it depends on."""
        ...

    @property
    def protect(self) -> bool:
        """Whether it is protected from deletion."""
        ...

    @property
    def made_from(self) -> Mapping[str, tuple[str, ...]]:
        """URNs that a property depends on."""
        ...


class Recording(Protocol):
    """The resources that a program registered."""

    @property
    def resources(self) -> Mapping[str, Registered]:
        """Every resource, by URN."""
        ...


def graph_of(recording: Recording) -> Graph:
    """Return the graph of a recording."""
    return Graph(_resource(urn, registered) for urn, registered in recording.resources.items())


def judged(recording: Recording, rules: Iterable[Rule], *, profile: Profile = "standard") -> Report:
    """Judge a recording by the rules of a profile, without settings, exemptions or baseline.

    Args:
        recording: what the `record` fixture returned.
        rules: all rules.
        profile: minimal, standard or regulated.
    """
    active = configuration.select(rules, configuration.Settings(profile=profile))
    return judge(active, graph_of(recording))


def _resource(urn: str, registered: Registered) -> Resource:
    of_properties = {other for urns in registered.made_from.values() for other in urns}
    explicit = tuple(sorted(registered.depends_on - of_properties))
    return normalisation.resource(
        registered.type,
        urn,
        registered.name,
        _known(registered.inputs),
        dependencies={**registered.made_from, **({"": explicit} if explicit else {})},
        parent=registered.parent,
        protect=registered.protect,
    )


def _known(value: Any) -> Any:
    """Return a recorded value with `UNKNOWN` for unknown values."""
    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _known(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_known(inner) for inner in value]
    return value
