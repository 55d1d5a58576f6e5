"""The private DNS zones of address drift."""

from __future__ import annotations

from components.address_drift.spec import SpokeSpec
from planning.container_instances import reverse_zone
from stacks.spec import StackSpec


def zone_names(spec: StackSpec, key: str, spoke: SpokeSpec) -> list[str]:
    """Return the names of the forward zone and the reverse zones of a spoke."""
    network = spec.networks.get(key)
    groups = [group.subnet for group in spec.container_groups.values() if group.network == key and group.subnet]
    subnets = [network.subnets[name] for name in groups if network and name in network.subnets]
    reverse = [reverse_zone(subnet.prefix) for subnet in subnets if subnet.prefix is not None]
    return list(dict.fromkeys([spoke.zone, *reverse]))
