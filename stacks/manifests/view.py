"""One cluster as its manifests see it: its own workloads, gateways and subnets, and the host that it pulls from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from components.aks.spec import ClusterSpec
from components.gateways.spec import GatewaySpec
from components.workloads.spec import WorkloadSpec
from stacks.loader import Stack
from stacks.manifests.known import Known
from stacks.systems.aks.system import image_host

PLACEMENT = "moorings/placement"
"""Label of pods that tells where they run: ``nodes``, or ``virtual-nodes``, where no network policy holds [VN-4]."""


@dataclass(frozen=True)
class View:
    """What the manifests of one cluster are made of.

    Attributes:
        stack: the description with its plan.
        known: what only Azure tells.
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
        """Where the cluster is."""
        return self.stack.plan.sites["clusters", self.key].location

    @property
    def workloads(self) -> Mapping[str, WorkloadSpec]:
        """What runs in the cluster, by name."""
        return {name: its for name, its in self.stack.spec.workloads.items() if self.key in its.clusters}

    @property
    def gateways(self) -> Mapping[str, GatewaySpec]:
        """What routes to the cluster, by key."""
        return {name: its for name, its in self.stack.spec.gateways.items() if its.cluster == self.key}

    def image_host(self) -> str:
        """Return the host that images are named with: what the cluster itself told, else what is planned [AKS-8]."""
        told = self.known.value("compute", "clusters", self.key, "image_host")
        planned = told or image_host(self.stack.spec, self.stack.plan, self.key)
        return planned or self.known.needed(
            f"clusters.{self.key}: the registry's host name", "compute", "clusters", self.key, "image_host"
        )

    def global_host(self) -> str:
        """Return the registry's global host."""
        planned = self.stack.plan.endpoints
        return planned.global_ if planned else self.known.needed("registry: its host name", "endpoints", "global")

    def prefix(self, subnet: str, why: str) -> str:
        """Return the range of a subnet of the cluster's network; where it is not stated note that it is needed."""
        found = self.stack.spec.networks[self.cluster.network].subnets[subnet].prefix
        if found is None:
            place = f"networks.{self.cluster.network}.subnets.{subnet}"
            self.known.missing.append(f"{place}: its prefix is needed for {why}; state it")
        return str(found)

    def pod_prefix(self) -> str:
        """Return the range of the pods on the cluster's virtual nodes."""
        return self.prefix(self.stack.spec.virtual_nodes[self.key].subnet, "network policies that let virtual nodes in")


def namespace_of(name: str, workload: WorkloadSpec) -> str:
    """Return the namespace of a workload: stated, else one of its own name."""
    return workload.namespace or name


def selector_of(name: str) -> dict[str, str]:
    """Return the labels by which a workload's pods are found."""
    return {"app.kubernetes.io/name": name}
