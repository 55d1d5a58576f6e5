"""One environment: builds all components in the order of their dependencies.

Resource groups → networks and peerings → DNS zones → workspaces → identities → key vaults → registry → private endpoints →
access → compute → locks. Ids are passed from one system to another here; no component reaches into another.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module

import pulumi
import pulumi_azure_native as azure_native

from components.access.access import Access
from components.aliases import formerly
from components.dns.zone import Zone
from components.elsewhere import name_of, parsed
from components.identity.identity import UserAssignedIdentity
from components.monitoring.metrics_workspace import MetricsWorkspace
from components.monitoring.workspace import Workspace
from components.moves import replaced_by_a_move
from components.network.network import Network
from components.network.peering import Side, peer
from components.network.spec import PeeringSpec
from components.private_endpoint.connections import replaced_when_disconnected
from components.private_endpoint.members import Patience
from components.private_endpoint.private_endpoint import PrivateEndpoint, Ties
from components.registry.registry import Registry
from components.registry.spec import RegistrySpec
from planning.clouds import CLOUDS
from planning.endpoints import RegistryShape
from stacks.context import BuildContext, Builder, Built, Component, Placement, Report, ResourceGroups, Resources
from stacks.exclusive import ROUTES, SECURITY_RULES, stated_routes, stated_rules
from stacks.hosts import Hosts, addresses_of
from stacks.interfaces import build as interfaces
from stacks.interfaces.entries import tags
from stacks.plan import Peering, Plan
from stacks.plan import Zone as PlannedZone
from stacks.previous import Previous
from stacks.renames import renames
from stacks.rotation import home_replica
from stacks.routing import firewalls, ids, nat_gateways, route_tables
from stacks.spec import StackSpec
from stacks.successors import successors
from stacks.system import System

_Ways = Mapping[Peering, Sequence[pulumi.Resource]]
_VAULTS = "stacks.systems.key_vaults.build"
"""Imported on demand, because few stacks need its part of the SDK."""


class Platform(pulumi.ComponentResource):
    """All resources of one stack; makes the resource groups and every system's components."""

    registry_id: pulumi.Output[str] | None
    registry_principal_id: pulumi.Output[str | None] | None
    replica_status: pulumi.Output[dict[str, str]] | None
    endpoints: pulumi.Output[Mapping[str, object]] | None
    addresses: pulumi.Output[Mapping[str, Mapping[str, str]]]
    ledger: list[dict[str, object]]
    identities: pulumi.Output[Mapping[str, Mapping[str, str]]]
    compute: dict[str, Mapping[str, Report]] | None
    pulls: list[Report] | None
    dns_records: pulumi.Output[Mapping[str, object]] | None
    networks: pulumi.Output[Mapping[str, str]]
    zones: pulumi.Output[Mapping[str, str]]
    workspaces: pulumi.Output[Mapping[str, str]]
    security_rules: dict[str, dict[str, list[str]]]

    def __init__(
        self,
        name: str,
        spec: StackSpec,
        plan: Plan,
        systems: Sequence[System],
        *,
        patience: Patience | None = None,
        previous: Previous | None = None,
        hooks: pulumi.ResourceHookBinding | None = None,
        endpoint_hooks: pulumi.ResourceHookBinding | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the environment.

        Args:
            name: logical name, and prefix of all others.
            spec: the checked spec.
            plan: its plan.
            systems: all systems, in the order in which they are built.
            patience: how long to wait for private addresses; by default up to ten minutes.
            previous: the previous state of the stack; by default empty.
            hooks: functions that the engine calls before it updates a network, a security group or a route table.
            endpoint_hooks: functions that the engine calls before it updates a private endpoint.
            opts: options of the component itself.
        """
        self._previous = previous or Previous()
        lost = replaced_when_disconnected(self._previous.disconnected_endpoints(), endpoint_hooks)
        renamed, noted = formerly(successors(name, spec, plan, self._previous)), interfaces.Made()
        moves = pulumi.ResourceOptions(transformations=[replaced_by_a_move, lost, renamed, noted.note])
        super().__init__("moorings:platform:Platform", name, None, pulumi.ResourceOptions.merge(opts, moves))
        self._name, self._spec, self._plan = name, spec, plan
        self._tags = {**spec.tags, **({"environment": spec.environment} if spec.tag_environment else {})}
        self._patience, self._hooks = patience or Patience(), hooks
        self._renames, self._resources = renames(name, plan, self._previous), Resources()
        self._groups = ResourceGroups(name, self._tags, self, plan.sites.of_one_region(), tags(spec))
        self._networks = self._make_networks()
        peerings = {pair: self._peering(*pair) for pair in plan.peerings}
        self._zones = self._add({key: self._zone(key) for key in plan.zones})
        self._workspaces = self._add(self._make_workspaces())
        self._add(self._make_metrics_workspaces())
        self._identities = self._add(self._make_identities())
        self._add(self._make_vaults())
        self._registry = made = self._make_registry(spec.registry) if spec.registry else None
        hosts = Hosts(plan, plan.shape, spec.rotation, self._registry) if plan.shape and self._registry else None
        private = self._private_endpoints(peerings)
        self._access = self._make_access()
        self.registry_id, self.registry_principal_id = (made.id, made.principal_id) if made else (None, None)
        self.replica_status = made.replica_status if made and spec.replicas else None
        self.endpoints = hosts.all() if hosts else None
        self.addresses, self.ledger = addresses_of(private), self._ledger()
        self.identities = self._identities_by_key()
        self.dns_records = self._dns_records(hosts, private)
        self.networks, self.zones, self.workspaces = map(_ids, (self._networks, self._zones, self._workspaces))
        self.security_rules, self.routes = stated_rules(spec), stated_routes(spec) or None
        built = self._build(systems, self._context(hosts, list(private.values())))
        interfaces.build(name, spec, noted, self._wiring(), parent=self)
        self.compute = {section: result.report for section, result in built.items() if result.report} or None
        self.pulls = [each for result in built.values() for each in result.pulls] or None
        self.register_outputs(self.outputs())

    def outputs(self) -> dict[str, pulumi.Input[object]]:
        """The exports of a stack: hosts, ledger, registry, addresses, identities, compute, rules, pulls, ids for other stacks."""
        return {
            "endpoints": self.endpoints,
            "ledger": self.ledger,
            "registry_id": self.registry_id,
            "registry_principal_id": self.registry_principal_id,
            "replica_status": self.replica_status,
            "addresses": self.addresses,
            "identities": self.identities,
            "compute": self.compute,
            "pulls": self.pulls,
            "dns_records": self.dns_records,
            "networks": self.networks,
            "zones": self.zones,
            "workspaces": self.workspaces,
            SECURITY_RULES: self.security_rules,
            ROUTES: self.routes,
        }

    def _add(self, components: dict[str, Component]) -> dict[str, Component]:
        """Register components for the systems, by class and key."""
        self._resources.add(components)
        return components

    def _placed(self, *path: str) -> Placement:
        return self._groups.placement(self._plan.sites[path])

    def _make_networks(self) -> dict[str, Network]:
        """Networks, after the ways out that their subnets name, and the firewalls in them."""
        ours = (self._name, self._spec, self._plan, self._groups, self)
        tables, gateways = self._add(route_tables(*ours, self._hooks)), self._add(nat_gateways(*ours))
        self._way_ids = ids(tables, self._spec.route_tables), ids(gateways, self._spec.nat_gateways)
        networks = self._add({key: self._network(key) for key in self._spec.networks})
        self._firewalls = self._add(firewalls(*ours, networks))
        return networks

    def _network(self, key: str) -> Network:
        route_table_ids, nat_gateway_ids = self._way_ids
        return Network(
            f"{self._name}-network-{key}",
            self._spec.networks[key],
            key=key,
            names=self._plan.names,
            route_table_ids=route_table_ids,
            nat_gateway_ids=nat_gateway_ids,
            hooks=self._hooks,
            opts=pulumi.ResourceOptions(parent=self),
            **self._placed("networks", key),
        )

    def _peering(self, first: str, second: str) -> list[azure_native.network.VirtualNetworkPeering]:
        return peer(
            f"{self._name}-peering-{first}-{second}",
            first=self._side(first, second),
            second=self._side(second, first),
            disconnected=self._previous.disconnected_peerings(),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _side(self, key: str, other: str) -> Side:
        network, spec = self._networks[key], self._spec.networks[key]
        if spec.outside:
            return Side(key, network.id, network.name, None)
        group = self._groups.name_of(self._plan.sites["networks", key].group)
        space = [str(prefix) for prefix in spec.address_space]
        allows = spec.peerings.get(other, PeeringSpec())
        return Side(key, network.id, network.name, group, network.resource, space, allows)

    def _zone(self, key: str) -> Zone:
        zone = self._plan.zones[key]
        there = parsed(zone.id)
        ours = self._plan.sites["networks", zone.network].group if zone.network else None
        subscription = ours.subscription if ours else self._plan.subscription_of(zone.id)
        return Zone(
            f"{self._name}-zone-{name_of(key)}",
            zone_name=zone.name,
            networks={link: self._networks[link].id for link in zone.links},
            link_names=self._link_names(zone),
            replaced_with={link: self._networks[link].resource for link in zone.links},
            resource_group_name=self._groups.name_of(ours) if ours else there.resource_group if there else "",
            tags=self._groups.tags_of(zone.path),
            zone_id=zone.id,
            resolution_policy=zone.resolution_policy,
            opts=self._once_named("zone", self._renames.zones.get(key), subscription),
        )

    def _once_named(self, role: str, key: str | None, subscription: str | None = None) -> pulumi.ResourceOptions:
        """The options of a component with an alias for its former key, and the subscription of its children."""
        aliases: list[pulumi.Input[str | pulumi.Alias]] = (
            [pulumi.Alias(name=f"{self._name}-{role}-{key}")] if key else []
        )
        return pulumi.ResourceOptions.merge(self._groups.options(subscription), pulumi.ResourceOptions(aliases=aliases))

    def _link_names(self, zone: PlannedZone) -> Mapping[str, str]:
        """Names of links: as stated, else in a zone made elsewhere that of the network, since other stacks link to it too."""
        theirs = zone.links if zone.id else ()
        return {**{link: self._plan.sites["networks", link].name for link in theirs}, **zone.link_names}

    def _make_vaults(self) -> dict[str, pulumi.ComponentResource]:
        """The key vaults of this stack."""
        own = any(vault.id is None for vault in self._spec.key_vaults.values())
        return import_module(_VAULTS).vaults(self._name, self._spec, self._plan, self._groups) if own else {}

    def _make_registry(self, spec: RegistrySpec) -> Registry:
        workspace, encryption = spec.workspace, None
        if spec.customer_managed_key:
            encryption = import_module(_VAULTS).encryption(self._name, self._spec, self._resources, self._groups)
        rules = [group for firewall in self._firewalls.values() for group in firewall.rules]
        grants = [encryption.grant] if encryption else []
        return Registry(
            f"{self._name}-registry",
            spec,
            workspace_id=self._workspaces[workspace].id if workspace else None,
            home_replica_id=home_replica(self._name, self._spec, self._previous),
            # What a change needs is admitted before it; what is no longer needed is deleted at the end [FW-ORDER].
            **(encryption.wiring if encryption else {}),
            opts=self._groups.options(self._plan.subscription_of(spec.id), after=[*rules, *grants]),
            **self._placed("registry"),
        )

    def _private_endpoints(self, peerings: _Ways) -> dict[str, PrivateEndpoint]:
        registry, shape = self._registry, self._plan.shape
        if registry is None or shape is None:
            return {}
        return {
            key: self._resources.took(spec, self._private_endpoint(key, registry, shape, peerings))
            for key, spec in self._spec.private_endpoints.items()
        }

    def _private_endpoint(self, key: str, registry: Registry, shape: RegistryShape, peerings: _Ways) -> PrivateEndpoint:
        spec, fed = self._spec.private_endpoints[key], self._plan.fed[key]
        network, site = self._networks[spec.network], self._plan.sites["registry", "private_endpoints", key]
        return PrivateEndpoint(
            f"{self._name}-endpoint-{key}",
            spec,
            endpoint_name=site.name,
            interface_name=self._plan.names.network_interface(self._plan.sites["registry",].name, key),
            subnet_id=network.subnet_ids.apply(lambda ids: ids[spec.subnet]),
            registry_id=registry.id,
            shape=shape,
            zone_ids={
                self._renames.configurations.get((key, zone), name_of(zone)): self._zones[zone].id for zone in fed
            },
            patience=self._patience,
            ties=Ties(
                # Creating an endpoint while a peering changes its network fails with AnotherOperationInProgress.
                after=[
                    registry,
                    *self._resources.before(spec),
                    *(way for pair, both in peerings.items() if spec.network in pair for way in both),
                ],
                replaced_with=[registry.resource] if registry.resource else [],
                zones=[made for zone in fed if (made := self._zones[zone].resource)],
            ),
            opts=self._once_named("endpoint", self._renames.endpoints.get(key), site.group.subscription),
            **self._groups.placement(site),
        )

    def _make_identities(self) -> dict[str, UserAssignedIdentity]:
        return {
            key: UserAssignedIdentity(
                f"{self._name}-identity-{name_of(key)}",
                identity,
                identity_name=self._plan.sites["identities", key].name,
                opts=self._groups.options(self._plan.subscription_of(identity.id)),
                **self._placed("identities", key),
            )
            for key, identity in self._spec.identities.items()
        }

    def _make_access(self) -> Access | None:
        """The grants, on which consumers depend.

        None without a grant, so that the URNs of other stacks stay the same.
        """
        registry = self._spec.registry
        if not self._plan.grants or registry is None or self._registry is None:
            return None
        return Access(
            f"{self._name}-access",
            self._plan.grants,
            mode=registry.role_assignment_mode,
            namespace=self._spec.namespace,
            registry_id=registry.id or self._registry.id,
            principal_ids={key: identity.principal_id for key, identity in self._identities.items()},
            for_both_modes=registry.grants_for_both_modes,
            held=self._previous.roles,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _make_workspaces(self) -> dict[str, Workspace]:
        return {
            key: Workspace(
                f"{self._name}-workspace-{name_of(key)}",
                workspace,
                workspace_name=self._plan.sites["monitoring", "workspaces", key].name,
                opts=self._groups.options(self._plan.subscription_of(workspace.id)),
                **self._placed("monitoring", "workspaces", key),
            )
            for key, workspace in self._spec.monitoring.workspaces.items()
        }

    def _make_metrics_workspaces(self) -> dict[str, MetricsWorkspace]:
        return {
            key: MetricsWorkspace(
                f"{self._name}-metrics-{name_of(key)}",
                workspace_name=self._plan.sites["monitoring", "metrics_workspaces", key].name,
                made_elsewhere=metrics.id,
                opts=self._groups.options(self._plan.subscription_of(metrics.id)),
                **self._placed("monitoring", "metrics_workspaces", key),
            )
            for key, metrics in self._spec.monitoring.metrics_workspaces.items()
        }

    def _context(self, hosts: Hosts | None, private: list[PrivateEndpoint]) -> BuildContext:
        """The context of the systems."""
        registry, access = [self._registry] if self._registry else [], [self._access] if self._access else []
        return BuildContext(
            name=self._name,
            parent=self,
            tags=self._tags,
            own_registry=self._registry,
            hosts=hosts,
            before_pulls=(*registry, *private, *access, *self._firewalls.values()),
            groups=self._groups,
            resources=self._resources,
            previous=self._previous,
        )

    def _wiring(self) -> interfaces.Wiring:
        """What the interfaces of resources refer to."""
        principals = {key: identity.principal_id for key, identity in self._identities.items()}
        workspaces = {key: workspace.id for key, workspace in self._workspaces.items()}
        return interfaces.Wiring(self._spec.namespace, principals, workspaces)

    def _build(self, systems: Sequence[System], context: BuildContext) -> dict[str, Built]:
        """Build every system that has a section."""
        found: dict[str, Built] = {}
        for system in systems:
            if system.builder is None or not getattr(self._spec, system.section):
                continue
            builder: Builder = import_module(system.builder).build
            found[system.section] = built = builder(self._spec, self._plan, context)
            self._resources.add(built.components)
        return found

    def _dns_records(
        self, hosts: Hosts | None, private: Mapping[str, PrivateEndpoint]
    ) -> pulumi.Output[Mapping[str, object]] | None:
        """The records that others are asked to write."""
        if hosts is None or not private or self._spec.dns.managed != "request":
            return None
        return hosts.records(CLOUDS[self._spec.cloud].private_link_zone, private)

    def _identities_by_key(self) -> pulumi.Output[Mapping[str, Mapping[str, str]]]:
        """Ids of every identity, for workloads and directory roles."""
        return pulumi.Output.all(
            **{
                key: pulumi.Output.all(id=identity.id, client_id=identity.client_id, principal_id=identity.principal_id)
                for key, identity in self._identities.items()
            }
        )

    def _ledger(self) -> list[dict[str, object]]:
        networks = self._plan.sites.within("networks")
        return [{**row.as_dict(), "vnet": networks[row.subnet.network].name} for row in self._plan.ledger]


def _ids(made: Mapping[str, Network | Zone | Workspace]) -> pulumi.Output[Mapping[str, str]]:
    return pulumi.Output.all(**{key: each.id for key, each in made.items()})
