"""Network security rules: the first rule by priority that matches decides [NSG-2]."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, ip_address, ip_network
from typing import Any

from local_azure.reach.estate import Estate
from local_azure.reach.links import SECURITY_RULE, Break
from local_azure.services.addresses import prefixes
from local_azure.store import Resource

PORT = 443
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
    unsure: dict[str, Any] | None = None
    asked = [rule for rule in rules if rule["properties"]["direction"].lower() == direction.lower()]
    for rule in sorted(asked, key=lambda each: each["properties"]["priority"]):
        properties = rule["properties"]
        fits = _fits(properties, source, target)
        if fits and properties["access"].lower() == "allow":
            return _maybe(subnet, unsure) if unsure and unsure["properties"]["access"].lower() == "deny" else None
        if fits:
            certain = unsure is None or unsure["properties"]["access"].lower() == "deny"
            return _broken(group, subnet, rule, direction, certain=certain)
        unsure = unsure or (rule if fits is None else None)
    return None


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
    sides = (
        _holds_source(_values(properties, "sourceAddressPrefix"), source),
        _holds(_values(properties, "destinationAddressPrefix"), target),
        None if _values(properties, "sourcePortRange", "*") != ["*"] else True,
        None if properties.get("destinationApplicationSecurityGroups") else True,
        None if properties.get("sourceApplicationSecurityGroups") else True,
    )
    return False if False in sides else None if None in sides else True


def _values(properties: dict[str, Any], member: str, default: str = "") -> list[str]:
    plural = member + "es" if member.endswith("Prefix") else member + "s"
    single = properties.get(member)
    return [value for value in [*([single] if single else []), *(properties.get(plural) or [])] if value] or (
        [default] if default else []
    )


def _has_port(properties: dict[str, Any]) -> bool:
    for text in _values(properties, "destinationPortRange", "*"):
        first, _, last = text.partition("-")
        if text == "*" or int(first) <= PORT <= int(last or first):
            return True
    return False


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
    wide = [each for each in ranges if isinstance(each, IPv4Network)]
    if own and all(any(part.subnet_of(each) for each in wide) for part in own):
        return True
    touched = any(part.overlaps(each) for part in own for each in wide)
    return None if touched or not own or not stated else False
