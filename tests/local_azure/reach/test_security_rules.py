"""Which rule of a network security group decides, as the overview of network security groups states it."""

from __future__ import annotations

from typing import Any

import pytest
from arm_client import NETWORK, Arm

from local_azure.reach import command
from local_azure.reach.security_rules import Target, public_target, stopped

GROUP = f"{NETWORK}/networkSecurityGroups/guard"
SUBNET = f"{NETWORK}/virtualNetworks/net/subnets/apps"
PRIVATE = Target("10.0.4.4", frozenset({"virtualnetwork"}))


def decided(arm: Arm, target: Target, *rules: dict[str, Any]) -> tuple[str, bool] | None:
    """Name of the rule that stops what leaves the subnet 10.0.1.0/24 for a target, and whether that is certain."""
    full = [
        {
            "name": f"rule{at}",
            "properties": {
                "direction": "Outbound",
                "protocol": "Tcp",
                "sourceAddressPrefix": "*",
                "sourcePortRange": "*",
                "destinationPortRange": "*",
                "destinationAddressPrefix": "*",
                "access": "Deny",
                "priority": 100 + at,
                **rule,
            },
        }
        for at, rule in enumerate(rules)
    ]
    arm.put(GROUP, {"location": "eastus", "properties": {"securityRules": full}})
    arm.network("net")
    arm.put(SUBNET, {"properties": {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": {"id": GROUP}}})
    assert arm.cloud is not None
    estate = command.snapshot(arm.cloud.store)
    subnet = estate.get(SUBNET)
    assert subnet is not None
    broken = stopped(estate, subnet, "Outbound", subnet, target)
    return (broken.resource.rpartition("/")[2], broken.certain) if broken else None


@pytest.mark.parametrize("target", [PRIVATE, public_target("AzureContainerRegistry", ["eastus"])])
def test_the_default_rules_let_https_out(arm: Arm, target: Target) -> None:
    assert decided(arm, target) is None


def test_the_lowest_priority_number_that_matches_decides(arm: Arm) -> None:
    allow = {"access": "Allow"}
    assert decided(arm, PRIVATE, {"priority": 200}, {"priority": 150, **allow}) is None
    assert decided(arm, PRIVATE, {"priority": 150}, {"priority": 200, **allow}) == ("rule0", True)


@pytest.mark.parametrize(
    "rule",
    [
        {"direction": "Inbound"},
        {"protocol": "Udp"},
        {"destinationPortRange": "80"},
        {"destinationPortRanges": ["80", "8000-8999"], "destinationPortRange": None},
        {"destinationAddressPrefix": "10.0.5.0/24"},
        {"destinationAddressPrefix": "Internet"},
        {"sourceAddressPrefix": "10.0.2.0/24"},
    ],
)
def test_a_rule_for_other_traffic_does_not_decide(arm: Arm, rule: dict[str, Any]) -> None:
    assert decided(arm, PRIVATE, rule) is None


@pytest.mark.parametrize(
    "rule",
    [
        {"destinationPortRange": "400-500"},
        {"destinationAddressPrefix": "VirtualNetwork"},
        {"destinationAddressPrefixes": ["10.9.0.0/16", "10.0.0.0/16"], "destinationAddressPrefix": None},
        {"sourceAddressPrefix": "10.0.0.0/16"},
        {"sourceAddressPrefix": "VirtualNetwork"},
    ],
)
def test_a_rule_for_this_traffic_decides(arm: Arm, rule: dict[str, Any]) -> None:
    assert decided(arm, PRIVATE, rule) == ("rule0", True)


def test_a_rule_for_part_of_the_subnet_is_not_certain(arm: Arm) -> None:
    assert decided(arm, PRIVATE, {"sourceAddressPrefix": "10.0.1.128/25"}) == ("rule0", False)
    assert decided(arm, PRIVATE, {"sourceAddressPrefix": "10.0.1.128/25"}, {}) == ("rule1", True)


def test_rules_that_may_match_and_decide_otherwise_leave_the_answer_open(arm: Arm) -> None:
    part = {"sourceAddressPrefix": "10.0.1.128/25"}
    allowed = {**part, "access": "Allow"}
    assert decided(arm, PRIVATE, part, allowed, {}) == ("rule2", False)
    assert decided(arm, PRIVATE, allowed, part, {"access": "Allow"}) == ("rule1", False)


def test_service_tags_hold_the_public_endpoint(arm: Arm) -> None:
    allowed = {"access": "Allow", "destinationAddressPrefix": "AzureContainerRegistry.EastUS"}
    assert decided(arm, public_target("AzureContainerRegistry", ["eastus"]), allowed, {}) is None
    west = public_target("AzureContainerRegistry", ["westeurope"])
    assert decided(arm, west, allowed, {}) == ("rule1", True)
    either = public_target("AzureContainerRegistry", ["eastus", "westeurope"])
    assert decided(arm, either, allowed, {}) == ("rule1", False)
