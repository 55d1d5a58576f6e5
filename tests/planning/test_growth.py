"""How many more nodes, replicas and pods fit in subnets."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from planning import aks, virtual_nodes
from planning.addresses import Consumer, Subnet, SubnetKey, ledger, registry_consumer
from planning.aks import Networking, Pool
from planning.container_apps import Kind, Nodes, Replicas, environment_consumer
from planning.growth import Room

NODES, PODS, APPS = ("eastus", "nodes"), ("eastus", "pods"), ("eastus", "apps")
POOL, CLUSTERS = "nodes of pool apps of cluster east", "clusters like east"


def growth(prefixes: dict[SubnetKey, int | None], *consumers: Consumer) -> tuple[Room, ...]:
    subnets = [
        Subnet(*key, None if prefix is None else IPv4Network(f"10.0.0.0/{prefix}"), outside=prefix is None)
        for key, prefix in prefixes.items()
    ]
    return ledger(subnets, consumers).growth()


def pools(*found: Room) -> tuple[Room, ...]:
    return tuple(room for room in found if room.of != CLUSTERS)


def cluster(pool: Pool, mode: Networking, pod_range: str | None = None) -> list[Consumer]:
    held = None if pod_range is None else IPv4Network(pod_range)
    return list(aks.consumers("east", {"apps": pool}, mode, private=None, load_balancers=0, pod_range=held))


def apps(kind: Kind, *, nodes: tuple[Nodes, ...] = (), replicas: Replicas | None = None) -> Consumer:
    return environment_consumer(APPS, "environment main", kind=kind, nodes=nodes, replicas=replicas or Replicas())


# [AKS-2] A /27 has 27 addresses: 20 nodes and 7 more of an upgrade by 33 % are 27, 21 nodes and 7 are 28.
def test_nodes_of_an_overlay_grow_with_those_that_an_upgrade_adds() -> None:
    assert pools(*growth({NODES: 27}, *cluster(Pool("apps", NODES, 10, "33%", 30), "overlay"))) == (
        Room(POOL, 10, "eastus/nodes"),
    )


# [AKS-1] A /24 has 251 addresses, and a node with 30 pods takes 31: 7 nodes and 1 of an upgrade take 248.
def test_nodes_of_a_flat_network_grow_with_their_pods() -> None:
    assert pools(*growth({NODES: 24}, *cluster(Pool("apps", NODES, 3, "1", 30), "flat"))) == (
        Room(POOL, 4, "eastus/nodes"),
    )


# [AKS-3] 30 pods take 32 addresses: the 251 of a /24 hold 7 nodes, 1 of an upgrade among them; a /27 has 27 for nodes.
def test_the_smaller_of_the_subnets_of_nodes_and_pods_limits_a_pool() -> None:
    consumers = cluster(Pool("apps", NODES, 3, "1", 30, PODS), "flat")
    assert pools(*growth({NODES: 27, PODS: 24}, *consumers)) == (Room(POOL, 3, "eastus/pods"),)
    assert pools(*growth({NODES: 29, PODS: 24}, *consumers)) == (Room(POOL, 0, "eastus/nodes"),)


# [AKS-2] A /22 holds a /24 for each of 4 nodes: 3 and 1 of an upgrade.
def test_the_pod_range_limits_an_overlay() -> None:
    consumers = cluster(Pool("apps", NODES, 2, "1", 30), "overlay", "10.240.100.0/22")
    assert pools(*growth({NODES: 24}, *consumers)) == (Room(POOL, 1, "pod range 10.240.100.0/22 [AKS-2]"),)


# [AKS-6] A pool has up to 1,000 nodes; a /16 has 65,531 addresses, and 10.0.0.0/8 holds 65,536 nodes.
@pytest.mark.parametrize("pod_range", [None, "10.0.0.0/8"])
def test_the_service_limits_a_pool(pod_range: str | None) -> None:
    consumers = cluster(Pool("apps", NODES, 990, "1", 30), "overlay", pod_range)
    assert pools(*growth({NODES: 16}, *consumers)) == (Room(POOL, 10, "1000 nodes of a pool [AKS-6]"),)


# [CAE-2] The service's own table: prefix, most dedicated nodes, most replicas, each in single revision mode.
@pytest.mark.parametrize(
    ("prefix", "nodes", "replicas"), [(23, 249, 2490), (24, 121, 1210), (25, 57, 570), (26, 25, 250), (27, 9, 90)]
)
def test_an_environment_grows_to_what_the_services_table_says(prefix: int, nodes: int, replicas: int) -> None:
    (room,) = growth({APPS: prefix}, apps("workload_profiles"))
    assert room == Room("replicas on consumption of environment main", replicas, "eastus/apps")
    (room,) = growth({APPS: prefix}, apps("workload_profiles", replicas=Replicas(doubled=25)))
    assert room.more == replicas - 25
    room, _ = growth({APPS: prefix}, apps("workload_profiles", nodes=(Nodes("big", 2, doubled=True),)))
    assert room == Room("nodes of profile big of environment main", nodes - 2, "eastus/apps")


# [CAE-2] A /27 leaves 18 addresses, and a node takes one if its apps keep their old revisions.
def test_nodes_whose_apps_keep_old_revisions_take_one_address_each() -> None:
    room, _ = growth({APPS: 27}, apps("workload_profiles", nodes=(Nodes("big", 2, doubled=False),)))
    assert room.more == 16


# [CAE-3] A /23 has 507 addresses, 256 for infrastructure: 251 are left for two of each replica.
def test_each_replica_of_a_consumption_only_environment_takes_an_address_of_its_own() -> None:
    (room,) = growth({APPS: 23}, apps("consumption_only"))
    assert room.more == 125


# [VN-2] A /26 has 59 addresses.
@pytest.mark.parametrize(("pods", "standby", "more"), [(40, 0, 19), (40, 10, 9), (49, 10, 0), (60, 0, 0)])
def test_pods_of_virtual_nodes_take_an_address_each(pods: int, standby: int, more: int) -> None:
    consumer = virtual_nodes.consumer(PODS, "east", pods=pods, standby=standby)
    assert growth({PODS: 26}, consumer) == (Room("pods on virtual nodes of cluster east", more, "eastus/pods"),)


# [ACR-7] A /28 has 11 addresses. Three regions take 7 with regional endpoints and 4 without; one more takes 2 or 1.
@pytest.mark.parametrize(("regional", "more"), [(True, 2), (False, 7)])
def test_replicas_of_a_registry_need_addresses_in_all_subnets(regional: bool, more: int) -> None:
    near, far = (
        registry_consumer((network, "registry"), f"private endpoint {network}", regions=3, regional_endpoints=regional)
        for network in ("eastus", "westeurope")
    )
    assert growth({near.subnet: 24, far.subnet: 28}, near, far) == (
        Room("regions with a replica of the registry", more, "westeurope/registry"),
    )


# [ACR-7] A /27 has 27 addresses: two endpoints of three regions take 8, and each further region takes one for each.
def test_endpoints_in_one_subnet_grow_together() -> None:
    consumers = [registry_consumer(NODES, name, regions=3, regional_endpoints=False) for name in ("a", "b")]
    assert growth({NODES: 27}, *consumers) == (Room("regions with a replica of the registry", 9, "eastus/nodes"),)


def test_a_subnet_whose_free_addresses_are_not_known_makes_the_growth_unknown_unless_another_one_is_full() -> None:
    consumers = cluster(Pool("apps", NODES, 3, "1", 30, PODS), "flat")
    assert pools(*growth({NODES: 27, PODS: None}, *consumers)) == (Room(POOL, None, "eastus/pods"),)
    assert pools(*growth({NODES: 29, PODS: None}, *consumers)) == (Room(POOL, 0, "eastus/nodes"),)


# [AKS-3] 30 pods take 32 addresses and a node one: a /24 has 251, which 7 nodes fit in, 1 of an upgrade among them.
def test_nodes_and_pods_in_one_subnet_grow_together() -> None:
    consumers = cluster(Pool("apps", NODES, 3, "1", 30, NODES), "flat")
    assert pools(*growth({NODES: 24}, *consumers)) == (Room(POOL, 3, "eastus/nodes"),)


# [AKS-2] 3 nodes and 1 of an upgrade take an address each, and 1 the API server [AKS-9]: a /26 has 59 for 11 such clusters.
def test_a_further_cluster_takes_what_one_like_it_takes() -> None:
    pool = Pool("apps", NODES, 3, "1", 30)
    one = list(aks.consumers("east", {"apps": pool}, "overlay", private=NODES, load_balancers=0))
    assert Room(CLUSTERS, 10, "eastus/nodes") in growth({NODES: 26}, *one)
    two = list(aks.consumers("east", {"apps": pool}, "overlay", private=NODES, load_balancers=2))
    assert Room(CLUSTERS, 7, "eastus/nodes") in growth({NODES: 26}, *two)


# [AKS-3] 4 nodes take 4 addresses and 128 for their pods: a /23 has 507 for 3 such clusters, and a /29 has 3 for none.
def test_a_further_cluster_needs_room_in_all_subnets_of_one_like_it() -> None:
    consumers = cluster(Pool("apps", NODES, 3, "1", 30, PODS), "flat")
    assert Room(CLUSTERS, 2, "eastus/pods") in growth({NODES: 24, PODS: 23}, *consumers)
    assert Room(CLUSTERS, 0, "eastus/nodes") in growth({NODES: 29, PODS: 23}, *consumers)
    assert Room(CLUSTERS, None, "eastus/pods") in growth({NODES: 24, PODS: None}, *consumers)
