"""Compares the private DNS records of the registry's private endpoints with the addresses of the endpoints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tools.preflight.arm import Arm, DeniedError, MissingError
from tools.preflight.findings import Finding, unreadable
from tools.preflight.registry import DNS_VERSION, NETWORK_VERSION, Connection, Registry


def records(registry: Registry, arm: Arm) -> Iterator[Finding]:
    """Yield one finding for each zone of the registry's private endpoints.

    The records of an endpoint without a zone group cannot be determined.
    """
    writing: dict[str, str] = {}
    for connection in registry.connections:
        if isinstance(connection, Finding):
            continue
        try:
            zones = list(_zones(connection, arm))
        except DeniedError as error:
            yield unreadable(
                "dns", connection.endpoint, f"the DNS zone groups of {connection.endpoint}", error.permission
            )
            continue
        if not zones:
            message = (
                f"{connection.endpoint} has no DNS zone group: its records are managed elsewhere and are not checked"
            )
            yield Finding("dns", "undetermined", connection.endpoint, message)
        for zone in zones:
            first = writing.setdefault(zone.lower(), connection.endpoint)
            yield _judged(connection, zone, arm) if first == connection.endpoint else _second(connection, zone, first)
    yield from _planned(registry, writing)


def _second(connection: Connection, zone: str, first: str) -> Finding:
    message = (
        f"{zone} is written by {first} and by {connection.endpoint}, and the last writer wins: keep one zone group, and link the "
        "networks of both to the zone [DNS-2]"
    )
    return Finding("dns", "failed", zone, message)


def _planned(registry: Registry, writing: Mapping[str, str]) -> Iterator[Finding]:
    """Zones made elsewhere that an endpoint of the description is going to write, and that another endpoint writes already."""
    for endpoint, zone in registry.feeding():
        other = writing.get(zone.lower())
        if other is not None and other.rpartition("/")[2].lower() != endpoint.lower():
            message = (
                f"{zone} is written by {other}, and {endpoint} of this stack would write the same records: remove its "
                "dns_zones for a zone of its own, or do without the endpoint and link its network to that zone [DNS-2]"
            )
            yield Finding("dns", "failed", zone, message)


def _zones(connection: Connection, arm: Arm) -> Iterator[str]:
    for group in arm.every(f"{connection.endpoint}/privateDnsZoneGroups", NETWORK_VERSION):
        for configuration in (group.get("properties") or {}).get("privateDnsZoneConfigs") or ():
            yield str(configuration["properties"]["privateDnsZoneId"])


def _judged(connection: Connection, zone: str, arm: Arm) -> Finding:
    try:
        held = {str(each["name"]): _addresses(each) for each in arm.every(f"{zone}/A", DNS_VERSION)}
    except DeniedError as error:
        return unreadable("dns", zone, f"the records of {zone}", error.permission)
    except MissingError:
        message = f"{zone} does not exist, and {connection.endpoint} has a zone group for it: create the zone or change the group"
        return Finding("dns", "failed", zone, message)
    wrong = list(_wrong(connection, zone, held))
    if wrong:
        advice = f"delete the zone group of {connection.name} and create it again, which rewrites the records"
        return Finding("dns", "failed", zone, f"{zone}: {'; '.join(wrong)}; {advice}")
    return Finding("dns", "passed", zone, f"{zone} has the {len(connection.addresses)} records of {connection.name}")


def _wrong(connection: Connection, zone: str, held: dict[str, set[str]]) -> Iterator[str]:
    suffix = zone.rpartition("/")[2].removeprefix("privatelink")
    for host, address in sorted(connection.addresses.items()):
        if not host.endswith(suffix):
            continue
        found = held.get(host.removesuffix(suffix), set())
        if found != {address}:
            yield f"{host} is {', '.join(sorted(found)) or 'missing'}, expected {address}"


def _addresses(record: dict[str, Any]) -> set[str]:
    return {str(each["ipv4Address"]) for each in (record.get("properties") or {}).get("aRecords") or ()}
