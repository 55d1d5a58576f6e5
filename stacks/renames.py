"""Keys of the stack file that changed while the Azure resource did not.

The engine identifies resources by their logical names, which contain keys. Under a new key it creates first and deletes
afterwards: if a resource's name in Azure does not contain its key, Azure refuses the duplicate, and if two private
endpoints write one zone, the deletion of the first removes the records of the second [PE-RECORDS, PUL-STATE]. Therefore
the old logical name becomes an alias, or the change is refused with the key to keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from components.elsewhere import parsed
from planning.problems import Problem
from stacks.plan import Plan, Zone
from stacks.previous import Held, Previous
from stacks.spec import StackSpec


@dataclass(frozen=True, slots=True)
class Renames:
    """Former keys by new keys.

    Attributes:
        zones: of private DNS zones.
        endpoints: of private endpoints of the registry.
        configurations: by private endpoint and zone, the name of the zone's existing configuration in the endpoint's
            zone group.
    """

    zones: Mapping[str, str] = field(default_factory=dict)
    endpoints: Mapping[str, str] = field(default_factory=dict)
    configurations: Mapping[tuple[str, str], str] = field(default_factory=dict)


def renames(name: str, plan: Plan, previous: Previous) -> Renames:
    """Return the renames.

    Args:
        name: prefix of logical names.
        plan: the stack's plan.
        previous: the previous state of the stack.
    """
    groups = previous.keys("PrivateDnsZoneGroup", f"{name}-endpoint-", "-zones")
    endpoints = _endpoints(plan, groups)
    return Renames(_zones(name, plan, previous), endpoints, _configurations(plan, groups, endpoints))


def problems(name: str, spec: StackSpec, previous: Previous) -> Iterator[Problem]:
    """Yield the renames that an alias cannot handle: those of the stack itself, and of networks.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        previous: the previous state of the stack.
    """
    yield from _renamed_stack(name, spec, previous)
    held = previous.keys("VirtualNetwork", f"{name}-network-", "-vnet")
    for key, network in spec.networks.items():
        if network.outside or key in held:
            continue
        ranges = {str(each) for each in network.address_space}
        for old, vnet in held.items():
            if old not in spec.networks and ranges & set(_prefixes(vnet)):
                yield Problem(
                    ("networks", key),
                    f"has the address space of {old}, which this stack created and the file no longer has; the key is part of "
                    "the network's name in Azure, so another key replaces the network and everything in it; keep the "
                    f"key {old}, or remove {old} in a separate change first [PUL-STATE]",
                )


def _renamed_stack(name: str, spec: StackSpec, previous: Previous) -> Iterator[Problem]:
    ours = f"{name}-registry-registry"
    if spec.registry is None or spec.registry.id is not None:
        return
    registries = [held for held in previous.of_kind("Registry") if held.name.endswith("-registry-registry")]
    for held in registries:
        if held.name == ours or any(other.name == ours for other in registries):
            continue
        if str(held.outputs.get("name", "")).lower() == spec.registry.name.lower():
            before = held.name.removesuffix("-registry-registry")
            yield Problem(
                (),
                f"name and environment give {name}, but this stack was created as {before}: both are part of every name in "
                f"Azure, so every resource would be recreated, and the name of registry {spec.registry.name} is used by "
                f"the existing registry; write the name and environment that give {before} [PUL-STATE]",
            )


def _zones(name: str, plan: Plan, previous: Previous) -> dict[str, str]:
    """Zones whose DNS name is that of exactly one zone that is no longer in the plan."""
    held = previous.keys("PrivateZone", f"{name}-zone-", "-zone")
    gone = [(key, str(zone.outputs.get("name", "")).lower()) for key, zone in held.items() if key not in plan.zones]
    new = [zone for zone in plan.zones.values() if zone.key not in held and zone.id is None]
    found: dict[str, str] = {}
    for zone in new:
        of_that_name = [key for key, dns in gone if dns == zone.name.lower()]
        if len(of_that_name) == 1 and sum(each.name.lower() == zone.name.lower() for each in new) == 1:
            found[zone.key] = of_that_name[0]
    return found


def _endpoints(plan: Plan, groups: Mapping[str, Held]) -> dict[str, str]:
    """Endpoints that write a zone that was written by an endpoint that is no longer in the plan."""
    found: dict[str, str] = {}
    for key, zones in plan.fed.items():
        wanted = {_place(plan, plan.zones[zone]) for zone in zones if zone in plan.zones}
        for old, group in groups.items():
            fed = {place for place, _ in _fed(group)}
            if key not in groups and old not in plan.fed and old not in found.values() and wanted & fed:
                found[key] = old
                break
    return found


def _configurations(plan: Plan, groups: Mapping[str, Held], endpoints: Mapping[str, str]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for key, zones in plan.fed.items():
        group = groups.get(endpoints.get(key, key))
        names = dict(_fed(group)) if group else {}
        for zone in zones:
            place = _place(plan, plan.zones[zone]) if zone in plan.zones else None
            if place in names:
                found[key, zone] = names[place]
    return found


def _place(plan: Plan, zone: Zone) -> tuple[str, str]:
    """The resource group and the name of a zone, in lower case."""
    there = parsed(zone.id)
    if there:
        return (there.resource_group.lower(), there.name.lower())
    site = plan.sites.within("networks").get(zone.network or "")
    return (site.group.name.lower() if site else "", zone.name.lower())


def _fed(group: Held) -> Iterator[tuple[tuple[str, str], str]]:
    """The zones of a zone group: resource group and name of each, and the name of its configuration."""
    for configuration in group.outputs.get("privateDnsZoneConfigs") or ():
        parts = str(configuration.get("privateDnsZoneId", "")).lower().split("/")
        if len(parts) > 8:
            yield (parts[4], parts[-1]), str(configuration.get("name", ""))


def _prefixes(network: Held) -> list[str]:
    space = network.outputs.get("addressSpace") or {}
    return [str(each) for each in space.get("addressPrefixes") or ()]
