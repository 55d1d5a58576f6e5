"""Private endpoints of two stacks that write the records of one registry into one zone, where the last writer wins [DNS-2]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.elsewhere import output_of, parsed
from planning import resource_ids
from planning.problems import Problem
from stacks.loader import Stack
from stacks.plan import Zone


def writers(stacks: Mapping[str, Stack], own: str, name: str) -> Iterator[Problem]:
    """Yield the zones that two stacks write for one registry.

    Args:
        stacks: the stacks by name.
        own: the stack to report on.
        name: the other one.
    """
    here, there = stacks[own], stacks[name]
    if not _name(here) or _name(here) != _name(there):
        return
    theirs = {_place(stacks, name, zone): key for key, zone in _fed(there)}
    for key, zone in _fed(here):
        other = theirs.get(_place(stacks, own, zone))
        if other is not None:
            message = (
                f"writes zone {zone.name}, which private endpoint {other} of stack {name} writes for the same registry: both "
                "write the same records, and the last writer wins; keep one of the two endpoints and link the other network to "
                "the zone, or remove dns_zones here for a zone of its own"
            )
            yield Problem(("registry", "private_endpoints", key, "dns_zones"), f"{message} [DNS-2]")


def _name(stack: Stack) -> str:
    """The name of the registry, which is unique in Azure, in lower case; empty without a registry."""
    return stack.spec.registry.name.lower() if stack.spec.registry else ""


def _fed(stack: Stack) -> Iterator[tuple[str, Zone]]:
    """Each private endpoint of the registry with each zone that it writes."""
    zones = stack.plan.zones
    return ((key, zones[zone]) for key, its in stack.plan.fed.items() for zone in its if zone in zones)


def _place(stacks: Mapping[str, Stack], owner: str, zone: Zone) -> tuple[str, ...]:
    """What a zone is known by in every stack: its id, or the stack that makes it and its key."""
    if zone.id is None:
        return owner, zone.key
    there = parsed(zone.id)
    if there is not None:
        return _made(stacks, there) or (zone.id.lower(),)
    for name, stack in stacks.items():
        output = output_of(zone.id, name) or ""
        named = stack.plan.zones.get(output.removeprefix("zones."))
        if output.startswith("zones.") and named is not None:
            return _place(stacks, name, named)
    return (zone.id,)


def _made(stacks: Mapping[str, Stack], there: resource_ids.ResourceId) -> tuple[str, ...] | None:
    """The stack that makes the zone with an id, and its key there; None if none of the stacks does."""
    for name, stack in stacks.items():
        for zone in stack.plan.zones.values():
            home = stack.plan.sites.within("networks").get(zone.network or "")
            if zone.id is None and home is not None:
                group = home.group.name.lower()
                if (group, zone.name.lower()) == (there.resource_group.lower(), there.name.lower()):
                    return name, zone.key
    return None
