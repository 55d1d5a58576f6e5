"""The registry host that a consumer's images are named with: the regional host of a replica, or the global one.

A consumer that is pinned to its region pulls from the replica there and from no other; a regional host does not fail over
[ACR-FAILOVER]. Regions that are drained are left out: their consumers pull from a fallback.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from planning.endpoints import Endpoints

Choice = Literal["regional", "global"]
"""How images are named: with the host of the co-located replica, or with the host that Azure routes."""

Service = Literal[
    "workloads", "container_apps", "session_pools", "sandbox_groups", "container_groups", "task_schedulers"
]
"""A section of the stack file whose entries pull images."""

GLOBAL: Final = "global"
"""The fallback that is no region: the global host, which leads to a replica in global routing."""

PROVEN: Final[Mapping[Service, Choice]] = {
    "workloads": "regional",
    "container_apps": "global",
    "session_pools": "global",
    "sandbox_groups": "global",
    "container_groups": "global",
    "task_schedulers": "global",
}
"""The choice of each service where an entry states none: regional where a source says that its managed identities pull from
regional hosts, which is so for AKS [AKS-8] and for no other service [IMAGE-HOST]."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """Which regions of a registry are out of use, and where their consumers pull meanwhile.

    Attributes:
        drained: regions that are taken out of use.
        fallbacks: region to the region whose replica stands in for it, or ``global``, which is the default.
    """

    drained: frozenset[str] = frozenset()
    fallbacks: Mapping[str, str] = field(default_factory=dict, hash=False)

    def fallback(self, region: str) -> str:
        """Return where the pinned consumers of a region pull while it is drained: a region, or ``global``."""
        return self.fallbacks.get(region, GLOBAL)

    def place(self, region: str) -> str:
        """Return where the pinned consumers of a region pull now: a region, or ``global``."""
        return self.fallback(region) if region in self.drained else region


def image_host(endpoints: Endpoints, region: str, choice: Choice, rotation: Rotation) -> str:
    """Return the host of a consumer's images; the global one where there is no regional host.

    Args:
        endpoints: the registry's hosts.
        region: where the consumer is.
        choice: how its images are named.
        rotation: which regions are drained.
    """
    place = GLOBAL if choice == GLOBAL else rotation.place(region)
    return endpoints.regional.get(place, endpoints.global_)


def mirror_regions(region: str, rotation: Rotation, routed: Collection[str]) -> tuple[str, ...]:
    """Return the regions whose replicas are mirrors of the global host for a client, in the order in which it tries them.

    The client's own region comes first, or its fallback while it is drained, then the other regions in global routing by
    name, without drained ones. None while the fallback is the global host. That order is chosen.

    Args:
        region: where the client is.
        rotation: which regions are drained.
        routed: regions to which the global host may lead.
    """
    place = rotation.place(region)
    return () if place == GLOBAL else (place, *sorted({*routed} - rotation.drained - {place}))


def pull_hosts(
    endpoints: Endpoints, region: str, choice: Choice, rotation: Rotation, routed: Collection[str]
) -> tuple[str, ...]:
    """Return every host that a consumer needs to pull: that of its images, and those that layers come from [ACR-1].

    Args:
        endpoints: the registry's hosts.
        region: where the consumer is.
        choice: how its images are named.
        rotation: which regions are drained.
        routed: regions to which the global host may lead.
    """
    host = image_host(endpoints, region, choice, rotation)
    answering = [rotation.place(region)] if host in endpoints.regional.values() else sorted(routed)
    layers = [endpoints.data[each] for each in answering if each in endpoints.data]
    return (host, *layers, *([endpoints.storage] if endpoints.storage else []))
