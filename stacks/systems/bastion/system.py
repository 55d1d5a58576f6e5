"""Azure Bastion in a stack: sites, the address of the jump box and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.bastion.spec import JumpBoxSpec
from planning import names
from planning.addresses import Consumer
from planning.networks import BASTION_SUBNET
from planning.problems import Path, Problem
from stacks.network_checks import whole_peerings
from stacks.plan import Plan
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.bastion.charges import charges

SECTION = "bastion"

LONGEST_PREFIX = 26
"""Longest prefix of the subnet AzureBastionSubnet [BASTION-SUBNET]."""


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The host and the jump box, each in the region of its network."""
    bastion = spec.bastion
    if bastion is None:
        return
    ours = sites.names
    yield sites.site(
        (SECTION,),
        (names.BASTION_HOST, ours.routing("bas", "hub")),
        (names.PUBLIC_IP_ADDRESS, ours.routing("pip", "bastion")),
        group=(SECTION,),
        follows=[("networks", bastion.network)],
    )
    if bastion.jump_box is not None:
        yield sites.site(
            (SECTION, "jump_box"),
            (names.VIRTUAL_MACHINE, ours.routing("vm", "jump")),
            (names.NETWORK_INTERFACE, ours.routing("nic", "jump")),
            group=(SECTION,),
            follows=[("networks", bastion.jump_box.network)],
        )


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """The address of the jump box."""
    jump_box = spec.bastion.jump_box if spec.bastion else None
    if jump_box is not None:
        yield Consumer((jump_box.network, jump_box.subnet), "jump box", 1, "1 network interface", source="NET-2")


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """The subnet of the host, and a jump box that it does not reach."""
    bastion = spec.bastion
    network = spec.networks.get(bastion.network) if bastion else None
    if bastion is None or network is None:
        return
    subnet = network.subnets.get(BASTION_SUBNET)
    known = subnet is not None and (network.outside or subnet.prefix is not None)
    if subnet is None or not known or (subnet.prefix is not None and subnet.prefix.prefixlen > LONGEST_PREFIX):
        size = f"one of {subnet.prefix}" if subnet and subnet.prefix else "none"
        message = (
            f"{bastion.network} needs a subnet {BASTION_SUBNET} of /{LONGEST_PREFIX} or larger, and has {size}; add it"
        )
        yield Problem((SECTION, "network"), f"{message} [BASTION-SUBNET]")
    if bastion.jump_box is not None:
        yield from _jump_box(spec, plan, bastion.network, bastion.jump_box)


def _jump_box(spec: StackSpec, plan: Plan, hub: str, jump_box: JumpBoxSpec) -> Iterator[Problem]:
    path: Path = (SECTION, "jump_box")
    if jump_box.network != hub and frozenset({jump_box.network, hub}) not in whole_peerings(spec, plan):
        message = (
            f"{jump_box.network} is not peered with {hub}, in which Bastion is; peer them, or name a subnet of {hub}"
        )
        yield Problem((*path, "network"), f"{message} [BASTION-PEERS]")
    subnet = spec.subnet(jump_box.network, jump_box.subnet)
    if subnet is not None and subnet.delegation:
        message = f"{jump_box.subnet} is delegated to {subnet.delegation}, so a virtual machine cannot be in it"
        yield Problem((*path, "subnet"), f"{message}; name another subnet [NET-7]")


BASTION = System(
    section=SECTION,
    charges=charges,
    sites=sites_of,
    consumers=consumers,
    checks=(places,),
    builder="stacks.systems.bastion.build",
)
