"""What a picture of a stack shows: regions, networks, the registry with its replicas, and what pulls by which path."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from planning.addresses import Row, SubnetKey
from planning.endpoints import Endpoints
from planning.problems import Path
from stacks.egress import Client, clients
from stacks.image_pulls import ImagePull, image_pulls
from stacks.loader import Stack
from stacks.systems.aks.system import image_host


@dataclass(frozen=True, slots=True)
class Replica:
    """The registry in one region."""

    region: str
    home: bool
    global_routing: bool
    host: str
    data: str = ""

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
class Source:
    """A host of the registry that a consumer pulls from.

    Attributes:
        host: the host; empty if it is known only after the first deployment.
        replica: region of the replica that answers; None for the nearest one in global routing.
        pulled_by: what pulls from it, where the consumer runs several workloads.
        layers: the hosts from which layers are downloaded, which follow from the replicas.
    """

    host: str
    replica: str | None
    pulled_by: tuple[str, ...] = ()
    layers: tuple[str, ...] = field(default=(), compare=False)


Way = Literal["private", "public", "elsewhere", "none"]
"""How a consumer reaches the registry: through a private endpoint of the stack, over the public endpoint, through a private
endpoint that this stack does not make, or not at all."""


@dataclass(frozen=True, slots=True)
class Consumer:
    """Something that pulls images.

    Attributes:
        name: what it is called, such as ``cluster eastus``.
        region: its region.
        networks: keys of the networks that it is in.
        sources: the hosts that it pulls from, each once.
        way: how it reaches them.
        endpoint: key of the private endpoint that the hosts lead to; None for every other way.
        path: its path in the stack file.
        subnets: keys of the subnets that it is in, as network and subnet.
    """

    name: str
    region: str
    networks: tuple[str, ...]
    sources: tuple[Source, ...]
    way: Way
    endpoint: str | None = None
    path: Path = ()
    subnets: tuple[SubnetKey, ...] = ()

    @property
    def hosts(self) -> str:
        """The hosts that it pulls from, as text."""
        return ", ".join(source.host or UNKNOWN_HOST for source in self.sources)

    def steps(self, source: Source) -> tuple[str, ...]:
        """Return the pull path to one of its hosts in words, from the consumer to the registry."""
        target = f"replica {source.replica}" if source.replica else "nearest replica in global routing"
        networks = (f"network {key}" for key in self.networks)
        return (self.name, *networks, self.way_in_words, source.host or UNKNOWN_HOST, target)

    @property
    def way_in_words(self) -> str:
        """How it reaches the registry, in a few words."""
        match self.way:
            case "private":
                return f"private endpoint {self.endpoint}"
            case "public":
                return "public endpoint"
            case "elsewhere":
                return "private endpoint made elsewhere"
            case "none":
                return "no endpoint: public network access is disabled"


UNKNOWN_HOST: Final = "host known after the first deployment"


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
    pulls = defaultdict[Path, list[ImagePull]](list)
    for each in image_pulls(spec, plan):
        pulls[each.runner].append(each)
    return Picture(
        registry=spec.registry.name if spec.registry else "",
        registry_elsewhere=bool(spec.registry and spec.registry.id),
        replicas=tuple(_replicas(stack, hosts)),
        networks=tuple(_networks(stack)),
        consumers=tuple(
            _consumer(stack, hosts, client, pulls[client.path])
            for client in clients(spec, plan, hosts)
            if _pulls(stack, client)
        ),
        peerings=tuple(plan.peerings),
    )


def _replicas(stack: Stack, hosts: Endpoints | None) -> Iterator[Replica]:
    spec = stack.spec
    if spec.registry is None:
        return
    regional, data = (hosts.regional, hosts.data) if hosts else ({}, {})
    home = spec.registry_home
    yield Replica(home, True, True, regional.get(home, ""), data.get(home, ""))
    for region, its in spec.replicas.items():
        yield Replica(region, False, its.global_routing, regional.get(region, ""), data.get(region, ""))


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
        yield Network(key, site.name, site.location, ranges, its.id is not None, rows, endpoints)


def _pulls(stack: Stack, client: Client) -> bool:
    return any(puller.path[:2] == client.path for puller in stack.plan.pullers)


def _consumer(stack: Stack, hosts: Endpoints | None, client: Client, pulls: Sequence[ImagePull]) -> Consumer:
    networks = tuple(dict.fromkeys(network for network, _ in client.subnets))
    sources, endpoint = _sources(stack, hosts, client, pulls), _endpoint(stack, networks)
    way = _way(stack, networks, endpoint)
    return Consumer(client.name, client.region, networks, sources, way, endpoint, client.path, client.subnets)


def _sources(stack: Stack, hosts: Endpoints | None, client: Client, pulls: Sequence[ImagePull]) -> tuple[Source, ...]:
    """The hosts of a client's images, each with the workloads that pull from it."""
    spec, plan = stack.spec, stack.plan
    found: dict[str, list[str]] = {}
    for each in pulls:
        host = plan.image_host(each.region, each.choice, spec.rotation) or ""
        found.setdefault(host, []).append(each.name)
    if not found:
        pinned = client.path[0] == "clusters"
        found = {(image_host(spec, plan, client.path[1]) if pinned else hosts and hosts.global_) or "": []}
    regional = {its: region for region, its in hosts.regional.items()} if hosts else {}
    return tuple(
        Source(host, regional.get(host), tuple(names), tuple(_layers(stack, hosts, regional.get(host))))
        for host, names in found.items()
    )


def _layers(stack: Stack, hosts: Endpoints | None, replica: str | None) -> Iterator[str]:
    """The hosts of layers: of the replica that answers, or of every one in global routing [ACR-1]."""
    if hosts is None:
        return
    answering = [replica] if replica else sorted(stack.spec.routed)
    yield from (hosts.data[each] for each in answering if each in hosts.data)
    yield from [hosts.storage] if hosts.storage else []


def _way(stack: Stack, networks: tuple[str, ...], endpoint: str | None) -> Way:
    registry = stack.spec.registry
    if endpoint is not None:
        return "private"
    if registry is None or registry.public_network_access == "Enabled":
        return "public"
    return "elsewhere" if registry.id and networks else "none"


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
