"""Relations between resources that several families of rules use: subnets, private endpoints, DNS zones, role assignments.

They are read from the graph and not from ids alone, so that they are found in a first preview, when nothing has an id. Whatever
is derived from a whole graph is computed once for it.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Final, TypeVar
from weakref import WeakKeyDictionary

from planning.endpoints import GROUP_ID
from planning.regions import lacks_zones
from planning.roles import ABAC, LEGACY, ROLES, Mode, Role
from policies.model import Graph, Resource, Undetermined
from policies.rules import types as t

Derived = TypeVar("Derived")


def once_a_graph(build: Callable[[Graph], Derived]) -> Callable[[Graph], Derived]:
    """Cache the result of a function of a graph for the lifetime of the graph."""
    results: WeakKeyDictionary[Graph, Derived] = WeakKeyDictionary()

    @functools.wraps(build)
    def cached(graph: Graph) -> Derived:
        if graph not in results:
            results[graph] = build(graph)
        return results[graph]

    return cached


@dataclass(frozen=True, slots=True)
class Subnet:
    """A subnet, inline in its network or a separate resource.

    Attributes:
        resource: the virtual network or the subnet resource that contains it.
        path: dotted path of an inline subnet, empty for a separate resource.
        network: its virtual network, None where that is not part of the program.
    """

    resource: Resource
    path: str
    network: Resource | None

    @property
    def key(self) -> tuple[str, str]:
        """What identifies it in the graph."""
        return (self.resource.urn, self.path)

    def at(self, member: str) -> str:
        """Return the dotted path of one of its properties."""
        return f"{self.path}.{member}" if self.path else member

    def value(self, member: str, default: Any = None) -> Any:
        """Return one of its properties, as `Resource.value` does."""
        return self.resource.value(self.at(member), default)

    @property
    def name(self) -> str:
        """Its ARM name, or the logical name where the provider generates one."""
        return str(self.value("name") if self.path else self.resource.value("subnetName", self.resource.name))

    @property
    def label(self) -> str:
        """Network and subnet, as messages show them."""
        above = self.network.name if self.network and self.path else ""
        return f"{above}/{self.name}" if above else self.name

    def prefix(self) -> IPv4Network | None:
        """Return its first IPv4 range; None where it has none.

        Raises:
            Undetermined: it is not known yet.
        """
        for text in (self.value("addressPrefix"), *self.value("addressPrefixes", ())):
            found = ipv4(text)
            if found:
                return found
        return None

    def delegations(self) -> list[str]:
        """Return the services that it is delegated to, in lower case."""
        count = len(self.value("delegations", ()))
        return [str(self.value(f"delegations.{at}.serviceName", "")).lower() for at in range(count)]


def ipv4(text: Any) -> IPv4Network | None:
    """Return the IPv4 range in a text, None where it is not one."""
    try:
        return IPv4Network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def subnets_in(resource: Resource, graph: Graph) -> list[Subnet]:
    """Return the subnets in a resource: itself, or those inline in a network; none while they are unknown."""
    if resource.type == t.SUBNET:
        return [Subnet(resource, "", graph.arm_parent(resource))]
    try:
        count = len(resource.value("subnets", ()))
    except Undetermined:
        return []
    return [Subnet(resource, f"subnets.{at}", resource) for at in range(count)]


@once_a_graph
def all_subnets(graph: Graph) -> list[Subnet]:
    """Return every subnet of the program, inline or separate."""
    return [subnet for each in graph.of(t.NETWORK, t.SUBNET) for subnet in subnets_in(each, graph)]


def subnets_of(graph: Graph, resource: Resource, path: str) -> list[Subnet]:
    """Return the subnets that a value may refer to: one where it is known, several where only the network is known.

    An empty result means that the value is absent, or that the subnet is not part of the program.
    """
    own = graph.references(resource, path, t.SUBNET)
    if own:
        return [subnet for each in own for subnet in subnets_in(each, graph)]
    inline = [s for each in graph.references(resource, path, t.NETWORK) for s in subnets_in(each, graph)]
    try:
        name = str(resource.value(path)).rpartition("/")[2].lower()
    except Undetermined:
        return inline
    return [subnet for subnet in inline if subnet.name.lower() == name]


def is_outside(graph: Graph, resource: Resource, path: str, *types: str) -> bool:
    """Return whether a value is known and names no resource of the program."""
    if resource.has_unknown(path):
        return False
    return bool(resource.value(path)) and not graph.references(resource, path, *types)


CONNECTIONS: Final = ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections")


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection of a private endpoint.

    Attributes:
        endpoint: the private endpoint.
        path: dotted path of the connection.
        targets: the resources of the program that it connects to.
        groups: group ids, in lower case.
    """

    endpoint: Resource
    path: str
    targets: tuple[Resource, ...]
    groups: tuple[str, ...]


@once_a_graph
def connections(graph: Graph) -> list[Connection]:
    """Return all connections of all private endpoints."""
    return [found for each in graph.of(t.PRIVATE_ENDPOINT) for found in _connections(graph, each)]


def _connections(graph: Graph, endpoint: Resource) -> Iterator[Connection]:
    for key in CONNECTIONS:
        try:
            count = len(endpoint.value(key, ()))
        except Undetermined:
            count = 0
        for at in range(count):
            path = f"{key}.{at}"
            try:
                groups = tuple(str(group).lower() for group in endpoint.value(f"{path}.groupIds", ()))
            except Undetermined:
                groups = ()
            targets = graph.references(endpoint, f"{path}.privateLinkServiceId")
            yield Connection(endpoint, path, tuple(each for each in targets if each.type != t.NETWORK), groups)


@once_a_graph
def _connections_by_target(graph: Graph) -> dict[str, list[Connection]]:
    found: dict[str, list[Connection]] = defaultdict(list)
    for each in connections(graph):
        for target in each.targets:
            found[target.urn].append(each)
    return dict(found)


def connections_to(graph: Graph, target: Resource) -> list[Connection]:
    """Return the connections of private endpoints to a resource."""
    return _connections_by_target(graph).get(target.urn, [])


def endpoints_to(graph: Graph, target: Resource) -> list[Resource]:
    """Return the private endpoints of a resource."""
    return [each.endpoint for each in connections_to(graph, target)]


@once_a_graph
def _connections_by_endpoint(graph: Graph) -> dict[str, list[Connection]]:
    found: dict[str, list[Connection]] = defaultdict(list)
    for each in connections(graph):
        found[each.endpoint.urn].append(each)
    return dict(found)


def connections_of(graph: Graph, endpoint: Resource) -> list[Connection]:
    """Return the connections of a private endpoint."""
    return _connections_by_endpoint(graph).get(endpoint.urn, [])


def reaches_registry(graph: Graph, endpoint: Resource) -> bool:
    """Return whether a private endpoint connects to a registry, of the program or not."""
    return any(GROUP_ID in each.groups for each in connections_of(graph, endpoint))


def connects_to_registry(endpoint: Resource, graph: Graph, config: Any) -> str | None:
    """Return why a rule on private endpoints of registries does not apply."""
    return None if reaches_registry(graph, endpoint) else "it connects to no registry"


def network_of(graph: Graph, endpoint: Resource) -> Resource | None:
    """Return the virtual network of a private endpoint, if it is part of the program."""
    return next((subnet.network for subnet in subnets_of(graph, endpoint, "subnet.id") if subnet.network), None)


def peers_of(graph: Graph, network: Resource) -> list[Resource]:
    """Return the virtual networks of the program that a network has a peering to."""
    peerings = graph.children(network, t.PEERING)
    return [each for one in peerings for each in graph.references(one, "remoteVirtualNetwork.id", t.NETWORK)]


def is_domain_of_environment(graph: Graph, zone: Resource) -> bool:
    """Return whether the name of a zone comes from a Container Apps environment, also while it is not known yet."""
    return bool(graph.references(zone, "privateZoneName", t.ENVIRONMENT))


def linked_networks(graph: Graph, zone: Resource) -> list[Resource]:
    """Return the virtual networks of the program that a private DNS zone is linked to."""
    links = graph.children(zone, t.ZONE_LINK)
    return [network for link in links for network in graph.references(link, "virtualNetwork.id", t.NETWORK)]


def zones_fed_by(graph: Graph, endpoint: Resource) -> list[Resource]:
    """Return the private DNS zones of the program in the zone groups of a private endpoint."""
    groups = graph.children(endpoint, t.ZONE_GROUP)
    return [zone for group in groups for zone in graph.references(group, "privateDnsZoneConfigs", t.ZONE)]


_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
_BY_GUID: Final[dict[str, Role]] = {role.guid: role for role in ROLES.values()}


@dataclass(frozen=True, slots=True)
class Grant:
    """A role assignment.

    Attributes:
        assignment: the resource.
        role: GUID of the role definition, in lower case.
        principals: the resources whose principal it is: identities, or resources with a system-assigned identity.
    """

    assignment: Resource
    role: str
    principals: tuple[Resource, ...]

    @property
    def known(self) -> Role | None:
        """The built-in role on registries, or None for another role."""
        return _BY_GUID.get(self.role)


def role_of(assignment: Resource) -> str:
    """Return the GUID of the role of an assignment in lower case; empty where its id contains none.

    Raises:
        Undetermined: it is not known yet.
    """
    match = _GUID.search(str(assignment.value("roleDefinitionId", "")).lower())
    return match.group() if match else ""


@once_a_graph
def _assignments_by_scope(graph: Graph) -> dict[str, list[Resource]]:
    """Return role assignments by the URN of the resource in their scope; those of whole subscriptions under ""."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for assignment in graph.of(t.ROLE_ASSIGNMENT):
        scopes = graph.references(assignment, "scope")
        for each in scopes:
            found[each.urn].append(assignment)
        if not scopes and not assignment.has_unknown("scope"):
            steps = str(assignment.value("scope", "")).strip("/").lower().split("/")
            if steps[0] == "subscriptions" and len(steps) == 2:
                found[""].append(assignment)
    return dict(found)


def assignments_on(graph: Graph, resource: Resource) -> list[Resource]:
    """Return the role assignments whose scope is a resource, its resource group, or a subscription."""
    by_scope = _assignments_by_scope(graph)
    if not by_scope:
        return []
    group = graph.resource_group(resource)
    scopes = dict.fromkeys((resource.urn, group.urn if group else "", ""))
    return [each for scope in scopes for each in by_scope.get(scope, ())]


def principals(graph: Graph, assignment: Resource) -> tuple[Resource, ...]:
    """Return the resources whose principal an assignment has, also where the id is known."""
    found = graph.references(assignment, "principalId")
    if not found:
        urns = assignment.dependencies.get("principalId", ())
        found = [each for each in map(graph.get, urns) if each is not None]
    return tuple(found)


def grants_on(graph: Graph, resource: Resource) -> list[Grant]:
    """Return the role assignments on a resource, with role and principals.

    Raises:
        Undetermined: a role is not known yet.
    """
    return [Grant(each, role_of(each), principals(graph, each)) for each in assignments_on(graph, resource)]


def mode_of(registry: Resource) -> Mode:
    """Return the role assignment mode of a registry; the default is the legacy one.

    Raises:
        Undetermined: it is not known yet.
    """
    return ABAC if registry.value("roleAssignmentMode") == ABAC else LEGACY


def pulls(role: str, mode: Mode) -> bool:
    """Return whether a role allows pulling from a registry in a mode; roles that are not on registries do not."""
    known = _BY_GUID.get(role)
    return "pull" in known.gives(mode) if known else False


def regions_of(graph: Graph, registry: Resource) -> list[str]:
    """Return the home region of a registry and those of its geo-replicas, each once, home first.

    Raises:
        Undetermined: one of them is not known yet.
    """
    found = [graph.location(registry), *(region_of(graph, each) for each in graph.children(registry, t.REPLICATION))]
    return list(dict.fromkeys(found))


def region_of(graph: Graph, replica: Resource) -> str:
    """Return the region of a geo-replica, which is never that of its parent.

    Raises:
        Undetermined: it is not known yet.
    """
    if not replica.dependencies.get("location"):
        replica.value("location")
    return graph.location(replica)


def is_on(resource: Resource, path: str) -> bool:
    """Return whether a setting is true, `enabled` or `Enabled`.

    Raises:
        Undetermined: it is not known yet.
    """
    value = resource.value(path)
    return value is True or (isinstance(value, str) and value.lower() in {"enabled", "true"})


def has_no_zones(region: str, others: Iterable[str] = ()) -> bool:
    """Return whether a region is known to have no availability zones [REGION-2]; `others` are further such regions."""
    return region in others or lacks_zones(region)
