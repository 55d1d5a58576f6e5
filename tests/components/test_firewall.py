"""Firewalls: the policy with its groups one after the other, the public address, and what is protected."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.firewalls.firewall import Firewall
from components.firewalls.spec import FirewallSpec
from components.routing.route_table import RouteTable
from components.routing.spec import RouteTableSpec
from components.testing import Recording
from planning.egress import Destination
from planning.firewall_rules import Admission, group_properties
from tests.components.azure_answers import answers

Record = Callable[..., Recording]
PLACE = {"location": "westeurope", "resource_group_name": "rg", "tags": {"owner": "network"}}
HOST = Destination("contoso.azurecr.io", "Https", 443, "registry", "ACR-1", "registry")
GROUPS = {
    name: group_properties(name, [Admission(("cluster east",), (), (HOST,))]) for name in ("registry", "clusters")
}


def firewall(**spec: Any) -> Firewall:
    return Firewall(
        "hub",
        FirewallSpec.model_validate({"network": "hub", **spec}),
        GROUPS,
        firewall_name="afw",
        policy_name="afwp",
        address_name="pip",
        subnet_id="/subnet",
        **PLACE,
    )


@pytest.fixture
def recording(record: Record) -> Recording:
    return record(lambda: firewall(zones=["1", "2"], tier="Premium"), answers=answers())


def test_a_firewall_has_a_policy_a_public_address_and_its_subnet(recording: Recording) -> None:
    policy, address = recording.one("FirewallPolicy"), recording.one("PublicIPAddress")
    created = recording.one("AzureFirewall")
    assert (policy.inputs["sku"], policy.inputs["threatIntelMode"], policy.inputs["dnsSettings"]) == (
        {"tier": "Premium"},
        "Deny",
        {"enableProxy": True},
    )
    assert (address.inputs["sku"]["name"], address.inputs["publicIPAllocationMethod"]) == ("Standard", "Static")
    assert created.inputs["sku"] == {"name": "AZFW_VNet", "tier": "Premium"}
    assert created.inputs["ipConfigurations"][0]["subnet"] == {"id": "/subnet"}
    assert [found.inputs["zones"] for found in (address, created)] == [["1", "2"], ["1", "2"]]


def test_groups_are_written_one_after_the_other_and_the_firewall_after_them(recording: Recording) -> None:
    first, second = recording.named("hub-rules-registry"), recording.named("hub-rules-clusters")
    created = recording.one("AzureFirewall")
    assert recording.urn_of(first) in second.depends_on
    assert {recording.urn_of(first), recording.urn_of(second)} <= created.depends_on
    assert first.inputs["priority"] == GROUPS["registry"]["priority"]
    assert first.inputs["ruleCollections"] == GROUPS["registry"]["ruleCollections"]


@pytest.mark.parametrize("protect", [True, False])
def test_what_loses_its_address_or_its_rules_is_protected_by_default(record: Record, protect: bool) -> None:
    recording = record(lambda: firewall(protect=protect), answers=answers())
    kept = {found.name for found in recording if found.custom and found.protect}
    assert kept == ({"hub-policy", "hub-address", "hub-firewall"} if protect else set())


def test_a_route_to_a_firewall_of_the_stack_has_its_address(record: Record) -> None:
    spec = RouteTableSpec.model_validate({"routes": {"all": {"prefix": "0.0.0.0/0", "firewall": "hub"}}})

    def table() -> None:
        RouteTable("table", spec, table_name="rt", firewall_addresses={"hub": "10.0.0.4"}, **PLACE)

    (route,) = record(table, answers=answers()).one("network:RouteTable").inputs["routes"]
    assert (route["nextHopType"], route["nextHopIpAddress"]) == ("VirtualAppliance", "10.0.0.4")
