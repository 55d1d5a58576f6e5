"""Network security rules: the first rule by priority that matches decides [NSG-2]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any

from local_azure.reach.estate import Estate
from local_azure.reach.links import SECURITY_RULE, Break
from local_azure.reach.matching import decided, every, has_port, within
from local_azure.services.addresses import prefixes
from local_azure.store import Resource

_EVERYTHING = frozenset({"*", "any", "0.0.0.0/0"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where traffic goes: an address, empty where it is a public one that is not known, and its service tags.

    Attributes:
        address: address in a network.
        tags: service tags, in lower case, that hold the address.
        possible: tags that may hold it.
        host: its host name; empty if it is not known.
    """

    address: str = ""
    tags: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    host: str = ""


def public_target(service: str, regions: Sequence[str], host: str = "") -> Target:
    """Return the public endpoint of a service in one of some regions, with the tags that hold it [NSG-3]."""
    general = frozenset({"internet", "azurecloud", service.lower()})
    regional = frozenset(f"{tag.lower()}.{region}" for tag in (service, "AzureCloud") for region in regions)
    return Target("", general | regional, host=host) if len(regions) == 1 else Target("", general, regional, host)


def stopped(estate: Estate, subnet: Resource, direction: str, source: Resource | None, target: Target) -> Break | None:
    """Return the rule of a subnet that stops HTTPS from a source subnet to a target; None where it goes through."""
    group = estate.get((subnet.properties.get("networkSecurityGroup") or {}).get("id") or "")
    if group is None:
        return None
    rules = [*group.properties["securityRules"], *group.properties["defaultSecurityRules"]]
    asked = [rule for rule in rules if rule["properties"]["direction"].lower() == direction.lower()]
    found = decided(
        (rule, _fits(rule["properties"], source, target), rule["properties"]["access"].lower() == "allow")
        for rule in sorted(asked, key=lambda each: each["properties"]["priority"])
    )
    if found.rule is None:
        return None
    if found.allows:
        return _maybe(subnet, found.unsure) if found.unsure else None
    return _broken(group, subnet, found.rule, direction, certain=found.unsure is None)


def _broken(group: Resource, subnet: Resource, rule: dict[str, Any], direction: str, *, certain: bool) -> Break:
    way = "from" if direction == "Outbound" else "to"
    message = f"rule {rule['name']} of {group.name} denies HTTPS {way} subnet {subnet.name}"
    return Break(SECURITY_RULE, rule["id"], message, certain)


def _maybe(subnet: Resource, rule: dict[str, Any]) -> Break:
    message = (
        f"whether rule {rule['name']} denies HTTPS at subnet {subnet.name} depends on an address that is not known"
    )
    return Break(SECURITY_RULE, rule["id"], message, False)


def _fits(properties: dict[str, Any], source: Resource | None, target: Target) -> bool | None:
    """Tell whether a rule matches; None where that depends on what is not known."""
    if properties.get("protocol", "*").lower() not in {"*", "tcp"} or not _has_port(properties):
        return False
    return every(
        _holds_source(_values(properties, "sourceAddressPrefix"), source),
        _holds(_values(properties, "destinationAddressPrefix"), target),
        None if _values(properties, "sourcePortRange", "*") != ["*"] else True,
        None if properties.get("destinationApplicationSecurityGroups") else True,
        None if properties.get("sourceApplicationSecurityGroups") else True,
    )


def _values(properties: dict[str, Any], member: str, default: str = "") -> list[str]:
    plural = member + "es" if member.endswith("Prefix") else member + "s"
    single = properties.get(member)
    return [value for value in [*([single] if single else []), *(properties.get(plural) or [])] if value] or (
        [default] if default else []
    )


def _has_port(properties: dict[str, Any]) -> bool:
    return any(has_port(text) for text in _values(properties, "destinationPortRange", "*"))


def _holds(values: Iterable[str], target: Target) -> bool | None:
    unsure = False
    stated = [value.lower() for value in values]
    for value in stated:
        if value in _EVERYTHING or value in target.tags:
            return True
        unsure = unsure or value in target.possible
        if value[0].isdigit():
            if not target.address:
                unsure = True
            elif ip_address(target.address) in ip_network(value, strict=False):
                return True
    # Without prefixes a rule names application security groups, whose members are not known here.
    return None if unsure or not stated else False


def _holds_source(values: Iterable[str], source: Resource | None) -> bool | None:
    """Tell whether prefixes hold a subnet: wholly, in part (None), or not."""
    stated = [value.lower() for value in values]
    if any(value in _EVERYTHING or value == "virtualnetwork" for value in stated):
        return True
    own = prefixes(source) if source else []
    ranges = [ip_network(value, strict=False) for value in stated if value[0].isdigit()]
    held = within(own, [each for each in ranges if isinstance(each, IPv4Network)])
    return None if held is False and not stated else held
