"""The spec of one environment, which contains the specs of all systems.

Each system's spec finds its own problems; `stacks.checks` finds problems between systems.
"""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from components.access.spec import GrantSpec
from components.address_drift.spec import AddressDriftSpec
from components.agents.spec import AgentSpec
from components.aks.spec import ClusterSpec
from components.alerts.spec import AlertsSpec
from components.artifact_cache.spec import ArtifactCacheSpec
from components.bastion.spec import BastionSpec
from components.colocation.spec import ColocationSpec
from components.container_apps.spec import EnvironmentSpec
from components.container_groups.spec import ContainerGroupSpec
from components.dns.spec import DnsSpec
from components.durable_task.spec import TaskSchedulerSpec
from components.firewalls.spec import FirewallSpec
from components.gateways.spec import GatewaySpec
from components.identity.spec import IdentitySpec
from components.key_vaults.spec import KeyVaultSpec
from components.monitoring.spec import MonitoringSpec
from components.network.spec import NetworkSpec, SubnetSpec
from components.private_endpoint.spec import PrivateEndpointSpec
from components.references import ClusterKey
from components.registry.image_endpoints_spec import ImageEndpointsSpec
from components.registry.spec import RegistrySpec, ReplicaSpec
from components.registry_events.spec import RegistryEventsSpec
from components.resource_groups.spec import ResourceGroupSpec
from components.routing.spec import NatGatewaySpec, RouteTableSpec
from components.sandboxes.spec import SandboxGroupSpec
from components.session_pools.spec import SessionPoolSpec
from components.spec import Region, Spec, Tags
from components.virtual_nodes.spec import VirtualNodesSpec
from components.workloads.spec import ImagePolicySpec, WorkloadSpec
from planning import names
from planning.clouds import CloudName
from planning.image_hosts import Choice, Rotation, Service
from planning.roles import LEGACY, Mode


def _short_name(name: str) -> str:
    problem = names.SHORT_NAME.problem(name)
    if problem:
        raise ValueError(problem)
    return name


ShortName = Annotated[str, AfterValidator(_short_name)]


class PlanningSpec(Spec):
    """Severity of findings in the plan."""

    addresses: Annotated[
        Literal["refuse", "warn", "off"], Field(description="Severity of a subnet with too few addresses.")
    ] = "refuse"
    ranges: Annotated[
        Literal["refuse", "warn"],
        Field(description="Severity of public address space, and of overlapping networks that are not peered."),
    ] = "refuse"


class StackSpec(Spec):
    """One environment."""

    short_forms: ClassVar[tuple[str, ...]] = ("regions", "stamp")

    name: Annotated[
        ShortName, Field(description="Name of the workload, part of every name: 2 to 12 lower-case letters and digits.")
    ]
    environment: Annotated[ShortName, Field(description="Name of the environment, part of every name, such as prod.")]
    location: Annotated[Region, Field(description="Home region; a registry's home cannot change after creation.")]
    cloud: Annotated[CloudName, Field(description="Regional endpoints exist in the public cloud only.")] = "public"
    tags: Tags = {}
    tag_environment: Annotated[
        bool, Field(description="Whether every resource has the tag environment, besides the stack's tags.")
    ] = True
    protect: Annotated[
        bool,
        Field(
            description="Whether the engine refuses to delete or replace any resource of the stack. `./moorings adopt` states it."
        ),
    ] = False
    planning: PlanningSpec = PlanningSpec()
    resource_groups: Annotated[
        dict[str, ResourceGroupSpec],
        Field(
            description="Resource groups by role that have a name, a region or tags of their own, or are made elsewhere."
        ),
    ] = {}
    route_tables: Annotated[
        dict[str, RouteTableSpec], Field(description="Route tables by key, which subnets name.")
    ] = {}
    nat_gateways: Annotated[
        dict[str, NatGatewaySpec], Field(description="NAT gateways by key, with public addresses, which subnets name.")
    ] = {}
    firewalls: Annotated[
        dict[str, FirewallSpec],
        Field(description="Firewalls by key, each in the subnet AzureFirewallSubnet of a network."),
    ] = {}
    bastion: Annotated[
        BastionSpec | None,
        Field(description="Azure Bastion, with a virtual machine from which private clusters are reached."),
    ] = None
    networks: Annotated[dict[str, NetworkSpec], Field(description="Virtual networks by key, usually a region.")] = {}
    dns: DnsSpec = DnsSpec()
    registry: Annotated[
        RegistrySpec | None,
        Field(
            description="The container registry, made here or elsewhere; none for a stack whose resources pull nothing."
        ),
    ] = None
    image_endpoints: ImageEndpointsSpec = ImageEndpointsSpec()
    identities: Annotated[
        dict[str, IdentitySpec], Field(description="User-assigned identities by key, which grants and workloads name.")
    ] = {}
    access: Annotated[
        dict[str, GrantSpec], Field(description="Grants on the registry's content, by a stable key.")
    ] = {}
    artifact_cache: Annotated[
        ArtifactCacheSpec | None, Field(description="Images of other registries that this registry caches.")
    ] = None
    key_vaults: Annotated[
        dict[str, KeyVaultSpec],
        Field(description="Key vaults by name, made here or elsewhere, whose secrets and keys are referenced."),
    ] = {}
    registry_events: Annotated[
        RegistryEventsSpec | None, Field(description="What Event Grid hands on when an image is pushed or deleted.")
    ] = None
    monitoring: MonitoringSpec = MonitoringSpec()
    alerts: Annotated[AlertsSpec | None, Field(description="Action groups, and the alerts that notify them.")] = None
    clusters: Annotated[
        dict[str, ClusterSpec], Field(description="Kubernetes clusters by key, each in the region of its network.")
    ] = {}
    container_apps: Annotated[
        dict[str, EnvironmentSpec], Field(description="Container Apps environments by key, with their apps and jobs.")
    ] = {}
    session_pools: Annotated[
        dict[str, SessionPoolSpec],
        Field(description="Session pools by key, which run code on demand in isolated sessions."),
    ] = {}
    sandbox_groups: Annotated[
        dict[str, SandboxGroupSpec],
        Field(description="Sandbox groups by key: isolated microVMs for untrusted code."),
    ] = {}
    virtual_nodes: Annotated[
        dict[ClusterKey, VirtualNodesSpec], Field(description="Virtual nodes by the key of their cluster.")
    ] = {}
    gateways: Annotated[
        dict[str, GatewaySpec], Field(description="Application Gateways for Containers by key, each for one cluster.")
    ] = {}
    workloads: Annotated[dict[str, WorkloadSpec], Field(description="Workloads of clusters, by name.")] = {}
    image_policy: ImagePolicySpec = ImagePolicySpec()
    colocation: ColocationSpec = ColocationSpec()
    container_groups: Annotated[
        dict[str, ContainerGroupSpec], Field(description="Azure Container Instances container groups by name.")
    ] = {}
    address_drift: Annotated[
        AddressDriftSpec | None, Field(description="Updates DNS records when addresses of container groups change.")
    ] = None
    agents: Annotated[
        dict[str, AgentSpec], Field(description="SRE agents by key, with their scopes, tools and permissions.")
    ] = {}
    task_schedulers: Annotated[
        dict[str, TaskSchedulerSpec], Field(description="Durable Task schedulers by key, with their task hubs.")
    ] = {}
    version_aliases: Annotated[
        Literal["drop", "keep"],
        Field(description="Keep the SDK's aliases of older API versions, for a stack created with such type tokens."),
    ] = "drop"
    engine_state: Annotated[
        Literal["lean", "full"],
        Field(
            description="Content of the engine's state: full adds outputs of components and stack traces; up takes longer."
        ),
    ] = "lean"

    @property
    def registry_home(self) -> str:
        """Home region of the registry: the stack's location, unless it is made elsewhere in another one."""
        return (self.registry.location if self.registry else None) or self.location

    @property
    def replicas(self) -> Mapping[str, ReplicaSpec]:
        """Replicas of the registry by region; none without a registry."""
        return self.registry.replicas if self.registry else {}

    @property
    def rotation(self) -> Rotation:
        """Which regions of the registry are drained; none without a registry."""
        return self.registry.rotation if self.registry else Rotation()

    @property
    def routed(self) -> frozenset[str]:
        """Regions to which the global host leads unless they are drained."""
        return frozenset((self.registry_home, *(each for each, its in self.replicas.items() if its.global_routing)))

    def image_endpoint(self, service: Service, stated: Choice | None) -> Choice:
        """Return how an entry's images are named: as it states, else as its service does."""
        return stated or getattr(self.image_endpoints, service)

    @property
    def private_endpoints(self) -> Mapping[str, PrivateEndpointSpec]:
        """Private endpoints of the registry by key; none without a registry."""
        return self.registry.private_endpoints if self.registry else {}

    @property
    def role_assignment_mode(self) -> Mode:
        """What roles on the registry apply to; without a registry there are no such roles."""
        return self.registry.role_assignment_mode if self.registry else LEGACY

    @property
    def grants_for_both_modes(self) -> bool:
        """Whether grants have role assignments for both modes of the registry."""
        return self.registry is not None and self.registry.grants_for_both_modes

    @property
    def namespace(self) -> str:
        """What names of role assignments are made of, which are unique in a tenant.

        The name of the registry that this stack makes; else those of the workload and its environment, as several stacks may use
        one registry.
        """
        registry = self.registry
        return registry.name if registry and registry.id is None else f"{self.name}-{self.environment}"

    @property
    def own_clusters(self) -> dict[str, ClusterSpec]:
        """The clusters that this stack makes."""
        return {key: cluster for key, cluster in self.clusters.items() if cluster.id is None}

    def subnet(self, network: str | None, subnet: str | None) -> SubnetSpec | None:
        """Return a subnet by its network's key and its own, or None."""
        found = self.networks.get(network or "")
        return found.subnets.get(subnet or "") if found else None
