"""Name resolution as a network sees it: the zones that are linked to it first, then public DNS [DNS-7]."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from local_azure.reach.consumers import Place
from local_azure.reach.estate import Estate, relative
from local_azure.reach.links import DNS_SERVERS, HOST, RECORD, Break
from local_azure.services.registry_endpoints import CONNECTIONS, split
from local_azure.store import Resource

_PRIVATE = ".privatelink"
AZURE_DNS = "168.63.129.16"
"""Address of Azure's own name server in every network [DNS-8]."""

_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What a name resolves to.

    Attributes:
        address: the address that a private DNS zone holds; empty where the name resolves to a public one.
        record: id of the record set that says so.
        problem: why there is no answer.
    """

    address: str = ""
    record: str = ""
    problem: Break | None = None


def resolve(estate: Estate, host: str, place: Place) -> Answer:
    """Resolve a host name from a place.

    A network's own DNS servers hide what they answer: then the answer is a problem that is not certain.
    """
    servers = _own_servers(estate, place)
    if servers is not None:
        return Answer(problem=servers)
    zones, name, last = estate.zones_of(place.network), host.lower(), ""
    for _ in range(_LONGEST_CHAIN):
        held = _zone_for(zones, name)
        if held is None:
            alias = _public_alias(estate, name)
            if alias is None:
                return _public(estate, name)
            name = alias
            continue
        zone, link, short = held
        record = estate.record(zone, short)
        if record is None:
            redirected = link.properties.get("resolutionPolicy") == "NxDomainRedirect"
            if redirected and split(name)[0].endswith(_PRIVATE):
                return _public(estate, name)
            return Answer(problem=_missing(estate, zone, short, name))
        target = (record.properties.get("cnameRecord") or {}).get("cname")
        if not target:
            return _addressed(record)
        name, last = target.rstrip(".").lower(), record.id
    return Answer(problem=Break(RECORD, last, f"{host} leads from alias to alias without end"))


def private_name(host: str) -> str:
    """Return the name below `privatelink` to which a registry's host leads once it has a private endpoint [DNS-3]."""
    first, suffix = split(host)
    return f"{first}{_PRIVATE}{suffix}"


def _own_servers(estate: Estate, place: Place) -> Break | None:
    network = estate.get(place.network) if place.network else None
    if place.name_servers:
        return Break(
            DNS_SERVERS, place.owner, f"it asks {', '.join(place.name_servers)}, whose answers are unknown", False
        )
    stated = ((network.properties.get("dhcpOptions") or {}).get("dnsServers") or []) if network else []
    others = [server for server in stated if server != AZURE_DNS]
    if network is None or not others:
        return None
    message = f"network {network.name} uses DNS servers of its own ({', '.join(others)}), whose answers are unknown"
    return Break(DNS_SERVERS, network.id, message, False)


def _zone_for(zones: Mapping[str, tuple[Resource, Resource]], name: str) -> tuple[Resource, Resource, str] | None:
    """Return zone, link and relative name of the longest linked zone that holds a name."""
    rest = name
    while rest:
        if rest in zones:
            zone, link = zones[rest]
            return zone, link, relative(rest, name) or "@"
        rest = rest.partition(".")[2]
    return None


def _public_alias(estate: Estate, name: str) -> str | None:
    """Return where public DNS leads a registry's host: below `privatelink`, once an endpoint is approved [DNS-9]."""
    host = estate.hosts.get(name)
    if host is None:
        return None
    connections = estate.children(host.registry.id, CONNECTIONS)
    approved = any(c.properties["privateLinkServiceConnectionState"]["status"] == "Approved" for c in connections)
    return private_name(name) if approved else None


def _public(estate: Estate, name: str) -> Answer:
    first, suffix = split(name)
    host = f"{first.removesuffix(_PRIVATE)}{suffix}"
    if not suffix or host in estate.hosts:
        return Answer()
    registry = estate.registry_by_label(host)
    return Answer(problem=Break(HOST, registry.id if registry else "", f"there is no host {host}"))


def _missing(estate: Estate, zone: Resource, short: str, name: str) -> Break:
    elsewhere = [each for each in estate.zones_with(name) if each.key != zone.key]
    also = f"; the record is in {elsewhere[0].id}, which this network is not linked to" if elsewhere else ""
    return Break(RECORD, zone.id, f"zone {zone.name} is linked to the network and has no record {short}{also}")


def _addressed(record: Resource) -> Answer:
    addresses = [entry["ipv4Address"] for entry in record.properties.get("aRecords") or []]
    if not addresses:
        return Answer(problem=Break(RECORD, record.id, f"record {record.name} holds no address"))
    private = [address for address in addresses if ip_address(address).is_private]
    return Answer(private[0] if private else "", record.id)
