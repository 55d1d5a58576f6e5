"""SRE agents: the subnet they send from, and the roles that their identity may hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planning.addresses import Consumer, SubnetKey
from planning.roles import ROLES as REGISTRY_ROLES
from planning.roles import Role

EgressMode = Literal["unrestricted", "limited", "azure_vnet"]
"""Where an agent may send traffic: anywhere, to listed hosts, or through a subnet [SRE-2]."""

Bypass = Literal["package_registries", "code_repositories", "remote_mcp_servers", "hosts"]
"""Destinations that skip the subnet and its rules where that is switched on [SRE-3]."""

DELEGATION = "Microsoft.App/environments"
"""Service to which an agent's subnet is delegated [SRE-4]."""

LONGEST_PREFIX = 28
"""Smallest subnet that the service takes [SRE-4]."""

ADVISED_PREFIX = 27
"""Smallest subnet that some of the service's guidance asks for [SRE-4]."""

ROLES: Mapping[str, Role] = {
    role.name: role
    for role in (
        REGISTRY_ROLES["Reader"],
        Role("Log Analytics Reader", "73c42c96-874c-492b-b04d-ab87d138a893"),
        Role("Monitoring Reader", "43d0d8ad-25c7-4714-9337-8ba259a9fe05"),
        REGISTRY_ROLES["Contributor"],
    )
}
"""Roles that an agent's identity may hold, by name: the floor under everything else that holds it back [SRE-6]."""

READING: tuple[str, ...] = ("Reader", "Log Analytics Reader")
"""What an agent that only looks needs on a resource group [SRE-6]."""

CONNECTORS_STAY_PUBLIC = (
    "traffic of connectors still goes out over the public internet, past the subnet and its rules, and nothing reaches the "
    "agent from within; hold connectors by what they expose [SRE-3]"
)


def consumer(subnet: SubnetKey, name: str) -> Consumer:
    """Return what an agent takes from its subnet: how many addresses is not published, one is counted [SRE-4]."""
    return Consumer(subnet=subnet, name=name, need=1, parts="1 agent", longest_prefix=LONGEST_PREFIX, source="SRE-4")
