from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm

HUB = f"{NETWORK}/virtualNetworks/hub"
POLICY = f"{NETWORK}/firewallPolicies/rules"
GROUP = f"{POLICY}/ruleCollectionGroups/registry"
ADDRESS = f"{NETWORK}/publicIPAddresses/out"
FIREWALL = f"{NETWORK}/azureFirewalls/hub"


def _network(name: str = "AzureFirewallSubnet", prefix: str = "10.0.0.0/26") -> dict[str, Any]:
    subnet = {"name": name, "properties": {"addressPrefix": prefix}}
    return {
        "location": "eastus",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]},
    }


def _policy(tier: str = "Standard") -> dict[str, Any]:
    return {"location": "eastus", "properties": {"sku": {"tier": tier}}}


def _address(method: str = "Static") -> dict[str, Any]:
    return {"location": "eastus", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": method}}


def _firewall(subnet: str = "AzureFirewallSubnet", tier: str = "Standard") -> dict[str, Any]:
    configuration = {"subnet": {"id": f"{HUB}/subnets/{subnet}"}, "publicIPAddress": {"id": ADDRESS}}
    properties = {
        "sku": {"name": "AZFW_VNet", "tier": tier},
        "firewallPolicy": {"id": POLICY},
        "ipConfigurations": [{"name": "default", "properties": configuration}],
    }
    return {"location": "eastus", "properties": properties}


def _collection(name: str = "hosts", priority: int = 200, **rule: Any) -> dict[str, Any]:
    whole = {
        "ruleType": "ApplicationRule",
        "name": "registry",
        "protocols": [{"protocolType": "Https", "port": 443}],
        "targetFqdns": ["contoso.azurecr.io"],
        "sourceAddresses": ["10.1.0.0/16"],
        **rule,
    }
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "name": name,
        "priority": priority,
        "action": {"type": "Allow"},
        "rules": [whole],
    }


def _group(*collections: dict[str, Any], priority: int = 200) -> dict[str, Any]:
    return {"properties": {"priority": priority, "ruleCollections": list(collections)}}


@pytest.fixture
def surroundings(arm: Arm) -> Arm:
    arm.put(HUB, _network())
    arm.put(POLICY, _policy())
    arm.put(ADDRESS, _address())
    return arm


def test_a_firewall_takes_the_first_address_of_its_subnet(surroundings: Arm) -> None:
    shown = surroundings.put(FIREWALL, _firewall())
    assert shown["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"] == "10.0.0.4"
    assert surroundings("GET", POLICY).body["properties"]["firewalls"] == [{"id": FIREWALL}]
    assert surroundings("GET", ADDRESS).body["properties"]["ipConfiguration"]["id"].startswith(FIREWALL)


def test_what_a_firewall_uses_stays(surroundings: Arm) -> None:
    surroundings.put(FIREWALL, _firewall())
    assert surroundings("DELETE", POLICY).code == "FirewallPolicyInUseCannotBeDeleted"
    address = surroundings("DELETE", ADDRESS)
    assert address.code == "PublicIPAddressCannotBeDeleted"
    assert address.message.startswith(
        f"Public IP address {ADDRESS} can not be deleted since it is still allocated to resource {FIREWALL}"
    )
    assert surroundings("DELETE", HUB).code == "InUseSubnetCannotBeDeleted"


def test_a_firewall_needs_its_subnet_and_a_policy_of_its_tier(surroundings: Arm) -> None:
    assert surroundings("PUT", FIREWALL, _firewall(tier="Premium")).code == "AzureFirewallPolicyAndFirewallSkuMismatch"
    surroundings.put(HUB, _network("nodes"))
    assert surroundings("PUT", FIREWALL, _firewall("nodes")).code == "AzureFirewallSubnetNameInvalid"
    surroundings.put(HUB, _network(prefix="10.0.0.0/27"))
    assert surroundings("PUT", FIREWALL, _firewall()).code == "AzureFirewallSubnetTooSmall"


def test_the_tier_of_a_policy_stays(surroundings: Arm) -> None:
    assert surroundings("PUT", POLICY, _policy("Premium")).code == "FirewallPolicySkuTierCannotBeChanged"


def test_a_standard_address_is_static(arm: Arm) -> None:
    refused = arm("PUT", ADDRESS, _address("Dynamic"))
    # Code and sentence of the service [FW-SUBNET].
    assert refused.code == "StandardAndStandardV2SkuPublicIPAddressesMustBeStatic"
    assert refused.message == f"Standard sku publicIp {ADDRESS} must have AllocationMethod set to Static."
    first = arm.put(ADDRESS, _address())["properties"]["ipAddress"]
    assert arm.put(ADDRESS, _address())["properties"]["ipAddress"] == first


def test_a_group_shows_its_rules_below_its_policy(surroundings: Arm) -> None:
    shown = surroundings.put(GROUP, _group(_collection()))
    assert shown["properties"]["ruleCollections"][0]["rules"][0]["targetFqdns"] == ["contoso.azurecr.io"]
    assert surroundings("GET", POLICY).body["properties"]["ruleCollectionGroups"] == [{"id": GROUP}]


@pytest.mark.parametrize(
    ("group", "code"),
    [
        (_group(priority=99), "FirewallPolicyRuleCollectionGroupInvalidPriority"),
        (_group(_collection(priority=65001)), "FirewallPolicyRuleCollectionGroupInvalidPriority"),
        (_group(_collection(), _collection("others")), "FirewallPolicyDuplicateRuleCollection"),
        (_group(_collection(), _collection("HOSTS", 201)), "FirewallPolicyDuplicateRuleCollection"),
        (_group(_collection(sourceAddresses=[])), "FirewallPolicyRuleMissingSource"),
    ],
)
def test_groups_that_azure_would_not_take_are_refused(surroundings: Arm, group: dict[str, Any], code: str) -> None:
    reply = surroundings("PUT", GROUP, group)
    assert (reply.status, reply.code) == (400, code)


def test_two_changes_of_one_policy_at_once_are_refused(start: Callable[..., Arm]) -> None:
    clock = StandingClock(5.0)
    arm = start(clock)
    arm("PUT", NETWORK.rpartition("/providers")[0], {"location": "eastus"})
    arm("PUT", POLICY, _policy())
    clock.go_on(60.0)
    assert arm("PUT", GROUP, _group(_collection())).status == 201
    reply = arm("PUT", f"{POLICY}/ruleCollectionGroups/other", _group(_collection(), priority=300))
    # The codes of the service, which its clients do not retry [FW-BUSY].
    assert (reply.status, reply.code) == (
        409,
        "FirewallPolicyRuleCollectionGroupUpdateNotAllowedWhenUpdatingOrDeleting",
    )
    assert arm("PUT", POLICY, _policy()).code == "FirewallPolicyUpdateNotAllowedWhenUpdatingOrDeleting"
    deletion = arm("DELETE", POLICY)
    assert deletion.code == "FirewallPolicyDeleteNotAllowedWhenUpdatingOrDeleting"
    assert "can not be deleted because it is in Updating state from previous operation ID" in deletion.message
