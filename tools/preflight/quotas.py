"""Compares what the stack adds with the quotas of the subscription, by region: vCPUs of nodes, and network resources."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from planning import names
from planning.names import NameRule
from planning.vm_sizes import quota_family, size_of
from stacks.loader import Stack
from tools.preflight.arm import Arm, MissingError
from tools.preflight.findings import Finding

COMPUTE_VERSION, NETWORK_VERSION, CLUSTER_VERSION = "2024-07-01", "2024-05-01", "2025-09-01"

NETWORK: Mapping[NameRule, tuple[str, str]] = {
    names.VIRTUAL_NETWORK: ("VirtualNetworks", "Microsoft.Network/virtualNetworks"),
    names.ROUTE_TABLE: ("RouteTables", "Microsoft.Network/routeTables"),
    names.PUBLIC_IP_ADDRESS: ("PublicIPAddresses", "Microsoft.Network/publicIPAddresses"),
    names.PRIVATE_ENDPOINT: ("PrivateEndpoints", "Microsoft.Network/privateEndpoints"),
}
"""Name of the quota and ARM type of entries that the network quotas of a region count, by naming rule [QUOTA-NETWORK]."""

TOTAL = "cores"
"""Name of the quota of all vCPUs of a region [QUOTA-COMPUTE]."""


def quotas(stack: Stack, arm: Arm) -> Iterator[Finding]:
    """Yield one finding for each quota that the stack needs; raises the errors of `Arm.get`."""
    for region, needs in _vcpus(stack, arm).items():
        path = f"{arm.scope}/providers/Microsoft.Compute/locations/{region}/usages"
        yield from _compared(region, needs, _rows(arm, path, COMPUTE_VERSION), "vCPUs")
    for region, planned in _network(stack).items():
        path = f"{arm.scope}/providers/Microsoft.Network/locations/{region}/usages"
        rows = _rows(arm, path, NETWORK_VERSION)
        yield from _compared(region, _missing(planned, arm), rows, "resources")


def _vcpus(stack: Stack, arm: Arm) -> dict[str, Counter[str]]:
    """The vCPUs that the nodes of clusters take at first, beyond those that the clusters have already, by region and quota."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for key, cluster in stack.spec.own_clusters.items():
        site = stack.plan.sites["clusters", key]
        held = _held(arm, f"{arm.scope}/resourceGroups/{site.group.name}", site.name)
        for name, pool in cluster.pools.items():
            size = size_of(pool.vm_size)
            more = max(0, pool.least - held.get(name, 0)) * (size.cores if size else 0)
            found[site.location][TOTAL] += more
            family = quota_family(pool.vm_size)
            if family:
                found[site.location][family] += more
    return found


def _held(arm: Arm, group: str, name: str) -> Mapping[str, int]:
    """Number of nodes by pool of a cluster that exists."""
    try:
        shown = arm.get(f"{group}/providers/Microsoft.ContainerService/managedClusters/{name}", CLUSTER_VERSION)
    except MissingError:
        return {}
    pools = (shown.get("properties") or {}).get("agentPoolProfiles") or ()
    return {str(pool["name"]): int(pool.get("count") or 0) for pool in pools}


def _network(stack: Stack) -> dict[str, list[tuple[str, str, str]]]:
    """The network resources of the stack by region: name of the quota, ARM type and path in its resource group."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for site in stack.plan.sites:
        for rule, name in () if site.elsewhere or site.group.subscription else site.names:
            if rule in NETWORK:
                quota, kind = NETWORK[rule]
                path = f"resourceGroups/{site.group.name}/providers/{kind}/{name}"
                found[site.location].append((quota, kind, path.lower()))
    return found


def _missing(planned: list[tuple[str, str, str]], arm: Arm) -> Counter[str]:
    """Number of planned resources that do not exist, by the name of the quota."""
    there = {
        str(each["id"]).lower()
        for kind in sorted({kind for _, kind, _ in planned})
        for each in arm.every(f"{arm.scope}/providers/{kind}", NETWORK_VERSION)
    }
    counted: Counter[str] = Counter()
    for quota, _, path in planned:
        counted[quota] += f"{arm.scope}/{path}".lower() not in there
    return counted


def _rows(arm: Arm, path: str, version: str) -> Mapping[str, Mapping[str, Any]]:
    return {str(row["name"]["value"]).lower(): row for row in arm.every(path, version)}


def _compared(
    region: str, needs: Mapping[str, int], rows: Mapping[str, Mapping[str, Any]], noun: str
) -> Iterator[Finding]:
    for quota, more in needs.items():
        subject = f"{region}/{quota}"
        row = rows.get(quota.lower())
        if row is None:
            # A family that the subscription never used is counted in the total of the region.
            continue
        free = int(row["limit"]) - int(row["currentValue"])
        room = f"{quota} in {region}: the stack takes {more} more {noun}, {free} of {row['limit']} are free"
        if more <= free:
            yield Finding("quotas", "passed", subject, room)
        else:
            advice = (
                "request a higher quota, or state fewer or smaller nodes"
                if noun == "vCPUs"
                else "request a higher quota"
            )
            yield Finding("quotas", "failed", subject, f"{room}: {more - free} short; {advice}")
