"""Agent pools of managed clusters: their nodes, the addresses these take, and what of a pool is fixed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import ceil
from typing import Any

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts import vm_sizes
from local_azure.facts.container_service import CLUSTERS, POOLS
from local_azure.operations import Style, long_running
from local_azure.resource_id import ResourceId
from local_azure.services import cluster_networks, features, occupancy, regions, subnet_rules
from local_azure.services.addresses import free, usable
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, deleting
from local_azure.services.kubernetes_versions import cluster_version, pool_version
from local_azure.store import Resource

SET_ONCE = (
    "vmSize",
    "maxPods",
    "vnetSubnetID",
    "podSubnetID",
    "availabilityZones",
    "osType",
    "osDiskType",
    "osDiskSizeGB",
    "type",
    "scaleSetPriority",
    "enableNodePublicIP",
    "enableEncryptionAtHost",
)
"""Members of a pool that do not change [AKS-POOL]."""

SPOT_LABEL = {"kubernetes.azure.com/scalesetpriority": "spot"}
SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
"""What the service adds to a Spot pool [AKS-SPOT]."""

POD_BATCH = 16
SYSTEM_PODS = 30
"""Pods that a System pool has to have room for; code and text of the refusal are chosen [AKS-19]."""

_SIZE = re.compile(r"(Standard|Basic)_[A-Z]+\d[A-Za-z0-9_-]*", re.IGNORECASE)
_SUBNETS = ("vnetSubnetID", "podSubnetID")


class AgentPools(ResourceType):
    """Microsoft.ContainerService/managedClusters/agentPools."""

    name = POOLS
    kind = ""
    pattern = r"[a-z][a-z0-9]{0,11}"
    methods = frozenset({"GET", "PUT", "DELETE"})

    lifecycle = long_running(("Creating", "Updating"), (120.0, 60.0, 60.0), deletes=Style.BOTH)
    """201 Creating with Azure-AsyncOperation, deletes by both headers; durations chosen [AKS-ASYNC]."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the pool beside its siblings and fill in its defaults."""
        cluster = cloud.require(request.id.parent or request.id)
        if cloud.operations.running(cluster.key) or deleting(cluster):
            message = (
                f"Operation is not allowed because there's an in progress update managed cluster operation on the managed "
                f"cluster {cluster.name}. Please wait for it to finish before starting a new operation."
            )
            raise ArmError(409, "OperationNotAllowed", message)
        return write_pool(cloud, cluster, request.id.name, request.properties)

    @override
    def written(self, cloud: Cloud, resource: Resource, request: Request) -> None:
        """Take the addresses of the nodes and of the pods that they may run."""
        occupy(cloud, resource)

    @override
    def refuse_delete(self, cloud: Cloud, resource: Resource) -> None:
        """Refuse for the last System pool [AKS-POOL]."""
        siblings = pools_of(cloud, str(ResourceId.parse(resource.id).parent))
        if resource.properties["mode"] == "System" and not any(
            pool.properties["mode"] == "System" and pool.key != resource.key for pool in siblings
        ):
            message = "There has to be at least one system agent pool."
            raise bad_request("SystemPoolDeletionNotAllowed", message)


def pools_of(cloud: Cloud, cluster_id: str) -> list[Resource]:
    """Return the pools of a cluster."""
    return cloud.store.children(cluster_id, POOLS)


def write_pool(cloud: Cloud, cluster: Resource, name: str, sent: Json) -> Resource:
    """Return a pool with its defaults, checked by itself, against what it was, and against its subnets."""
    pool_id = f"{cluster.id}/agentPools/{name}"
    existing = cloud.get(pool_id)
    before = existing.properties if existing else {}
    network = cluster.properties["networkProfile"]
    stated = {member: value for member, value in sent.items() if value is not None and member != "name"}
    default = _defaults(network, bool(stated.get("podSubnetID")))
    # The autoscaler and upgrades change these two, so a PUT that leaves them out keeps what the pool has.
    properties: Json = {**default, **{m: before[m] for m in ("count", "orchestratorVersion") if m in before}}
    properties |= stated
    properties.setdefault("osDiskType", _disk(properties))
    properties["count"] = _count(name, properties, stated, before)
    _refuse_bad(cluster, name, properties)
    if properties.get("enableEncryptionAtHost") and not features.is_registered(cloud, features.ENCRYPTION_AT_HOST):
        raise bad_request("SubscriptionNotEnabledEncryptionAtHost", "Subscription does not enable EncryptionAtHost.")
    if properties.get("scaleSetPriority") == "Spot":
        _mark_spot(properties)
    for member in SET_ONCE if existing else ():
        if properties.get(member) != before.get(member):
            message = f"Changing property 'properties.{member}' is not allowed."
            raise ArmError(400, "PropertyChangeNotAllowed", message, target=f"properties.{member}")
    named = [properties[member] for member in _SUBNETS if properties.get(member)]
    subnets = [occupancy.require_subnet(cloud, subnet_id, pool_id) for subnet_id in named]
    for member, subnet in zip((m for m in _SUBNETS if properties.get(m)), subnets, strict=True):
        subnet_rules.refuse_nodes(subnet.id, subnet.properties, CLUSTERS if member == "podSubnetID" else "")
    if existing is None:
        cluster_networks.refuse_overlaps(cloud, network, subnets)
    version = pool_version(cluster_version(cluster), before.get("currentOrchestratorVersion"), stated)
    upgrades = bool(before) and version != before.get("currentOrchestratorVersion")
    properties |= {
        "orchestratorVersion": stated.get("orchestratorVersion") or version,
        "currentOrchestratorVersion": version,
        "nodeImageVersion": _image(cloud, properties),
        "powerState": {"code": "Running"},
    }
    pool = existing or Resource(pool_id, POOLS, name)
    pool.body = {"properties": properties}
    refuse_short(cloud, [pool, *(p for p in pools_of(cloud, cluster.id) if p.key != pool.key)], cluster)
    if upgrades:
        _refuse_upgrade(cloud, pool, cluster)
    return pool


def _defaults(network: Json, pod_subnet: bool) -> Json:
    """What a pool has where nothing is stated; how many pods depends on where their addresses come from [AKS-4]."""
    overlay, kubenet = network.get("networkPluginMode") == "overlay", network["networkPlugin"] == "kubenet"
    return {
        "mode": "User",
        "type": "VirtualMachineScaleSets",
        "vmSize": "Standard_D4ds_v5",
        "osType": "Linux",
        "osDiskSizeGB": 128,
        "maxPods": 250 if overlay else 110 if pod_subnet or kubenet else 30,
        "enableAutoScaling": False,
        "enableNodePublicIP": False,
        "enableEncryptionAtHost": False,
        "upgradeSettings": {"maxSurge": "10%"},
        "scaleDownMode": "Delete",
    }


def _disk(properties: Json) -> str:
    """Return where the OS disk is if nothing is stated: on the machine where it is known to fit [VM-DISKS]."""
    room = vm_sizes.ROOM.get(str(properties["vmSize"]).lower(), 0)
    return "Ephemeral" if room >= properties["osDiskSizeGB"] else "Managed"


def _mark_spot(properties: Json) -> None:
    """Add the label and the taint that the nodes of a Spot pool have [AKS-SPOT]."""
    properties["nodeLabels"] = {**SPOT_LABEL, **(properties.get("nodeLabels") or {})}
    properties["nodeTaints"] = list(dict.fromkeys((SPOT_TAINT, *(properties.get("nodeTaints") or ()))))


def _count(name: str, properties: Json, stated: Json, before: Json) -> int:
    """Return how many nodes there are: as stated, as they were, or the least; an autoscaler keeps to its bounds."""
    count = stated.get("count", before.get("count"))
    if not properties["enableAutoScaling"]:
        return 1 if count is None else count
    least, most = properties.get("minCount"), properties.get("maxCount")
    if least is None or most is None or not 0 <= least <= most <= 1000:
        message = f"Agent pool {name}: minCount {least} and maxCount {most} are no bounds for the autoscaler."
        raise bad_request("InvalidParameter", message, "agentPoolProfile.minCount")
    return min(most, max(least, 1 if count is None else count))


def _refuse_bad(cluster: Resource, name: str, properties: Json) -> None:
    system = properties["mode"] == "System"
    _refuse_form(name, properties)
    if system and (properties["osType"] != "Linux" or properties.get("scaleSetPriority") == "Spot"):
        raise bad_request("InvalidParameter", f"Agent pool {name} of mode System must have regular Linux nodes.")
    if not (1 if system else 0) <= properties["count"] <= 1000:
        message = f"The value of parameter agentPoolProfile.count is invalid: {properties['count']} for pool {name}."
        raise bad_request("InvalidParameter", message, "agentPoolProfile.count")
    if properties["osType"] == "Windows" and len(name) > 6:
        raise bad_request("InvalidParameter", f"Windows agent pool name {name} has more than 6 characters.")
    if not 10 <= properties["maxPods"] <= 250:
        message = (
            f"The value of parameter agentPoolProfile.maxPods is invalid: {properties['maxPods']}; it is 10 to 250."
        )
        raise bad_request("InvalidParameter", message, "agentPoolProfile.maxPods")
    least = properties["minCount"] if properties["enableAutoScaling"] else properties["count"]
    if system and 0 < least * properties["maxPods"] < SYSTEM_PODS:
        message = (
            f"System agent pool {name} must be able to run {SYSTEM_PODS} pods at least: maxPods {properties['maxPods']} on "
            f"{least} nodes is too few."
        )
        raise bad_request("InvalidParameter", message, "agentPoolProfile.maxPods")
    if properties.get("availabilityZones") and cluster.location in regions.ZONELESS:
        message = f"Availability zone is not supported in region {cluster.location}."
        raise bad_request("AvailabilityZoneNotSupported", message)


def _refuse_form(name: str, properties: Json) -> None:
    """Raise ArmError for a name, a size, a disk or a taint that no such pool has [AKS-17, AKS-22, VM-DISKS, VM-RETIRED]."""
    if not re.fullmatch(AgentPools.pattern, name):
        message = f"The value of parameter agentPoolProfile.name is invalid: {name}; lower-case letters and digits, 12 at most."
        raise bad_request("InvalidParameter", message, "agentPoolProfile.name")
    size = str(properties["vmSize"])
    if not _SIZE.fullmatch(size) or vm_sizes.RETIRED.fullmatch(size):
        message = f"The VM size of {size} is not allowed in your subscription in this location."
        raise bad_request("BadRequest", message, "agentPoolProfile.vmSize")
    if properties["mode"] == "System" and vm_sizes.TOO_LOW.fullmatch(size):
        message = f"System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: {name}."
        raise bad_request("SystemPoolSkuTooLow", message)
    room = vm_sizes.ROOM.get(size.lower())
    if properties["osDiskType"] == "Ephemeral" and room is not None and room < properties["osDiskSizeGB"]:
        message = (
            f"The virtual machine size {size} has a cache size of {room * vm_sizes.GIB} bytes, but the OS disk requires "
            f"{properties['osDiskSizeGB'] * vm_sizes.GIB} bytes. Use a VM size with larger cache or disable ephemeral OS."
        )
        raise bad_request("VMCacheSizeTooSmall", message)
    for taint in properties.get("nodeTaints") or [] if properties["mode"] == "System" else []:
        if not taint.startswith("CriticalAddonsOnly") and not taint.endswith(":PreferNoSchedule"):
            message = (
                "Placing custom taints on system pool is not supported(except 'CriticalAddonsOnly' taint or taint effect is "
                "'PreferNoSchedule')."
            )
            raise bad_request("SystemPoolHasRestrictedTaint", message)


def _image(cloud: Cloud, properties: Json) -> str:
    date = cloud.settings.node_image
    if properties["osType"] == "Windows":
        month, _, rest = date.partition(".")
        return f"AKSWindows-2022-containerd-20348.5000.{month[2:]}{rest.partition('.')[0]:0>2}"
    system = "AKSAzureLinux-V3gen2" if str(properties.get("osSKU", "")).startswith("AzureLinux") else None
    return f"{system or 'AKSUbuntu-2204gen2containerd'}-{date}"


def shares(pool: Resource, flat: bool, nodes: int) -> dict[str, int]:
    """Return how many addresses of which subnet, by id in lower case, that many nodes of a pool take [AKS-SIZE]."""
    properties = pool.properties
    home, pods = (str(properties.get(member) or "").lower() for member in _SUBNETS)
    if flat and not pods:
        return {home: nodes * (properties["maxPods"] + 1)}
    return {home: nodes} | ({pods: nodes * ceil(properties["maxPods"] / POD_BATCH) * POD_BATCH} if flat else {})


def _is_flat(cluster: Resource) -> bool:
    network = cluster.properties["networkProfile"]
    return network["networkPlugin"] == "azure" and network.get("networkPluginMode") != "overlay"


def refuse_short(cloud: Cloud, pools: Iterable[Resource], cluster: Resource) -> None:
    """Raise ArmError when a subnet cannot hold the nodes of all pools; one that scales counts as its largest [AKS-SIZE]."""
    needed: dict[str, int] = {}
    for pool in pools:
        properties = pool.properties
        most = properties["maxCount"] if properties["enableAutoScaling"] else properties["count"]
        for subnet_id, count in shares(pool, _is_flat(cluster), most).items():
            needed[subnet_id] = needed.get(subnet_id, 0) + count
    for subnet_id, count in needed.items():
        subnet = cloud.get(subnet_id)
        if subnet is not None:
            _refuse_beyond(subnet, count, sum(1 for _ in usable(subnet)))


def _refuse_beyond(subnet: Resource, count: int, room: int) -> None:
    if count > room:
        message = (
            f"Pre-allocated IPs {count} exceeds IPs available {room} in Subnet Cidr "
            f"{subnet.properties.get('addressPrefix')}, Subnet Name {subnet.name}. If Autoscaler is enabled, the max-count "
            "from each nodepool is counted towards this total (which means that pre-allocated IPs count represents a "
            "theoretical max value, not the actual number of IPs requested). http://aka.ms/aks/insufficientsubnetsize"
        )
        raise bad_request("InsufficientSubnetSize", message, "agentPoolProfile.count")


def _refuse_upgrade(cloud: Cloud, pool: Resource, cluster: Resource) -> None:
    """Raise ArmError when the nodes that an upgrade adds find no room [AKS-SIZE]."""
    surge = surge_nodes(pool.properties["count"], (pool.properties.get("upgradeSettings") or {}).get("maxSurge"))
    for subnet_id, count in shares(pool, _is_flat(cluster), surge).items():
        subnet = cloud.get(subnet_id)
        if subnet is not None:
            _refuse_beyond(subnet, count, free(cloud, subnet))


def surge_nodes(count: int, stated: Any) -> int:
    """Return how many nodes an upgrade adds: a count, or a share that is rounded up; one at least."""
    match = re.fullmatch(r"(\d+)(%?)", str(stated or "10%"))
    number, share = (int(match[1]), bool(match[2])) if match else (10, True)
    return max(1, ceil(count * number / 100) if share else number)


def occupy(cloud: Cloud, pool: Resource) -> None:
    """Take the addresses of a pool's nodes, and of the pods that they may run."""
    cluster = cloud.get(str(ResourceId.parse(pool.id).parent))
    if cluster is None or cluster.type != CLUSTERS:
        return
    taken = shares(pool, _is_flat(cluster), pool.properties["count"])
    for owner, (subnet_id, count) in zip((pool.id, f"{pool.id}#pods"), taken.items(), strict=False):
        subnet = cloud.get(subnet_id)
        if subnet is not None:
            occupancy.occupy(cloud, subnet, owner, count)


TYPES = (AgentPools(),)
