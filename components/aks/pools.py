"""Agent pools: the same properties whether a cluster is created with the pool or the pool is added later."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.aks.pool_spec import PoolSpec
from components.aks.spec import ClusterSpec
from planning.agent_pools import FIXED, SPOT_LABEL, SPOT_TAINT
from planning.aks import SYSTEM_ONLY


class AgentPool(pulumi.ComponentResource):
    """A further agent pool; makes Microsoft.ContainerService/managedClusters/agentPools."""

    id: pulumi.Output[str]
    image: pulumi.Output[str | None]

    def __init__(
        self,
        name: str,
        pool: str,
        spec: ClusterSpec,
        *,
        cluster_name: pulumi.Input[str],
        resource_group_name: pulumi.Input[str],
        zones: list[str],
        subnet_ids: Mapping[str, pulumi.Input[str]],
        tags: dict[str, str],
        hooks: pulumi.ResourceHookBinding | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the pool.

        Args:
            name: logical name; the child's name starts with it.
            pool: the pool's name, a key of ``spec.pools``.
            spec: the cluster with its pools.
            cluster_name: physical name of the cluster.
            resource_group_name: where the cluster is.
            zones: zones of its nodes.
            subnet_ids: ids of the cluster's subnets by key.
            tags: set on the nodes.
            hooks: run by the engine before the pool changes.
            opts: options of the component itself.
        """
        super().__init__("moorings:aks:AgentPool", name, None, opts)
        pool_spec = spec.pools[pool]
        resource = azure_native.containerservice.AgentPool(
            f"{name}-pool",
            agent_pool_name=pool,
            resource_name_=cluster_name,
            resource_group_name=resource_group_name,
            **arguments(spec, pool_spec, zones=zones, subnet_ids=subnet_ids, tags=tags),
            opts=pulumi.ResourceOptions(
                parent=self,
                # A refresh reads the count that the autoscaler set, which is not drift.
                ignore_changes=["count"] if pool_spec.scales else None,
                replace_on_changes=list(FIXED),
                delete_before_replace=True,
                hooks=hooks,
            ),
        )
        self.id = resource.id
        self.image = resource.node_image_version
        self.register_outputs({"id": self.id, "image": self.image})


def arguments(
    spec: ClusterSpec,
    pool: PoolSpec,
    *,
    zones: list[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    tags: dict[str, str],
) -> dict[str, Any]:
    """Return the inputs of a pool, without its name.

    A pool that scales states no count, neither at creation nor later: Azure starts with the minimum.
    """
    # None omits a property, so that Azure keeps its default, and the autoscaler its count.
    spot = pool.priority == "Spot"
    return {
        "mode": pool.mode,
        "type": "VirtualMachineScaleSets",
        "vm_size": pool.vm_size,
        "os_type": pool.os_type,
        "os_sku": pool.os_sku or ("AzureLinux" if pool.os_type == "Linux" else "Windows2022"),
        "os_disk_type": pool.disk,
        "os_disk_size_gb": pool.os_disk_size_gb,
        "count": pool.count,
        "enable_auto_scaling": pool.scales,
        "min_count": pool.least if pool.scales else None,
        "max_count": pool.most if pool.scales else None,
        "max_pods": spec.pods_of(pool),
        "availability_zones": zones or None,
        "vnet_subnet_id": subnet_ids[pool.subnet or spec.node_subnet],
        "pod_subnet_id": subnet_ids[pool.pod_subnet] if pool.pod_subnet else None,
        "orchestrator_version": None if spec.channel_owns_version else spec.kubernetes_version,
        "upgrade_settings": {"max_surge": pool.max_surge},
        "enable_encryption_at_host": pool.encryption_at_host,
        "enable_node_public_ip": False,
        "security_profile": {"ssh_access": "Disabled"} if pool.os_type == "Linux" else None,
        "scale_set_priority": "Spot" if spot else None,
        "scale_set_eviction_policy": "Delete" if spot else None,
        "spot_max_price": -1.0 if spot else None,
        "node_labels": {**(dict([SPOT_LABEL]) if spot else {}), **pool.labels} or None,
        "node_taints": _taints(spec, pool) or None,
        "tags": tags,
    }


def _taints(spec: ClusterSpec, pool: PoolSpec) -> list[str]:
    others = any(other.mode == "User" for other in spec.pools.values())
    kept = [SYSTEM_ONLY] if pool.mode == "System" and others else []
    added = [SPOT_TAINT] if pool.priority == "Spot" else []
    return list(dict.fromkeys((*kept, *added, *pool.taints)))
