"""Usages and limits of a subscription in a region: vCPUs of compute, and resources of networks [QUOTA-COMPUTE, QUOTA-NETWORK]."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from local_azure.facts.compute import MACHINES
from local_azure.facts.container_service import CLUSTERS, POOLS
from local_azure.services import regions
from local_azure.services.cloud import Answer, Cloud, Json, Request
from local_azure.store import Resource

_SIZE = re.compile(r"Standard_([DEF])(\d+)([a-z]*)_v([2-5])", re.IGNORECASE)
_CORES = re.compile(r"Standard_[A-Z]+(\d+)", re.IGNORECASE)

_NETWORK: Mapping[str, tuple[str, str, int]] = {
    "Microsoft.Network/virtualNetworks": ("VirtualNetworks", "Virtual Networks", 1_000),
    "Microsoft.Network/networkSecurityGroups": ("NetworkSecurityGroups", "Network Security Groups", 5_000),
    "Microsoft.Network/publicIPAddresses": ("PublicIPAddresses", "Public IP Addresses", 1_000),
    "Microsoft.Network/routeTables": ("RouteTables", "Route Tables", 200),
    "Microsoft.Network/privateEndpoints": ("PrivateEndpoints", "Private Endpoints", 65_536),
}
"""Name in the answer, its display name and the default limit of each type [QUOTA-NETWORK]."""


def compute(cloud: Cloud, request: Request) -> Answer:
    """List the vCPUs in use: of the region, and of every family that is in use or stated in the settings."""
    region, used = _region(request), Counter[str]()
    for size, count in _machines(cloud, request.id.subscription, region):
        cores = int(match[1]) if (match := _CORES.match(size)) else 0
        used["cores"] += cores * count
        family = _family(size)
        if family:
            used[family] += cores * count
    limits = {"cores": cloud.settings.regional_vcpus, **dict.fromkeys(used, cloud.settings.regional_vcpus)}
    rows = [_row(name, name, used[name], limit) for name, limit in limits.items()]
    return Answer(200, {"value": rows})


def network(cloud: Cloud, request: Request) -> Answer:
    """List the resources of networks in use, by type."""
    region, where = _region(request), f"/subscriptions/{request.id.subscription}/".lower()
    rows = []
    for kind, (name, shown, limit) in _NETWORK.items():
        found = [each for each in cloud.store.of_type(kind) if each.key.startswith(where) and each.location == region]
        row = _row(name, shown, len(found), limit)
        rows.append({"id": f"{request.id.scope}/providers/Microsoft.Network/locations/{region}/usages/{name}", **row})
    return Answer(200, {"value": rows})


def _region(request: Request) -> str:
    return regions.normalised(request.id.names[0])


def _row(name: str, shown: str, used: int, limit: int) -> Json:
    return {
        "unit": "Count",
        "currentValue": used,
        "limit": limit,
        "name": {"value": name, "localizedValue": shown},
    }


def _machines(cloud: Cloud, subscription: str, region: str) -> list[tuple[str, int]]:
    """Size and number of the machines of a region: virtual machines, and nodes of clusters."""
    where = f"/subscriptions/{subscription}/".lower()

    def here(kind: str) -> list[Resource]:
        return [each for each in cloud.store.of_type(kind) if each.key.startswith(where) and each.location == region]

    found = [(str(_at(each, "hardwareProfile").get("vmSize") or ""), 1) for each in here(MACHINES)]
    for cluster in here(CLUSTERS):
        pools = [pool.properties for pool in cloud.store.children(cluster.id, POOLS)]
        found += [(str(pool.get("vmSize") or ""), int(pool.get("count") or 0)) for pool in pools]
    return found


def _at(resource: Resource, member: str) -> dict[str, Any]:
    return resource.properties.get(member) or {}


def _family(size: str) -> str:
    """Name of the quota of a size, for the series D, E and F up to version 5 [QUOTA-FAMILY]."""
    match = _SIZE.fullmatch(size)
    return f"standard{match[1].upper()}{match[3].upper()}v{match[4]}Family" if match else ""
