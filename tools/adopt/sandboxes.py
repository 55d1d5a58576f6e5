"""Session pools and sandbox groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_azure.loading.listings import Listed
from planning.sandboxes import CONTRACTS, TIERS
from tools.adopt.estate import Estate, Json, dig, keyed, region, stated

POOLS: Final = "Microsoft.App/sessionPools"
GROUPS: Final = "Microsoft.App/sandboxGroups"
CONNECTIONS: Final = f"{GROUPS}/vnetConnections"
_IN_ENVIRONMENT: Final = next(name for name, contract in CONTRACTS.items() if contract.environment)
"""The contract whose groups are linked to an environment."""
_TYPES: Final[Mapping[str, str]] = {
    "PythonLTS": "Python",
    "NodeLTS": "Node",
    "Shell": "Shell",
    "CustomContainer": "Custom",
}


def pools(estate: Estate) -> Json:
    """Return the section `session_pools`, without pools of custom containers, which are noted."""
    found: Json = {}
    for each in estate.owned(POOLS):
        key, follows = keyed(each, estate.names.session_pool(""), found)
        kind = _TYPES.get(str(each.properties.get("containerType")))
        if kind in (None, "Custom"):
            estate.remark(
                each, "containerType", f"{each.properties.get('containerType')} is not adopted; it stays as it is"
            )
            continue
        estate.describe(("session_pools", key), each)
        lifecycle = dig(each.properties, "dynamicPoolConfiguration", "lifecycleConfiguration") or {}
        found[key] = stated(
            name=None if follows else each.name,
            type=kind,
            location=None if region(each) == estate.home else region(each),
            max_sessions=dig(each.properties, "scaleConfiguration", "maxConcurrentSessions"),
            cooldown_seconds=lifecycle.get("cooldownPeriodInSeconds"),
            max_alive_seconds=lifecycle.get("maxAlivePeriodInSeconds"),
            **_server(each.properties.get("mcpServerSettings") or {}),
            egress=dig(each.properties, "sessionNetworkConfiguration", "status") == "EgressEnabled",
        )
    return found


def _server(shown: Mapping[str, Any]) -> Json:
    """Whether a pool is an MCP server, and whether that accepts an API key."""
    on = bool(shown.get("isMcpServerEnabled"))
    return {"mcp": on, "mcp_api_key": on and not shown.get("isMcpServerApiKeyDisabled")}


def groups(estate: Estate) -> Json:
    """Return the section `sandbox_groups`; networks and identities come first."""
    found: Json = {}
    for each in estate.owned(GROUPS):
        key, follows = keyed(each, estate.names.sandbox_group(""), found)
        estate.describe(("sandbox_groups", key), each)
        found[key] = {**stated(name=None if follows else each.name), **_group(estate, each)}
    return found


def _group(estate: Estate, group: Listed) -> Json:
    shown: Mapping[str, Any] = group.properties
    subnet = next((str(each.properties.get("subnetId")) for each in estate.listing.below(group.id, CONNECTIONS)), "")
    network = estate.key(subnet.rpartition("/subnets/")[0]) if subnet else None
    identities = list(dig(group.body, "identity", "userAssignedIdentities") or ())
    minutes = (shown.get("defaultTimeoutSeconds") or 0) / 60
    environment = shown.get("environmentId")
    if environment:
        return {"contract": _IN_ENVIRONMENT, "environment": estate.reference(str(environment))}
    return stated(
        location=None if network or region(group) == estate.home else region(group),
        tier=next((name for name, size in TIERS.items() if _is(size, shown)), None),
        maximum_sandboxes=shown.get("maxSandboxCount"),
        idle_timeout_minutes=int(minutes) if minutes else None,
        network=network,
        subnet=subnet.rpartition("/")[2] or None,
        identity=estate.reference(identities[0]) if identities else None,
        identities=[estate.reference(each) for each in identities[1:]],
    )


def _is(size: Any, shown: Mapping[str, Any]) -> bool:
    return str(shown.get("defaultCpu")) == f"{size.vcpu:g}"
