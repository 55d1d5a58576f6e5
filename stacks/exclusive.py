"""The subnets and security rules that this stack created, as opposed to those created elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.network.others import Member
from planning.networks import has_security_group
from stacks.previous import Previous
from stacks.spec import StackSpec

EXPORT = "security_rules"
"""The output that records the created rules: network and subnet to names."""


def stated_rules(spec: StackSpec) -> dict[str, dict[str, list[str]]]:
    """Return the names of the security rules of every subnet of this stack, by network and subnet."""
    return {
        key: {name: sorted(subnet.security_rules) for name, subnet in network.subnets.items() if subnet.security_rules}
        for key, network in spec.networks.items()
        if not network.outside
    }


def members(name: str, spec: StackSpec, previous: Previous) -> dict[str, Member]:
    """Return where the entries of each network and security group are stated, and which this stack created.

    Exclusive networks are omitted. Each subnet of this stack has a security group in the engine's state, which
    distinguishes it from other subnets even after a refresh.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        previous: the previous state of the stack.
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
        for subnet, subnet_spec in network.subnets.items():
            if has_security_group(subnet, subnet_spec.security_rules):
                path = f"{entry}.subnets.{subnet}.security_rules"
                yield f"{component}-nsg-{subnet}", Member(path, entry, _rules(recorded, key, subnet))


def _rules(recorded: object, network: str, subnet: str) -> frozenset[str] | None:
    """The recorded rules of one subnet; None if the stack is older than the record."""
    if not isinstance(recorded, Mapping):
        return None
    subnets = recorded.get(network)
    return frozenset(subnets.get(subnet) or ()) if isinstance(subnets, Mapping) else frozenset()
