"""The shape of a Kubernetes cluster: location, networking, identities, upgrades, monitoring."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from components.aks.maintenance_spec import MaintenanceSpec
from components.aks.pool_spec import PoolSpec, WorkloadIdentitySpec
from components.elsewhere import MadeElsewhere
from components.interfaces.spec import LoggingResourceSpec
from components.references import IdentityKey, MetricsWorkspaceKey, NetworkKey, Reference, SubnetKey, WorkspaceKey
from components.spec import Cidr, Spec, held_to, settings_of_others
from planning import names
from planning.aks import (
    DEFAULT_MAX_PODS,
    DEFAULT_POD_CIDR,
    DEFAULT_SERVICE_CIDR,
    MOST_AUTHORIZED_RANGES,
    NODE_RESOURCE_GROUP,
    PluginMode,
    version_problem,
)
from planning.networks import PRIVATE
from planning.node_images import image_date, pulls_by_region
from planning.problems import Path
from planning.resource_ids import CLUSTER, ZONE
from planning.roles import principal_problem


def _image(text: str) -> str:
    if image_date(text) is None:
        raise ValueError(f"{text!r} is not the date of a node image; write one such as 202608.12 [AKS-8]")
    return text


def _address(value: object) -> IPv4Address:
    try:
        return IPv4Address(str(value))
    except ValueError as error:
        raise ValueError(f"{value!r} is not an IPv4 address; write one such as 172.16.0.10") from error


class ApiServerSpec(Spec):
    """Access to the API server: private, or from named public ranges [AKS-9]."""

    private: Annotated[bool, Field(description="Reachable through the network only. Cannot change.")] = True
    authorized_ranges: Annotated[
        list[Cidr],
        Field(max_length=MOST_AUTHORIZED_RANGES, description="Authorized public ranges of a public API server."),
    ] = []
    private_dns_zone: Annotated[
        str,
        Reference("dns.zones", "zone of dns.zones", ZONE, words=("system", "none")),
        Field(
            description="Private DNS zone of its name: system, which Azure creates; none, for public DNS only; or the key or id "
            "of a zone, on which the control plane gets Private DNS Zone Contributor. Cannot change."
        ),
    ] = "system"
    run_command: Annotated[bool, Field(description="Whether `az aks command invoke` is allowed.")] = False

    def _problems(self) -> Iterator[tuple[Path, str]]:
        if self.private and self.authorized_ranges:
            yield ("authorized_ranges",), "are for a public API server; remove them, or write private: false [AKS-9]"
        if not self.private and not self.authorized_ranges:
            yield (
                ("private",),
                "false without authorized_ranges opens the API server to every address; name ranges, or write true [AKS-9]",
            )
        for index, allowed in enumerate(self.authorized_ranges):
            path = ("authorized_ranges", str(index))
            if allowed.prefixlen == 0:
                yield path, f"{allowed} is every address; name the ranges that need access [AKS-9]"
            elif any(allowed.subnet_of(private) for private in PRIVATE):
                yield path, f"{allowed} is a private range: the API server sees public addresses only [AKS-9]"


class ClusterSpec(LoggingResourceSpec):
    """One managed cluster, in the region of its network.

    With ``id`` the cluster is made elsewhere: workloads, service accounts and gateways of this stack use it.
    """

    arm_type: ClassVar[str] = "Microsoft.ContainerService/managedClusters"

    id: Annotated[
        Annotated[str, MadeElsewhere(CLUSTER)] | None,
        Field(description="A cluster made elsewhere, in any subscription."),
    ] = None
    name: Annotated[
        Annotated[str, held_to(names.MANAGED_CLUSTER.problem)] | None,
        Field(description="Name in Azure. Default: made of the key. Another name is another cluster."),
    ] = None
    dns_prefix: Annotated[
        Annotated[str, held_to(names.CLUSTER_DNS_PREFIX.problem)] | None,
        Field(description="First part of the API server's host name; fixed after creation. Default: the name."),
    ] = None
    node_resource_group: Annotated[
        Annotated[str, held_to(NODE_RESOURCE_GROUP.problem)] | None,
        Field(
            description="Resource group that Azure makes for the nodes; fixed after creation. Default: made of the key."
        ),
    ] = None
    network: Annotated[NetworkKey, Field(description="Key of the network of its nodes.")]
    subnet: Annotated[
        SubnetKey | None, Field(description="Subnet of its nodes, unless a pool names another. Not with id.")
    ] = None
    identity: Annotated[
        IdentityKey | None, Field(description="Key of the identity of the control plane. Not with id.")
    ] = None
    kubelet_identity: Annotated[
        IdentityKey | None,
        Field(description="Key of the identity with which nodes pull images. With id: granted that, unless left out."),
    ] = None
    tier: Annotated[Literal["Free", "Standard", "Premium"], Field(description="Free has no uptime SLA.")] = "Standard"
    long_term_support: Annotated[bool, Field(description="Two years for a minor version; needs tier Premium.")] = False
    kubernetes_version: Annotated[
        Annotated[str, held_to(version_problem)] | None,
        Field(description="Such as 1.35, quoted. Default: Azure's. A channel upgrades from it."),
    ] = None
    upgrade_channel: Annotated[
        Literal["none", "patch", "stable", "rapid"], Field(description="Channel of automatic Kubernetes upgrades.")
    ] = "stable"
    node_os_upgrade_channel: Annotated[
        Literal["None", "Unmanaged", "SecurityPatch", "NodeImage"],
        Field(description="Channel of node OS upgrades. NodeImage keeps images recent enough to pull by region."),
    ] = "NodeImage"
    node_image: Annotated[
        Annotated[str, AfterValidator(_image)] | None,
        Field(description="Oldest node image, such as 202608.12, where the channel installs none."),
    ] = None
    old_node_image: Annotated[
        Literal["global", "refuse"],
        Field(description="What to do where node images are too old to pull by region: use the global host, or stop."),
    ] = "global"
    network_plugin: Annotated[
        Literal["azure", "kubenet"],
        Field(description="A change replaces the cluster. kubenet is retired in March 2028."),
    ] = "azure"
    network_plugin_mode: Annotated[
        PluginMode, Field(description="flat gives pods addresses of the virtual network, which virtual nodes need.")
    ] = "overlay"
    network_dataplane: Annotated[Literal["cilium", "azure"] | None, Field(description="Default: cilium.")] = None
    network_policy: Annotated[
        Literal["cilium", "azure", "calico"] | None, Field(description="Default: that of the data plane.")
    ] = None
    pod_cidr: Annotated[Cidr | None, Field(description="Range of an overlay's pods. Default: 10.244.0.0/16.")] = None
    service_cidr: Annotated[Cidr, Field(description="Range of Kubernetes services.")] = DEFAULT_SERVICE_CIDR
    dns_service_ip: Annotated[
        Annotated[IPv4Address, BeforeValidator(_address)] | None,
        Field(description="Address of the cluster's DNS service. Default: the tenth of service_cidr."),
    ] = None
    outbound_type: Annotated[
        Literal["loadBalancer", "userDefinedRouting", "userAssignedNATGateway", "none"],
        Field(description="Outbound connectivity of nodes."),
    ] = "loadBalancer"
    internal_load_balancers: Annotated[int, Field(ge=0, description="Addresses to reserve for them.")] = 0
    api_server: ApiServerSpec = ApiServerSpec()
    admin_groups: Annotated[
        list[Annotated[str, held_to(principal_problem)]],
        Field(description="Object ids of the Entra groups of its administrators."),
    ] = []
    local_accounts: Annotated[
        bool, Field(description="Whether local accounts beside Microsoft Entra ID are enabled.")
    ] = False
    pools: Annotated[dict[str, PoolSpec], Field(description="Agent pools by name; one of mode System at least.")] = {
        "system": PoolSpec(mode="System")
    }
    maintenance: MaintenanceSpec = MaintenanceSpec()
    workload_identities: Annotated[
        dict[str, WorkloadIdentitySpec], Field(description="Service accounts that act as identities, by a key.")
    ] = {}
    workspace: Annotated[
        WorkspaceKey | None, Field(description="Key of the workspace for logs, audit and Defender.")
    ] = None
    defender: Annotated[
        bool | None,
        Field(description="Default: on where there is a workspace, else as the subscription's Defender plan states."),
    ] = None
    metrics_workspace: Annotated[
        MetricsWorkspaceKey | None,
        Field(description="Key of the metrics workspace that Prometheus metrics are sent to."),
    ] = None
    azure_policy: bool = True
    key_vault_secrets: Annotated[bool, Field(description="Mounts secrets of key vaults, with rotation.")] = True
    image_cleaner_hours: Annotated[
        int | None, Field(ge=24, le=2160, description="Hours between removals of unused images. null: never.")
    ] = 168
    protect: Annotated[
        bool,
        Field(
            description="Protect it from deletion and replacement. To replace it: set false, run up, then change it."
        ),
    ] = True

    @property
    def node_subnet(self) -> str:
        """Key of the subnet of its nodes; empty for a cluster made elsewhere."""
        return self.subnet or ""

    @property
    def control_identity(self) -> str:
        """Key of the identity of the control plane; empty for a cluster made elsewhere."""
        return self.identity or ""

    @property
    def pulling_identity(self) -> str:
        """Key of the identity with which nodes pull; empty where a cluster made elsewhere states none."""
        return self.kubelet_identity or ""

    @property
    def mode(self) -> PluginMode:
        """Network plugin mode; kubenet counts as an overlay."""
        return "overlay" if self.network_plugin == "kubenet" else self.network_plugin_mode

    @property
    def channel_owns_version(self) -> bool:
        """Whether a channel upgrades the minor version of the cluster [AKS-7]."""
        return self.upgrade_channel in {"stable", "rapid"}

    @property
    def dataplane(self) -> Literal["cilium", "azure"]:
        """The network data plane."""
        return self.network_dataplane or ("azure" if self.network_plugin == "kubenet" else "cilium")

    @property
    def policy(self) -> str:
        """The network policy engine."""
        return self.network_policy or ("cilium" if self.dataplane == "cilium" else "calico")

    @property
    def pod_range(self) -> IPv4Network | None:
        """Range of the pods; None where they have addresses of the virtual network."""
        return None if self.mode == "flat" else self.pod_cidr or DEFAULT_POD_CIDR

    @property
    def name_server(self) -> IPv4Address:
        """Address of the cluster's DNS service."""
        return self.dns_service_ip or self.service_cidr.network_address + 10

    @property
    def first_pool(self) -> str:
        """Name of the System pool that the cluster is created with; the others are added later."""
        return next((name for name, pool in self.pools.items() if pool.mode == "System"), "")

    @property
    def watched(self) -> bool:
        """Whether Microsoft Defender for Containers is enabled."""
        return self.workspace is not None if self.defender is None else self.defender

    @property
    def images_are_recent(self) -> bool:
        """Whether the spec states node images that can pull from regional hosts [AKS-8]."""
        if self.node_image is not None:
            return pulls_by_region(self.node_image)
        return self.node_os_upgrade_channel == "NodeImage"

    def pods_of(self, pool: PoolSpec) -> int:
        """Return the maximum pods of a node of a pool."""
        return pool.max_pods or DEFAULT_MAX_PODS[self.mode]

    def _problems(self) -> Iterator[tuple[Path, str]]:
        yield from (*self._of_this_stack(), *self._networking(), *self._pools(), *self._versions(), *self._rest())

    def _of_this_stack(self) -> Iterator[tuple[Path, str]]:
        """What only a cluster of this stack has, and has to state."""
        known = ("network", "kubelet_identity", "pools", "node_image", "node_os_upgrade_channel", "old_node_image")
        yield from settings_of_others(self, except_for=("id", *known, "network_plugin_mode", "workload_identities"))
        for name in ("subnet", "identity", "kubelet_identity") if self.id is None else ():
            if getattr(self, name) is None:
                yield (name,), "is missing; state it, or give the id of a cluster made elsewhere"

    def _networking(self) -> Iterator[tuple[Path, str]]:
        if self.mode == "flat" and self.pod_cidr is not None:
            yield (
                ("pod_cidr",),
                f"{self.pod_cidr} without an overlay: pods have addresses of the virtual network; remove it [AKS-5]",
            )
        if self.network_plugin == "kubenet" and self.network_plugin_mode == "flat":
            yield ("network_plugin_mode",), "flat needs network_plugin: azure [AKS-11]"
        if self.network_plugin == "kubenet" and self.dataplane == "cilium":
            yield ("network_dataplane",), "cilium needs network_plugin: azure [AKS-11]"
        if (self.dataplane == "cilium") != (self.policy == "cilium"):
            message = (
                f"{self.policy} does not go with network_dataplane {self.dataplane}; remove it, or change one [AKS-11]"
            )
            yield ("network_policy",), message
        nodes = {pool.subnet or self.node_subnet for pool in self.pools.values()}
        for name, pool in self.pools.items():
            if pool.pod_subnet and self.mode == "overlay":
                yield ("pools", name, "pod_subnet"), "is for network_plugin_mode: flat; remove it [AKS-3]"
            elif pool.pod_subnet in nodes:
                message = (
                    f"{pool.pod_subnet} has nodes in it, and pods need a subnet of their own; name another, or leave it"
                )
                yield (
                    ("pools", name, "pod_subnet"),
                    f"{message} out, so that pods share the subnet of their nodes [AKS-3]",
                )

    def _pools(self) -> Iterator[tuple[Path, str]]:
        for name, pool in self.pools.items():
            rule = names.WINDOWS_AGENT_POOL if pool.os_type == "Windows" else names.AGENT_POOL
            problem = rule.problem(name)
            if problem:
                yield ("pools", name), problem
            if pool.os_type == "Windows" and self.dataplane == "cilium":
                yield ("pools", name, "os_type"), "Windows needs network_dataplane: azure [AKS-11]"
        if not self.first_pool:
            yield ("pools",), "none has mode System; give one of them mode: System [AKS-6]"

    def _versions(self) -> Iterator[tuple[Path, str]]:
        version = self.kubernetes_version
        if version and version.count(".") == 2 and self.upgrade_channel == "patch":
            message = (
                f"{version} names a patch, which upgrade_channel patch upgrades; write {version.rpartition('.')[0]}"
            )
            yield ("kubernetes_version",), f"{message}, quoted [AKS-7]"
        if self.upgrade_channel == "none" and version is None:
            message = (
                "none without a kubernetes_version, so that the cluster is never upgraded; state one, or write stable"
            )
            yield ("upgrade_channel",), f"{message} [AKS-7]"
        if self.long_term_support and self.tier != "Premium":
            yield ("long_term_support",), f"true needs tier Premium, the cluster has {self.tier}; change one [AKS-7]"

    def _rest(self) -> Iterator[tuple[Path, str]]:
        if self.identity is not None and self.identity == self.kubelet_identity:
            message = (
                f"{self.kubelet_identity} is the control plane's identity too; give nodes one of their own [AKS-12]"
            )
            yield ("kubelet_identity",), message
        if self.watched and self.workspace is None:
            yield ("defender",), "true needs a workspace to send to; name one [AKS-13]"
