"""What firewalls take: the destinations of clients as rule collections of Azure Firewall, and the order of their changes.

One rule collection group holds the destinations of one purpose. What a change opens is a group of its own that is made before the
change; what it closes is a group that is deleted after everything else [FW-ORDER].
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any

from planning.egress import Destination

_FIRST_PRIORITY, _PRIORITIES = 1000, 60_000
"""Priorities that groups take, within the 100 to 65000 that Azure takes; a lower number is decided first [FW-RULES]."""

APPLICATION_COLLECTION, NETWORK_COLLECTION = "hosts", "service-tags"
"""Names of the collections of a group (chosen)."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What clients may reach.

    Attributes:
        clients: who needs it, for people.
        sources: ranges that the clients are in; empty where they are not known, which admits any.
        destinations: what they reach.
    """

    clients: tuple[str, ...]
    sources: tuple[IPv4Network, ...]
    destinations: tuple[Destination, ...]


def priority_of(group: str) -> int:
    """Return the priority of a rule collection group, which depends on its name alone: no other group moves it (chosen)."""
    return _FIRST_PRIORITY + zlib.crc32(group.encode()) % _PRIORITIES


def group_properties(group: str, admissions: Iterable[Admission]) -> dict[str, Any]:
    """Return the properties of one Microsoft.Network/firewallPolicies/ruleCollectionGroups [FW-RULES].

    Hosts become application rules, service tags network rules: one rule for each client set, protocol and port.

    Args:
        group: its name.
        admissions: what clients may reach.
    """
    priority = priority_of(group)
    listed = list(admissions)
    collections = []
    for name, tags in ((APPLICATION_COLLECTION, False), (NETWORK_COLLECTION, True)):
        rules = [rule for each in listed for rule in _rules(each, tags)]
        if rules:
            collections.append(
                {
                    "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
                    "name": name,
                    "priority": priority + len(collections),
                    "action": {"type": "Allow"},
                    "rules": rules,
                }
            )
    return {"priority": priority, "ruleCollections": collections}


def _rules(admission: Admission, tags: bool) -> list[dict[str, Any]]:
    by_port: dict[tuple[str, int], list[str]] = {}
    for each in admission.destinations:
        if each.is_service_tag == tags:
            by_port.setdefault((each.protocol, each.port), []).append(each.name)
    sources = [str(each) for each in admission.sources] or ["*"]
    label = _label(admission.clients)
    return [
        _rule(f"{label}-{protocol.lower()}-{port}", protocol, port, names, sources)
        for (protocol, port), names in by_port.items()
    ]


def _rule(name: str, protocol: str, port: int, names: Sequence[str], sources: Sequence[str]) -> dict[str, Any]:
    targets = list(dict.fromkeys(names))
    if protocol in ("TCP", "UDP"):
        return {
            "ruleType": "NetworkRule",
            "name": name,
            "ipProtocols": [protocol],
            "sourceAddresses": list(sources),
            "destinationAddresses": targets,
            "destinationPorts": [str(port)],
        }
    return {
        "ruleType": "ApplicationRule",
        "name": name,
        "protocols": [{"protocolType": protocol, "port": port}],
        "sourceAddresses": list(sources),
        "targetFqdns": targets,
    }


def _label(clients: Sequence[str]) -> str:
    return re.sub(r"[^a-z0-9]+", "-", "-".join(clients).lower()).strip("-") or "any"


def admits(pattern: str, host: str) -> bool:
    """Return whether a host of a rule (a host, ``*.`` and a domain, or ``*``) admits a host or a pattern [FW-FQDN]."""
    pattern, host = pattern.lower(), host.lower()
    return pattern in ("*", host) or (pattern.startswith("*.") and host.removeprefix("*").endswith(pattern[1:]))


@dataclass(frozen=True, slots=True)
class Changes:
    """Steps from one list to another, in this order: open, change, close.

    Attributes:
        opened: what is to be admitted before the change, by region.
        closed: what no client needs after it, by region.
    """

    opened: Mapping[str, tuple[str, ...]]
    closed: Mapping[str, tuple[str, ...]]


def changes(before: Mapping[str, Collection[str]], after: Mapping[str, Collection[str]]) -> Changes:
    """Return what to open before a change and what to close after it: never the other way round [FW-ORDER].

    Args:
        before: destinations as text by region, before the change.
        after: the same after it.
    """
    return Changes(_missing(before, after), _missing(after, before))


def _missing(there: Mapping[str, Collection[str]], wanted: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    found = {region: tuple(sorted(set(names) - set(there.get(region, ())))) for region, names in wanted.items()}
    return {region: names for region, names in found.items() if names}
