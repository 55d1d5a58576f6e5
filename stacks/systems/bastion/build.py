"""Builds Azure Bastion and the jump box of a stack."""

from components.bastion.bastion import Bastion
from components.bastion.jump_box import JumpBox
from planning import names
from planning.networks import BASTION_SUBNET
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.systems.bastion.system import SECTION


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``bastion``."""
    stated = spec.bastion
    if stated is None:
        return Built({})
    site = plan.sites[SECTION,]
    bastion = Bastion(
        f"{context.name}-bastion",
        stated,
        host_name=site.name,
        address_name=site.named(names.PUBLIC_IP_ADDRESS),
        subnet_id=context.subnet_id(stated.network, BASTION_SUBNET),
        opts=context.options(),
        **context.placement(site),
    )
    report: dict[str, Report] = {"host": {"id": bastion.id, "name": bastion.name}}
    if stated.jump_box is not None:
        box = stated.jump_box
        there = plan.sites[SECTION, "jump_box"]
        jump_box = JumpBox(
            f"{context.name}-bastion-jump",
            box,
            machine_name=there.name,
            interface_name=there.named(names.NETWORK_INTERFACE),
            subnet_id=context.subnet_id(box.network, box.subnet),
            identity_id=context.identity(box.identity).id if box.identity else None,
            opts=context.options(),
            **context.placement(there),
        )
        report["jump_box"] = {"id": jump_box.id, "name": jump_box.name}
    return Built(report)
