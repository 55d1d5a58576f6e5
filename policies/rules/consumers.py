"""Which resources take addresses from which subnet, and how many, by the consumers of the address ledger in `planning`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from planning import aks, container_apps, container_instances, sandboxes
from planning.addresses import Consumer, SubnetKey, registry_consumer
from planning.container_apps import (
    CONSUMPTION,
    DEFAULT_MAX_REPLICAS,
    Kind,
    Nodes,
    Replicas,
    environment_consumer,
    profile_type,
)
from planning.endpoints import GROUP_ID
from planning.networks import holds_private_endpoints
from policies.model import Graph, Resource, Undetermined
from policies.rules import types as t
from policies.rules.aks_operations import network_mode
from policies.rules.aks_pools import all_pools, member, pool_name
from policies.rules.forms import same, stated
from policies.rules.relations import Subnet, connections_of, is_on, once_a_graph, regions_of, subnets_of

PLACES: Final[dict[str, tuple[str, ...]]] = {
    t.CLUSTER: ("agentPoolProfiles.{}.vnetSubnetID", "agentPoolProfiles.{}.podSubnetID"),
    t.AGENT_POOL: ("vnetSubnetID", "podSubnetID"),
    t.ENVIRONMENT: ("vnetConfiguration.infrastructureSubnetId",),
    t.SANDBOX_CONNECTION: ("subnetId",),
    t.CONTAINER_GROUP: ("subnetIds.0.id",),
}
"""Dotted paths of the subnets of a resource, by type; private endpoints are treated apart."""


_DELEGATIONS: Final = {
    t.ENVIRONMENT: container_apps.DELEGATION,
    t.SANDBOX_CONNECTION: sandboxes.DELEGATION,
    t.CONTAINER_GROUP: container_instances.DELEGATION,
}
"""Delegation that Azure requires, by type; subnets of nodes have none [AKS-14]."""


@dataclass(frozen=True, slots=True)
class Occupant:
    """A resource that takes addresses from a subnet.

    Attributes:
        resource: the resource; a cluster for its separate node pools.
        certain: whether it is in this subnet; otherwise only its network is known, which has several.
    """

    resource: Resource
    certain: bool


def subnet_paths(resource: Resource) -> list[str]:
    """Return the dotted paths that name subnets of a resource that runs containers; none for other resources."""
    found = []
    for path in PLACES.get(resource.type, ()):
        if "{}" not in path:
            found.append(path)
            continue
        try:
            pools = len(resource.value("agentPoolProfiles", ()))
        except Undetermined:
            pools = 0
        found += [path.format(at) for at in range(pools)]
    return found


def _is_set(resource: Resource, path: str) -> bool:
    try:
        return resource.value(path) is not None
    except Undetermined:
        return True


@once_a_graph
def networks_of_compute(graph: Graph) -> dict[str, list[Resource]]:
    """Return the virtual networks of each resource that runs containers, by the URN of the resource."""
    found: dict[str, list[Resource]] = {}
    for resource in graph.of(*PLACES):
        named = [
            each for path in subnet_paths(resource) for each in graph.references(resource, path, t.SUBNET, t.NETWORK)
        ]
        networks = [graph.arm_parent(each) if each.type == t.SUBNET else each for each in named]
        found.setdefault(_owner(graph, resource).urn, []).extend(each for each in networks if each)
    return found


def _owner(graph: Graph, resource: Resource) -> Resource:
    """Return the cluster of a separate node pool, whose networking decides what the pool takes."""
    return (graph.arm_parent(resource) or resource) if resource.type == t.AGENT_POOL else resource


def subnets_taken(graph: Graph, resource: Resource, path: str) -> list[Subnet]:
    """Return the subnets that a path may refer to, without those in which Azure refuses the resource for its delegation.

    What is true of all others is true of the resource: it is in one of them, or is refused.
    """
    found = subnets_of(graph, resource, path) if _is_set(resource, path) else []
    if len(found) < 2:
        return found
    possible = [each for each in found if _accepts(each, resource, path)]
    return possible or found


def _accepts(subnet: Subnet, resource: Resource, path: str) -> bool:
    try:
        delegations = subnet.delegations()
        if resource.type == t.ENVIRONMENT and environment_kind(resource) == "consumption_only":
            return True  # delegated or not [CAE-3]
    except Undetermined:
        return True
    if path.endswith("podSubnetID"):
        return delegations in ([], [aks.POD_SUBNET_DELEGATION.lower()])
    wanted = _DELEGATIONS.get(resource.type)
    return wanted.lower() in delegations if wanted else not delegations


def endpoint_subnets(graph: Graph, endpoint: Resource) -> list[Subnet]:
    """Return the subnets that a private endpoint may be in.

    Subnets that Azure excludes, because they are delegated or reserved, are left out [PE-SUBNET]: an endpoint in one of them is
    refused, so that what is true of all others is true of the endpoint.
    """
    found = subnets_of(graph, endpoint, "subnet.id")
    if len(found) < 2:
        return found
    return [each for each in found if _may_hold_endpoints(each)] or found


def _may_hold_endpoints(subnet: Subnet) -> bool:
    try:
        return holds_private_endpoints(subnet.name, subnet.delegations())
    except Undetermined:
        return True


@once_a_graph
def endpoints_by_subnet(graph: Graph) -> dict[SubnetKey, list[Occupant]]:
    """Return the private endpoints by subnet."""
    found: dict[SubnetKey, list[Occupant]] = defaultdict(list)
    for endpoint in graph.of(t.PRIVATE_ENDPOINT):
        subnets = endpoint_subnets(graph, endpoint)
        for subnet in subnets:
            found[subnet.key].append(Occupant(endpoint, len(subnets) == 1))
    return dict(found)


@once_a_graph
def others_by_subnet(graph: Graph) -> dict[SubnetKey, list[Occupant]]:
    """Return by subnet the resources other than private endpoints that take addresses, each once."""
    found: dict[SubnetKey, dict[str, Occupant]] = defaultdict(dict)
    for resource in graph.of(*PLACES):
        owner = _owner(graph, resource)
        for path in subnet_paths(resource):
            subnets = subnets_taken(graph, resource, path)
            for subnet in subnets:
                before = found[subnet.key].get(owner.urn)
                certain = len(subnets) == 1 or (before is not None and before.certain)
                found[subnet.key][owner.urn] = Occupant(owner, certain)
    return {key: list(each.values()) for key, each in found.items()}


def neighbours(graph: Graph, subnet: Subnet, resource: Resource) -> list[str]:
    """Return the names of the resources that are in a subnet for certain, other than the given one."""
    groups = (endpoints_by_subnet(graph), others_by_subnet(graph))
    found = [each for group in groups for each in group.get(subnet.key, ())]
    return [each.resource.name for each in found if each.certain and each.resource is not resource]


def endpoint_consumers(
    graph: Graph, endpoint: Resource, subnet: Subnet | None = None, elsewhere: int | None = None
) -> Iterator[Consumer]:
    """Yield what a private endpoint takes, for each connection [ACR-7].

    Args:
        graph: all resources.
        endpoint: the private endpoint.
        subnet: its subnet; None where it is not part of the program.
        elsewhere: addresses for a registry that is not part of the program.

    Raises:
        Undetermined: regions, a setting, or a registry outside the program decide and are unknown.
    """
    key = subnet.key if subnet else ("", "")
    for link in connections_of(graph, endpoint):
        registries = [each for each in link.targets if each.type == t.REGISTRY]
        if registries:
            regions, regional = len(regions_of(graph, registries[0])), is_on(registries[0], "regionalEndpoints")
            yield registry_consumer(key, endpoint.name, regions=regions, regional_endpoints=regional)
        elif GROUP_ID in link.groups:
            if elsewhere is None:
                reason = (
                    f"{endpoint.name} connects to a registry outside the program: configure registry_made_elsewhere"
                )
                raise Undetermined(f"{link.path}.privateLinkServiceId", reason)
            parts = f"{elsewhere} for a registry outside the program"
            yield Consumer(key, endpoint.name, elsewhere, parts)
        else:
            yield Consumer(key, endpoint.name, 1, "1 private endpoint")


def occupant_need(graph: Graph, subnet: Subnet, occupant: Occupant) -> int:
    """Return the addresses that a resource other than a private endpoint takes in a subnet at its largest.

    Raises:
        Undetermined: a value that decides is unknown.
    """
    resource = occupant.resource
    if resource.type == t.AGENT_POOL:
        raise Undetermined("resourceName", f"the cluster of {resource.name} is not part of the program")
    if resource.type == t.CLUSTER:
        return sum(each.need for each in cluster_consumers(graph, resource) if each.subnet == subnet.key)
    if resource.type == t.ENVIRONMENT:
        return environment_need(graph, resource, subnet).need
    if resource.type == t.CONTAINER_GROUP:
        return container_instances.group_consumer(subnet.key, resource.name).need
    return sandboxes.consumer(subnet.key, resource.name).need


def joint_key(subnets: Iterable[Subnet]) -> SubnetKey:
    """Return one key for the subnets that a resource may be in: that of the subnet where there is only one."""
    keys = [each.key for each in subnets]
    return keys[0] if len(keys) == 1 else ("", "; ".join("#".join(key) for key in keys))


def pool_subnets(graph: Graph, owner: Resource, pool: str, name: str) -> list[Subnet]:
    """Return the subnets that a node pool may have for nodes (`vnetSubnetID`) or pods (`podSubnetID`)."""
    return subnets_taken(graph, owner, member(pool, name))


def cluster_consumers(graph: Graph, cluster: Resource) -> list[Consumer]:
    """Return what a cluster takes at its largest, while all of its node pools are upgraded [AKS-1].

    The subnet of a consumer is the `joint_key` of the subnets that it may be.

    Raises:
        Undetermined: a value that decides is unknown.
    """
    mode = network_mode(cluster)
    pools = {f"{owner.urn} {pool}": _pool(graph, owner, pool, mode) for owner, pool in all_pools(graph, cluster)}
    if not pools:
        return []
    profile = "apiServerAccessProfile"
    private = cluster.value(f"{profile}.enablePrivateCluster") is True
    integrated = cluster.value(f"{profile}.enableVnetIntegration") is True
    endpoint = next(iter(pools.values())).subnet if private and not integrated else None
    return list(aks.consumers(cluster.name, pools, mode, private=endpoint, load_balancers=0))


def _pool(graph: Graph, owner: Resource, pool: str, mode: aks.Networking) -> aks.Pool:
    scales = owner.value(member(pool, "enableAutoScaling")) is True
    surge = str(owner.value(member(pool, "upgradeSettings.maxSurge"), aks.SERVICE_SURGE))
    problem = aks.surge_problem(surge)
    if problem:
        raise Undetermined(member(pool, "upgradeSettings.maxSurge"), problem)
    pods = pool_subnets(graph, owner, pool, "podSubnetID")
    has_pod_subnet = bool(pods) or _is_set(owner, member(pool, "podSubnetID"))
    default = aks.service_max_pods(mode, pod_subnet=has_pod_subnet)
    return aks.Pool(
        name=pool_name(owner, pool),
        subnet=joint_key(pool_subnets(graph, owner, pool, "vnetSubnetID")),
        most=int(owner.value(member(pool, "maxCount" if scales else "count"), 1)),
        max_surge=surge,
        max_pods=int(owner.value(member(pool, "maxPods"), default)),
        pod_subnet=joint_key(pods) if has_pod_subnet else None,
    )


def environment_kind(environment: Resource) -> Kind:
    """Return whether an environment has workload profiles or is of the older consumption-only kind [CAE-1].

    Raises:
        Undetermined: it is not known yet.
    """
    return "workload_profiles" if stated(environment, "workloadProfiles") else "consumption_only"


def environment_need(graph: Graph, environment: Resource, subnet: Subnet) -> Consumer:
    """Return what an environment takes in a subnet at its largest, while revisions are replaced [CAE-2, CAE-3].

    Raises:
        Undetermined: a value that decides is unknown.
    """
    return environment_consumer(
        subnet.key,
        environment.name,
        kind=environment_kind(environment),
        nodes=_nodes(environment),
        replicas=_replicas(graph, environment),
    )


def _replicas(graph: Graph, environment: Resource) -> Replicas:
    """Return the most replicas on consumption; those of single-revision apps double while a revision is replaced."""
    doubled = steady = 0
    for app in graph.of(t.APP, t.JOB):
        inside = [*graph.references(app, "environmentId"), *graph.references(app, "managedEnvironmentId")]
        if environment not in inside or not same(app.value("workloadProfileName", CONSUMPTION), CONSUMPTION):
            continue
        if app.type == t.JOB:
            steady += int(app.value("configuration.eventTriggerConfig.scale.maxExecutions", 1))
            continue
        most = int(app.value("template.scale.maxReplicas", DEFAULT_MAX_REPLICAS))
        if same(app.value("configuration.activeRevisionsMode", "Single"), "Single"):
            doubled += most
        else:
            steady += most
    return Replicas(doubled, steady)


def _nodes(environment: Resource) -> Iterator[Nodes]:
    for path, _ in environment.each("workloadProfiles"):
        kind = profile_type(str(environment.value(f"{path}.workloadProfileType", "")))
        if kind and kind.has_nodes:
            name, most = environment.value(f"{path}.name", path), environment.value(f"{path}.maximumCount", 1)
            yield Nodes(str(name), int(most), True)
