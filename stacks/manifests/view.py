"""The data of one cluster for its manifests: workloads, gateways, subnets, and registry host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.aks.spec import ClusterSpec
from components.gateways.spec import GatewaySpec
from components.workloads.spec import WorkloadSpec
from planning.image_hosts import GLOBAL
from stacks.loader import Stack
from stacks.manifests.known import Known
from stacks.systems.aks.system import image_host

PLACEMENT = "moorings/placement"
"""Label of pods for their place: ``nodes``, or ``virtual-nodes``, where network policies have no effect [VN-4]."""


@dataclass(frozen=True)
class View:
    """The input of one cluster's manifests.

    Attributes:
        stack: the description with its plan.
        known: values that only Azure determines.
        key: the cluster.
    """

    stack: Stack
    known: Known
    key: str

    @property
    def cluster(self) -> ClusterSpec:
        """The cluster's spec."""
        return self.stack.spec.clusters[self.key]

    @property
    def region(self) -> str:
        """Region of the cluster."""
        return self.stack.plan.sites["clusters", self.key].location

    @property
    def workloads(self) -> Mapping[str, WorkloadSpec]:
        """Workloads of the cluster, by name."""
        return {name: entry for name, entry in self.stack.spec.workloads.items() if self.key in entry.clusters}

    @property
    def gateways(self) -> Mapping[str, GatewaySpec]:
        """Gateways of the cluster, by key."""
        return {name: entry for name, entry in self.stack.spec.gateways.items() if entry.cluster == self.key}

    def host_of(self, workload: WorkloadSpec) -> str:
        """Return the registry host of a workload's image."""
        chosen = self.stack.spec.image_endpoint("workloads", workload.endpoint)
        return self.global_host() if chosen == GLOBAL else self.image_host()

    def image_host(self) -> str:
        """Return the registry host of pinned images: that in the cluster's outputs, else the planned one [AKS-8]."""
        output = self.known.value("compute", "clusters", self.key, "image_host")
        planned = output or image_host(self.stack.spec, self.stack.plan, self.key)
        return planned or self.known.needed(
            f"clusters.{self.key}: the registry's host name", "compute", "clusters", self.key, "image_host"
        )

    def own_host(self) -> str | None:
        """Return the host of the region's own replica, drained or not; None where it has none."""
        return self.regional_host(self.region)

    def regional_host(self, region: str) -> str | None:
        """Return the host of a region's replica; None where there is no such replica, or without regional endpoints."""
        planned = self.stack.plan.endpoints
        if planned is not None:
            return planned.regional.get(region)
        return self.known.value("endpoints", "regional", region)

    def global_host(self) -> str:
        """Return the registry's global host."""
        planned = self.stack.plan.endpoints
        return planned.global_ if planned else self.known.needed("registry: its host name", "endpoints", "global")

    def prefix(self, subnet: str, why: str) -> str:
        """Return the range of a subnet of the cluster's network; if it is not stated, record that it is needed."""
        found = self.stack.spec.networks[self.cluster.network].subnets[subnet].prefix
        if found is None:
            place = f"networks.{self.cluster.network}.subnets.{subnet}"
            self.known.missing.append(f"{place}: its prefix is needed for {why}; state it")
        return str(found)

    def pod_prefix(self) -> str:
        """Return the range of the pods on the cluster's virtual nodes."""
        return self.prefix(self.stack.spec.virtual_nodes[self.key].subnet, "network policies that let virtual nodes in")


def namespace_of(name: str, workload: WorkloadSpec) -> str:
    """Return the namespace of a workload; by default one with its name."""
    return workload.namespace or name


def selector_of(name: str) -> dict[str, str]:
    """Return the labels that select a workload's pods."""
    return {"app.kubernetes.io/name": name}
