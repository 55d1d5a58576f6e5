"""Computes the plan of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from components.access.spec import GrantSpec
from components.elsewhere import name_of, parsed
from components.private_endpoint.spec import PrivateEndpointSpec
from components.references import edges
from components.registry.spec import RegistrySpec
from planning import names
from planning.addresses import Consumer, Ledger, Subnet, ledger, registry_consumer
from planning.clouds import CLOUDS
from planning.endpoints import RegistryShape, endpoints
from planning.names import NameRule, Names
from planning.problems import Path
from stacks.plan import Peering, Plan, Puller, Zone
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.stated_names import stated_names
from stacks.system import System


def plan_of(spec: StackSpec, systems: Sequence[System], subscription: str | None = None) -> Plan:
    """Compute the plan of a spec, which may be invalid.

    Dangling references are omitted: `stacks.checks` reports them.

    Args:
        spec: the stack's spec.
        systems: all systems, each after those that it uses.
        subscription: the stack's own subscription; None if it is not known, which takes every id for one of it.
    """
    shape = _shape(spec, spec.registry) if spec.registry else None
    sites = Sites(Names(spec.name, spec.environment, stated_names(spec)), spec.location, spec.resource_groups)
    sites.add(_sites(spec, sites, subscription))
    for system in systems:
        sites.add(system.sites(spec, sites))
    pullers = tuple(puller for system in systems for puller in system.pullers(spec, sites))
    return Plan(
        edges=tuple(edges(spec)),
        subscription=subscription,
        sites=sites,
        peerings=_peerings(spec),
        zones={zone.key: zone for zone in _zones(spec)},
        fed={key: fed_zones(spec, endpoint) for key, endpoint in spec.private_endpoints.items()},
        shape=shape,
        endpoints=endpoints(spec.registry.name, shape)
        if spec.registry and shape and not spec.registry.hashed
        else None,
        ledger=_ledger(spec, shape, systems),
        pullers=pullers,
        grants={**spec.access, **_pulls(spec, pullers)},
    )


def _shape(spec: StackSpec, registry: RegistrySpec) -> RegistryShape:
    """What the host names of the registry depend on."""
    return RegistryShape.of(
        spec.registry_home,
        registry.replicas,
        regional_endpoints=registry.regional_endpoints,
        dedicated_data_endpoints=registry.data_endpoints,
        private_endpoints=bool(registry.private_endpoints),
        cloud=spec.cloud,
    )


def fed_zones(spec: StackSpec, endpoint: PrivateEndpointSpec) -> tuple[str, ...]:
    """Return the keys of the zones of a private endpoint: those it names, else its network's own, if any."""
    if endpoint.dns_zones:
        return tuple(endpoint.dns_zones)
    return (endpoint.network,) if spec.dns.managed == "stack" else ()


def _sites(spec: StackSpec, sites: Sites, subscription: str | None) -> Iterator[Site]:
    """The sites of the common parts of every stack."""
    ours = sites.names
    registry, registry_group = spec.registry, sites.group(sites.home, "registry")
    if registry:
        name = (names.REGISTRY, registry.name)
        yield sites.site(("registry",), name, group=registry_group, elsewhere=registry.id is not None)
    for key, network in spec.networks.items():
        location = network.location or key
        group = sites.group(location, "network", key)
        if network.id:
            # Resources for a network made elsewhere use the registry's resource group, since the network's is not managed
            # here, or a group of their own in the network's subscription if that is another one [PE-SUBSCRIPTION].
            theirs = parsed(network.id)
            there = theirs.subscription if theirs and subscription else None
            foreign = there is not None and there.lower() != (subscription or "").lower()
            group = replace(group, subscription=there) if foreign else registry_group
            name, rule = name_of(network.id), (names.VIRTUAL_NETWORK_LINK, key)
        else:
            name = ours.virtual_network(key)
            rule = (names.VIRTUAL_NETWORK, name)
        yield Site(("networks", key), name, location, group, (rule,), bool(network.location))
    yield from _routing_sites(spec, sites)
    networks = sites.within("networks")
    for key, endpoint in spec.private_endpoints.items():
        network = networks.get(endpoint.network)
        yield sites.site(
            ("registry", "private_endpoints", key),
            (names.PRIVATE_ENDPOINT, ours.private_endpoint(registry.name if registry else "", key)),
            group=network.group if network else registry_group,
            follows=[("networks", endpoint.network)],
        )
    yield from _firewall_sites(spec, sites)
    yield from _home_sites(spec, sites)


def _routing_sites(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Route tables and NAT gateways: one resource group for those of a region."""
    ours = sites.names
    for key, table in spec.route_tables.items():
        region = sites.location(table.location)
        name = (names.ROUTE_TABLE, ours.routing("rt", key))
        yield _site(sites, ("route_tables", key), name, entry=table, region=region, role=("routing", region))
    for key, gateway in spec.nat_gateways.items():
        region = sites.location(gateway.location)
        gateway_names = (
            (names.NAT_GATEWAY, ours.routing("ng", key)),
            (names.PUBLIC_IP_PREFIX, ours.routing("ippre", key)),
        )
        yield _site(
            sites, ("nat_gateways", key), *gateway_names, entry=gateway, region=region, role=("routing", region)
        )


def _firewall_sites(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """Firewalls of this stack, each in the region of its network and in a resource group of its own."""
    ours = sites.names
    for key, firewall in spec.firewalls.items():
        if firewall.network is not None:
            yield sites.site(
                ("firewalls", key),
                (names.AZURE_FIREWALL, ours.routing("afw", key)),
                (names.AZURE_FIREWALL_POLICY, ours.routing("afwp", key)),
                (names.PUBLIC_IP_ADDRESS, ours.routing("pip", key)),
                group=("firewall", key),
                follows=[("networks", firewall.network)],
            )


def _home_sites(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The sites of entries that share a resource group in the home region, whatever their own region."""
    ours, monitoring = sites.names, spec.monitoring
    for key, identity in spec.identities.items():
        name = (names.USER_ASSIGNED_IDENTITY, ours.user_assigned_identity(key))
        yield _site(sites, ("identities", key), name, entry=identity, region=sites.home, role=("identity",))
    for key, workspace in monitoring.workspaces.items():
        name = (names.WORKSPACE, ours.workspace(key))
        yield _site(
            sites, ("monitoring", "workspaces", key), name, entry=workspace, region=sites.home, role=("monitoring",)
        )
    for key, metrics in monitoring.metrics_workspaces.items():
        name = (names.AZURE_MONITOR_WORKSPACE, ours.metrics_workspace(key))
        yield _site(
            sites,
            ("monitoring", "metrics_workspaces", key),
            name,
            entry=metrics,
            region=sites.home,
            role=("monitoring",),
        )


class _Placed(Protocol):
    """An entry with an id, if it is made elsewhere, and with a region of its own, if it states one."""

    @property
    def id(self) -> str | None: ...
    @property
    def location(self) -> str | None: ...


def _site(
    sites: Sites, path: Path, *named: tuple[NameRule, str], entry: _Placed, region: str, role: tuple[str, ...]
) -> Site:
    """The site of an entry that is made elsewhere, or by this stack in the resource group of a role in a region."""
    if entry.id is not None:
        return sites.elsewhere(path, entry.id, entry.location)
    return sites.site(path, *named, group=sites.group(region, *role), stated=entry.location)


def _zones(spec: StackSpec) -> Iterator[Zone]:
    private_link = CLOUDS[spec.cloud].private_link_zone
    for key, zone in spec.dns.zones.items():
        there = parsed(zone.id)
        name = zone.name or (there.name.lower() if there else private_link)
        path, policy = ("dns", "zones", key), zone.resolution_policy
        yield Zone(key, name, zone.network, zone.linked, path, zone.id, zone.link_names, policy)
    for key, endpoint in spec.private_endpoints.items():
        own = endpoint.network
        if endpoint.dns_zones is None and spec.dns.managed == "stack" and own not in spec.dns.zones:
            yield Zone(own, private_link, own, (own,), ("registry", "private_endpoints", key))


def _peerings(spec: StackSpec) -> tuple[Peering, ...]:
    pairs = {
        tuple(sorted((key, peer))) for key, network in spec.networks.items() for peer in network.peered if peer != key
    }
    return tuple((first, second) for first, second in sorted(pairs) if {first, second} <= set(spec.networks))


def _ledger(spec: StackSpec, shape: RegistryShape | None, systems: Sequence[System]) -> Ledger:
    subnets = [
        Subnet(network_key, key, subnet.prefix, subnet.free_addresses, network.outside)
        for network_key, network in spec.networks.items()
        for key, subnet in network.subnets.items()
    ]
    known = {subnet.key for subnet in subnets}
    consumers = [consumer for consumer in _consumers(spec, shape, systems) if consumer.subnet in known]
    return ledger(subnets, consumers, headroom=spec.registry.headroom if spec.registry else 0)


def _consumers(spec: StackSpec, shape: RegistryShape | None, systems: Sequence[System]) -> Iterator[Consumer]:
    if spec.registry and shape:
        for key, endpoint in spec.registry.private_endpoints.items():
            yield registry_consumer(
                (endpoint.network, endpoint.subnet),
                f"private endpoint {key} of registry {spec.registry.name}",
                regions=len(shape.regions),
                regional_endpoints=shape.regional_endpoints,
            )
    for system in systems:
        yield from system.consumers(spec)


def _pulls(spec: StackSpec, pullers: tuple[Puller, ...]) -> dict[str, GrantSpec]:
    """A pull grant for every pulling identity without one."""
    mode = spec.role_assignment_mode
    able = {grant.identity for grant in spec.access.values() if "pull" in grant.role_in(mode).gives(mode)}
    wanted = dict.fromkeys(puller.identity for puller in pullers if puller.identity)
    return {
        f"pull-{name_of(identity)}": GrantSpec(identity=identity, action="pull")
        for identity in wanted
        if identity in spec.identities and identity not in able
    }
