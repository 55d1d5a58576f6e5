"""One environment: the only place where the systems meet, in the order in which data flows.

Resource groups → networks and peerings → DNS zones → workspaces → registry → private endpoints → identities → access → compute.
Every id that one system needs of another is handed on here; no component reaches into another.
"""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_azure_native as azure_native

from components import systems
from components.access.access import Access
from components.dns.zone import Zone
from components.identity.identity import UserAssignedIdentity
from components.monitoring.metrics_workspace import MetricsWorkspace
from components.monitoring.workspace import Workspace
from components.network.network import Network
from components.network.peering import Side, peer
from components.private_endpoint.members import Patience
from components.private_endpoint.private_endpoint import PrivateEndpoint
from components.registry.registry import Registry
from components.surroundings import Made, RegistryAccess, Surroundings
from planning.endpoints import endpoints
from stacks.plan import Plan
from stacks.spec import StackSpec


class Platform(pulumi.ComponentResource):
    """Everything that one description asks for; makes the resource groups and every system's component."""

    registry_id: pulumi.Output[str]
    registry_principal_id: pulumi.Output[str | None]
    endpoints: pulumi.Output[Mapping[str, object]]
    addresses: pulumi.Output[Mapping[str, Mapping[str, str]]]
    ledger: list[dict[str, object]]
    identities: pulumi.Output[Mapping[str, Mapping[str, str]]]
    compute: dict[str, dict[str, Made]] | None
    pulls: list[Made] | None

    def __init__(
        self,
        name: str,
        spec: StackSpec,
        plan: Plan,
        *,
        patience: Patience | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the environment.

        Args:
            name: logical name; every name below starts with it.
            spec: the checked description.
            plan: what was computed from it.
            patience: how long to wait for private addresses; by default up to ten minutes.
            opts: options of the component itself.
        """
        super().__init__("moorings:platform:Platform", name, None, opts)
        self._name, self._spec, self._plan = name, spec, plan
        self._tags = {**spec.tags, "environment": spec.environment}
        self._patience = patience or Patience()
        self._made_groups: dict[tuple[str, ...], azure_native.resources.ResourceGroup] = {}
        self._registry_group = self._resource_group("registry", spec.location)
        self._groups = {key: self._network_group(key) for key, network in spec.networks.items() if not network.outside}
        self._networks = {key: self._network(key) for key in spec.networks}
        peerings = {pair: self._peering(*pair) for pair in plan.peerings}
        self._zones = {key: self._zone(key) for key in plan.zones}
        self._workspaces = self._make_workspaces()
        self._metrics_workspaces = self._make_metrics_workspaces()
        self._registry = self._make_registry()
        private = {key: self._private_endpoint(key, peerings) for key in spec.registry.private_endpoints}
        self._identities = self._make_identities()
        self._access = self._make_access()
        self.registry_id = self._registry.id
        self.registry_principal_id = self._registry.principal_id
        self.endpoints = self._endpoints()
        self.addresses = pulumi.Output.all(**{key: endpoint.addresses for key, endpoint in private.items()})
        self.ledger = self._ledger()
        self.identities = self._identities_by_key()
        self.compute = systems.build(self._surroundings(list(private.values())), spec) or None
        self.pulls = [*self._workload_pulls(self.compute or {}), *self._sandbox_pulls(self.compute or {})] or None
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Input[object]]:
        """What a stack exports: host names, ledger, registry, private addresses, identities, compute, and pulls beside ARM."""
        return {
            "endpoints": self.endpoints,
            "ledger": self.ledger,
            "registry_id": self.registry_id,
            "registry_principal_id": self.registry_principal_id,
            "addresses": self.addresses,
            "identities": self.identities,
            "compute": self.compute,
            "pulls": self.pulls,
        }

    def _resource_group(self, role: str, location: str, *parts: str) -> azure_native.resources.ResourceGroup:
        """The group of a role, made when it is first asked for."""
        if (role, *parts) not in self._made_groups:
            self._made_groups[role, *parts] = azure_native.resources.ResourceGroup(
                "-".join((self._name, "rg", role, *parts)),
                resource_group_name=self._plan.names.resource_group(role, *parts),
                location=location,
                tags=self._tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
        return self._made_groups[role, *parts]

    def _network_group(self, key: str) -> azure_native.resources.ResourceGroup:
        return self._resource_group("network", self._plan.locations[key], key)

    def _group_of(self, network: str) -> azure_native.resources.ResourceGroup:
        """Where what belongs to a network goes: beside the registry where the network is made elsewhere."""
        return self._groups.get(network, self._registry_group)

    def _network(self, key: str) -> Network:
        return Network(
            f"{self._name}-network-{key}",
            self._spec.networks[key],
            key=key,
            names=self._plan.names,
            location=self._plan.locations[key],
            resource_group_name=self._group_of(key).name,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _peering(self, first: str, second: str) -> list[azure_native.network.VirtualNetworkPeering]:
        return peer(
            f"{self._name}-peering-{first}-{second}",
            first=self._side(first),
            second=self._side(second),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _side(self, key: str) -> Side:
        group = self._groups.get(key)
        network = self._networks[key]
        return Side(key, network.id, network.name, group.name if group else None)

    def _zone(self, key: str) -> Zone:
        zone = self._plan.zones[key]
        return Zone(
            f"{self._name}-zone-{key}",
            zone_name=zone.name,
            networks={link: self._networks[link].id for link in zone.links},
            resource_group_name=self._group_of(zone.network).name,
            tags=self._tags,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_registry(self) -> Registry:
        workspace = self._spec.registry.workspace
        return Registry(
            f"{self._name}-registry",
            self._spec.registry,
            location=self._spec.location,
            resource_group_name=self._registry_group.name,
            tags=self._tags,
            workspace_id=self._workspaces[workspace].id if workspace else None,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _private_endpoint(
        self, key: str, peerings: Mapping[tuple[str, str], Sequence[pulumi.Resource]]
    ) -> PrivateEndpoint:
        spec = self._spec.registry.private_endpoints[key]
        registry_name = self._spec.registry.name
        network = self._networks[spec.network]
        group = self._group_of(spec.network)
        return PrivateEndpoint(
            f"{self._name}-endpoint-{key}",
            spec,
            endpoint_name=self._plan.names.private_endpoint(registry_name, key),
            interface_name=self._plan.names.network_interface(registry_name, key),
            location=self._plan.locations[spec.network],
            resource_group_name=group.name,
            subnet_id=network.subnet_ids.apply(lambda ids: ids[spec.subnet]),
            registry=self._registry,
            registry_id=self._registry.id,
            shape=self._plan.shape,
            zone_ids={zone: self._zones[zone].id for zone in self._plan.fed[key]},
            tags=self._tags,
            patience=self._patience,
            # A peering changes its two networks; an endpoint made meanwhile in one would meet AnotherOperationInProgress.
            after=[direction for pair, both in peerings.items() if spec.network in pair for direction in both],
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_identities(self) -> dict[str, UserAssignedIdentity]:
        if not self._spec.identities:
            return {}
        group = self._resource_group("identity", self._spec.location)
        return {
            key: UserAssignedIdentity(
                f"{self._name}-identity-{key}",
                identity,
                identity_name=self._plan.names.user_assigned_identity(key),
                location=identity.location or self._spec.location,
                resource_group_name=group.name,
                tags=self._tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for key, identity in self._spec.identities.items()
        }

    def _make_access(self) -> Access | None:
        """The grants; what pulls comes after them. None without a grant, so that other stacks keep what they have."""
        if not self._plan.grants:
            return None
        return Access(
            f"{self._name}-access",
            self._plan.grants,
            mode=self._spec.registry.role_assignment_mode,
            registry_name=self._spec.registry.name,
            registry_id=self._registry.id,
            principal_ids={key: identity.principal_id for key, identity in self._identities.items()},
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_workspaces(self) -> dict[str, Workspace]:
        return {
            key: Workspace(
                f"{self._name}-workspace-{key}",
                workspace,
                workspace_name=self._plan.names.workspace(key),
                location=workspace.location or self._spec.location,
                resource_group_name=self._resource_group("monitoring", self._spec.location).name,
                tags=self._tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for key, workspace in self._spec.monitoring.workspaces.items()
        }

    def _make_metrics_workspaces(self) -> dict[str, MetricsWorkspace]:
        return {
            key: MetricsWorkspace(
                f"{self._name}-metrics-{key}",
                workspace_name=self._plan.names.metrics_workspace(key),
                location=workspace.location or self._spec.location,
                resource_group_name=self._resource_group("monitoring", self._spec.location).name,
                tags=self._tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            for key, workspace in self._spec.monitoring.metrics_workspaces.items()
        }

    def _surroundings(self, private: list[PrivateEndpoint]) -> Surroundings:
        """What the compute systems find around them."""
        access = [self._access] if self._access else []
        return Surroundings(
            name=self._name,
            parent=self,
            names=self._plan.names,
            tags=self._tags,
            location=self._spec.location,
            locations=self._plan.locations,
            networks=self._networks,
            resource_group=self._resource_group,
            registry=RegistryAccess(
                id=self._registry.id,
                name=self._spec.registry.name,
                mode=self._spec.registry.role_assignment_mode,
                host=self._image_host,
                global_host=self._registry.login_server,
                ready=(self._registry, *private, *access),
            ),
            identities=self._identities,
            workspaces=self._workspaces,
            metrics_workspaces=self._metrics_workspaces,
        )

    def _image_host(self, region: str) -> pulumi.Output[str]:
        """The host that a region pulls from: plain where it is known beforehand, else an output."""
        known = self._plan.image_host(region)
        if known is not None:
            return pulumi.Output.from_input(known)
        shape = self._plan.shape

        def host(server: str) -> str:
            names = endpoints(server.split(".", 1)[0], shape)
            return names.regional.get(region, names.global_)

        return self._registry.login_server.apply(host)

    def _identities_by_key(self) -> pulumi.Output[Mapping[str, Mapping[str, str]]]:
        """Ids of every identity, as workloads and directories ask for them."""
        return pulumi.Output.all(
            **{
                key: pulumi.Output.all(id=made.id, client_id=made.client_id, principal_id=made.principal_id)
                for key, made in self._identities.items()
            }
        )

    def _workload_pulls(self, compute: Mapping[str, Mapping[str, Made]]) -> list[Made]:
        """What the workloads of clusters pull: ARM does not know of it."""
        return [
            {
                "name": f"{key} in {cluster}",
                "from": compute["clusters"][cluster]["id"],
                "image": pulumi.Output.format("{0}/{1}", compute["clusters"][cluster]["image_host"], workload.image),
            }
            for key, workload in self._spec.workloads.items()
            for cluster in workload.clusters
        ]

    def _sandbox_pulls(self, compute: Mapping[str, Mapping[str, Made]]) -> list[Made]:
        """What the sandboxes of a group pull: its profile says so, and ARM does not."""
        found: list[Made] = []
        for key, group in self._spec.sandbox_groups.items():
            if group.profile.image and group.identity:
                told = compute["sandbox_groups"][key]
                image = pulumi.Output.from_input(told["profile"]).apply(_profile_image)
                identity = self._identities[group.identity].id
                found.append({"name": f"sandboxes in {key}", "from": told["id"], "identity": identity, "image": image})
        return found

    def _endpoints(self) -> pulumi.Output[Mapping[str, object]]:
        """Host names: plain where they are known beforehand, an output where Azure makes up a hash [ACR-6]."""
        if self._plan.endpoints is not None:
            return pulumi.Output.from_input(self._plan.endpoints.as_dict())
        shape = self._plan.shape
        return self._registry.login_server.apply(lambda server: endpoints(server.split(".", 1)[0], shape).as_dict())

    def _ledger(self) -> list[dict[str, object]]:
        names = self._plan.network_names
        return [{**row.as_dict(), "vnet": names[row.subnet.network]} for row in self._plan.ledger]


def _profile_image(profile: object) -> str:
    """Return the image in a sandbox group's profile."""
    if not isinstance(profile, Mapping):
        raise TypeError(f"the profile of a sandbox group is {type(profile).__name__}, not a mapping")
    return str(profile["image"]["base"])
