"""The shape of a cluster's virtual nodes: count, subnet, standby pool."""

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from components.container_groups.spec import QuotaSpec
from components.references import IdentityKey, Reference
from components.spec import Spec
from planning.container_instances import Size, size_problem
from planning.problems import Path
from planning.virtual_nodes import PODS, SUBNET, Standby

_JOINED = re.compile(r"[^,;=]+")


class StandbySpec(Spec):
    """A standby pool of each virtual node; every pod gets a machine of that size, whatever its requests [VN-6]."""

    cpu: Annotated[float, Field(gt=0)]
    memory_gb: Annotated[float, Field(gt=0)]
    ready: Annotated[int, Field(ge=1, description="Size of the pool; after creation only Azure's own tools change it.")]

    @property
    def standby(self) -> Standby:
        """The same as a type of `planning`."""
        return Standby(self.cpu, self.memory_gb, self.ready)


class VirtualNodesSpec(Spec):
    """The virtual nodes of one cluster; the key is the cluster's."""

    subnet: Annotated[
        str,
        Reference("networks.{clusters.{key}.network}.subnets", "subnet"),
        Field(description="Dedicated subnet of the cluster's network, delegated to container groups."),
    ] = SUBNET
    nodes: Annotated[
        int, Field(ge=1, le=100, description="Number of virtual nodes; each requests 3 vCPU and 12 GiB of a node.")
    ] = 1
    pods: Annotated[int, Field(ge=1, description="Maximum concurrent pods; each uses an address of the subnet.")]
    zone: Annotated[Literal["1", "2", "3"] | None, Field(description="Zone of the pods; at most one.")] = None
    standby: StandbySpec | None = None
    quota: Annotated[QuotaSpec | None, Field(description="Needed for pods above 4 vCPU or 16 GB.")] = None
    kube_proxy: Annotated[
        bool, Field(description="Whether pods get a sidecar that gives access to Kubernetes services.")
    ] = True
    identity: Annotated[
        IdentityKey | None,
        Field(
            description="Identity that pulls images from a registry without public access; it receives the role for it."
        ),
    ] = None
    labels: Annotated[dict[str, str], Field(description="Kubernetes labels of the nodes.")] = {}
    tags: Annotated[dict[str, str], Field(description="Tags of the container groups that Azure creates for pods.")] = {}

    def size_problem(self, asked: Size) -> str | None:
        """Return in one line why a pod of that size cannot run, or None [ACI-1]."""
        return size_problem(asked, "Standard", Size(self.quota.cpu, self.quota.memory_gb) if self.quota else None)

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._numbers(), *self._joined())

    def _numbers(self) -> Iterator[tuple[Path, str]]:
        if self.pods > PODS * self.nodes:
            needed = -(-self.pods // PODS)
            message = f"{self.pods} pods, but {self.nodes} virtual nodes run {PODS * self.nodes}; write nodes: {needed} [VN-3]"
            yield ("pods",), message
        if self.standby:
            problem = self.size_problem(Size(self.standby.cpu, self.standby.memory_gb))
            if problem:
                yield ("standby",), problem

    def _joined(self) -> Iterator[tuple[Path, str]]:
        """The chart takes labels and tags as one string with separators."""
        for member, pairs in {"labels": self.labels, "tags": self.tags}.items():
            for key, value in pairs.items():
                if not (_JOINED.fullmatch(key) and (not value or _JOINED.fullmatch(value))):
                    yield (
                        (member, key),
                        f"{key}={value} contains ',', ';' or '=', which separate entries in the chart; remove it",
                    )
