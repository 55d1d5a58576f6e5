"""Kubernetes clusters: addresses, reserved ranges and versions.

A flat network gives every pod an address of the subnet, taken in advance for as many pods as a node may run. An overlay
gives the nodes addresses and the pods a range of the cluster's own. Either way an upgrade adds nodes temporarily: in a
subnet without addresses for them the cluster is created but its first upgrade fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv4Network
from typing import Literal, Protocol

from planning import names
from planning.addresses import Consumer, SubnetKey
from planning.growth import Growth, room
from planning.problems import Path, Problem
from planning.role_actions import Need
from planning.roles import Role

PluginMode = Literal["overlay", "flat"]
"""``overlay``: pods have addresses of the cluster's own range. ``flat``: pods have addresses of the network."""

Networking = Literal["overlay", "flat", "kubenet", "none"]
"""How the pods of any cluster are networked; ``none`` leaves it to a plugin that is installed later."""

DEFAULT_MAX_PODS: dict[PluginMode, int] = {"overlay": 250, "flat": 30}
"""Pods of a node where a stack file states nothing; the toolkit always sends the number [AKS-4]."""

SERVICE_MAX_PODS: dict[Networking, int] = {"overlay": 250, "flat": 30, "kubenet": 110, "none": 250}
"""Pods of a node where a request states nothing: what Azure takes. For ``none``, 250 is taken (chosen) [AKS-4]."""

SERVICE_MAX_PODS_IN_SUBNET = 110
"""The same for a flat network whose pods have a subnet of their own [AKS-4]."""

SERVICE_SURGE = "10%"
"""Nodes that an upgrade adds where a request states nothing: what Azure takes [POL-AKS-IPS]."""

OVERLAY_BY_DEFAULT = (1, 30)
"""First minor version with CNI overlay where a request names no plugin; older ones have kubenet
[AKS-DEFAULT-NETWORK]."""

MOST_NODES = 1000
"""Nodes that a pool may have [AKS-6]."""

FEWEST_PODS, MOST_PODS = 10, 250
"""Pods that a node may be limited to [AKS-4]."""

POD_BATCH = 16
"""Addresses that a node takes from a pod subnet at a time [AKS-3]."""

OVERLAY_NODE_PREFIX = 24
"""Prefix of the part of the pod range that each node of an overlay gets [AKS-2]."""

DEFAULT_POD_CIDR = IPv4Network("10.244.0.0/16")
"""Range of an overlay's pods where nothing is said, as Azure's own default [AKS-5, AKS-NETWORK]."""

DEFAULT_SERVICE_CIDR = IPv4Network("172.16.0.0/16")
"""Range of a cluster's services where nothing is said; Azure's own, 10.0.0.0/16, meets most networks (chosen)."""

SERVICE_SERVICE_CIDR = IPv4Network("10.0.0.0/16")
"""Range of a cluster's services where a request states nothing: what Azure takes [AKS-NETWORK]."""

WIDEST_SERVICE_PREFIX = 12
"""Shortest prefix that a service range may have [AKS-5]."""

POD_SUBNET_DELEGATION = "Microsoft.ContainerService/managedClusters"
"""Service to which a subnet of pods is delegated [AKS-3]."""

FORBIDDEN = tuple(map(IPv4Network, ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")))
"""Ranges that a cluster's pods, services and networks must not use [AKS-5]."""

NODE_RESOURCE_GROUP = replace(names.RESOURCE_GROUP, noun="node resource group", longest=80, source="AKS-NODES")
"""Name of the resource group that Azure makes for the nodes."""

MOST_AUTHORIZED_RANGES = 200
"""Authorized ranges of an API server without API Server VNet Integration [AKS-9]."""

KNOWN_MINORS = ("1.34", "1.35", "1.36", "1.37")
"""Minor versions that the calendar of AKS has as supported on 2026-11-29; a later one is reported and not refused [AKS-7]."""

SYSTEM_TAINT = "CriticalAddonsOnly"
"""The one taint of any effect that a System pool takes: the cluster's own pods tolerate it [AKS-17]."""

SYSTEM_ONLY = f"{SYSTEM_TAINT}=true:NoSchedule"
"""Taint that repels workloads from System nodes [AKS-6]."""

NETWORK_CONTRIBUTOR = Role("Network Contributor", "4d97b98b-1d4f-4787-a291-c67834d212e7")
MANAGED_IDENTITY_OPERATOR = Role("Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830")

NEEDS = (
    Need(
        "the control plane of a cluster",
        "Microsoft.ManagedIdentity/userAssignedIdentities",
        ("Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",),
    ),
    Need(
        "the control plane of a cluster",
        "Microsoft.Network/virtualNetworks/subnets",
        ("Microsoft.Network/virtualNetworks/subnets/join/action", "Microsoft.Network/virtualNetworks/subnets/read"),
    ),
    Need(
        "the control plane of a cluster",
        "Microsoft.Network/privateDnsZones",
        (
            "Microsoft.Network/privateDnsZones/A/write",
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks/write",
        ),
    ),
    Need(
        "the control plane of a cluster",
        "Microsoft.Network/virtualNetworks",
        ("Microsoft.Network/virtualNetworks/join/action",),
    ),
)
"""What the control plane does beside its nodes' resource group: hands out the kubelet's identity, joins subnets [AKS-12],
and keeps the name of a private API server in a zone that is given to it [AKS-ZONE]."""

_VERSION = re.compile(r"(\d+\.\d+)(\.\d+)?")
_SURGE = re.compile(r"(\d{1,3})(%?)")


def networking(
    plugin: str | None, plugin_mode: str | None, *, version: str | None = None, automatic: bool = False
) -> Networking:
    """Return how a cluster's pods are networked, from what a request states; None is what it leaves out [AKS-DEFAULT-NETWORK].

    Args:
        plugin: ``azure``, ``kubenet`` or ``none``, in any letter case.
        plugin_mode: ``overlay``, in any letter case.
        version: Kubernetes version, which decides the plugin where none is stated.
        automatic: whether it is AKS Automatic, whose clusters are overlays.
    """
    stated = (plugin or "").lower()
    if not stated:
        numbers = tuple(int(part) for part in re.findall(r"\d+", version or "")[:2])
        return "kubenet" if numbers and numbers < OVERLAY_BY_DEFAULT and not automatic else "overlay"
    if stated == "azure":
        return "overlay" if automatic or (plugin_mode or "").lower() == "overlay" else "flat"
    return "kubenet" if stated == "kubenet" else "none"


def service_max_pods(network: Networking, *, pod_subnet: bool) -> int:
    """Return the pods of a node where a request states none [AKS-4]."""
    return SERVICE_MAX_PODS_IN_SUBNET if network == "flat" and pod_subnet else SERVICE_MAX_PODS[network]


def support_problem(version: str, *, long_term: bool = False) -> str | None:
    """Return why a Kubernetes version is out of support in one line, or None where it is supported or newer than the table.

    Args:
        version: ``1.35`` or ``1.35.2``.
        long_term: whether the cluster has long-term support, which goes two years back and is not judged [AKS-7].
    """
    minor, oldest = (tuple(map(int, each.split(".")[:2])) for each in (version, KNOWN_MINORS[0]))
    if long_term or minor >= oldest:
        return None
    return f"{version} is out of support; {', '.join(KNOWN_MINORS)} are supported on 2026-11-29 [AKS-7]"


@dataclass(frozen=True, slots=True)
class Pool:
    """An agent pool as a consumer of addresses.

    Attributes:
        name: its name within the cluster.
        subnet: subnet of its nodes.
        most: maximum nodes.
        max_surge: nodes that an upgrade adds, a count such as ``2`` or a share such as ``33%``.
        max_pods: pods that a node may run.
        pod_subnet: subnet of its pods, if it differs; with a flat network only.
    """

    name: str
    subnet: SubnetKey
    most: int
    max_surge: str
    max_pods: int
    pod_subnet: SubnetKey | None = None

    @property
    def surge(self) -> int:
        """Nodes that an upgrade adds at the pool's largest: one at least, shares are rounded up [AKS-1]."""
        return surge_nodes(self.most, self.max_surge)


class _Placed(Protocol):
    """Where a pool lives, as a description states it."""

    @property
    def subnet(self) -> str | None: ...

    @property
    def pod_subnet(self) -> str | None: ...


def subnets_of(subnet: str, pools: Iterable[_Placed]) -> tuple[str, ...]:
    """Return the keys of the subnets that a cluster's pools live in, each once, its own first where it is used."""
    wanted: dict[str, None] = {}
    for pool in pools:
        wanted[pool.subnet or subnet] = None
        if pool.pod_subnet:
            wanted[pool.pod_subnet] = None
    return tuple(wanted)


def system_taint_problem(taint: str) -> str | None:
    """Return in one line why a System pool cannot have a taint that repels the cluster's own pods, or None [AKS-17]."""
    label, _, effect = taint.rpartition(":")
    if effect == "PreferNoSchedule" or label.partition("=")[0] == SYSTEM_TAINT:
        return None
    return (
        f"{taint} on a System pool, which must accept the cluster's own pods; write {SYSTEM_ONLY} or the "
        "effect PreferNoSchedule, or taint a User pool [AKS-17]"
    )


def surge_problem(text: str) -> str | None:
    """Return the problem with a ``max_surge`` in one line, or None: 1 to 100 nodes, or 1% to 100%."""
    match = _SURGE.fullmatch(text)
    if match and 1 <= int(match[1]) <= 100:
        return None
    return f"{text!r} is not a surge; write a share such as 33%, or a count such as 2 [AKS-1]"


def surge_nodes(nodes: int, max_surge: str) -> int:
    """Return the nodes that an upgrade adds to that many: shares are rounded up, one at least [AKS-1].

    Raises:
        ValueError: `max_surge` is none.
    """
    match = _SURGE.fullmatch(max_surge)
    if match is None:
        raise ValueError(surge_problem(max_surge))
    number = int(match[1])
    return max(1, -(-nodes * number // 100) if match[2] else number)


def consumers(
    cluster: str,
    pools: Mapping[str, Pool],
    mode: Networking,
    *,
    private: SubnetKey | None,
    load_balancers: int,
    pod_range: IPv4Network | None = None,
) -> Iterator[Consumer]:
    """Yield the addresses that a cluster uses, by subnet, each with the growth by further clusters that are like it.

    Args:
        cluster: its key, for messages.
        pools: its agent pools, one at least.
        mode: how pods get addresses; all but ``flat`` take none of the network's for them.
        private: subnet of the private endpoint of its API server; None where that is public.
        load_balancers: addresses kept for internal load balancers, in the first pool's subnet.
        pod_range: the cluster's own range of pods, which limits its nodes; None with a flat network or if not known.
    """
    spare = None if pod_range is None else nodes_of(pod_range) - sum(pool.most + pool.surge for pool in pools.values())
    own = [
        consumer
        for pool in pools.values()
        for consumer in _pool_consumers(cluster, pool, mode, f"pod range {pod_range} [AKS-2]", spare)
    ]
    first = next(iter(pools.values()))
    if private is not None:
        own.append(Consumer(private, f"API server of cluster {cluster}", 1, "1 API server", source="AKS-9"))
    if load_balancers:
        parts = f"{load_balancers} internal load balancers"
        own.append(
            Consumer(first.subnet, f"load balancers of cluster {cluster}", load_balancers, parts, source="AKS-9")
        )
    yield from (consumer.repeated(f"clusters like {cluster}") for consumer in own)


def _pool_consumers(
    cluster: str, pool: Pool, mode: Networking, pod_range: str, spare: int | None
) -> Iterator[Consumer]:
    name = f"pool {pool.name} of cluster {cluster}"
    nodes = pool.most + pool.surge

    def added(more: int) -> int:
        return more + surge_nodes(pool.most + more, pool.max_surge) - pool.surge

    most, limit = MOST_NODES - pool.most, f"{MOST_NODES} nodes of a pool [AKS-6]"
    if spare is not None:
        by_range = room((Growth(name, added, most, limit),), pod_range, spare)
        most, limit = by_range.more or 0, by_range.limit

    def growth(each: int) -> tuple[Growth, ...]:
        return (Growth(f"nodes of {name}", lambda more: each * added(more), most, limit),)

    shown = f"{pool.most} nodes + {pool.surge} surge"
    if mode != "flat" or pool.pod_subnet is not None:
        yield Consumer(pool.subnet, name, nodes, shown, source="AKS-2", growth=growth(1))
    else:
        parts = f"({shown}) x ({pool.max_pods} pods + 1)"
        each = pool.max_pods + 1
        yield Consumer(pool.subnet, name, nodes * each, parts, source="AKS-1", growth=growth(each))
    if mode == "flat" and pool.pod_subnet is not None:
        batched = -(-pool.max_pods // POD_BATCH) * POD_BATCH
        parts = f"({shown}) x {batched} ({pool.max_pods} pods in batches of {POD_BATCH})"
        pods = f"pods of {name}"
        yield Consumer(pool.pod_subnet, pods, nodes * batched, parts, source="AKS-3", growth=growth(batched))


def nodes_of(pod_range: IPv4Network) -> int:
    """Return the nodes that an overlay's pod range holds: each gets a /24 of it [AKS-2]."""
    return 1 << OVERLAY_NODE_PREFIX - pod_range.prefixlen if pod_range.prefixlen <= OVERLAY_NODE_PREFIX else 0


def pod_range_problem(pod_cidr: IPv4Network, pools: Mapping[str, Pool]) -> str | None:
    """Return why an overlay's pod range is too small for its nodes, or None: each node gets a /24 of it [AKS-2]."""
    nodes = sum(pool.most + pool.surge for pool in pools.values())
    held = nodes_of(pod_cidr)
    if nodes <= held:
        return None
    fitting = OVERLAY_NODE_PREFIX - (nodes - 1).bit_length()
    parts = "; ".join(f"{pool.name}: {pool.most} nodes + {pool.surge} surge" for pool in pools.values())
    return (
        f"{pod_cidr} holds a /{OVERLAY_NODE_PREFIX} for {held} nodes, {nodes} are needed ({parts}); "
        f"give /{fitting} or larger [AKS-2]"
    )


def range_problems(
    ranges: Mapping[str, IPv4Network],
    dns_service_ip: IPv4Address,
    *,
    own: str,
    peered: frozenset[str],
    networks: Mapping[str, tuple[IPv4Network, ...]],
) -> Iterator[Problem]:
    """Yield the problems of a cluster's reserved ranges, each with its property [AKS-5].

    Args:
        ranges: ``service_cidr`` and, for an overlay, ``pod_cidr``.
        dns_service_ip: address of the cluster's name server.
        own: key of the cluster's network.
        peered: keys of the networks peered with it.
        networks: address space of every network by key; empty where it is not known.
    """
    for member, kept in ranges.items():
        yield from _in_networks((member,), kept, own, peered, networks)
        forbidden = next((other for other in FORBIDDEN if kept.overlaps(other)), None)
        if forbidden:
            yield Problem(
                (member,), f"{kept} overlaps {forbidden}, which a cluster must not use; use another range [AKS-5]"
            )
    service = ranges["service_cidr"]
    if "pod_cidr" in ranges and service.overlaps(ranges["pod_cidr"]):
        message = f"{ranges['pod_cidr']} overlaps service_cidr ({service}); give each a range of its own [AKS-5]"
        yield Problem(("pod_cidr",), message)
    if service.prefixlen <= WIDEST_SERVICE_PREFIX:
        yield Problem(
            ("service_cidr",), f"{service} is too large; give /{WIDEST_SERVICE_PREFIX + 1} or smaller [AKS-5]"
        )
    taken = {service.network_address, service.network_address + 1, service.broadcast_address}
    if dns_service_ip not in service or dns_service_ip in taken:
        message = (
            f"{dns_service_ip} is not a free address of service_cidr ({service}), whose first is the API server's; "
            f"take {service.network_address + 10} [AKS-5]"
        )
        yield Problem(("dns_service_ip",), message)


def _in_networks(
    path: Path,
    kept: IPv4Network,
    own: str,
    peered: frozenset[str],
    networks: Mapping[str, tuple[IPv4Network, ...]],
) -> Iterator[Problem]:
    for key, space in networks.items():
        met = next((network for network in space if network.overlaps(kept)), None)
        if met is None:
            continue
        if key == own or key in peered:
            where = "the cluster's own network" if key == own else f"network {key}, which is peered with {own}"
            yield Problem(path, f"{kept} overlaps {met} of {where}: pods would not reach it; use another range [AKS-5]")
        else:
            message = (
                f"{kept} overlaps {met} of network {key}: the cluster could not reach it if they were peered [AKS-5]"
            )
            yield Problem(path, message, "warning")


def version_problem(version: str) -> str | None:
    """Return the problem with a Kubernetes version's form in one line, or None: ``1.35`` or ``1.35.2``."""
    if _VERSION.fullmatch(version):
        return None
    return f"{version!r} is not a version; write a minor one such as 1.35, quoted, or a patch such as 1.35.2 [AKS-7]"


def minor_of(version: str) -> str:
    """Return the minor version of a version: ``1.35`` of ``1.35.2``."""
    return ".".join(version.split(".")[:2])
