"""Route tables, and NAT gateways with their public IP prefixes, which subnets name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from local_azure.loading.listings import Listed
from tools.adopt.estate import Estate, Json, identifier, keyed, region, stated

TABLES: Final = "Microsoft.Network/routeTables"
GATEWAYS: Final = "Microsoft.Network/natGateways"


def tables(estate: Estate) -> Json:
    """Return the section `route_tables`."""
    found: Json = {}
    for each in estate.owned(TABLES):
        key, follows = keyed(each, estate.names.routing("rt", ""), found)
        estate.describe(("route_tables", key), each)
        routes = each.properties.get("routes") or ()
        found[key] = stated(
            name=None if follows else each.name,
            location=_location(estate, each),
            routes={str(route["name"]): _route(route.get("properties") or {}) for route in routes},
            propagate_gateway_routes=not each.properties.get("disableBgpRoutePropagation"),
        )
    return found


def _route(shown: Mapping[str, Any]) -> Json:
    return stated(
        prefix=shown.get("addressPrefix"),
        next_hop=shown.get("nextHopType"),
        address=shown.get("nextHopIpAddress") or None,
    )


def gateways(estate: Estate) -> Json:
    """Return the section `nat_gateways`: gateways with one public prefix of the stack; subnets name others by their ids."""
    found: Json = {}
    for each in estate.owned(GATEWAYS):
        prefixes = [identifier(one) for one in each.properties.get("publicIpPrefixes") or ()]
        prefix = estate.listing.get(str(prefixes[0])) if len(prefixes) == 1 else None
        if prefix is None or not estate.owns(prefix.id) or each.properties.get("publicIpAddresses"):
            reason = "a gateway of a stack has one public prefix and no other address; subnets name this one by its id"
            estate.remark(each, "publicIpPrefixes", reason)
            continue
        key, follows = keyed(each, estate.names.routing("ng", ""), found)
        estate.describe(("nat_gateways", key), each)
        usual = f"{estate.names.routing('ippre', key)}-{prefix.properties.get('prefixLength')}"
        found[key] = stated(
            name=None if follows else each.name,
            public_prefix_name=None if prefix.name == usual else prefix.name,
            location=_location(estate, each),
            public_prefix=f"/{prefix.properties.get('prefixLength')}",
            idle_timeout_minutes=each.properties.get("idleTimeoutInMinutes"),
            zone=next(iter(each.body.get("zones") or ()), None),
        )
    return found


def _location(estate: Estate, found: Listed) -> str | None:
    return None if region(found) == estate.home else region(found)
