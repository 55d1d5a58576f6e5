"""The question itself: walk the links of a pull in the order in which a client meets them, and stop at the first break."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from local_azure.reach import cache_rules, path, sign_in
from local_azure.reach.consumers import PULL, Consumer, Place, host_of, repository_of
from local_azure.reach.estate import Estate, Host
from local_azure.reach.links import HOST, REGION, Break
from local_azure.reach.resolution import resolve
from local_azure.reach.security_rules import public_target
from local_azure.services.registry_endpoints import data_endpoints, split

WORKS, FAILS, UNDETERMINED = "works", "fails", "undetermined"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one consumer can do now.

    Attributes:
        consumer: who asks.
        broken: the first link that is broken, or that is not known to hold; None where all hold.
    """

    consumer: Consumer
    broken: Break | None

    @property
    def status(self) -> str:
        """`works`, `fails` or `undetermined`."""
        return WORKS if self.broken is None else FAILS if self.broken.certain else UNDETERMINED


def judge(estate: Estate, consumer: Consumer) -> Verdict:
    """Return whether a consumer can pull, or push, its image now."""
    return Verdict(consumer, _broken(estate, consumer))


def _broken(estate: Estate, consumer: Consumer) -> Break | None:
    name = host_of(consumer.image)
    if not split(name)[1]:
        # What another registry answers is not known here; what leaves the subnet is.
        return _first(path.outbound(estate, place, public_target("Internet", (), name)) for place in consumer.places)
    host = estate.hosts.get(name)
    if host is None or host.kind == "data":
        return _no_host(estate, name)
    regions = estate.routed(host.registry)
    if host.kind == "global" and not regions:
        message = f"no replica of registry {host.registry.name} takes part in global routing"
        return Break(HOST, host.registry.id, message)
    regions = [host.region] if host.region else regions
    if all(region in estate.down for region in regions):
        return _down(host, regions)
    reached = _first(_way(estate, name, host, place) for place in consumer.places)
    signed_in = reached or sign_in.problem(estate, consumer, host)
    if signed_in is not None or consumer.action != PULL:
        return signed_in
    layers = _layers(estate, consumer, host, regions)
    return layers or cache_rules.problem(estate, host.registry, repository_of(consumer.image))


def _first(found: Iterable[Break | None]) -> Break | None:
    return next((each for each in found if each is not None), None)


def _way(estate: Estate, name: str, host: Host, place: Place) -> Break | None:
    return path.problem(estate, name, host, place, resolve(estate, name, place))


def _no_host(estate: Estate, name: str) -> Break:
    registry = estate.registry_by_label(name)
    if registry is None:
        return Break(HOST, "", f"there is no registry with the host name {name}")
    off = ".geo." in name and registry.properties["regionalEndpoints"] != "Enabled"
    why = "regional endpoints are disabled" if off else "it does not serve there"
    return Break(HOST, registry.id, f"registry {registry.name} has no host {name}: {why}")


def _down(host: Host, regions: list[str]) -> Break:
    """Return the outage of all regions that a host leads to: a regional host has no failover [ACR-FAILOVER]."""
    where = f"registry {host.registry.name} is down in {', '.join(regions)}"
    why = "a regional endpoint does not fail over" if host.region else "no other replica takes part in global routing"
    return Break(REGION, host.registry.id, f"{where}, and {why}")


def _layers(estate: Estate, consumer: Consumer, host: Host, regions: list[str]) -> Break | None:
    """Return what is between a consumer and the layers, which come from the region that it was routed to [ACR-1]."""
    if data_endpoints(host.registry):
        every = estate.data_hosts.get(host.registry.key, [])
        names = [name for name in every if estate.hosts[name].region in regions]
        return _first(_way(estate, n, estate.hosts[n], place) for place in consumer.places for n in names)
    storage = public_target("Storage", regions)
    return _first(path.outbound(estate, place, storage) for place in consumer.places)
