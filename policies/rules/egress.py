"""Hosts that firewall policies and classic firewalls allow, and their patterns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policies.model import Graph, Resource
from policies.resource import UNKNOWN
from policies.rules import types as t
from policies.rules.relations import once_a_graph

_MEMBERS = ("targetFqdns", "destinationFqdns")


def matches(pattern: str, host: str) -> bool:
    """Return whether a pattern of a firewall (`*`, `*.example.com`, or a host) matches a host."""
    pattern, host = pattern.lower(), host.lower()
    return pattern in {"*", host} or (pattern.startswith("*.") and host.endswith(pattern[1:]))


@once_a_graph
def allowed_hosts(graph: Graph) -> list[tuple[Resource, list[str] | None]]:
    """Return each resource that allows hosts, and the hosts; None where a part of the list is unknown."""
    found: list[tuple[Resource, list[str] | None]] = []
    for owner in graph.of(t.RULE_COLLECTION_GROUP, t.FIREWALL):
        hosts = list(_hosts(owner.properties))
        if hosts:
            found.append((owner, None if UNKNOWN in hosts else [str(each) for each in hosts]))
    return found


def _hosts(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _MEMBERS:
                yield from inner if isinstance(inner, list) else [inner]
            else:
                yield from _hosts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _hosts(inner)
