"""What Azure Bastion is billed for: gateway, scale units, address, and the jump box with its disk."""

from __future__ import annotations

from collections.abc import Iterator

from components.bastion.spec import LEAST_UNITS
from planning import meters
from planning.charges import Item, NotKnown, charge
from stacks.billing import public_address, running
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage

_IMAGE_DISK_GIB = 32
"""Disk of a jump box, which has the size of its image [COST-DISKS]."""


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the host and of the jump box [COST-BASTION]."""
    bastion = spec.bastion
    if bastion is None:
        return
    path = ("bastion",)
    region = plan.sites[path].location
    yield running(path, region, f"{bastion.tier} host", meters.BASTION[bastion.tier], usage)
    further = bastion.scale_units - LEAST_UNITS
    if further:
        part = f"{further} further scale units"
        yield running(path, region, part, meters.BASTION_UNIT[bastion.tier], usage, further)
    yield public_address(path, region, usage)
    yield NotKnown(path, region, "outbound data", "depends on the sessions")
    if bastion.jump_box is not None:
        box = ("bastion", "jump_box")
        region = plan.sites[box].location
        size = bastion.jump_box.size
        yield running(box, region, f"virtual machine {size}", meters.machine(size), usage)
        yield charge(box, region, "disk", meters.disk(_IMAGE_DISK_GIB, premium=False), usage.share)
