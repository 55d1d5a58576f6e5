"""Checks of dedicated subnets: delegation, region, and no other consumers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planning.addresses import SubnetKey
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.spec import StackSpec


def misplaced(
    spec: StackSpec, path: Path, key: SubnetKey, *, region: str, delegation: str, source: str
) -> Iterator[Problem]:
    """Yield the problems of the subnet that an entry in a region names in ``network`` and ``subnet``.

    The delegation of a subnet of a network made elsewhere is unknown unless it is stated.
    """
    network_key, subnet_key = key
    network, subnet = spec.networks.get(network_key), spec.subnet(network_key, subnet_key)
    if network is None or subnet is None:
        return
    home = network.location or network_key
    if home != region and not network.outside:
        message = f"{network_key} is in {home}, this in {region}; a network is joined within its region [{source}]"
        yield Problem((*path, "network"), message)
    if subnet.delegation != delegation and not (network.outside and subnet.delegation is None):
        message = f"{subnet_key} is delegated to {subnet.delegation or 'nothing'}; set delegation: {delegation} on it [{source}]"
        yield Problem((*path, "subnet"), message)


def shared(plan: Plan, owners: Mapping[Path, tuple[SubnetKey, str]], source: str) -> Iterator[Problem]:
    """Yield the subnets with other consumers.

    Args:
        plan: the plan with the address ledger.
        owners: path of each owner to its subnet and its name in the ledger.
        source: id of the fact that the subnet must be dedicated.
    """
    rows = {row.subnet.key: row for row in plan.ledger}
    for path, (key, name) in owners.items():
        others = [found.name for found in rows[key].consumers if found.name != name] if key in rows else []
        if others:
            message = f"{key[1]} is used by {', '.join(others)} too; give it a subnet of its own [{source}]"
            yield Problem((*path, "subnet"), message)
