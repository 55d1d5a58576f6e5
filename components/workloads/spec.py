"""The shape of workloads: what runs in which clusters, who may talk to it, and which images clusters may run at all.

Manifests are made of it; nothing of it is made in Azure.
"""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from components.references import ClusterKey, IdentityKey, WorkloadKey
from components.spec import Cidr, Spec, held_to, refuse
from planning import names
from planning.container_instances import Size
from planning.images import image_problem
from planning.kubernetes import SYSTEM_NAMESPACES, prefix_problem, quantity, quantity_problem
from planning.problems import Path
from planning.variables import kubernetes_problem

Cpu = Annotated[str, held_to(partial(quantity_problem, example="250m"))]
Memory = Annotated[str, held_to(partial(quantity_problem, example="256Mi"))]
Port = Annotated[int, Field(ge=1, le=65535)]


class ResourcesSpec(Spec):
    """What each pod asks for, quoted where it looks like a number; memory is its limit too, cores have none by default."""

    cpu: Cpu = "250m"
    memory: Memory = "256Mi"
    cpu_limit: Cpu | None = None

    @model_validator(mode="after")
    def _limit_is_no_less(self) -> Self:
        if self.cpu_limit and (quantity(self.cpu_limit) or 0) < (quantity(self.cpu) or 0):
            refuse([(("cpu_limit",), f"{self.cpu_limit} is less than cpu ({self.cpu}); raise it [K8S-2]")])
        return self

    @property
    def size(self) -> Size:
        """The same as a size of container instances, in vCPU and GB."""
        cpu = quantity(self.cpu_limit or self.cpu) or Decimal(0)
        return Size(float(cpu), float((quantity(self.memory) or Decimal(0)) / 10**9))


class WorkloadSpec(Spec):
    """One workload, the same in every cluster that it is in but for the host that its image is pulled from."""

    clusters: Annotated[list[ClusterKey], Field(min_length=1, description="Keys of the clusters that run it.")]
    image: Annotated[
        str, held_to(image_problem), Field(description="repository:tag; the co-located replica's host comes before it.")
    ]
    namespace: Annotated[
        str | None, Field(min_length=1, description="Left out, a namespace of the workload's own name.")
    ] = None
    kind: Annotated[Literal["Deployment", "DaemonSet", "Job"], Field(description="What keeps it running.")] = (
        "Deployment"
    )
    replicas: Annotated[int, Field(ge=1, description="Pods in each cluster, not for DaemonSet.")] = 2
    port: Annotated[Port | None, Field(description="What it listens on. Left out, it has no service.")] = None
    command: list[str] = []
    args: list[str] = []
    env: Annotated[dict[str, str], Field(description="Plain values; a secret comes from a vault by its identity.")] = {}
    resources: ResourcesSpec = ResourcesSpec()
    health_path: Annotated[str | None, Field(pattern=r"^/", description="Path that answers when it can serve.")] = None
    user: Annotated[int, Field(ge=1, description="User id that it runs as, never root.")] = 10001
    read_only_root: Annotated[bool, Field(description="Whether its file system cannot be written to but for /tmp.")] = (
        True
    )
    os_type: Literal["Linux", "Windows"] = "Linux"
    ip_families: Annotated[list[Literal["IPv4", "IPv6"]], Field(min_length=1, max_length=2)] = ["IPv4"]
    identity: Annotated[
        IdentityKey | None,
        Field(description="Identity that it acts as; the cluster names it under workload_identities."),
    ] = None
    virtual_nodes: Annotated[bool, Field(description="Whether its pods run on virtual nodes.")] = False
    from_workloads: Annotated[
        list[WorkloadKey], Field(description="Workloads that may talk to it. Gateways that route to it may as well.")
    ] = []
    egress: Annotated[
        list[Cidr] | None,
        Field(description="Ranges that it may talk to, beside name service and what lets it. Left out, any."),
    ] = None

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        refuse((*self._on_virtual_nodes(), *self._rest()))
        return self

    @property
    def surge(self) -> int:
        """Pods more than ``replicas`` during an update: a quarter, rounded up, and none of a job [K8S-3]."""
        return -(-self.replicas // 4) if self.kind == "Deployment" else 0

    def _on_virtual_nodes(self) -> Iterator[tuple[Path, str]]:
        if not self.virtual_nodes:
            return
        if self.kind == "DaemonSet":
            yield ("kind",), "DaemonSet does not run on virtual nodes; write Deployment, or virtual_nodes: false [VN-4]"
        if self.os_type == "Windows":
            yield ("os_type",), "Windows does not run on virtual nodes; write Linux, or virtual_nodes: false [VN-4]"
        if "IPv6" in self.ip_families:
            yield ("ip_families",), "IPv6 is not served on virtual nodes; write [IPv4], or virtual_nodes: false [VN-4]"
        for member, stated in {"from_workloads": self.from_workloads, "egress": self.egress is not None}.items():
            if stated:
                message = "asks for a network policy, which does not hold on virtual nodes; remove it, and use security_rules "
                yield (member,), f"{message}of the subnet, or write virtual_nodes: false [VN-4]"

    def _rest(self) -> Iterator[tuple[Path, str]]:
        problem = names.DNS_LABEL.problem(self.namespace) if self.namespace else None
        if problem:
            yield ("namespace",), problem
        for name in self.env:
            problem = kubernetes_problem(name)
            if problem:
                yield ("env", name), problem
        if self.health_path and self.port is None:
            yield ("health_path",), f"{self.health_path} without a port to ask at; state port"
        if self.from_workloads and self.port is None:
            yield ("from_workloads",), "without a port to talk to; state port"
        if self.os_type == "Windows" and self.read_only_root:
            yield ("read_only_root",), "true, but Windows containers cannot; write false [K8S-4]"
        for member, values in {"clusters": self.clusters, "ip_families": self.ip_families}.items():
            if len(set(values)) < len(values):
                yield (member,), f"{', '.join(values)} names one twice; name each once"


class ImagePolicySpec(Spec):
    """Which images clusters may run: those of the co-located replica, and what is named here [K8S-1]."""

    effect: Annotated[Literal["deny", "audit"], Field(description="audit only tells.")] = "deny"
    further: Annotated[
        list[Annotated[str, held_to(prefix_problem)]],
        Field(
            description="Hosts, or hosts with a path or a repository, such as mcr.microsoft.com or docker.io/library/traefik."
        ),
    ] = ["mcr.microsoft.com"]
    global_host: Annotated[
        bool, Field(description="Whether images named with the registry's global host run as well.")
    ] = False
    excluded_namespaces: list[str] = list(SYSTEM_NAMESPACES)
