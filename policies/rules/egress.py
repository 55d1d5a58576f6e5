"""Hosts that firewall policies and classic firewalls allow, to whom, and their patterns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final

from planning.networks import is_range
from policies.model import Graph, Resource
from policies.resource import UNKNOWN
from policies.rules import types as t
from policies.rules.relations import once_a_graph

_HOSTS: Final = ("targetFqdns", "destinationFqdns")
_SOURCES: Final = ("sourceAddresses", "sourceIpGroups")
ANY: Final = "*"


@dataclass(frozen=True)
class Allowed:
    """One rule that allows hosts.

    Attributes:
        owner: the rule collection group or the classic firewall.
        hosts: the hosts; None while a part of the list is unknown.
        sources: addresses, ranges and IP groups that it holds for; `*` is everyone.
    """

    owner: Resource
    hosts: tuple[str, ...] | None
    sources: tuple[str, ...]

    def holds_for(self, source: str) -> bool:
        """Return whether the rule holds for all of a source."""
        return any(_covers(each, source) for each in self.sources)


def matches(pattern: str, host: str) -> bool:
    """Return whether a pattern of a firewall (`*`, `*.example.com`, or a host) matches a host."""
    pattern, host = pattern.lower(), host.lower()
    return pattern in {"*", host} or (pattern.startswith("*.") and host.endswith(pattern[1:]))


@once_a_graph
def allowed_hosts(graph: Graph) -> list[tuple[Resource, list[str] | None]]:
    """Return each resource that allows hosts, and the hosts; None where a part of the list is unknown."""
    found: dict[str, tuple[Resource, list[str] | None]] = {}
    for rule in (each for rules in allowed_by_firewall(graph) for each in rules):
        _, hosts = found.get(rule.owner.urn, (rule.owner, []))
        more = None if hosts is None or rule.hosts is None else [*hosts, *rule.hosts]
        found[rule.owner.urn] = (rule.owner, more)
    return list(found.values())


@once_a_graph
def allowed_by_firewall(graph: Graph) -> list[list[Allowed]]:
    """Return the rules that allow hosts, those of all rule collection groups of one policy together."""
    found: dict[str, list[Allowed]] = {}
    for owner in graph.of(t.RULE_COLLECTION_GROUP, t.FIREWALL):
        rules = [Allowed(owner, hosts, sources) for hosts, sources in _rules(owner.properties)]
        if rules:
            found.setdefault(_policy_of(graph, owner), []).extend(rules)
    return list(found.values())


def _policy_of(graph: Graph, owner: Resource) -> str:
    """A key for the policy of a group: its resource group and name, or its resource while one of these is unknown."""
    name, group = (owner.properties.get(key) for key in ("firewallPolicyName", "resourceGroupName"))
    if isinstance(name, str) and isinstance(group, str):
        return f"{group}/{name}".lower()
    policies = graph.references(owner, "firewallPolicyName") if owner.type == t.RULE_COLLECTION_GROUP else []
    return policies[0].urn if policies else owner.urn


def _rules(value: Any) -> Iterator[tuple[tuple[str, ...] | None, tuple[str, ...]]]:
    if isinstance(value, Mapping):
        if _denies(value):
            return
        hosts = [each for key in _HOSTS for each in _texts(value.get(key))]
        if hosts:
            sources = [str(each) for key in _SOURCES for each in _texts(value.get(key))]
            yield None if UNKNOWN in hosts else tuple(map(str, hosts)), tuple(sources or (ANY,))
        for inner in value.values():
            yield from _rules(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _rules(inner)


def _denies(collection: Mapping[str, Any]) -> bool:
    """Return whether a rule collection, of a policy or a classic firewall, denies what its rules match."""
    action = collection.get("action")
    return isinstance(action, Mapping) and str(action.get("type")).lower() == "deny"


def _texts(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _covers(one: str, other: str) -> bool:
    if one in {ANY, other}:
        return True
    if not (is_range(one) and is_range(other)):
        return False
    first, second = ip_network(one, strict=False), ip_network(other, strict=False)
    return first.version == second.version and int(first[0]) <= int(second[0]) and int(second[-1]) <= int(first[-1])
