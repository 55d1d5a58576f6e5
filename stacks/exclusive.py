"""What this stack made in its networks' lists of subnets and security rules, so that what others made there is told from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.network.others import Member
from planning.networks import has_security_group
from stacks.previous import Previous
from stacks.spec import StackSpec

EXPORT = "security_rules"
"""The output that records the rules which were made: network and subnet to names."""


def stated_rules(spec: StackSpec) -> dict[str, dict[str, list[str]]]:
    """Return the names of the security rules of every subnet of this stack, by network and subnet."""
    return {
        key: {name: sorted(subnet.security_rules) for name, subnet in network.subnets.items() if subnet.security_rules}
        for key, network in spec.networks.items()
        if not network.outside
    }


def members(name: str, spec: StackSpec, previous: Previous) -> dict[str, Member]:
    """Return where the members of each network and security group are stated, and which were made earlier.

    A network that is exclusive is left out. Each subnet of this stack has a security group of its own in the engine's state,
    which tells it from a subnet of others even after a refresh.

    Args:
        name: what logical names start with.
        spec: the description.
        previous: what the stack held before.
    """
    return dict(_members(name, spec, previous))


def _members(name: str, spec: StackSpec, previous: Previous) -> Iterator[tuple[str, Member]]:
    recorded = previous.outputs.get(EXPORT)
    for key, network in spec.networks.items():
        if network.outside or network.exclusive:
            continue
        component, entry = f"{name}-network-{key}", f"networks.{key}"
        groups = previous.keys("NetworkSecurityGroup", f"{component}-nsg-", "")
        yield f"{component}-vnet", Member(f"{entry}.subnets", entry, frozenset(groups))
        for subnet, its in network.subnets.items():
            if has_security_group(subnet, its.security_rules):
                path = f"{entry}.subnets.{subnet}.security_rules"
                yield f"{component}-nsg-{subnet}", Member(path, entry, _rules(recorded, key, subnet))


def _rules(recorded: object, network: str, subnet: str) -> frozenset[str] | None:
    """The recorded rules of one subnet; None where this stack was made before they were recorded."""
    if not isinstance(recorded, Mapping):
        return None
    subnets = recorded.get(network)
    return frozenset(subnets.get(subnet) or ()) if isinstance(subnets, Mapping) else frozenset()
