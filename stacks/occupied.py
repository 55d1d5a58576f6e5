"""Subnets that move or go while something lives in them.

Azure refuses that [NET-PREFIX-INUSE], and what lives there cannot leave in the same update: the network is updated before what is
in it is replaced. The state says what lives where.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any, Final

from planning.problems import Problem
from stacks.previous import Held, Previous
from stacks.spec import StackSpec

_NO_OCCUPANTS: Final = frozenset({"VirtualNetwork", "NetworkSecurityGroup", "VirtualNetworkPeering", "Stack"})
"""Kinds that name subnets without living in one."""


def occupied(name: str, spec: StackSpec, previous: Previous) -> Iterator[Problem]:
    """Yield each subnet of this stack that another range or its removal takes from under what lives in it.

    Args:
        name: what logical names start with.
        spec: the description.
        previous: what the stack held before.
    """
    living = _living(previous)
    for key, network in previous.keys("VirtualNetwork", f"{name}-network-", "-vnet").items():
        if key not in spec.networks or spec.networks[key].outside:
            continue
        stated = spec.networks[key].subnets
        for subnet, before in _subnets(network):
            tenants = living.get((str(network.outputs.get("name", "")).lower(), subnet.lower()), [])
            now = stated[subnet].prefix if subnet in stated else None
            if tenants and (now is None or not before.subnet_of(now)):
                yield Problem(("networks", key, "subnets", subnet), _message(subnet, before, now, tenants))


def _message(subnet: str, before: IPv4Network, now: IPv4Network | None, tenants: list[str]) -> str:
    what = f"{before} becomes {now}" if now else f"{subnet} ({before}) is removed"
    return (
        f"{what}, but {', '.join(tenants)} live{'' if len(tenants) > 1 else 's'} in it, which Azure refuses; go in two steps: "
        f"keep {subnet} with {before}, add a second subnet with the new range and move them to it; then, in a change of its "
        "own, remove the first [NET-PREFIX-INUSE]"
    )


def _subnets(network: Held) -> Iterator[tuple[str, IPv4Network]]:
    for subnet in network.outputs.get("subnets") or ():
        prefix = subnet.get("addressPrefix") or next(iter(subnet.get("addressPrefixes") or ()), None)
        if prefix and "." in prefix:
            yield str(subnet.get("name")), IPv4Network(prefix)


def _living(previous: Previous) -> dict[tuple[str, str], list[str]]:
    """Logical names of resources by network and subnet that they name, all in lower case but the logical names."""
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
