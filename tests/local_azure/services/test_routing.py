from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK

if TYPE_CHECKING:
    from arm_client import Arm

TABLE = f"{NETWORK}/routeTables/out"
PREFIX = f"{NETWORK}/publicIPPrefixes/out"
GATEWAY = f"{NETWORK}/natGateways/out"


def _route(name: str, prefix: str, hop: str = "VirtualAppliance", address: str | None = "10.0.0.4") -> dict[str, Any]:
    properties = {"addressPrefix": prefix, "nextHopType": hop, **({"nextHopIpAddress": address} if address else {})}
    return {"name": name, "properties": properties}


def _table(*routes: dict[str, Any]) -> dict[str, Any]:
    return {"location": "eastus", "properties": {"routes": list(routes)}}


def _prefix(length: int = 30) -> dict[str, Any]:
    properties = {"prefixLength": length, "publicIPAddressVersion": "IPv4"}
    return {"location": "eastus", "sku": {"name": "Standard"}, "properties": properties}


def _gateway(timeout: int = 4) -> dict[str, Any]:
    properties = {"idleTimeoutInMinutes": timeout, "publicIpPrefixes": [{"id": PREFIX}]}
    return {"location": "eastus", "sku": {"name": "Standard"}, "properties": properties}


def _network(location: str = "eastus", **subnet: object) -> dict[str, Any]:
    named = {"name": "a", "properties": {"addressPrefix": "10.0.0.0/24", **subnet}}
    return {
        "location": location,
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [named]},
    }


def test_a_route_table_shows_its_routes_and_the_subnets_that_use_it(arm: Arm) -> None:
    shown = arm.put(TABLE, _table(_route("all", "0.0.0.0/0"), _route("tag", "AzureCloud", "Internet", None)))
    assert [route["id"].rpartition("/")[2] for route in shown["properties"]["routes"]] == ["all", "tag"]
    arm.put(f"{NETWORK}/virtualNetworks/net", _network(routeTable={"id": TABLE}))
    subnets = arm("GET", TABLE).body["properties"]["subnets"]
    assert [each["id"] for each in subnets] == [f"{NETWORK}/virtualNetworks/net/subnets/a"]


@pytest.mark.parametrize(
    ("routes", "code"),
    [
        ([_route("a", "0.0.0.0/0", address=None)], "InvalidNextHopIpAddress"),
        ([_route("a", "0.0.0.0/0", "Internet")], "InvalidNextHopIpAddress"),
        ([_route("a", "10.0.0.1/24")], "InvalidCIDRNotation"),
        ([_route("a", "10.0.0.0/8"), _route("b", "10.0.0.0/8")], "RouteConflict"),
        ([_route("a", "10.0.0.0/8"), _route("A", "10.1.0.0/16")], "InvalidRequestFormat"),
    ],
)
def test_routes_that_lead_nowhere_or_twice_are_refused(arm: Arm, routes: list[dict[str, Any]], code: str) -> None:
    reply = arm("PUT", TABLE, _table(*routes))
    assert (reply.status, reply.code) == (400, code)


def test_a_prefix_has_a_range_of_its_size_and_keeps_it(arm: Arm) -> None:
    first = arm.put(PREFIX, _prefix())["properties"]["ipPrefix"]
    assert first.endswith("/30")
    assert arm.put(PREFIX, _prefix())["properties"]["ipPrefix"] == first
    reply = arm("PUT", PREFIX, _prefix(29))
    assert (reply.status, reply.code) == (400, "PublicIpPrefixLengthCannotBeChanged")


@pytest.mark.parametrize("length", [27, 32])
def test_a_prefix_of_another_size_is_refused(arm: Arm, length: int) -> None:
    assert arm("PUT", PREFIX, _prefix(length)).code == "PublicIpPrefixLengthOutOfRange"


def test_a_nat_gateway_has_its_prefix_for_itself(arm: Arm) -> None:
    arm.put(PREFIX, _prefix())
    arm.put(GATEWAY, _gateway())
    assert arm("GET", PREFIX).body["properties"]["natGateway"] == {"id": GATEWAY}
    reply = arm("PUT", f"{NETWORK}/natGateways/other", _gateway())
    assert (reply.status, reply.code) == (400, "PublicIPPrefixAlreadyInUse")
    assert arm("DELETE", PREFIX).code == "InUsePublicIpPrefixCannotBeDeleted"


def test_a_nat_gateway_without_its_prefix_or_with_another_timeout_is_refused(arm: Arm) -> None:
    assert arm("PUT", GATEWAY, _gateway()).code == "InvalidResourceReference"
    arm.put(PREFIX, _prefix())
    assert arm("PUT", GATEWAY, _gateway(3)).code == "NatGatewayIdleTimeoutOutOfRange"


def test_what_a_subnet_uses_exists_and_stays(arm: Arm) -> None:
    missing = arm("PUT", f"{NETWORK}/virtualNetworks/net", _network(routeTable={"id": TABLE}))
    assert (missing.status, missing.code) == (400, "InvalidResourceReference")
    arm.put(TABLE, _table())
    arm.put(PREFIX, _prefix())
    arm.put(GATEWAY, _gateway())
    arm.put(f"{NETWORK}/virtualNetworks/net", _network(routeTable={"id": TABLE}, natGateway={"id": GATEWAY}))
    refused = arm("DELETE", TABLE)
    assert refused.code == "InUseRouteTableCannotBeDeleted"
    # The sentence of the service [NET-ROUTING-INUSE].
    assert refused.message == f"Route table {TABLE.rpartition('/')[2]} is in use and cannot be deleted."
    assert arm("DELETE", GATEWAY).code == "InUseNatGatewayCannotBeDeleted"
    arm.put(f"{NETWORK}/virtualNetworks/net", _network())
    assert arm("DELETE", TABLE).status in {200, 202, 204}


def test_a_table_of_another_region_is_refused(arm: Arm) -> None:
    arm.put(TABLE, _table())
    reply = arm("PUT", f"{NETWORK}/virtualNetworks/far", _network("westeurope", routeTable={"id": TABLE}))
    assert reply.code == "InvalidResourceReference"
