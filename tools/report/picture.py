"""What a picture of a stack shows: regions, networks, the registry with its replicas, and what pulls by which path."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planning.addresses import Row
from planning.endpoints import Endpoints
from planning.image_hosts import PROVEN, Service
from stacks.egress import Client, clients
from stacks.loader import Stack
from stacks.systems.aks.system import image_host


@dataclass(frozen=True, slots=True)
class Replica:
    """The registry in one region."""

    region: str
    home: bool
    global_routing: bool
    host: str

    @property
    def title(self) -> str:
        """What the picture calls it."""
        role = "home region" if self.home else "replica"
        return role if self.global_routing else f"{role}, not in global routing"


@dataclass(frozen=True, slots=True)
class Network:
    """A virtual network with its subnets and the registry's private endpoints in it, by subnet."""

    key: str
    name: str
    region: str
    ranges: str
    elsewhere: bool
    subnets: tuple[Row, ...]
    endpoints: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Consumer:
    """Something that pulls images.

    Attributes:
        name: what it is called, such as ``cluster eastus``.
        region: its region.
        networks: keys of the networks that it is in.
        host: the registry's host that it pulls from; empty if it is known only after the first deployment.
        endpoint: key of the private endpoint that the host leads to; None for the public path.
        replica: region of the replica that answers; None for the nearest one in global routing.
    """

    name: str
    region: str
    networks: tuple[str, ...]
    host: str
    endpoint: str | None
    replica: str | None

    @property
    def path(self) -> tuple[str, ...]:
        """The pull path in words, from the consumer to the registry."""
        way = f"private endpoint {self.endpoint}" if self.endpoint else "public endpoint"
        target = f"replica {self.replica}" if self.replica else "nearest replica in global routing"
        return (self.name, *(f"network {key}" for key in self.networks), way, self.host or "registry", target)


@dataclass(frozen=True, slots=True)
class Picture:
    """All that a picture shows of one stack."""

    registry: str
    registry_elsewhere: bool
    replicas: tuple[Replica, ...]
    networks: tuple[Network, ...]
    consumers: tuple[Consumer, ...]
    peerings: tuple[tuple[str, str], ...]

    @property
    def regions(self) -> list[str]:
        """Every region, that of the registry's home first."""
        homes = [replica.region for replica in self.replicas]
        others = [each.region for each in (*self.networks, *self.consumers)]
        return list(dict.fromkeys([*homes, *others]))


EMPTY = Picture("", False, (), (), (), ())
"""The picture of a stack that does not exist."""


def picture(stack: Stack, hosts: Endpoints | None) -> Picture:
    """Return what a picture of a stack shows.

    Args:
        stack: the description.
        hosts: the registry's host names; None if they are not known, and without a registry.
    """
    spec, plan = stack.spec, stack.plan
    return Picture(
        registry=spec.registry.name if spec.registry else "",
        registry_elsewhere=bool(spec.registry and spec.registry.id),
        replicas=tuple(_replicas(stack, hosts)),
        networks=tuple(_networks(stack)),
        consumers=tuple(
            _consumer(stack, hosts, client) for client in clients(spec, plan, hosts) if _pulls(stack, client)
        ),
        peerings=tuple(plan.peerings),
    )


def _replicas(stack: Stack, hosts: Endpoints | None) -> Iterator[Replica]:
    spec = stack.spec
    if spec.registry is None:
        return
    regional = hosts.regional if hosts else {}
    yield Replica(spec.registry_home, True, True, regional.get(spec.registry_home, ""))
    for region, its in spec.replicas.items():
        yield Replica(region, False, its.global_routing, regional.get(region, ""))


def _networks(stack: Stack) -> Iterator[Network]:
    spec, plan = stack.spec, stack.plan
    for key, its in spec.networks.items():
        site = plan.sites["networks", key]
        rows = tuple(row for row in plan.ledger if row.subnet.network == key)
        endpoints: dict[str, tuple[str, ...]] = {}
        for name, endpoint in spec.private_endpoints.items():
            if endpoint.network == key:
                endpoints[endpoint.subnet] = (*endpoints.get(endpoint.subnet, ()), name)
        ranges = ", ".join(str(each) for each in its.address_space)
        yield Network(key, site.name, site.location, ranges, site.elsewhere, rows, endpoints)


def _pulls(stack: Stack, client: Client) -> bool:
    return any(puller.path[:2] == client.path for puller in stack.plan.pullers)


def _consumer(stack: Stack, hosts: Endpoints | None, client: Client) -> Consumer:
    networks = tuple(dict.fromkeys(network for network, _ in client.subnets))
    host = _host(stack, hosts, client)
    regional = {its: region for region, its in hosts.regional.items()} if hosts else {}
    return Consumer(client.name, client.region, networks, host, _endpoint(stack, networks), regional.get(host))


def _host(stack: Stack, hosts: Endpoints | None, client: Client) -> str:
    """The registry's host of a client's images; single workloads may state another one."""
    spec, plan = stack.spec, stack.plan
    section, key = client.path
    services: dict[str, Service] = {each: each for each in PROVEN}
    service = services.get(section)
    if section == "clusters":
        return image_host(spec, plan, key) or ""
    if service is None:
        return hosts.global_ if hosts else ""
    choice = spec.image_endpoint(service, getattr(getattr(spec, section)[key], "endpoint", None))
    return plan.image_host(client.region, choice, spec.rotation) or ""


def _endpoint(stack: Stack, networks: tuple[str, ...]) -> str | None:
    """The private endpoint whose zones the consumer's networks are linked to; one in the network itself comes first."""
    spec, plan = stack.spec, stack.plan
    fed = [
        key
        for key, zones in plan.fed.items()
        if any(set(networks) & set(plan.zones[zone].links) for zone in zones if zone in plan.zones)
    ]
    near = [key for key in fed if spec.private_endpoints[key].network in networks]
    return next(iter([*near, *fed]), None)
