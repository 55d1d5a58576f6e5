"""Kubernetes clusters in a stack: sites, addresses, pulls and cross-system checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from components.aks.spec import ClusterSpec
from components.identity.spec import MOST_CREDENTIALS
from planning import aks as rules
from planning import names, regions
from planning.addresses import Consumer
from planning.aks import Pool
from planning.node_images import NODE_IMAGE_FLOOR
from planning.problems import Path, Problem
from planning.vm_sizes import small_for_system_pool
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System
from stacks.systems.aks.charges import charges

DELEGATION = "Microsoft.ContainerService/managedClusters"
"""Delegation of a pod subnet [AKS-3]."""


_NEEDS_A_WAY_OUT = {
    "userDefinedRouting": "a route table with a default route to an appliance or a gateway",
    "userAssignedNATGateway": "a NAT gateway",
}
"""Requirement on the subnet of the nodes, by outbound type."""


_OTHER_ADDRESSES = {
    "userDefinedRouting": "the next hop of the route table",
    "userAssignedNATGateway": "the NAT gateway",
}
"""Owner of the nodes' outbound addresses, by outbound types that do not use the cluster's load balancer [AKS-21]."""


def pools_of(cluster: ClusterSpec) -> dict[str, Pool]:
    """Return the address needs of a cluster's pools, its first pool first."""
    ordered = sorted(cluster.pools, key=lambda name: name != cluster.first_pool)
    return {
        name: Pool(
            name,
            (cluster.network, pool.subnet or cluster.node_subnet),
            pool.most,
            pool.max_surge,
            cluster.pods_of(pool),
            (cluster.network, pool.pod_subnet) if pool.pod_subnet else None,
        )
        for name, pool in ((name, cluster.pools[name]) for name in ordered)
    }


def sites_of(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Clusters in the region of their network, and the federated credentials of their service accounts."""
    for key, cluster in spec.clusters.items():
        path, network = ("clusters", key), ("networks", cluster.network)
        if cluster.id is not None:
            yield sites.elsewhere(path, cluster.id, follows=[network])
        else:
            name = (names.MANAGED_CLUSTER, sites.names.managed_cluster(key))
            yield sites.site(path, name, group=("clusters", key), follows=[network])
        for account in cluster.workload_identities:
            credential = (names.FEDERATED_IDENTITY_CREDENTIAL, sites.names.federated_credential(key, account))
            yield sites.site(
                ("clusters", key, "workload_identities", account), credential, group=sites.group(sites.home, "identity")
            )


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """Addresses of clusters: nodes, pods, private API servers, internal load balancers."""
    for key, cluster in spec.own_clusters.items():
        pools = pools_of(cluster)
        private = next(iter(pools.values())).subnet if cluster.api_server.private else None
        load_balancers = cluster.internal_load_balancers
        yield from rules.consumers(
            key, pools, cluster.mode, private=private, load_balancers=load_balancers, pod_range=cluster.pod_range
        )


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Nodes pull with the kubelet identity."""
    for key, cluster in spec.clusters.items():
        path = ("clusters", key)
        yield Puller(path, sites[path].location, cluster.kubelet_identity)


def image_host(spec: StackSpec, plan: Plan, key: str) -> str | None:
    """Return the registry host of the images that are pinned to a cluster's region, if it is known in advance [AKS-8].

    None if the registry's login server contains a hash that Azure generates.
    """
    cluster = spec.clusters[key]
    if not cluster.images_are_recent:
        return None if plan.endpoints is None else plan.endpoints.global_
    return plan.image_host(plan.sites["clusters", key].location, "regional", spec.rotation)


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Unsuitable subnets, and those of other services."""
    for key, cluster in spec.own_clusters.items():
        path = ("clusters", key)
        network = spec.networks.get(cluster.network)
        if network is not None:
            yield from _subnets(spec, plan, path, cluster)
            if not network.outside:
                yield from _way_out(spec, path, cluster)


def _way_out(spec: StackSpec, path: Path, cluster: ClusterSpec) -> Iterator[Problem]:
    """The subnets of nodes have what the outbound type asks for [AKS-15]."""
    keys = dict.fromkeys(filter(None, (cluster.subnet, *(pool.subnet for pool in cluster.pools.values()))))
    for key in keys:
        subnet = spec.subnet(cluster.network, key)
        if subnet is None or cluster.outbound_type not in _NEEDS_A_WAY_OUT:
            continue
        table = spec.route_tables.get(subnet.route_table or "")
        default = table.default_route if table else None
        led = default is not None and default.next_hop in ("VirtualAppliance", "VirtualNetworkGateway")
        by_route = led or (table is not None and not table.has_known_routes)
        if not (by_route if cluster.outbound_type == "userDefinedRouting" else subnet.nat_gateway):
            message = (
                f"{cluster.outbound_type} needs {_NEEDS_A_WAY_OUT[cluster.outbound_type]} on the nodes' subnet {key}; name one "
                f"in networks.{cluster.network}.subnets.{key}, or write loadBalancer [AKS-15]"
            )
            yield Problem((*path, "outbound_type"), message)


def _subnets(spec: StackSpec, plan: Plan, path: Path, cluster: ClusterSpec) -> Iterator[Problem]:
    network = spec.networks[cluster.network]
    stated = {edge.path: edge.value for edge in plan.references(path) if edge.reference.noun == "subnet"}
    for place, subnet in stated.items():
        service = network.subnets[subnet].delegation
        if place[-1] == "pod_subnet" and service != DELEGATION and not network.outside:
            message = (
                f"{subnet} is delegated to {service or 'nothing'}; write delegation: {DELEGATION}, which the service sets "
                "itself and the next update of the network would remove [AKS-3]"
            )
            yield Problem(place, message)
        elif service and place[-1] == "subnet":
            message = f"{subnet} is delegated to {service}, so nodes cannot use it; name another subnet [AKS-14]"
            yield Problem(place, message)
        if network.subnets[subnet].purpose == "private_endpoints":
            yield Problem(
                place, f"{subnet} is for private endpoints; give nodes a subnet of their own [AKS-14]", "warning"
            )


def ranges(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Overlaps of pod and service ranges with networks, and the size of the pod range [AKS-2, AKS-5]."""
    spaces = {key: tuple(network.address_space) for key, network in spec.networks.items()}
    for key, cluster in spec.own_clusters.items():
        path = ("clusters", key)
        kept = {"service_cidr": cluster.service_cidr}
        if cluster.pod_range is not None:
            kept["pod_cidr"] = cluster.pod_range
            narrow = rules.pod_range_problem(cluster.pod_range, pools_of(cluster))
            if narrow:
                yield Problem((*path, "pod_cidr"), narrow)
        peered = {peer for pair in plan.peerings if cluster.network in pair for peer in pair} - {cluster.network}
        found = rules.range_problems(
            kept, cluster.name_server, own=cluster.network, peered=frozenset(peered), networks=spaces
        )
        for problem in found:
            yield Problem((*path, *problem.path), problem.message, problem.severity)


def zones(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Availability zones that the region does not have [REGION-2]."""
    for key, cluster in spec.own_clusters.items():
        region = plan.sites["clusters", key].location
        for name, pool in cluster.pools.items():
            stated = ", ".join(pool.zones or ())
            problem = regions.zone_problem(region, stated, "remove them") if stated else None
            if problem:
                yield Problem(("clusters", key, "pools", name, "zones"), problem)


def sizes(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """System pools of sizes that the documentation excludes [AKS-22]."""
    for key, cluster in spec.own_clusters.items():
        for name, pool in cluster.pools.items():
            small = small_for_system_pool(pool.vm_size) if pool.mode == "System" else None
            if small:
                yield Problem(("clusters", key, "pools", name, "vm_size"), small, "warning")


def versions(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Versions that may not be supported [AKS-7]."""
    for key, cluster in spec.own_clusters.items():
        version = cluster.kubernetes_version
        if version and rules.minor_of(version) not in rules.KNOWN_MINORS and not cluster.long_term_support:
            known = ", ".join(rules.KNOWN_MINORS)
            message = f"{version} is not among the versions known to be supported ({known}); check it [AKS-7]"
            yield Problem(("clusters", key, "kubernetes_version"), message, "warning")


def stated_versions(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Versions that apply at creation only, since a channel upgrades the cluster [AKS-7]."""
    for key, cluster in spec.own_clusters.items():
        if cluster.kubernetes_version and cluster.channel_owns_version:
            message = (
                f"{cluster.kubernetes_version} applies at creation only: upgrade_channel {cluster.upgrade_channel} upgrades "
                "the cluster, and an edit here has no effect on an existing one; remove it after creation, or write "
                "upgrade_channel: patch to upgrade by this file [AKS-7]"
            )
            yield Problem(("clusters", key, "kubernetes_version"), message, "warning")


def ways_out(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Nodes whose outbound address the API server may not authorize [AKS-21]."""
    for key, cluster in spec.own_clusters.items():
        if cluster.api_server.authorized_ranges and cluster.outbound_type in _OTHER_ADDRESSES:
            ranges = ", ".join(map(str, cluster.api_server.authorized_ranges))
            message = (
                f"nodes reach the API server from the public addresses of {_OTHER_ADDRESSES[cluster.outbound_type]}, which the "
                f"service does not authorize by itself; make sure that {ranges} contains them, or write private: true [AKS-21]"
            )
            yield Problem(("clusters", key, "api_server", "authorized_ranges"), message, "warning")


def node_images(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Nodes that cannot pull from the co-located replica's own host [AKS-8]."""
    for key, cluster in spec.clusters.items():
        if cluster.images_are_recent or not (spec.registry and spec.registry.regional_endpoints):
            continue
        stated = f"node_image {cluster.node_image}" if cluster.node_image else "no node_image is stated"
        member = "node_image" if cluster.node_image else "node_os_upgrade_channel"
        why = (
            f"{cluster.node_os_upgrade_channel}, {stated}: nodes below image {NODE_IMAGE_FLOOR} get no credentials for "
            "regional hosts and fail to pull with 401"
        )
        path = ("clusters", key, member)
        if cluster.old_node_image == "refuse":
            yield Problem(path, f"{why}; write NodeImage, or state a later node_image [AKS-8]")
        else:
            yield Problem(path, f"{why}; image names use the global host instead [AKS-8]", "warning")


def service_accounts(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Duplicate service accounts, and too many credentials for one identity [MSI-2]."""
    subjects: dict[tuple[str, ...], str] = {}
    counts = Counter({key: len(identity.federated_credentials) for key, identity in spec.identities.items()})
    for key, cluster in spec.clusters.items():
        for name, account in cluster.workload_identities.items():
            path = ("clusters", key, "workload_identities", name)
            subject = (key, account.identity, account.namespace, account.service_account)
            if subjects.setdefault(subject, name) != name:
                message = f"is the same account and identity as {subjects[subject]}; subjects are unique, remove one"
                yield Problem(path, f"{message} [MSI-2]")
            counts[account.identity] += 1
            if counts[account.identity] == MOST_CREDENTIALS + 1:
                message = (
                    f"{account.identity} has {MOST_CREDENTIALS} federated credentials already, which is the limit of an "
                    "identity; use further identities [MSI-2]"
                )
                yield Problem(path, message)


CLUSTERS = System(
    section="clusters",
    charges=charges,
    sites=sites_of,
    consumers=consumers,
    pullers=pullers,
    checks=(places, ranges, zones, sizes, versions, stated_versions, ways_out, node_images, service_accounts),
    builder="stacks.systems.aks.build",
)
