"""Computes the plan of a spec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from components.access.spec import GrantSpec
from components.private_endpoint.spec import PrivateEndpointSpec
from components.references import edges
from planning import names
from planning.addresses import Consumer, Ledger, Subnet, ledger, registry_consumer
from planning.clouds import CLOUDS
from planning.endpoints import RegistryShape, endpoints
from planning.names import Names
from stacks.plan import Peering, Plan, Puller, Zone
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.system import System


def plan_of(spec: StackSpec, systems: Sequence[System]) -> Plan:
    """Compute the plan of a spec, which may be invalid.

    Dangling references are omitted: `stacks.checks` reports them.

    Args:
        spec: the stack's spec.
        systems: all systems, each after those that it uses.
    """
    shape = RegistryShape.of(
        spec.location,
        spec.registry.replicas,
        regional_endpoints=spec.registry.regional_endpoints,
        dedicated_data_endpoints=spec.registry.data_endpoints,
        private_endpoints=bool(spec.registry.private_endpoints),
        cloud=spec.cloud,
    )
    sites = Sites(Names(spec.name, spec.environment), spec.location)
    sites.add(_sites(spec, sites))
    for system in systems:
        sites.add(system.sites(spec, sites))
    pullers = tuple(puller for system in systems for puller in system.pullers(spec, sites))
    return Plan(
        edges=tuple(edges(spec)),
        sites=sites,
        peerings=_peerings(spec),
        zones={zone.key: zone for zone in _zones(spec)},
        fed={key: fed_zones(endpoint) for key, endpoint in spec.registry.private_endpoints.items()},
        shape=shape,
        endpoints=None if spec.registry.hashed else endpoints(spec.registry.name, shape),
        ledger=_ledger(spec, shape, systems),
        pullers=pullers,
        grants={**spec.access, **_pulls(spec, pullers)},
    )


def fed_zones(endpoint: PrivateEndpointSpec) -> tuple[str, ...]:
    """Return the keys of the zones of a private endpoint: those it names, else its network's own."""
    return tuple(endpoint.dns_zones) if endpoint.dns_zones else (endpoint.network,)


def _sites(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The sites of the common parts of every stack."""
    ours = sites.names
    yield sites.site(("registry",), (names.REGISTRY, spec.registry.name), group=("registry",))
    registry_group = sites["registry",].group
    for key, network in spec.networks.items():
        location = network.location or key
        # Resources for a network made elsewhere use the registry's resource group, since the network's is not managed
        # here.
        if network.id:
            name, group = network.id.rsplit("/", 1)[-1], registry_group
            rule = (names.VIRTUAL_NETWORK_LINK, key)
        else:
            name, group = ours.virtual_network(key), sites.group(location, "network", key)
            rule = (names.VIRTUAL_NETWORK, name)
        yield Site(("networks", key), name, location, group, (rule,), bool(network.location))
    networks = sites.within("networks")
    for key, endpoint in spec.registry.private_endpoints.items():
        network = networks.get(endpoint.network)
        yield sites.site(
            ("registry", "private_endpoints", key),
            (names.PRIVATE_ENDPOINT, ours.private_endpoint(spec.registry.name, key)),
            group=network.group if network else registry_group,
            follows=[("networks", endpoint.network)],
        )
    yield from _home_sites(spec, sites)


def _home_sites(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    """The sites of entries that share a resource group in the home region, whatever their own region."""
    ours = sites.names
    for key, identity in spec.identities.items():
        name = (names.USER_ASSIGNED_IDENTITY, ours.user_assigned_identity(key))
        group = sites.group(sites.home, "identity")
        yield sites.site(("identities", key), name, group=group, stated=identity.location)
    group = sites.group(sites.home, "monitoring")
    for key, workspace in spec.monitoring.workspaces.items():
        name, path = (names.WORKSPACE, ours.workspace(key)), ("monitoring", "workspaces", key)
        yield sites.site(path, name, group=group, stated=workspace.location)
    for key, metrics in spec.monitoring.metrics_workspaces.items():
        name = (names.AZURE_MONITOR_WORKSPACE, ours.metrics_workspace(key))
        path = ("monitoring", "metrics_workspaces", key)
        yield sites.site(path, name, group=group, stated=metrics.location)


def _zones(spec: StackSpec) -> Iterator[Zone]:
    private_link = CLOUDS[spec.cloud].private_link_zone
    for key, zone in spec.dns.zones.items():
        yield Zone(key, zone.name or private_link, zone.network, zone.linked, ("dns", "zones", key))
    for key, endpoint in spec.registry.private_endpoints.items():
        own = endpoint.network
        if endpoint.dns_zones is None and own not in spec.dns.zones:
            yield Zone(own, private_link, own, (own,), ("registry", "private_endpoints", key))


def _peerings(spec: StackSpec) -> tuple[Peering, ...]:
    pairs = {
        tuple(sorted((key, peer))) for key, network in spec.networks.items() for peer in network.peers if peer != key
    }
    return tuple((first, second) for first, second in sorted(pairs) if {first, second} <= set(spec.networks))


def _ledger(spec: StackSpec, shape: RegistryShape, systems: Sequence[System]) -> Ledger:
    subnets = [
        Subnet(network_key, key, subnet.prefix, subnet.free_addresses, network.outside)
        for network_key, network in spec.networks.items()
        for key, subnet in network.subnets.items()
    ]
    known = {subnet.key for subnet in subnets}
    consumers = [consumer for consumer in _consumers(spec, shape, systems) if consumer.subnet in known]
    return ledger(subnets, consumers, headroom=spec.registry.headroom)


def _consumers(spec: StackSpec, shape: RegistryShape, systems: Sequence[System]) -> Iterator[Consumer]:
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
    mode = spec.registry.role_assignment_mode
    able = {grant.identity for grant in spec.access.values() if "pull" in grant.role_in(mode).gives(mode)}
    wanted = dict.fromkeys(puller.identity for puller in pullers if puller.identity)
    return {
        f"pull-{identity}": GrantSpec(identity=identity, action="pull")
        for identity in wanted
        if identity in spec.identities and identity not in able
    }
