"""What clusters are billed for: control plane, nodes of each pool with their disks, and outbound address."""

from __future__ import annotations

from collections.abc import Iterator

from components.aks.pool_spec import PoolSpec
from components.aks.spec import ClusterSpec
from planning import meters
from planning.charges import Charge, Item, NotKnown
from planning.problems import Path
from planning.vm_sizes import size_of, takes_premium_disks
from stacks.billing import public_address, running
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the clusters that this stack makes [COST-AKS]."""
    for key, cluster in spec.own_clusters.items():
        path = ("clusters", key)
        region = plan.sites[path].location
        plane = meters.CONTROL_PLANE.get(cluster.tier)
        if plane is None:
            why = "the price list has a meter for Free control planes, and no documentation of who is billed by it"
            yield NotKnown(path, region, "Free control plane", f"{why} [COST-WORKSHEET]")
        else:
            yield running(path, region, f"{cluster.tier} control plane", plane, usage)
        for name, pool in cluster.pools.items():
            yield from _pool((*path, "pools", name), region, pool, usage)
        if cluster.outbound_type == "loadBalancer":
            yield public_address(path, region, usage)
            yield NotKnown(path, region, "load balancer", "depends on its rules and data")
        if cluster.watched:
            yield _defender(path, region, cluster, usage)
        yield NotKnown(path, region, "volumes and services", "depends on what is deployed to the cluster")


def _defender(path: Path, region: str, cluster: ClusterSpec, usage: Usage) -> Item:
    """Defender for Containers, which is billed by the vCPUs of all nodes [COST-TABLE]."""
    least = most = 0
    for pool in cluster.pools.values():
        size = size_of(pool.vm_size)
        if size is None:
            return NotKnown(path, region, "Defender for Containers", f"the vCPUs of {pool.vm_size} are not known")
        least, most = least + pool.least * size.cores, most + pool.most * size.cores
    part = f"Defender for Containers, {least} to {most} vCPUs"
    return running(path, region, part, meters.DEFENDER, usage, least, most)


def _pool(path: Path, region: str, pool: PoolSpec, usage: Usage) -> Iterator[Item]:
    counts = str(pool.least) if pool.least == pool.most else f"{pool.least} to {pool.most}"
    nodes = f"{counts} nodes {pool.vm_size}"
    if pool.priority == "Spot":
        yield NotKnown(path, region, f"{nodes}, Spot", "the price of Spot machines changes with demand")
    else:
        meter = meters.machine(pool.vm_size, windows=pool.os_type == "Windows")
        yield running(path, region, nodes, meter, usage, pool.least, pool.most)
    if pool.disk == "Managed":
        meter = meters.disk(pool.os_disk_size_gb, premium=takes_premium_disks(pool.vm_size))
        part = f"{counts} disks of {pool.os_disk_size_gb} GiB"
        yield Charge(path, region, part, meter, pool.least * usage.share, pool.most * usage.share)
