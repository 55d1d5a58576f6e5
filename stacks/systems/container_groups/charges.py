"""What container groups are billed for: vCPU and memory, while they run."""

from __future__ import annotations

from collections.abc import Iterator

from planning import meters
from planning.charges import Charge, Item
from stacks.billing import running
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the groups; one whose containers end runs for a part of the month."""
    for key, group in spec.container_groups.items():
        path = ("container_groups", key)
        region = plan.sites[path].location
        kind = "Confidential" if group.confidential else group.priority
        size = group.size
        part = f"{size.cpu:g} vCPU, {size.memory_gb:g} GB"
        for meter, each in ((meters.INSTANCE_CORES[kind], size.cpu), (meters.INSTANCE_MEMORY[kind], size.memory_gb)):
            full = running(path, region, part, meter, usage, each)
            ends = group.restart_policy != "Always"
            yield Charge(path, region, part, meter, 0, full.most) if ends else full
