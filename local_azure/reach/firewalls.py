"""Azure Firewall on the way to a host: whether the rules of its policy admit the client [FW-RULES]."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from ipaddress import IPv4Address, IPv4Network
from typing import Any

from local_azure.facts.network_security import FIREWALLS, RULE_GROUPS
from local_azure.reach.estate import Estate
from local_azure.reach.links import FIREWALL, ROUTE, Break
from local_azure.reach.security_rules import Target
from local_azure.services.addresses import prefixes
from local_azure.services.subnets import SUBNETS
from local_azure.store import Resource

_SUBNET = "AzureFirewallSubnet"
_PORT = 443


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
    policies, is_complete = _policies(estate, firewall)
    rules = [rule for policy in policies for rule in _rules(estate, policy)]
    if any(_admits(rule, source, target) for rule in rules):
        return None
    if not is_complete or not target.host:
        return unknown
    message = f"firewall {firewall.name} does not admit {target.host} from {', '.join(map(str, prefixes(source)))}"
    return Break(FIREWALL, policies[0].id, message)


def _addresses(firewall: Resource) -> list[str]:
    configurations = firewall.properties.get("ipConfigurations") or []
    return [str((each.get("properties") or {}).get("privateIPAddress")) for each in configurations]


def _holds(subnet: Resource, address: str) -> bool:
    named = subnet.name.rpartition("/")[2] == _SUBNET
    return named and any(IPv4Address(address) in prefix for prefix in prefixes(subnet))


def _policies(estate: Estate, firewall: Resource) -> tuple[list[Resource], bool]:
    """Return the policy of a firewall and those that it is based on, and whether all of them are known."""
    found: list[Resource] = []
    wanted = (firewall.properties.get("firewallPolicy") or {}).get("id")
    while wanted:
        policy = estate.get(wanted)
        if policy is None:
            return found, False
        found.append(policy)
        wanted = (policy.properties.get("basePolicy") or {}).get("id")
    return found, bool(found)


def _rules(estate: Estate, policy: Resource) -> Iterator[dict[str, Any]]:
    """Yield the rules of a policy that allow something."""
    for group in estate.children(policy.id, RULE_GROUPS):
        for collection in group.properties.get("ruleCollections") or []:
            if (collection.get("action") or {}).get("type") == "Allow":
                yield from collection.get("rules") or []


def _admits(rule: dict[str, Any], source: Resource, target: Target) -> bool:
    if not _within(rule.get("sourceAddresses") or [], prefixes(source)):
        return False
    if rule.get("ruleType") == "ApplicationRule":
        https = any(
            each.get("protocolType") == "Https" and each.get("port") == _PORT for each in rule.get("protocols") or []
        )
        return https and any(_matches(pattern, target.host) for pattern in rule.get("targetFqdns") or [])
    ports = rule.get("destinationPorts") or []
    destinations = {str(each).lower() for each in rule.get("destinationAddresses") or []}
    return bool({"*", str(_PORT)} & set(ports)) and bool(destinations & {"*", *target.tags})


def _within(admitted: Sequence[str], ranges: Iterable[IPv4Network]) -> bool:
    """Return whether a rule admits every address of the client's subnet."""
    networks = [IPv4Network(each) for each in admitted if each[:1].isdigit()]
    return "*" in admitted or all(any(each.subnet_of(network) for network in networks) for each in ranges)


def _matches(pattern: str, host: str) -> bool:
    """Return whether a host of a rule (a host, ``*.`` and a domain, or ``*``) admits a host [FW-FQDN]."""
    pattern, host = pattern.lower(), host.lower()
    return pattern in ("*", host) or (pattern.startswith("*.") and host.endswith(pattern[1:]))
