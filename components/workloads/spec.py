"""The shape of workloads: images, clusters, network access and image policy.

Manifests are generated from it; no Azure resource is.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from components.references import ClusterKey, IdentityKey, WorkloadKey
from components.spec import Cidr, ImageEndpoint, Spec, held_to, refuse
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
    """Requests of each pod; the memory request is the limit too, CPU has no limit by default."""

    retired_names: ClassVar[Mapping[str, str]] = {
        "gpu": "is not a request that the toolkit writes: apply a manifest of your own for pods with nvidia.com/gpu, on a pool "
        "whose vm_size has GPUs [VM-4]"
    }

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
        """The same as a size of Azure Container Instances, in vCPU and GB."""
        cpu = quantity(self.cpu_limit or self.cpu) or Decimal(0)
        return Size(float(cpu), float((quantity(self.memory) or Decimal(0)) / 10**9))


class WorkloadSpec(Spec):
    """One workload, identical in each of its clusters except for the registry host of its image."""

    clusters: Annotated[list[ClusterKey], Field(min_length=1, description="Keys of its clusters.")]
    image: Annotated[
        str,
        held_to(image_problem),
        Field(description="repository:tag; the registry's host is prepended, see endpoint."),
    ]
    endpoint: ImageEndpoint = None
    namespace: Annotated[
        str | None, Field(min_length=1, description="Default: a namespace with the workload's name.")
    ] = None
    kind: Annotated[
        Literal["Deployment", "DaemonSet", "Job"], Field(description="Kubernetes kind of the workload.")
    ] = "Deployment"
    replicas: Annotated[int, Field(ge=1, description="Pods in each cluster; not for DaemonSet.")] = 2
    port: Annotated[Port | None, Field(description="Port that it listens on. Without it there is no service.")] = None
    command: list[str] = []
    args: list[str] = []
    env: Annotated[
        dict[str, str],
        Field(description="Environment variables in plain text; read secrets from a vault with its identity."),
    ] = {}
    resources: ResourcesSpec = ResourcesSpec()
    health_path: Annotated[str | None, Field(pattern=r"^/", description="Path of the readiness probe.")] = None
    user: Annotated[int, Field(ge=1, description="User id of its containers, never root.")] = 10001
    read_only_root: Annotated[bool, Field(description="Whether its file system is read-only except for /tmp.")] = True
    os_type: Literal["Linux", "Windows"] = "Linux"
    ip_families: Annotated[list[Literal["IPv4", "IPv6"]], Field(min_length=1, max_length=2)] = ["IPv4"]
    identity: Annotated[
        IdentityKey | None,
        Field(description="Identity that it uses; the cluster names it under workload_identities."),
    ] = None
    virtual_nodes: Annotated[bool, Field(description="Whether its pods run on virtual nodes.")] = False
    from_workloads: Annotated[
        list[WorkloadKey],
        Field(description="Workloads that may connect to it. Gateways that route to it are allowed too."),
    ] = []
    egress: Annotated[
        list[Cidr] | None,
        Field(description="Ranges that it may connect to, beside DNS and the workloads that allow it. Default: any."),
    ] = None

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._on_virtual_nodes(), *self._rest())

    @property
    def surge(self) -> int:
        """Pods beside ``replicas`` during an update: a quarter, rounded up; none of a job [K8S-3]."""
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
                message = (
                    "needs a network policy, which has no effect on virtual nodes; remove it, and use security_rules "
                )
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
            yield ("health_path",), f"{self.health_path} without a port to probe; state port"
        if self.from_workloads and self.port is None:
            yield ("from_workloads",), "without a port to connect to; state port"
        if self.os_type == "Windows" and self.read_only_root:
            yield ("read_only_root",), "true, but Windows containers cannot; write false [K8S-4]"
        for member, values in {"clusters": self.clusters, "ip_families": self.ip_families}.items():
            if len(set(values)) < len(values):
                yield (member,), f"{', '.join(values)} has duplicates; name each once"


class ImagePolicySpec(Spec):
    """Images that clusters may run: those of the co-located replica, and those named here [K8S-1]."""

    effect: Annotated[Literal["deny", "audit"], Field(description="audit only reports.")] = "deny"
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
