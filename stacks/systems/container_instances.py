"""What of container groups, and of the fixer of their records, would be refused by Azure or taken and then not work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from components.address_drift.spec import AddressDriftSpec, SpokeSpec
from components.container_groups.spec import ContainerGroupSpec
from planning import names, regions
from planning.addresses import Consumer
from planning.container_instances import DELEGATION, group_consumer, reverse_zone
from planning.problems import Path, Problem, unknown
from stacks.spec import StackSpec
from stacks.systems.system import Puller, System

if TYPE_CHECKING:
    from stacks.plan import Plan


def location_of(spec: StackSpec, group: ContainerGroupSpec) -> str:
    """Return the region of a group: its network's, else the stated one, else the home region."""
    if group.network is None:
        return group.location or spec.location
    network = spec.networks.get(group.network)
    return (network.location if network else None) or group.network


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """One address for each group in a subnet."""
    for key, group in spec.container_groups.items():
        if group.network and group.subnet:
            yield group_consumer((group.network, group.subnet), f"container group {key}")


def pullers(spec: StackSpec) -> Iterator[Puller]:
    """Every group, under its identity."""
    for key, group in spec.container_groups.items():
        yield Puller(("container_groups", key), location_of(spec, group), group.identity)


def groups(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Container groups: in subnets delegated to them, with names, identities and workspaces that are there [ACI-2]."""
    for key, group in spec.container_groups.items():
        path = ("container_groups", key)
        problem = names.CONTAINER_GROUP.problem(key)
        if problem:
            yield Problem(path, problem)
        yield from _place(spec, path, group)
        if group.identity is not None and group.identity not in spec.identities:
            yield Problem((*path, "identity"), unknown("identity", group.identity, spec.identities))
        if group.workspace is not None and group.workspace not in spec.monitoring.workspaces:
            message = unknown("workspace", group.workspace, spec.monitoring.workspaces)
            yield Problem((*path, "workspace"), message)
        elif group.workspace is not None and not spec.monitoring.workspaces[group.workspace].shared_keys:
            message = (
                f"{group.workspace} takes no keys, by which alone container groups send logs; write "
                f"monitoring.workspaces.{group.workspace}.shared_keys: true [ACI-11]"
            )
            yield Problem((*path, "workspace"), message)
        if group.location and not regions.is_known(group.location, spec.cloud):
            message = (
                f"{group.location} is not a known region of the {spec.cloud} cloud; check it for a slip [REGION-1]"
            )
            yield Problem((*path, "location"), message, "warning")


def _place(spec: StackSpec, path: Path, group: ContainerGroupSpec) -> Iterator[Problem]:
    if group.network is None or group.subnet is None:
        return
    network = spec.networks.get(group.network)
    if network is None:
        yield Problem((*path, "network"), unknown("network", group.network, spec.networks))
        return
    subnet = network.subnets.get(group.subnet)
    if subnet is None:
        yield Problem((*path, "subnet"), unknown("subnet", group.subnet, network.subnets))
    elif subnet.delegation != DELEGATION and not network.outside:
        given = f"is delegated to {subnet.delegation}" if subnet.delegation else "is not delegated"
        message = f"subnet {group.subnet} {given}; give it delegation: {DELEGATION} [ACI-2]"
        yield Problem((*path, "subnet"), message)


def trusted_service(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """A registry that shuts out the service that pulls for container groups [ACI-6]."""
    registry = spec.registry
    shut = registry.public_network_access == "Disabled" or registry.default_action == "Deny"
    if spec.container_groups and shut and not registry.trusted_services_bypass:
        message = (
            "false, but container groups pull as a trusted service where the registry is not open; write true [ACI-6]"
        )
        yield Problem(("registry", "trusted_services_bypass"), message, "warning")


def drift(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """The fixer: follows networks with container groups, is linked where it is asked, and reports into what is there."""
    stated = spec.address_drift
    if stated is None:
        return
    path = ("address_drift",)
    for key, spoke in stated.spokes.items():
        yield from _spoke(spec, plan, (*path, "spokes", key), key, spoke)
    if stated.workspace is not None and stated.workspace not in spec.monitoring.workspaces:
        message = unknown("workspace", stated.workspace, spec.monitoring.workspaces)
        yield Problem((*path, "workspace"), message)
    yield from _twins(spec, plan, stated)
    if not stated.deployed:
        message = (
            "false, so no event reaches the app and no record is written: apply, deploy as the output "
            "compute.address_drift.fixer.deploy says, then write true and apply again [EVENTGRID-3]"
        )
        yield Problem((*path, "deployed"), message, "warning")


def _spoke(spec: StackSpec, plan: Plan, path: Path, key: str, spoke: SpokeSpec) -> Iterator[Problem]:
    network = spec.networks.get(key)
    if network is None:
        yield Problem(path, unknown("network", key, spec.networks))
        return
    topic = names.SYSTEM_TOPIC.problem(plan.names.system_topic(key))
    if topic:
        yield Problem(path, f"{topic}; take another key")
    its = [group for group in spec.container_groups.values() if group.network == key]
    if not its:
        yield Problem(path, f"no container group lives in network {key}; remove it, or add one [DRIFT-4]")
    for name in dict.fromkeys(group.subnet for group in its if group.subnet):
        subnet = network.subnets.get(name)
        if subnet is not None and subnet.prefix is None:
            message = f"subnet {name} states no prefix, from which its reverse zone follows; state it [DRIFT-4]"
            yield Problem(("networks", key, "subnets", name), message)
    for index, link in enumerate(spoke.links):
        if link not in spec.networks:
            yield Problem((*path, "links", str(index)), unknown("network", link, spec.networks))
    if spoke.links and key not in spoke.links:
        message = f"leaves {key} out, so that its own container groups do not find one another; add it [DRIFT-4]"
        yield Problem((*path, "links"), message, "warning")


def _zone_names(spec: StackSpec, key: str, spoke: SpokeSpec) -> list[str]:
    """The forward zone and the reverse zones of a spoke."""
    network = spec.networks.get(key)
    its = [group.subnet for group in spec.container_groups.values() if group.network == key and group.subnet]
    subnets = [network.subnets[name] for name in its if network and name in network.subnets]
    reverse = [reverse_zone(subnet.prefix) for subnet in subnets if subnet.prefix is not None]
    return list(dict.fromkeys([spoke.zone, *reverse]))


def _twins(spec: StackSpec, plan: Plan, stated: AddressDriftSpec) -> Iterator[Problem]:
    """Networks that would be linked to two zones of one name, which Azure refuses [DNS-4]."""
    linked = {(link, zone.name): f"zone {zone.key}" for zone in plan.zones.values() for link in zone.links}
    for key, spoke in stated.spokes.items():
        for name in _zone_names(spec, key, spoke):
            for link in spoke.links or [key]:
                other = linked.setdefault((link, name), f"spoke {key}")
                if other != f"spoke {key}":
                    message = (
                        f"network {link} would be linked to two zones named {name}, that of {other} and this one's; link it to "
                        "one, or give the container groups a range of their own [DNS-4]"
                    )
                    yield Problem(("address_drift", "spokes", key, "links"), message)


SYSTEM = System(name="container_groups", consumers=consumers, pullers=pullers, checks=(groups, trusted_service, drift))
