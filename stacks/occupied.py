"""Subnets that are moved or removed while they are in use.

Azure refuses that [NET-PREFIX-INUSE], and the resources in them cannot leave in the same update: the network is updated
before they are replaced. The engine's state shows which resources use which subnet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any, Final

from planning.problems import Problem
from stacks.previous import Held, Previous
from stacks.spec import StackSpec

_NO_OCCUPANTS: Final = frozenset({"VirtualNetwork", "NetworkSecurityGroup", "VirtualNetworkPeering", "Stack"})
"""Resource types that reference subnets without using their addresses."""


def occupied(name: str, spec: StackSpec, previous: Previous) -> Iterator[Problem]:
    """Yield each subnet in use that is removed or gets another range.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        previous: the previous state of the stack.
    """
    living = _living(previous)
    for key, network in previous.keys("VirtualNetwork", f"{name}-network-", "-vnet").items():
        if key not in spec.networks or spec.networks[key].outside:
            continue
        stated = spec.networks[key].subnets
        for subnet, before in _subnets(network):
            tenants = living.get((str(network.outputs.get("name", "")).lower(), subnet.lower()), [])
            now = stated[subnet].prefix if subnet in stated else None
            if tenants and now != before:
                yield Problem(("networks", key, "subnets", subnet), _message(subnet, before, now, tenants))


def _message(subnet: str, before: IPv4Network, now: IPv4Network | None, tenants: list[str]) -> str:
    what = f"{before} becomes {now}" if now else f"{subnet} ({before}) is removed"
    return (
        f"{what}, but {', '.join(tenants)} use{'' if len(tenants) > 1 else 's'} it, which Azure refuses; make two changes: "
        f"first keep {subnet} with {before}, add a second subnet with the new range and move them to it; "
        "then remove the first [NET-PREFIX-INUSE]"
    )


def _subnets(network: Held) -> Iterator[tuple[str, IPv4Network]]:
    for subnet in network.outputs.get("subnets") or ():
        prefix = subnet.get("addressPrefix") or next(iter(subnet.get("addressPrefixes") or ()), None)
        if prefix and "." in prefix:
            yield str(subnet.get("name")), IPv4Network(prefix)


def _living(previous: Previous) -> dict[tuple[str, str], list[str]]:
    """Logical names of resources by their network and subnet, which are in lower case."""
    found: dict[tuple[str, str], list[str]] = {}
    for held in previous.resources:
        if held.kind in _NO_OCCUPANTS or held.type.startswith(("moorings:", "pulumi:")):
            continue
        for text in dict.fromkeys(text.lower() for text in _texts(held.outputs)):
            network, separator, subnet = text.partition("/subnets/")
            if separator and "/virtualnetworks/" in network and "/" not in subnet:
                found.setdefault((network.rpartition("/")[2], subnet), []).append(held.name)
    return found


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
