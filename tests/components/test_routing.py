"""Route tables and NAT gateways: what is registered, and what another size of a public prefix does."""

from __future__ import annotations

from collections.abc import Callable

from components.routing.nat_gateway import NatGateway
from components.routing.route_table import RouteTable
from components.routing.spec import NatGatewaySpec, RouteTableSpec
from components.testing import Recording
from tests.components.azure_answers import answers

Record = Callable[..., Recording]
PLACE = {"location": "westeurope", "resource_group_name": "rg", "tags": {"owner": "network"}}


def table(**spec: object) -> RouteTable:
    return RouteTable("table", RouteTableSpec.model_validate(spec), table_name="rt", **PLACE)


def gateway(**spec: object) -> NatGateway:
    return NatGateway("nat", NatGatewaySpec.model_validate(spec), gateway_name="ng", prefix_name="ippre", **PLACE)


def test_a_route_table_has_its_routes_inline(record: Record) -> None:
    routes = {
        "all": {"prefix": "0.0.0.0/0", "address": "10.0.0.4"},
        "none": {"prefix": "10.9.0.0/16", "next_hop": "None"},
    }
    created = record(lambda: table(routes=routes, propagate_gateway_routes=False), answers=answers()).one(
        "network:RouteTable"
    )
    assert created.inputs["routes"] == [
        {
            "name": "all",
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.0.0.4",
        },
        {"name": "none", "addressPrefix": "10.9.0.0/16", "nextHopType": "None"},
    ]
    assert (created.inputs["disableBgpRoutePropagation"], created.inputs["location"], created.inputs["tags"]) == (
        True,
        "westeurope",
        {"owner": "network"},
    )


def test_gateway_routes_are_propagated_by_default(record: Record) -> None:
    created = record(table, answers=answers()).one("network:RouteTable")
    assert created.inputs["disableBgpRoutePropagation"] is False


def test_a_nat_gateway_has_a_public_prefix_in_its_zone(record: Record) -> None:
    recording = record(lambda: gateway(public_prefix="/30", zone="2", idle_timeout_minutes=20), answers=answers())
    prefix, nat = recording.one("PublicIPPrefix"), recording.one("network:NatGateway")
    assert (prefix.inputs["prefixLength"], prefix.inputs["zones"], prefix.inputs["publicIpPrefixName"]) == (
        30,
        ["2"],
        "ippre-30",
    )
    assert (nat.inputs["zones"], nat.inputs["idleTimeoutInMinutes"], nat.inputs["sku"]) == (
        ["2"],
        20,
        {"name": "Standard"},
    )
    assert recording.urn_of(prefix) in nat.depends_on


def test_another_size_is_another_prefix_so_that_the_gateway_takes_it_before_the_old_one_goes(record: Record) -> None:
    names = [
        (found.name, found.inputs["publicIpPrefixName"])
        for size in ("/31", "/28")
        for found in [record(lambda size=size: gateway(public_prefix=size), answers=answers()).one("PublicIPPrefix")]
    ]
    assert names == [("nat-prefix-31", "ippre-31"), ("nat-prefix-28", "ippre-28")]
