"""Azure Firewall on the way to a host: whether the rules of its policy admit the client [FW-RULES]."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from ipaddress import IPv4Address, IPv4Network, summarize_address_range
from typing import Any

from local_azure.facts.network_security import FIREWALLS, RULE_GROUPS
from local_azure.reach.estate import Estate
from local_azure.reach.links import FIREWALL, ROUTE, Break
from local_azure.reach.matching import PORT, decided, every, has_port, within
from local_azure.reach.security_rules import Target
from local_azure.services.addresses import prefixes
from local_azure.services.subnets import SUBNETS
from local_azure.store import Resource

_SUBNET = "AzureFirewallSubnet"
_APPLICATION = "ApplicationRule"
_NETWORK = "NetworkRule"
_UNRESOLVED = frozenset({"destinationIpGroups", "destinationFqdns"})
"""Destinations of a network rule whose addresses are not known here."""
_CATEGORIES = frozenset({"targetUrls", "fqdnTags", "webCategories"})
"""Destinations of an application rule that may stand for any host."""

_Rule = Mapping[str, Any]


def passed(estate: Estate, route: str, address: str, source: Resource, target: Target) -> Break | None:
    """Return why what a route sends to an address does not reach a host; None if a firewall there admits it.

    Args:
        estate: the snapshot.
        route: id of the route.
        address: address of the next hop.
        source: the client's subnet.
        target: where the traffic goes.
    """
    name = route.rpartition("/")[2]
    unknown = Break(
        ROUTE, route, f"route {name} leads through VirtualAppliance {address}, and what passes there is unknown", False
    )
    firewall = next((each for each in estate.of_type(FIREWALLS) if address in _addresses(each)), None)
    if firewall is None:
        place = next((each for each in estate.of_type(SUBNETS) if _holds(each, address)), None)
        if place is None:
            return unknown
        message = f"route {name} leads to {address} in {_SUBNET}, where there is no firewall"
        return Break(ROUTE, route, message)
    policies = _policies(estate, firewall)
    if policies is None or not target.host:
        return unknown
    found = decided((rule, _fits(rule, source, target), allows) for allows, rule in _in_order(estate, policies))
    if found.allows and found.unsure is None:
        return None
    where = f"{target.host} from {', '.join(map(str, prefixes(source)))}"
    if found.unsure is not None:
        unsure = found.unsure.get("name")
        message = (
            f"whether firewall {firewall.name} admits {where} depends on rule {unsure}, which is not known in full"
        )
        return Break(FIREWALL, policies[0].id, message, False)
    by = f" by rule {found.rule.get('name')}" if found.rule else ""
    return Break(FIREWALL, policies[0].id, f"firewall {firewall.name} does not admit {where}{by}")


def _addresses(firewall: Resource) -> list[str]:
    configurations = firewall.properties.get("ipConfigurations") or []
    return [str((each.get("properties") or {}).get("privateIPAddress")) for each in configurations]


def _holds(subnet: Resource, address: str) -> bool:
    named = subnet.name.rpartition("/")[2] == _SUBNET
    return named and any(IPv4Address(address) in prefix for prefix in prefixes(subnet))


def _policies(estate: Estate, firewall: Resource) -> list[Resource] | None:
    """Return the policy of a firewall and those that it is based on; None if one of them is not known."""
    found: list[Resource] = []
    wanted = (firewall.properties.get("firewallPolicy") or {}).get("id")
    while wanted:
        policy = estate.get(wanted)
        if policy is None:
            return None
        found.append(policy)
        wanted = (policy.properties.get("basePolicy") or {}).get("id")
    return found or None


def _in_order(estate: Estate, policies: Sequence[Resource]) -> list[tuple[bool, _Rule]]:
    """Return the rules of a policy and its bases as the firewall evaluates them, each with whether it allows.

    Network rules come before application rules, then those of a base policy before those of a policy, then groups and
    collections by priority [FW-RULES].
    """
    found: list[tuple[bool, _Rule]] = []
    for policy in reversed(policies):
        for group in sorted(estate.children(policy.id, RULE_GROUPS), key=lambda each: _priority(each.properties)):
            for collection in sorted(group.properties.get("ruleCollections") or [], key=_priority):
                allows = (collection.get("action") or {}).get("type") == "Allow"
                found += [(allows, rule) for rule in collection.get("rules") or []]
    return [each for kind in (_NETWORK, _APPLICATION) for each in found if each[1].get("ruleType") == kind]


def _priority(properties: _Rule) -> int:
    return int(properties.get("priority") or 0)


def _fits(rule: _Rule, source: Resource, target: Target) -> bool | None:
    """Return whether a rule matches HTTPS from a subnet to a target; None where that depends on what is not known."""
    return every(_from(rule, source), _over(rule), _to(rule, target))


def _from(rule: _Rule, source: Resource) -> bool | None:
    held = within(prefixes(source), list(_ranges(rule.get("sourceAddresses") or [])))
    return None if held is False and rule.get("sourceIpGroups") else held


def _over(rule: _Rule) -> bool:
    if rule.get("ruleType") == _APPLICATION:
        protocols = rule.get("protocols") or []
        return any(each.get("protocolType") == "Https" and each.get("port") == PORT for each in protocols)
    return bool({"TCP", "Any"} & set(rule.get("ipProtocols") or [])) and any(
        has_port(text) for text in rule.get("destinationPorts") or []
    )


def _to(rule: _Rule, target: Target) -> bool | None:
    if rule.get("ruleType") == _APPLICATION:
        is_named = any(_matches(pattern, target.host) for pattern in rule.get("targetFqdns") or [])
        return True if is_named else None if any(rule.get(name) for name in _CATEGORIES) else False
    stated = [str(each).lower() for each in rule.get("destinationAddresses") or []]
    if {"*", *target.tags} & set(stated):
        return True
    ranges = list(_ranges(stated))
    if target.address:
        unsure, inside = False, any(IPv4Address(target.address) in each for each in ranges)
    else:
        unsure, inside = any(not each.is_private for each in ranges), IPv4Network("0.0.0.0/0") in ranges
    unsure = unsure or bool(target.possible & set(stated)) or any(rule.get(name) for name in _UNRESOLVED)
    return True if inside else None if unsure else False


def _ranges(texts: Iterable[str]) -> Iterator[IPv4Network]:
    """Yield the IPv4 ranges of a rule: addresses, prefixes, and ranges with a hyphen. Other entries hold no IPv4 address."""
    for text in texts:
        first, _, last = text.partition("-")
        if text == "*":
            yield IPv4Network("0.0.0.0/0")
        elif last and last[:1].isdigit():
            yield from summarize_address_range(IPv4Address(first), IPv4Address(last))
        elif text[:1].isdigit() and ":" not in text:
            yield IPv4Network(text, strict=False)


def _matches(pattern: str, host: str) -> bool:
    """Return whether a host of a rule (a host, ``*.`` and a domain, or ``*``) admits a host [FW-FQDN]."""
    pattern, host = pattern.lower(), host.lower()
    return pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))
