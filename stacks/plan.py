"""What follows from a description before anything is made: addresses, host names, zones, names and peerings.

Plain values throughout, so that checks run in a preview with nothing unknown and the program only carries them out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from components.access.spec import GrantSpec
from components.private_endpoint.spec import PrivateEndpointSpec
from planning.addresses import Consumer, Ledger, Subnet, ledger, registry_consumer
from planning.clouds import CLOUDS
from planning.endpoints import Endpoints, RegistryShape, endpoints
from planning.names import Names
from planning.problems import Path
from stacks.spec import StackSpec
from stacks.systems import SYSTEMS
from stacks.systems.system import Puller

Peering = tuple[str, str]
"""Keys of two peered networks, in sorted order."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A private DNS zone to be made.

    Attributes:
        key: how the description or the plan calls it.
        name: its DNS name.
        network: key of the network whose resource group holds it.
        links: keys of the networks that resolve through it.
        path: where the description asks for it.
    """

    key: str
    name: str
    network: str
    links: tuple[str, ...]
    path: Path


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything computed from one description.

    Attributes:
        names: physical names.
        locations: network key to its region.
        network_names: network key to the virtual network's name, ours or that of one made elsewhere.
        peerings: pairs of networks to peer.
        zones: zones to make, by key.
        fed: private endpoint key to the keys of the zones that it feeds.
        shape: what the registry's host names depend on.
        endpoints: the registry's host names; None where its login server carries a hash that Azure makes up.
        ledger: addresses of every subnet.
        pullers: everything that pulls images, in the order of the systems.
        grants: who may do what with the registry's content, by key: what the description states, and a pull for every
            identity that something pulls by and that no stated grant lets pull.
    """

    names: Names
    locations: dict[str, str]
    network_names: dict[str, str]
    peerings: tuple[Peering, ...]
    zones: dict[str, Zone]
    fed: dict[str, tuple[str, ...]]
    shape: RegistryShape
    endpoints: Endpoints | None
    ledger: Ledger
    pullers: tuple[Puller, ...]
    grants: dict[str, GrantSpec]

    def image_host(self, region: str) -> str | None:
        """Return the host that what runs in a region pulls from: its own replica's, else the global one.

        None where the registry's login server carries a hash that Azure makes up.
        """
        return None if self.endpoints is None else self.endpoints.regional.get(region, self.endpoints.global_)


def plan_of(spec: StackSpec) -> Plan:
    """Compute what follows from a description, which may still be one that Azure would refuse.

    References to networks, subnets or zones that do not exist are left out: `stacks.checks` reports them.
    """
    shape = RegistryShape.of(
        spec.location,
        spec.registry.replicas,
        regional_endpoints=spec.registry.regional_endpoints,
        dedicated_data_endpoints=spec.registry.data_endpoints,
        private_endpoints=bool(spec.registry.private_endpoints),
        cloud=spec.cloud,
    )
    zones = {zone.key: zone for zone in _zones(spec)}
    names = Names(spec.name, spec.environment)
    pullers = tuple(puller for system in SYSTEMS for puller in system.pullers(spec))
    return Plan(
        names=names,
        locations={key: network.location or key for key, network in spec.networks.items()},
        network_names={
            key: network.id.rsplit("/", 1)[-1] if network.id else names.virtual_network(key)
            for key, network in spec.networks.items()
        },
        peerings=_peerings(spec),
        zones=zones,
        fed={key: fed_zones(endpoint) for key, endpoint in spec.registry.private_endpoints.items()},
        shape=shape,
        endpoints=None if spec.registry.hashed else endpoints(spec.registry.name, shape),
        ledger=_ledger(spec, shape),
        pullers=pullers,
        grants={**spec.access, **_pulls(spec, pullers)},
    )


def fed_zones(endpoint: PrivateEndpointSpec) -> tuple[str, ...]:
    """Return the keys of the zones that a private endpoint feeds: those it names, else one of its network's own."""
    return tuple(endpoint.dns_zones) if endpoint.dns_zones else (endpoint.network,)


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


def _ledger(spec: StackSpec, shape: RegistryShape) -> Ledger:
    subnets = [
        Subnet(network_key, key, subnet.prefix, subnet.free_addresses, network.outside)
        for network_key, network in spec.networks.items()
        for key, subnet in network.subnets.items()
    ]
    known = {subnet.key for subnet in subnets}
    consumers = [consumer for consumer in _consumers(spec, shape) if consumer.subnet in known]
    return ledger(subnets, consumers, headroom=spec.registry.headroom)


def _consumers(spec: StackSpec, shape: RegistryShape) -> Iterator[Consumer]:
    for key, endpoint in spec.registry.private_endpoints.items():
        yield registry_consumer(
            (endpoint.network, endpoint.subnet),
            f"private endpoint {key} of registry {spec.registry.name}",
            regions=len(shape.regions),
            regional_endpoints=shape.regional_endpoints,
        )
    for system in SYSTEMS:
        yield from system.consumers(spec)


def _pulls(spec: StackSpec, pullers: tuple[Puller, ...]) -> dict[str, GrantSpec]:
    """A grant for every identity that something pulls by, unless a stated one lets it pull."""
    mode = spec.registry.role_assignment_mode
    able = {grant.identity for grant in spec.access.values() if "pull" in grant.role_in(mode).gives(mode)}
    wanted = dict.fromkeys(puller.identity for puller in pullers if puller.identity)
    return {
        f"pull-{identity}": GrantSpec(identity=identity, action="pull")
        for identity in wanted
        if identity in spec.identities and identity not in able
    }
