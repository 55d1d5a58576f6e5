"""Container groups in a stack: sites, addresses, pulls and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.container_groups.spec import ContainerGroupSpec
from planning import names
from planning.addresses import Consumer
from planning.container_instances import DELEGATION, RESOURCE_GROUP_ROLE, group_consumer
from planning.problems import Path, Problem
from planning.regions import zone_problem
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.container_groups.charges import charges


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Groups in the region of their network, else the stated one; a network or region has one resource group."""
    for key, group in spec.container_groups.items():
        location = sites.location(group.location, ("networks", group.network))
        yield sites.site(
            ("container_groups", key),
            (names.CONTAINER_GROUP, key),
            group=(RESOURCE_GROUP_ROLE, group.network or location),
            stated=group.location,
            follows=[("networks", group.network)],
        )


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """One address for each group in a subnet."""
    for key, group in spec.container_groups.items():
        if group.network and group.subnet:
            yield group_consumer((group.network, group.subnet), f"container group {key}")


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Every group, with its identity."""
    for key, group in spec.container_groups.items():
        path = ("container_groups", key)
        yield Puller(path, sites[path].location, group.identity)


def groups(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Groups in subnets without delegation, and workspaces without shared keys [ACI-2, ACI-11]."""
    for key, group in spec.container_groups.items():
        path = ("container_groups", key)
        yield from _place(spec, path, group)
        workspace = spec.monitoring.workspaces.get(group.workspace or "")
        if workspace is not None and not workspace.shared_keys:
            message = (
                f"{group.workspace} does not accept shared keys, which container groups need to send logs; write "
                f"monitoring.workspaces.{group.workspace}.shared_keys: true [ACI-11]"
            )
            yield Problem((*path, "workspace"), message)


def _place(spec: StackSpec, path: Path, group: ContainerGroupSpec) -> Iterator[Problem]:
    subnet = spec.subnet(group.network, group.subnet)
    if subnet is not None and subnet.delegation != DELEGATION and not spec.networks[group.network or ""].outside:
        given = f"is delegated to {subnet.delegation}" if subnet.delegation else "is not delegated"
        message = f"subnet {group.subnet} {given}; give it delegation: {DELEGATION} [ACI-2]"
        yield Problem((*path, "subnet"), message)


def zones(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """The zone of a group in a region without availability zones [REGION-2]."""
    for key, group in spec.container_groups.items():
        region = plan.sites["container_groups", key].location
        problem = zone_problem(region, group.zone, "remove it") if group.zone else None
        if problem:
            yield Problem(("container_groups", key, "zone"), problem)


def trusted_service(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """A registry that blocks the service that pulls for container groups [ACI-6]."""
    registry = spec.registry
    if registry is None:
        return
    if spec.container_groups and not registry.is_open and not registry.trusted_services_bypass:
        message = "false, but container groups pull as a trusted service from a registry that is not public; write true [ACI-6]"
        yield Problem(("registry", "trusted_services_bypass"), message, "warning")


CONTAINER_GROUPS = System(
    section="container_groups",
    charges=charges,
    sites=sites_of,
    consumers=consumers,
    pullers=pullers,
    checks=(groups, zones, trusted_service),
    builder="stacks.systems.container_groups.build",
)
