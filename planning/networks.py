"""Ranges of networks and subnets: format, containment and overlaps [NET-3]."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from ipaddress import AddressValueError, IPv4Network, NetmaskValueError, ip_address, ip_network
from itertools import combinations

from planning.addresses import SMALLEST_PREFIX
from planning.problems import Path, Problem, Severity

FORBIDDEN = tuple(
    IPv4Network(text)
    for text in ("224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "169.254.0.0/16", "168.63.129.16/32")
)
"""Ranges that Azure refuses in a virtual network [NET-3]."""

PRIVATE = tuple(IPv4Network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"))
"""Ranges that Azure recommends for a virtual network [NET-3]."""

GATEWAY_SUBNET, FIREWALL_SUBNET, BASTION_SUBNET = "GatewaySubnet", "AzureFirewallSubnet", "AzureBastionSubnet"
"""Names that Azure reserves for the subnets of gateways, firewalls and bastions [NET-RESERVED]."""

WITHOUT_SECURITY_GROUP = (GATEWAY_SUBNET, FIREWALL_SUBNET, "AzureFirewallManagementSubnet", "RouteServerSubnet")
"""Reserved subnets that take no network security group [POL-SUBNETS]."""

_RESERVED = {
    GATEWAY_SUBNET: "VPN and ExpressRoute gateways",
    FIREWALL_SUBNET: "Azure Firewall",
    "AzureFirewallManagementSubnet": "Azure Firewall",
    BASTION_SUBNET: "Azure Bastion",
    "RouteServerSubnet": "Azure Route Server",
}
_RESERVED_BY_NAME = {name.lower(): service for name, service in _RESERVED.items()}

DELEGATED_WITHOUT_SECURITY_GROUP = ("Microsoft.Netapp/volumes", "Microsoft.HardwareSecurityModules/dedicatedHSMs")
"""Services whose delegated subnets need no network security group [POL-SUBNETS]."""

_SERVICE_TAG = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Za-z0-9]+)?")
_MOST_PORTS = 65535

Ranges = Mapping[Path, IPv4Network]
"""Ranges by the path at which the description states them."""


def parse(text: str) -> IPv4Network:
    """Return a range written as ``10.0.0.0/16``.

    Raises:
        ValueError: one line that says what is wrong with it and what to write.
    """
    if "/" not in text:
        raise ValueError(f"{text!r} has no prefix length; write a range such as 10.0.0.0/16")
    try:
        return IPv4Network(text)
    except (AddressValueError, NetmaskValueError) as error:
        raise ValueError(f"{text!r} is not an IPv4 range ({error}); write one such as 10.0.0.0/16") from None
    except ValueError:
        network = IPv4Network(text, strict=False)
        raise ValueError(f"{text!r} has bits set after its prefix; write {network}") from None


def peer_problem(text: str) -> str | None:
    """Return the problem with a source or destination of a security rule in one line, or None [NSG-1]."""
    if text == "*" or _SERVICE_TAG.fullmatch(text):
        return None
    if is_range(text):
        whole = ip_network(text, strict=False)
        rounded = "/" in text and str(whole.network_address) != str(ip_address(text.partition("/")[0]))
        return (
            f"{text!r} has bits set after its prefix, which Azure refuses; write {whole} [NSG-PREFIX]"
            if rounded
            else None
        )
    return (
        f"{text!r} is not a range, address or service tag; write one such as 10.0.0.0/16, VirtualNetwork, or * [NSG-1]"
    )


def ports_problem(text: str) -> str | None:
    """Return the problem with the ports of a security rule in one line, or None [NSG-1]."""
    ends = text.split("-") if text != "*" else []
    numbers = [int(end) for end in ends if re.fullmatch("[0-9]{1,5}", end)]
    if len(numbers) == len(ends) <= 2 and numbers == sorted(numbers) and all(n <= _MOST_PORTS for n in numbers):
        return None
    return f"{text!r} is not a port; write one such as 443, 8000-8080, or * [NSG-1]"


def is_reserved(name: str) -> bool:
    """Return whether Azure reserves the name of a subnet for one service [NET-RESERVED]."""
    return name.lower() in _RESERVED_BY_NAME


def reserved_for(name: str) -> str:
    """Return the service that the name of a subnet is reserved for.

    Raises:
        KeyError: the name is not reserved.
    """
    return _RESERVED_BY_NAME[name.lower()]


def takes_security_group(name: str) -> bool:
    """Return whether a subnet of that name takes a network security group [POL-SUBNETS]."""
    return name.lower() not in {each.lower() for each in WITHOUT_SECURITY_GROUP}


def has_security_group(name: str, rules: Collection[str]) -> bool:
    """Return whether this project gives a subnet of that name a network security group.

    Every subnet that takes one has one, but for that of Azure Bastion without rules: Bastion refuses a group that lacks
    the rules that it needs [BASTION-NSG].
    """
    return takes_security_group(name) and (bool(rules) or name.lower() != BASTION_SUBNET.lower())


def holds_private_endpoints(name: str, delegations: Collection[str]) -> bool:
    """Return whether a subnet can hold private endpoints: it is not delegated and its name is not reserved [PE-SUBNET]."""
    return not is_reserved(name) and not delegations


def is_range(text: str) -> bool:
    """Say whether a text is an address or a range, of IPv4 or IPv6."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def space_problems(ranges: Ranges) -> list[Problem]:
    """Return the problem with the ranges of one address space: forbidden, public, or overlapping one another."""
    problems = []
    for path, network in ranges.items():
        forbidden = next((other for other in FORBIDDEN if network.overlaps(other)), None)
        if forbidden:
            problems.append(Problem(path, f"{network} overlaps {forbidden}, which Azure refuses in a network [NET-3]"))
        elif not any(network.subnet_of(private) for private in PRIVATE):
            recommended = ", ".join(map(str, PRIVATE))
            message = f"{network} is public address space: its hosts become unreachable; prefer {recommended} [NET-3]"
            problems.append(Problem(path, message, "warning"))
    return problems + overlap_problems(ranges, "error")


def subnet_problems(space: Iterable[IPv4Network], subnets: Ranges) -> list[Problem]:
    """Return the problem with the subnets of one network: outside its space, too small, or overlapping."""
    whole = tuple(space)
    problems = []
    for path, subnet in subnets.items():
        if not any(subnet.subnet_of(network) for network in whole):
            inside = ", ".join(map(str, whole))
            problems.append(Problem(path, f"{subnet} is outside its network; use a range within {inside} [NET-3]"))
        if subnet.prefixlen > SMALLEST_PREFIX:
            problems.append(
                Problem(path, f"{subnet} is too small for a subnet; give /{SMALLEST_PREFIX} or larger [NET-2]")
            )
    return problems + overlap_problems(subnets, "error")


def overlap_problems(ranges: Ranges, severity: str = "error", why: str = "") -> list[Problem]:
    """Return one problem for each pair of ranges that overlap, told at the later of the two.

    Args:
        ranges: by the path that states them.
        severity: ``error`` or ``warning``.
        why: what the overlap breaks, put behind the statement.
    """
    ordered = sorted(ranges.items(), key=lambda item: (int(item[1].network_address), item[1].prefixlen))
    order = {path: position for position, path in enumerate(ranges)}
    problems = []
    for (first, one), (second, other) in _touching(ordered):
        earlier, later = sorted((first, second), key=order.__getitem__)
        here, there = (one, other) if later == first else (other, one)
        message = f"{here} overlaps {'.'.join(earlier)} ({there}){why}; give each a range of its own [NET-3]"
        problems.append(Problem(later, message, "warning" if severity == "warning" else "error"))
    return problems


def _touching(
    ordered: list[tuple[Path, IPv4Network]],
) -> Iterable[tuple[tuple[Path, IPv4Network], tuple[Path, IPv4Network]]]:
    """Pairs of overlapping ranges in a list sorted by first address: near-linear where few overlap."""
    open_ranges: list[tuple[Path, IPv4Network]] = []
    for item in ordered:
        start = item[1].network_address
        open_ranges = [held for held in open_ranges if held[1].broadcast_address >= start]
        for held in open_ranges:
            yield held, item
        open_ranges.append(item)


def peered_overlaps(spaces: Mapping[str, Ranges], peered: frozenset[frozenset[str]]) -> list[Problem]:
    """Return overlaps between networks, an error where Azure refuses them, else a warning [NET-4].

    Azure refuses to peer two networks that overlap, and two such networks with the same third one.

    Args:
        spaces: network key to its address space.
        peered: pairs of keys that are peered.
    """
    problems = []
    for first, second in combinations(spaces, 2):
        for path, network in spaces[second].items():
            for other_path, other in spaces[first].items():
                if not network.overlaps(other):
                    continue
                consequence, severity = _consequence(first, second, spaces, peered)
                message = (
                    f"{network} overlaps {'.'.join(other_path)} ({other}): {consequence}; "
                    "give each network a range of its own [NET-4]"
                )
                problems.append(Problem(path, message, severity))
    return problems


def _consequence(
    first: str, second: str, networks: Iterable[str], peered: frozenset[frozenset[str]]
) -> tuple[str, Severity]:
    """What an overlap of two networks leads to, given who is peered with whom."""
    if frozenset((first, second)) in peered:
        return "the two are peered, which Azure refuses", "error"
    between = [key for key in networks if {frozenset((first, key)), frozenset((second, key))} <= peered]
    if between:
        return f"both are peered with {between[0]}, which Azure refuses", "error"
    return "the two can never be peered", "warning"
