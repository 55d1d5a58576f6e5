"""Address drift in a stack: sites and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.address_drift.spec import AddressDriftSpec, SpokeSpec
from planning import names
from planning.container_instances import RESOURCE_GROUP_ROLE
from planning.problems import Path, Problem
from stacks.plan import Plan
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.address_drift.charges import charges
from stacks.systems.address_drift.zones import zone_names

SECTION = "address_drift"
ROLE = "drift"
"""Role of its resource group, and part of its names."""


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The function app, and each spoke in the region of its network, beside its container groups."""
    stated = spec.address_drift
    if stated is None:
        return
    app = (names.FUNCTION_APP, stated.function_app or sites.names.function_app(ROLE))
    storage = (names.STORAGE_ACCOUNT, stated.storage_account or sites.names.storage_account(ROLE))
    yield sites.site((SECTION,), app, storage, group=(ROLE,), stated=stated.location)
    for key in stated.spokes:
        topic = (names.SYSTEM_TOPIC, sites.names.system_topic(key))
        group, network = (RESOURCE_GROUP_ROLE, key), ("networks", key)
        yield sites.site((SECTION, "spokes", key), topic, group=group, follows=[network])


def drift(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Networks without container groups, missing links, and a package that is not deployed."""
    stated = spec.address_drift
    if stated is None:
        return
    path = (SECTION,)
    for key, spoke in stated.spokes.items():
        yield from _spoke(spec, plan, (*path, "spokes", key), key, spoke)
    yield from _twins(spec, plan, stated)
    if not stated.deployed:
        message = (
            "false, so the app receives no events and writes no records: run up, deploy as the output "
            "compute.address_drift.fixer.deploy states, then write true and run up again [EVENTGRID-3]"
        )
        yield Problem((*path, "deployed"), message, "warning")


def _spoke(spec: StackSpec, plan: Plan, path: Path, key: str, spoke: SpokeSpec) -> Iterator[Problem]:
    network = spec.networks.get(key)
    if network is None:
        return
    groups = [group for group in spec.container_groups.values() if group.network == key]
    if not groups:
        yield Problem(path, f"network {key} has no container groups; remove it, or add one [DRIFT-4]")
    for name in dict.fromkeys(group.subnet for group in groups if group.subnet):
        subnet = network.subnets.get(name)
        if subnet is not None and subnet.prefix is None:
            message = f"subnet {name} states no prefix, which determines its reverse zone; state it [DRIFT-4]"
            yield Problem(("networks", key, "subnets", name), message)
    if spoke.links and key not in spoke.links:
        message = f"does not contain {key}, so its own container groups do not resolve one another; add it [DRIFT-4]"
        yield Problem((*path, "links"), message, "warning")


def _twins(spec: StackSpec, plan: Plan, stated: AddressDriftSpec) -> Iterator[Problem]:
    """Networks that would be linked to two zones of one name, which Azure refuses [DNS-4]."""
    linked = {(link, zone.name): f"zone {zone.key}" for zone in plan.zones.values() for link in zone.links}
    for key, spoke in stated.spokes.items():
        for name in zone_names(spec, key, spoke):
            for link in spoke.links or [key]:
                other = linked.setdefault((link, name), f"spoke {key}")
                if other != f"spoke {key}":
                    message = (
                        f"network {link} would be linked to two zones named {name}, that of {other} and this one's; link it to "
                        "one, or give the container groups a range of their own [DNS-4]"
                    )
                    yield Problem((SECTION, "spokes", key, "links"), message)


ADDRESS_DRIFT = System(
    section=SECTION,
    charges=charges,
    sites=sites_of,
    checks=(drift,),
    builder="stacks.systems.address_drift.build",
)
