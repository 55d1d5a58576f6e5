"""Virtual nodes: pods of a cluster on Azure Container Instances, and the values of their Helm chart.

The chart is installed by Helm, not by an add-on of the cluster: the toolkit writes and checks its values file. The
chart publishes no schema, so its keys and types are listed here, with the chart's version [VN-6].
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Any, Literal

from planning.addresses import Consumer, SubnetKey
from planning.clouds import CloudName
from planning.growth import Growth
from planning.role_actions import RESOURCE_GROUPS, Need
from planning.vm_sizes import size_of

DELEGATION: Literal["Microsoft.ContainerInstance/containerGroups"] = "Microsoft.ContainerInstance/containerGroups"
"""Service to which the subnet of the pods is delegated [VN-1]."""

SUBNET = "cg"
"""Name of the subnet that the chart looks for unless another one is stated [VN-1]."""

PODS = 200
"""Pods that one virtual node runs at most [VN-3]."""

CORES, MEMORY_GIB = 3, 12
"""What each virtual node takes of one of the cluster's machines, all on the same one [VN-3]."""

RESERVED = IPv4Network("10.0.0.0/24")
"""Range of the network that virtual nodes want kept free [VN-7]."""

SELECTOR = {"virtualization": "virtualnode2"}
"""Node selector of a pod that runs on a virtual node [VN-4]."""

TOLERATION = {"key": "virtual-kubelet.io/provider", "operator": "Exists", "effect": "NoSchedule"}
"""Toleration of such a pod [VN-4]."""

CHART = "virtualnode"
CHART_VERSION = "1.3409.26080501"
CHART_REPOSITORY = "https://microsoft.github.io/virtualnodesOnAzureContainerInstances/"
"""The chart, where it is published, and the version whose values are known here [VN-6]."""

NEEDS = (
    Need(
        "the kubelet of a cluster with virtual nodes",
        RESOURCE_GROUPS,
        tuple(f"Microsoft.ContainerInstance/containerGroups/{verb}" for verb in ("read", "write", "delete")),
    ),
    Need(
        "the kubelet of a cluster with virtual nodes",
        "Microsoft.Network/virtualNetworks/subnets",
        ("Microsoft.Network/virtualNetworks/subnets/join/action",),
    ),
)
"""What a virtual node does by the kubelet's identity: makes container groups beside the nodes, in the subnet [VN-5]."""

_ARM_ENDPOINTS: dict[CloudName, str] = {"public": "", "usgovernment": "https://management.usgovcloudapi.net/"}


def offered(cloud: CloudName) -> bool:
    """Whether the chart knows how to reach Resource Manager of that cloud [VN-6]."""
    return cloud in _ARM_ENDPOINTS


def consumer(subnet: SubnetKey, cluster: str, *, pods: int, standby: int) -> Consumer:
    """Return what the virtual nodes of a cluster take: an address for each pod, and for each machine kept ready [VN-2].

    Args:
        subnet: where the pods live.
        cluster: its key, for messages.
        pods: most pods at once.
        standby: machines that a standby pool keeps ready on each of the virtual nodes together.
    """
    parts = f"{pods} pods" + (f" + {standby} standby" if standby else "")
    name = f"virtual nodes of cluster {cluster}"
    growth = Growth(f"pods on {name}", lambda more: more)
    return Consumer(subnet, name, pods + standby, parts, source="VN-2", growth=(growth,))


def network_problem(plugin: str, mode: str) -> str | None:
    """Return why a cluster with that network cannot have virtual nodes, in one line, or None: flat Azure CNI only [VN-1]."""
    if plugin == "azure" and mode == "flat":
        return None
    shown = plugin if plugin != "azure" else f"network_plugin_mode {mode}"
    return (
        f"the cluster has {shown}; virtual nodes need pods with addresses of the virtual network: write "
        f"network_plugin: azure and "
        f"network_plugin_mode: flat, which replaces the cluster [VN-1]"
    )


@dataclass(frozen=True, slots=True)
class Machines:
    """Machines of one agent pool.

    Attributes:
        name: the pool's name.
        vm_size: their size.
        most: how many there are at most.
    """

    name: str
    vm_size: str
    most: int


def room_problem(nodes: int, pools: Iterable[Machines]) -> str | None:
    """Return why the machines have no room for that many virtual nodes, in one line, or None where they may have [VN-3].

    A machine keeps a part for itself: 5 % of its cores and 15 % of its memory are taken off (chosen). A pool whose size
    is not known is taken to have room.

    Args:
        nodes: how many virtual nodes there are.
        pools: Linux machines of the cluster.
    """
    room, shown = 0, []
    for pool in pools:
        size = size_of(pool.vm_size)
        if size is None or size.memory_gib is None:
            return None
        each = min(int(size.cores * 0.95 // CORES), int(size.memory_gib * 0.85 // MEMORY_GIB))
        room += each * pool.most
        shown.append(
            f"{pool.name}: {pool.most} x {pool.vm_size} with {size.cores} vCPU / {size.memory_gib} GiB hold {each} each"
        )
    if nodes <= room:
        return None
    return (
        f"{nodes} virtual nodes need {CORES} vCPU and {MEMORY_GIB} GiB each, on one node; there is room for {room} "
        f"({'; '.join(shown) or 'no Linux pool'}); give a pool larger nodes, or more [VN-3]"
    )


@dataclass(frozen=True, slots=True)
class Standby:
    """Machines kept ready, so that a pod starts at once.

    Attributes:
        cpu: vCPUs of each, whatever a pod asks for.
        memory_gb: memory of each.
        ready: how many each virtual node keeps.
    """

    cpu: float
    memory_gb: float
    ready: int


@dataclass(frozen=True, slots=True)
class Trusted:
    """The identity by which images come from a registry that the internet does not reach.

    Attributes:
        resource_id: its ARM id.
        principal_id: its principal.
    """

    resource_id: str
    principal_id: str


def values(
    *,
    nodes: int,
    subnet: str,
    cloud: CloudName,
    zone: str | None,
    kube_proxy: bool,
    labels: Mapping[str, str],
    tags: Mapping[str, str],
    standby: Standby | None,
    trusted: Trusted | None,
) -> dict[str, Any]:
    """Return the values of the chart; omitted ones keep the chart's default [VN-6].

    Args:
        nodes: how many virtual nodes.
        subnet: name, within the cluster's network, or ARM id of the delegated subnet.
        cloud: decides where Resource Manager is.
        zone: zone of the pods; Azure takes one at most [VN-8].
        kube_proxy: whether pods get a sidecar by which they reach services.
        labels: labels of the nodes.
        tags: tags of the container groups that Azure makes for pods.
        standby: machines kept ready.
        trusted: the identity for a private registry.
    """
    chart: dict[str, Any] = {
        "replicaCount": nodes,
        "aciSubnetName": subnet,
        "zones": zone or "",
        "armEndpointBaseUrl": _ARM_ENDPOINTS[cloud],
        "kubeProxy": {"enabled": kube_proxy},
        "nodeLabels": _joined(labels, ","),
        "customTags": _joined(tags, ";"),
        "sandboxProviderType": "StandbyPool" if standby else "OnDemand",
    }
    if standby:
        chart["standbyPool"] = {
            "standbyPoolsCpu": f"{standby.cpu:g}",
            "standbyPoolsMemory": f"{standby.memory_gb:g}",
            "maxReadyCapacity": str(standby.ready),
            "zones": zone or "",
        }
    if trusted:
        chart["acrTrustedAccess"] = {
            "enabled": True,
            "identityResourceId": trusted.resource_id,
            "identityPrincipalId": trusted.principal_id,
        }
    return chart


def _joined(pairs: Mapping[str, str], separator: str) -> str:
    return separator.join(f"{key}={value}" for key, value in sorted(pairs.items()))


Types = dict[str, Any]
"""Key to the type of its value, or to a table of the same kind; an empty table takes any keys."""

VALUE_TYPES: Types = {
    "replicaCount": int,
    "admissionControllerReplicaCount": int,
    "nameOverride": str,
    "fullnameOverride": str,
    "serviceAccount": {"create": bool, "annotations": {}, "name": str},
    "IsWorkloadIdentityEnabled": str,
    "IdentityClientId": str,
    "IdentityTenantId": str,
    "podAnnotations": {},
    "podSecurityContext": {},
    "podDisruptionBudget": {},
    "admissionControllerPodDisruptionBudget": {},
    "priorityClassName": str,
    "admissionControllerPriorityClassName": str,
    "nodeSelector": {},
    "tolerations": list,
    "affinity": {},
    "rbac": {"install": bool, "serviceAccountName": str, "apiVersion": str, "roleRef": str},
    "armEndpointBaseUrl": str,
    "namespace": str,
    "aciSubnetName": str,
    "aciResourceGroupName": str,
    "zones": str,
    "sandboxProviderType": str,
    "standbyPoolShareType": str,
    "standbyPool": {
        "zones": str,
        "standbyPoolsCpu": str,
        "standbyPoolsMemory": str,
        "maxReadyCapacity": str,
        "ccePolicy": str,
    },
    "nodeLabels": str,
    "infraPodMinRestartDelaySeconds": str,
    "infraPodMinReadySeconds": int,
    "containerLogsVolumeHostPath": str,
    "virtualdaemonsetControllerManager": {"enable": bool, "serviceAccountName": str},
    "virtualdaemonsets": {"crd": {"enable": bool, "keep": bool}},
    "customTags": str,
    "acrTrustedAccess": {"enabled": bool, "identityResourceId": str, "identityPrincipalId": str},
    "kubeProxy": {"enabled": bool, "reservedMemoryGB": float, "reservedCPUCores": float},
    "images": {},
}
"""Values that the chart reads, with their types [VN-6]."""


def value_problems(chart: Mapping[str, Any]) -> Iterator[str]:
    """Yield the problems of the values, one line each [VN-6]."""
    yield from _typed((), chart, VALUE_TYPES)
    zones = str(chart.get("zones", ""))
    if ";" in zones:
        yield f"zones: {zones!r} names more than one, Azure takes one [VN-8]"
    if chart.get("sandboxProviderType", "OnDemand") not in {"OnDemand", "StandbyPool"}:
        yield f"sandboxProviderType: {chart['sandboxProviderType']!r} is neither OnDemand nor StandbyPool [VN-6]"
    trusted = chart.get("acrTrustedAccess") or {}
    if trusted.get("enabled") and chart.get("IsWorkloadIdentityEnabled") == "Enabled":
        yield "acrTrustedAccess: does not go with IsWorkloadIdentityEnabled; keep one of the two [VN-5]"
    if trusted.get("enabled") and not (trusted.get("identityResourceId") and trusted.get("identityPrincipalId")):
        yield "acrTrustedAccess: needs identityResourceId and identityPrincipalId [VN-5]"


def _typed(path: tuple[str, ...], chart: Mapping[str, Any], types: Types) -> Iterator[str]:
    for key, value in chart.items():
        here = ".".join((*path, key))
        wanted = types.get(key)
        if wanted is None:
            yield f"{here}: the chart reads no such value [VN-6]"
        elif isinstance(wanted, dict):
            if not isinstance(value, Mapping):
                yield f"{here}: {value!r} is not a mapping [VN-6]"
            elif wanted:
                yield from _typed((*path, key), value, wanted)
        elif not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
            yield f"{here}: {value!r} is not of type {wanted.__name__} [VN-6]"
