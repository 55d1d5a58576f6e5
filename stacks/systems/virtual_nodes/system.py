"""Virtual nodes in a stack: addresses, pulls and cross-system checks."""

from __future__ import annotations

from collections.abc import Iterator

from components.aks.spec import ClusterSpec
from components.network.spec import NetworkSpec
from planning import virtual_nodes as rules
from planning.addresses import Consumer
from planning.problems import Path, Problem
from planning.regions import zone_problem
from planning.virtual_nodes import Machines
from stacks.billing import not_known
from stacks.plan import Plan, Puller
from stacks.sites import Sites
from stacks.spec import StackSpec
from stacks.system import System

SECTION = "virtual_nodes"


def consumers(spec: StackSpec) -> Iterator[Consumer]:
    """Addresses of pods and standby machines in their subnet."""
    for key, virtual in spec.virtual_nodes.items():
        cluster = spec.clusters.get(key)
        if cluster is not None:
            standby = virtual.standby.ready * virtual.nodes if virtual.standby else 0
            yield rules.consumer((cluster.network, virtual.subnet), key, pods=virtual.pods, standby=standby)


def pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    """Pods pull with the cluster's kubelet identity, or with their own."""
    for key, virtual in spec.virtual_nodes.items():
        cluster = spec.clusters.get(key)
        if cluster is not None:
            region = sites["clusters", key].location
            yield Puller((SECTION, key), region, virtual.identity or cluster.kubelet_identity)


def places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Networking and nodes of the clusters, and subnets [VN-1, VN-3, VN-9]."""
    for key, virtual in spec.virtual_nodes.items():
        path = (SECTION, key)
        cluster = spec.clusters.get(key)
        if cluster is None:
            continue
        if cluster.id is not None:
            message = f"cluster {key} is made elsewhere and is not changed; state its virtual nodes in the stack that makes it"
            yield Problem(path, f"{message}, and remove them here [VN-5]")
        if not rules.offered(spec.cloud):
            yield Problem(
                path, f"are not known to work with Resource Manager in the {spec.cloud} cloud; remove them [VN-6]"
            )
        problem = rules.network_problem(cluster.network_plugin, cluster.mode)
        if problem:
            yield Problem(path, problem)
        problem = rules.room_problem(virtual.nodes, _machines(cluster))
        if problem:
            yield Problem((*path, "nodes"), problem)
        if cluster.api_server.authorized_ranges:
            message = (
                f"cluster {key} has authorized_ranges, which block virtual nodes; write private: true there [VN-9]"
            )
            yield Problem(path, message)
        if cluster.network in spec.networks:
            yield from _subnet(spec.networks[cluster.network], (*path, "subnet"), virtual.subnet)
            yield from _reserved(spec.networks[cluster.network], ("networks", cluster.network, "subnets"))


def _machines(cluster: ClusterSpec) -> Iterator[Machines]:
    return (Machines(name, pool.vm_size, pool.most) for name, pool in cluster.pools.items() if pool.os_type == "Linux")


def _subnet(network: NetworkSpec, path: Path, name: str) -> Iterator[Problem]:
    subnet = network.subnets.get(name)
    if subnet is None:
        return
    if subnet.delegation != rules.DELEGATION and not (network.outside and subnet.delegation is None):
        message = (
            f"{name} is delegated to {subnet.delegation or 'nothing'}; set delegation: {rules.DELEGATION} on it [VN-1]"
        )
        yield Problem(path, message)


def _reserved(network: NetworkSpec, path: Path) -> Iterator[Problem]:
    for key, subnet in network.subnets.items():
        if subnet.prefix is not None and subnet.prefix.overlaps(rules.RESERVED):
            message = (
                f"{subnet.prefix} overlaps {rules.RESERVED}, which virtual nodes reserve; use another range [VN-7]"
            )
            yield Problem((*path, key), message, "warning")


def reach(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Pods that cannot pull from a registry without public access, because no identity is stated [VN-5]."""
    if spec.registry is None or spec.registry.public_network_access != "Disabled":
        return
    for key, virtual in spec.virtual_nodes.items():
        if virtual.identity is not None and not spec.registry.trusted_services_bypass:
            message = "false, but virtual nodes pull as a trusted service from a registry that is not public; write true [VN-5]"
            yield Problem(("registry", "trusted_services_bypass"), message, "warning")
        if virtual.identity is None and key in spec.clusters:
            message = (
                "the registry has no public access; pods pull images only with an identity that is named here and that the "
                "registry trusts: state identity [VN-5]"
            )
            yield Problem((SECTION, key), message, "warning")


def pods(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Workloads that exceed the pods of virtual nodes, or the size of a container group [VN-3, ACI-1]."""
    for key, virtual in spec.virtual_nodes.items():
        theirs = {name: w for name, w in spec.workloads.items() if w.virtual_nodes and key in w.clusters}
        wanted = sum(workload.replicas + workload.surge for workload in theirs.values())
        if wanted > virtual.pods:
            parts = "; ".join(f"{name}: {w.replicas} + {w.surge} during an update" for name, w in theirs.items())
            message = f"{virtual.pods}, but workloads run {wanted} on them ({parts}); raise it [VN-3]"
            yield Problem((SECTION, key, "pods"), message)
        for name, workload in theirs.items():
            problem = virtual.size_problem(workload.resources.size)
            if problem:
                yield Problem(("workloads", name, "resources"), f"a pod of {problem}")


def zones(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """The zone of pods in a region without availability zones [REGION-2]."""
    for key, nodes in spec.virtual_nodes.items():
        region = plan.sites["clusters", key].location if key in spec.clusters else ""
        problem = zone_problem(region, nodes.zone, "remove it") if nodes.zone else None
        if problem:
            yield Problem((SECTION, key, "zone"), problem)


VIRTUAL_NODES = System(
    section=SECTION,
    charges=not_known(SECTION, "pods", "depends on the pods that run on virtual nodes", sites="clusters"),
    consumers=consumers,
    pullers=pullers,
    checks=(places, reach, pods, zones),
    builder="stacks.systems.virtual_nodes.build",
)
