"""Sandbox groups: API versions, tiers, and quotas.

The service is in preview and its contract has changed once; everything that depends on it is in `CONTRACTS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planning.addresses import Consumer, SubnetKey
from planning.role_actions import Need
from planning.roles import Role

ContractName = Literal["2026-02-01-preview", "2026-07-01"]
"""The API version by which a group is made."""

TierName = Literal["XS", "S", "M", "L", "XL"]
"""Sizes of a sandbox; its own or inherited from the snapshot that it starts from [SBX-4]."""

DELEGATION = "Microsoft.App/environments"
"""Service to which the subnet of a group's connection is delegated [SBX-5]."""

CONNECTION = "default"
"""Name of a group's connection to its network; sandboxes name it (chosen)."""

LONGEST_PREFIX = 27
"""Smallest subnet of a connection: none is published, so the smallest of its service's environments is held to
[SBX-6]."""

AUDIENCE = "https://dynamicsessions.io"
"""Audience of the tokens that the data plane takes [SBX-8]."""

DATA_PLANE_VERSION = "2026-02-01-preview"
"""API version that the data plane's client speaks [SBX-8]."""

DATA_OWNER = Role("Container Apps SandboxGroup Data Owner", "c24cf47c-5077-412d-a19c-45202126392c")
"""The role that opens a group's data plane: what is in its sandboxes too, so it is assigned on the group alone
[SBX-7]."""

NEEDS = (
    Need(
        "who owns the sandboxes of a group",
        "Microsoft.App/sandboxGroups",
        data_actions=tuple(
            f"Microsoft.App/sandboxGroups/sandboxes/{verb}" for verb in ("read", "write", "delete", "execute/action")
        ),
    ),
)
"""What an owner does in the data plane of a group [SBX-7]."""


@dataclass(frozen=True, slots=True)
class Contract:
    """What ARM takes for a sandbox group at one API version [SBX-1, SBX-2].

    Attributes:
        namespace: resource provider.
        type: type of the group below it.
        api_version: of the group.
        connection_type: type of a group's connection to a network, a child of the group.
        connection_version: of the connection. The generic resource always sends a location, which a connection has in
            the preview version only [SBX-2].
        identity: whether the group has identities, without which no image can be pulled by one.
        defaults: whether the group has a default size, a maximum count and an idle timeout.
        network: whether the group has a connection of its own to a network.
        gateways: whether connector gateways can be attached.
        environment: whether the group is linked to a managed environment, once and for ever [SBX-3].
    """

    namespace: str
    type: str
    api_version: str
    connection_type: str
    connection_version: str
    identity: bool
    defaults: bool
    network: bool
    gateways: bool
    environment: bool


CONTRACTS: Mapping[ContractName, Contract] = {
    "2026-02-01-preview": Contract(
        namespace="Microsoft.App",
        type="sandboxGroups",
        api_version="2026-02-01-preview",
        connection_type="vnetConnections",
        connection_version="2026-02-01-preview",
        identity=True,
        defaults=True,
        network=True,
        gateways=True,
        environment=False,
    ),
    "2026-07-01": Contract(
        namespace="Microsoft.App",
        type="sandboxGroups",
        api_version="2026-07-01",
        connection_type="vnetConnections",
        connection_version="2026-02-01-preview",
        identity=False,
        defaults=False,
        network=True,
        gateways=False,
        environment=True,
    ),
}
"""The contracts by API version; one that the service renames changes here and nowhere else."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A size of sandbox [SBX-4].

    Attributes:
        millicores: thousandths of a vCPU.
        memory_mib: memory.
        disk_gib: disk.
    """

    millicores: int
    memory_mib: int
    disk_gib: int

    @property
    def vcpu(self) -> float:
        """The vCPUs."""
        return self.millicores / 1000

    @property
    def memory_gib(self) -> float:
        """The memory in GiB."""
        return self.memory_mib / 1024

    def group_defaults(self) -> dict[str, str]:
        """Return the size as a group states it: ``0.25``, ``0.5Gi``, ``5Gi`` [SBX-1]."""
        return {
            "defaultCpu": f"{self.vcpu:g}",
            "defaultMemory": f"{self.memory_gib:g}Gi",
            "defaultDisk": f"{self.disk_gib}Gi",
        }

    def resources(self) -> dict[str, str]:
        """Return the size as the data plane's client states it: ``250m``, ``512Mi``, ``5Gi`` [SBX-8]."""
        return {"cpu": f"{self.millicores}m", "memory": f"{self.memory_mib}Mi", "disk": f"{self.disk_gib}Gi"}


TIERS: Mapping[TierName, Tier] = {
    "XS": Tier(250, 512, 5),
    "S": Tier(500, 1024, 10),
    "M": Tier(1000, 2048, 20),
    "L": Tier(2000, 4096, 40),
    "XL": Tier(4000, 8192, 80),
}
"""Sizes by name; M is the default [SBX-4]."""


IDLE_SECONDS = (60, 120, 300, 600, 1800, 3600)
"""Idle times after which a sandbox can be suspended [SBX-11]."""


def fitting_tier(vcpu: float | None, memory_gib: float | None, disk_gib: float | None) -> TierName | None:
    """Return the tier that holds what a group's defaults state, or None where none does; None is what they leave out.

    vCPUs and memory are those of a tier exactly; a disk may be smaller than the tier's [SBX-4].
    """
    for name, tier in TIERS.items():
        fits = vcpu in {None, tier.vcpu} and memory_gib in {None, tier.memory_gib}
        if fits and (disk_gib is None or disk_gib <= tier.disk_gib):
            return name
    return None


@dataclass(frozen=True, slots=True)
class Demand:
    """What groups may take together when they are full.

    Attributes:
        vcpu: vCPUs.
        memory_gib: GiB of memory.
    """

    vcpu: float = 0.0
    memory_gib: float = 0.0

    def __add__(self, other: Demand) -> Demand:
        return Demand(self.vcpu + other.vcpu, self.memory_gib + other.memory_gib)


def demand(tier: TierName, count: int) -> Demand:
    """Return what that many sandboxes of a tier take."""
    size = TIERS[tier]
    return Demand(size.vcpu * count, size.memory_gib * count)


def consumer(subnet: SubnetKey, name: str) -> Consumer:
    """Return what a group's connection takes from its subnet: nothing is published, one address is counted [SBX-6]."""
    return Consumer(
        subnet=subnet, name=name, need=1, parts="1 connection", longest_prefix=LONGEST_PREFIX, source="SBX-6"
    )


def management_endpoint(region: str) -> str:
    """Return the address of a region's data plane [SBX-8]."""
    return f"https://management.{region}.azuredevcompute.io"
