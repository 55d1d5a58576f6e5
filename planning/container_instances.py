"""Azure Container Instances: sizes and addresses of container groups, and reverse zones.

Azure reports an exceeded quota at creation only, and does not report changes of a group's address [ACI-1, ACI-8].
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Literal

from planning.addresses import Consumer, SubnetKey

Sku = Literal["Standard", "Confidential"]

DELEGATION = "Microsoft.ContainerInstance/containerGroups"
"""The service that a subnet of container groups is delegated to [ACI-2]."""

RESOURCE_GROUP_ROLE = "containers"
"""Role of the resource groups that hold container groups: one for each network, and one for each region without."""

MOST_CONTAINERS = 60
"""Containers that one group takes [ACI-3]."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a container group asks for, all its containers together.

    Attributes:
        cpu: vCPUs.
        memory_gb: memory in GB.
    """

    cpu: float
    memory_gb: float

    def __str__(self) -> str:
        return f"{self.cpu:g} vCPU / {self.memory_gb:g} GB"

    def within(self, other: Size) -> bool:
        """Whether it asks for no more than another."""
        return self.cpu <= other.cpu and self.memory_gb <= other.memory_gb


LARGEST: dict[Sku, Size] = {"Standard": Size(31, 240), "Confidential": Size(31, 180)}
"""Largest group of each SKU [ACI-1]."""

WITHOUT_QUOTA = Size(4, 16)
"""Largest group for which no quota has to be asked for [ACI-1]."""


def size_problem(asked: Size, sku: Sku, quota: Size | None) -> str | None:
    """Return why a group of that size cannot be made, in one line, or None where it can.

    Args:
        asked: what all containers of the group ask for together.
        sku: the group's SKU.
        quota: what Azure has granted for one group; None where nothing was asked for.
    """
    largest = LARGEST[sku]
    if not asked.within(largest):
        return (
            f"{asked} in all, the limit of a {sku.lower()} group is {largest}; request less, or distribute the containers over "
            f"more groups [ACI-1]"
        )
    if asked.within(WITHOUT_QUOTA):
        return None
    if quota is None:
        return (
            f"{asked} in all is above {WITHOUT_QUOTA}, for which quota has to be requested; request it, then state what was "
            f"granted: quota: {{cpu: {asked.cpu:g}, memory_gb: {asked.memory_gb:g}}} [ACI-1]"
        )
    if not asked.within(quota):
        return f"{asked} in all is above the declared quota of {quota}; request more quota, or fewer resources [ACI-1]"
    return None


def group_consumer(subnet: SubnetKey, name: str) -> Consumer:
    """Return what a container group takes: one address, whatever the number of its containers [ACI-2].

    Args:
        subnet: where the group lives.
        name: what it is called in messages.
    """
    return Consumer(subnet, name, 1, "1 container group", source="ACI-2")


def reverse_zone(prefix: IPv4Network) -> str:
    """Return the reverse zone that holds every address of a range: the smallest one that ends at a whole octet [DRIFT-4].

    10.1.2.0/24 and 10.1.2.64/26 give ``2.1.10.in-addr.arpa``, 10.1.0.0/20 gives ``1.10.in-addr.arpa``.
    """
    octets = str(prefix.network_address).split(".")[: max(1, min(3, prefix.prefixlen // 8))]
    return ".".join((*reversed(octets), "in-addr", "arpa"))
