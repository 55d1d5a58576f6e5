"""The shape of agent pools and workload identities."""

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from components.references import IdentityKey, SubnetKey
from components.spec import Spec, held_to
from planning.agent_pools import SPOT_LABEL, system_pods_problem
from planning.aks import FEWEST_PODS, MOST_NODES, MOST_PODS, surge_problem, system_taint_problem
from planning.kubernetes import label_problem, taint_problem
from planning.problems import Path
from planning.vm_sizes import DISK_GIB, ephemeral_problem, ephemeral_room_gib, retired_problem, system_pool_problem

_RESERVED = "kubernetes.azure.com"
"""Prefix of the labels that AKS sets itself [AKS-16]."""


class PoolSpec(Spec):
    """One agent pool.

    It scales by itself between ``minimum_count`` and ``maximum_count`` unless ``count`` fixes it. The program never
    states the node count of a pool that scales, so it never reverts the autoscaler.
    """

    retired_names: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(
            ("gpu", "gpus", "gpu_driver", "accelerator"),
            "comes with the VM size: state a vm_size with GPUs, such as Standard_NC4as_T4_v3 [VM-4]",
        ),
        **dict.fromkeys(
            ("artifact_streaming", "artifact_streaming_profile"),
            "is not in API version 2025-09-01, by which pools are made: remove it, and run az aks nodepool update with "
            "--enable-artifact-streaming [AKS-STREAMING]",
        ),
    }

    mode: Annotated[Literal["System", "User"], Field(description="System pools run the cluster's own pods.")] = "User"
    vm_size: Annotated[
        str,
        Field(pattern=r"^Standard_[A-Za-z0-9_-]+$", description="VM size of each node; another one replaces the pool."),
    ] = "Standard_D4ds_v5"
    count: (
        Annotated[int, Field(ge=0, le=MOST_NODES, description="Node count of a pool that does not scale.")] | None
    ) = None
    minimum_count: Annotated[int, Field(ge=0, le=MOST_NODES, description="Default: 3 of System, 1 of User.")] | None = (
        None
    )
    maximum_count: (
        Annotated[int, Field(ge=1, le=MOST_NODES, description="Default: 5; the address ledger counts it.")] | None
    ) = None
    max_surge: Annotated[
        str, held_to(surge_problem), Field(description="Nodes that an upgrade adds, such as 33% or 2.")
    ] = "33%"
    max_pods: (
        Annotated[
            int,
            Field(ge=FEWEST_PODS, le=MOST_PODS, description="Pods of a node. Default: 250 in an overlay, 30 in flat."),
        ]
        | None
    ) = None
    zones: (
        Annotated[list[Literal["1", "2", "3"]], Field(description="Default: all three where the region has zones.")]
        | None
    ) = None
    subnet: Annotated[
        SubnetKey | None, Field(min_length=1, description="Subnet of its nodes. Default: the cluster's.")
    ] = None
    pod_subnet: Annotated[
        SubnetKey | None,
        Field(min_length=1, description="Subnet of its pods, with a flat network. Default: that of its nodes."),
    ] = None
    os_type: Literal["Linux", "Windows"] = "Linux"
    os_sku: Annotated[
        Literal["AzureLinux", "Ubuntu", "Windows2022"] | None,
        Field(description="Default: AzureLinux or Windows2022. A change replaces the nodes, not the pool."),
    ] = None
    os_disk_type: Annotated[
        Literal["Ephemeral", "Managed"] | None,
        Field(description="Default: Ephemeral where the VM size is known to have room for the disk, else Managed."),
    ] = None
    os_disk_size_gb: Annotated[int, Field(ge=30, le=2048)] = DISK_GIB
    encryption_at_host: Annotated[
        bool, Field(description="Needs the feature Microsoft.Compute/EncryptionAtHost on the subscription.")
    ] = False
    priority: Annotated[Literal["Regular", "Spot"], Field(description="Azure may evict Spot nodes.")] = "Regular"
    labels: Annotated[dict[str, str], Field(description="Kubernetes labels of its nodes.")] = {}
    taints: Annotated[list[str], Field(description="Such as team=a:NoSchedule.")] = []

    @property
    def scales(self) -> bool:
        """Whether the autoscaler decides the number of nodes."""
        return self.count is None

    @property
    def disk(self) -> Literal["Ephemeral", "Managed"]:
        """Type of a node's OS disk: ephemeral if it is known to fit, unless it is stated [VM-2]."""
        if self.os_disk_type is not None:
            return self.os_disk_type
        return "Ephemeral" if self.os_disk_size_gb <= (ephemeral_room_gib(self.vm_size) or 0) else "Managed"

    @property
    def least(self) -> int:
        """Minimum nodes."""
        if self.count is not None:
            return self.count
        default = 3 if self.mode == "System" else 1
        return min(default, self.maximum_count or default) if self.minimum_count is None else self.minimum_count

    @property
    def most(self) -> int:
        """Maximum nodes, for which its subnet needs addresses."""
        if self.count is not None:
            return self.count
        return max(5, self.least) if self.maximum_count is None else self.maximum_count

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._counts(), *self._kinds(), *self._marks())

    def _counts(self) -> Iterator[tuple[Path, str]]:
        if self.count is not None and (self.minimum_count is not None or self.maximum_count is not None):
            yield ("count",), f"{self.count} beside minimum_count or maximum_count; a pool has one or the other [AKS-6]"
        elif self.least > self.most:
            yield ("minimum_count",), f"{self.least} is more than maximum_count ({self.most}); change one [AKS-6]"
        few = system_pods_problem(self.least, self.max_pods) if self.mode == "System" and self.max_pods else None
        if few:
            yield ("max_pods",), few
        if self.mode == "System" and self.least < 1:
            yield ("count" if self.count is not None else "minimum_count",), "0, a System pool keeps one node [AKS-6]"

    def _kinds(self) -> Iterator[tuple[Path, str]]:
        if self.mode == "System" and self.os_type == "Windows":
            yield ("os_type",), "Windows for a System pool; System pools run Linux [AKS-6]"
        if self.mode == "System" and self.priority == "Spot":
            yield ("priority",), "Spot for a System pool, whose nodes must stay; write Regular [AKS-6]"
        if self.os_sku and (self.os_sku == "Windows2022") != (self.os_type == "Windows"):
            yield ("os_sku",), f"{self.os_sku} is not of os_type {self.os_type}; change one [AKS-6]"
        retired = retired_problem(self.vm_size)
        if retired:
            yield ("vm_size",), retired
        refused = system_pool_problem(self.vm_size) if self.mode == "System" else None
        if refused:
            yield ("vm_size",), refused
        problem = ephemeral_problem(self.vm_size, self.os_disk_size_gb) if self.os_disk_type == "Ephemeral" else None
        if problem:
            yield ("os_disk_type",), problem

    def _marks(self) -> Iterator[tuple[Path, str]]:
        for key, value in self.labels.items():
            problem = label_problem(key, value)
            added = self.priority == "Spot" and (key, value) == SPOT_LABEL
            if not problem and not added and key.partition("/")[0] == _RESERVED:
                problem = f"{key} has a prefix that AKS reserves; use another than {_RESERVED}/ [AKS-16]"
            if problem:
                yield ("labels", key), problem
        for index, taint in enumerate(self.taints):
            problem = taint_problem(taint) or (system_taint_problem(taint) if self.mode == "System" else None)
            if problem:
                yield ("taints", str(index)), problem


class WorkloadIdentitySpec(Spec):
    """A Kubernetes service account that may act as an identity of the stack."""

    identity: Annotated[IdentityKey, Field(description="Key of the identity.")]
    namespace: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    service_account: Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]
