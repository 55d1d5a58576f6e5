"""The order of private endpoints, their DNS records, and a reduction of public network access."""

from __future__ import annotations

from typing import Any, Final

from planning.problems import Path
from stacks.rollout.cut import ABSENT, Cut, Json, entries, setting, value

_OPEN: Final[dict[str, Any]] = {
    "public_network_access": "Enabled",
    "default_action": "Allow",
    "trusted_services_bypass": True,
}
"""Settings of the registry that admit public addresses, and the values with which they do [ACR-11]."""

_FALLBACK: Final = "NxDomainRedirect"
_FIRST = "linked networks fall back to public DNS for names whose records are not written yet [DNS-7]"
_THEN = "private endpoints are created while linked networks fall back to public DNS [DNS-9]"
_LAST = "the fallback to public DNS is removed once all records exist [DNS-7]"


def fallback_before_records(running: Json, wanted: Json) -> Cut | None:
    """Networks fall back to public DNS while the records of a new private endpoint are written [DNS-7, DNS-9].

    Public DNS leads the host names of a registry to the private-link zone as soon as an endpoint is approved. Until the zone
    has the records, a network that is linked to it cannot resolve them.
    """
    is_open = setting(running, "public_network_access") == "Enabled"
    before, after = (entries(document, "registry", "private_endpoints") for document in (running, wanted))
    added = {key: _zones(wanted, key) for key in after if is_open and key not in before}
    fed = {zone for zones in added.values() for zone in zones}
    # The zones of an interrupted rollout keep their fallback until its last step.
    fed |= {
        zone
        for zone in entries(running, "dns", "zones")
        if _falls_back(running, zone) and not _falls_back(wanted, zone)
    }
    if not fed:
        return None
    fallback: dict[Path, Any] = {("dns", "zones", zone, "resolution_policy"): _FALLBACK for zone in fed}
    # A zone that an endpoint creates for itself is stated under the key of its network.
    fallback |= {
        ("dns", "zones", zone, "network"): zone for zone in fed if value(wanted, "dns", "zones", zone) is ABSENT
    }
    # A network that is linked already must fall back before the endpoint exists.
    linked = {zone for key in before for zone in _zones(running, key)} | set(entries(running, "dns", "zones"))
    late = {("registry", "private_endpoints", key): ABSENT for key, zones in added.items() if linked & set(zones)}
    return Cut({**fallback, **late}, fallback, (_FIRST if added else "", _THEN if late else "", _LAST))


def _falls_back(document: Json, zone: str) -> bool:
    return value(document, "dns", "zones", zone, "resolution_policy") == _FALLBACK


def _zones(document: Json, key: str) -> list[str]:
    """Return the keys of the zones of this stack that a private endpoint writes."""
    stated = value(document, "registry", "private_endpoints", key, "dns_zones")
    if isinstance(stated, list):
        return [zone for zone in stated if zone in entries(document, "dns", "zones")]
    network = value(document, "registry", "private_endpoints", key, "network")
    is_managed = value(document, "dns", "managed") in {ABSENT, "stack"}
    return [network] if is_managed and isinstance(network, str) else []


def endpoints_before_closing(running: Json, wanted: Json) -> Cut | None:
    """Private endpoints with their records exist before public network access is reduced [ACR-11]."""
    closed = [
        name for name, opened in _OPEN.items() if setting(running, name) == opened and setting(wanted, name) != opened
    ]
    if not set(setting(running, "ip_rules")) <= set(setting(wanted, "ip_rules")):
        closed.append("ip_rules")
    if not closed:
        return None
    held: dict[Path, Any] = {("registry", name): value(running, "registry", name) for name in (*_OPEN, "ip_rules")}
    # Disabled exports require disabled public network access [ACR-13].
    held["registry", "policies", "export"] = value(running, "registry", "policies", "export")
    words = ", ".join(f"registry.{name}" for name in closed)
    return Cut(
        held,
        held,
        (
            "private endpoints and their DNS records exist before the public endpoint is closed [ACR-11]",
            "",
            f"the public endpoint is closed after its consumers use private endpoints: {words} [ACR-11]",
        ),
    )
