"""SRE agents: egress, subnet, and roles of their identity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planning.addresses import Consumer, SubnetKey
from planning.role_actions import RESOURCE_GROUPS, Need
from planning.roles import ROLES as REGISTRY_ROLES
from planning.roles import Role

EgressMode = Literal["unrestricted", "limited", "azure_vnet"]
"""Egress modes: unrestricted, listed hosts, or through a subnet [SRE-2]."""

MODES: Mapping[EgressMode, str] = {"unrestricted": "Unrestricted", "limited": "Limited", "azure_vnet": "AzureVNet"}
"""Egress modes in ARM's words [SRE-9]."""

VERSION = "2025-05-01-preview"
"""API version of an agent: the one with network and egress, which the service owner's templates use [SRE-9]."""

PackageRegistry = Literal["pypi", "npmjs", "nuget-org"]
"""Package registries whose hosts can be allowed by name [SRE-9]."""

CodeRepository = Literal["Github", "AzureDevOps"]
"""Providers of code repositories whose hosts can be allowed by name [SRE-9]."""

DELEGATION = "Microsoft.App/environments"
"""Service to which an agent's subnet is delegated [SRE-4]."""

LONGEST_PREFIX = 27
"""Smallest subnet that the service accepts [SRE-4]."""

ADDRESSES = 27
"""Free addresses that an agent needs in its subnet: all that a /27 leaves [SRE-4]."""

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        REGISTRY_ROLES["Reader"],
        Role("Log Analytics Reader", "73c42c96-874c-492b-b04d-ab87d138a893"),
        Role("Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"),
        REGISTRY_ROLES["Contributor"],
    )
}
"""Roles that an agent's identity may have, by name [SRE-6]."""

READING: tuple[str, ...] = ("Reader", "Log Analytics Reader")
"""Roles that a read-only agent needs on a resource group [SRE-6]."""

NEEDS = (
    Need(
        "the agent",
        RESOURCE_GROUPS,
        (
            "Microsoft.Resources/subscriptions/resourceGroups/read",
            "Microsoft.ContainerService/managedClusters/read",
            "Microsoft.OperationalInsights/workspaces/analytics/query/action",
        ),
    ),
)
"""What an agent's identity does with a resource group that it looks at [SRE-6]."""

CONNECTORS_STAY_PUBLIC = (
    "traffic of connectors still uses the public internet, not the subnet and its rules, and the "
    "agent is not reachable from the network; restrict connectors at their data sources [SRE-3]"
)


def consumer(subnet: SubnetKey, name: str) -> Consumer:
    """Return the addresses of an agent in its subnet: all that the smallest subnet has [SRE-4]."""
    return Consumer(
        subnet=subnet,
        name=name,
        need=ADDRESSES,
        parts=f"{ADDRESSES} for the agent",
        longest_prefix=LONGEST_PREFIX,
        source="SRE-4",
    )
