"""A managed Kubernetes cluster with its agent pools, maintenance windows and audit logs.

It owns the cluster, every pool and what they log. It deliberately does not own identities, role assignments, subnets or
anything that runs in the cluster, and it reads no kubeconfig: that would put a credential into the state. Local
accounts are disabled; users sign in with Microsoft Entra ID, pods use workload identity. [AKS-6, AKS-9, AKS-10, AKS-12,
AKS-13]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.aks.first_pool import FirstPoolGuard
from components.aks.maintenance_spec import WindowSpec
from components.aks.pools import AgentPool, arguments
from components.aks.profiles import Wiring, body
from components.aks.reference import ClusterReference

AUDIT = (
    "kube-audit-admin",
    "guard",
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "cluster-autoscaler",
    "cloud-controller-manager",
)
"""Log categories that are kept: audit without reads, sign-ins, and the control plane's own [AKS-13]."""


class Cluster(ClusterReference):
    """One cluster.

    Makes Microsoft.ContainerService/managedClusters with the first System pool, one agentPools for every other pool,
    two maintenanceConfigurations and, with a workspace, Microsoft.Insights/diagnosticSettings.
    """

    def __init__(
        self,
        name: str,
        wiring: Wiring,
        *,
        zones: Mapping[str, list[str]],
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the cluster.

        Args:
            name: logical name; children's names start with it.
            wiring: the cluster's spec, with the ids of the resources that it uses.
            zones: zones of each pool's nodes, by pool.
            location: region.
            resource_group_name: where it goes; Azure creates another group for its nodes.
            tags: set on every resource that takes tags.
            opts: options of the component itself.
        """
        super().__init__("moorings:aks:Cluster", name, None, opts)
        self._name, self._wiring, self._zones = name, wiring, zones
        self._group, self._tags = resource_group_name, tags
        # The first System pool is part of the request for the cluster; the guard refuses changes that Azure ignores [AKS-6].
        others = len(wiring.spec.pools) > 1
        self._guard = FirstPoolGuard(name, wiring.cluster_name, others=others, separate=wiring.separate_pools)
        cluster = self._cluster(location)
        self._maintain(cluster)
        pools = {pool: self._pool(cluster, pool) for pool in wiring.spec.pools if pool != wiring.spec.first_pool}
        if wiring.workspace_id is not None:
            self._audit(cluster)
        self.id = cluster.id
        self.name = cluster.name
        self.fqdn = cluster.private_fqdn if wiring.spec.api_server.private else cluster.fqdn
        self.oidc_issuer_url = cluster.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else "")
        self.node_resource_group = cluster.node_resource_group
        self.node_images = self._images(cluster, pools)
        self.register()

    def _cluster(self, location: str) -> azure_native.containerservice.ManagedCluster:
        wiring, spec = self._wiring, self._wiring.spec
        first: Any = {"name": spec.first_pool, **self._arguments(spec.first_pool)}
        if len(spec.pools) > 1:
            # Azure accepts versions of pools in this body only if it contains all pools [AKS-20].
            first["orchestrator_version"] = None
        return azure_native.containerservice.ManagedCluster(
            f"{self._name}-cluster",
            resource_name_=wiring.cluster_name,
            resource_group_name=self._group,
            location=location,
            tags=self._tags,
            agent_pool_profiles=[first],
            **body(wiring),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=spec.protect,
                # No specification marks this property as create-only: azure-native sends an update, which Azure
                # refuses.
                replace_on_changes=["apiServerAccessProfile.enablePrivateCluster"],
                delete_before_replace=True,
                # An upgrade by a channel must not be reverted to the version in the stack file.
                ignore_changes=["kubernetesVersion"] if spec.channel_owns_version else None,
                hooks=self._guard.of_cluster(),
            ),
        )

    def _arguments(self, pool: str) -> dict[str, Any]:
        spec = self._wiring.spec
        zones, ids = self._zones[pool], self._wiring.subnet_ids
        return arguments(spec, spec.pools[pool], zones=zones, subnet_ids=ids, tags=self._tags)

    def _pool(self, cluster: azure_native.containerservice.ManagedCluster, pool: str) -> AgentPool:
        return AgentPool(
            f"{self._name}-{pool}",
            pool,
            self._wiring.spec,
            cluster_name=cluster.name,
            resource_group_name=self._group,
            zones=self._zones[pool],
            subnet_ids=self._wiring.subnet_ids,
            tags=self._tags,
            hooks=self._guard.of_pool(pool),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _maintain(self, cluster: azure_native.containerservice.ManagedCluster) -> None:
        maintenance = self._wiring.spec.maintenance
        windows = {
            "aksManagedAutoUpgradeSchedule": maintenance.upgrades,
            "aksManagedNodeOSUpgradeSchedule": maintenance.node_images,
        }
        for config, window in windows.items():
            azure_native.containerservice.MaintenanceConfiguration(
                f"{self._name}-{config}",
                config_name=config,
                resource_name_=cluster.name,
                resource_group_name=self._group,
                maintenance_window=_window(window),
                opts=pulumi.ResourceOptions(parent=self),
            )

    def _audit(self, cluster: azure_native.containerservice.ManagedCluster) -> None:
        azure_native.monitor.DiagnosticSetting(
            f"{self._name}-audit",
            name="workspace",
            resource_uri=cluster.id,
            workspace_id=self._wiring.workspace_id,
            log_analytics_destination_type="Dedicated",
            logs=[{"category": category, "enabled": True} for category in AUDIT],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _images(
        self, cluster: azure_native.containerservice.ManagedCluster, others: Mapping[str, AgentPool]
    ) -> pulumi.Output[Mapping[str, str | None]]:
        first = self._wiring.spec.first_pool
        inline = cluster.agent_pool_profiles.apply(
            lambda profiles: next((p.node_image_version for p in profiles or [] if p.name == first), None)
        )
        return pulumi.Output.all(**{first: inline, **{key: pool.image for key, pool in others.items()}})


def _window(spec: WindowSpec) -> Any:
    not_allowed = [{"start": dates.start, "end": dates.end} for dates in spec.not_allowed]
    return {
        "schedule": spec.schedule,
        "duration_hours": spec.duration_hours,
        "start_time": spec.start_time,
        "utc_offset": spec.utc_offset,
        **({"not_allowed_dates": not_allowed} if not_allowed else {}),
    }
