"""Pulls through an Azure Firewall: it must exist, and its rules must admit the hosts of the registry from the client's subnet."""

from __future__ import annotations

from typing import Any

import pytest
from arm_client import NETWORK, REGISTRY
from estates import MAIN, Estate, client

from local_azure.reach import command
from local_azure.reach.links import Break

HOP = "10.0.20.4"
POLICY = f"{NETWORK}/firewallPolicies/rules"
HOSTS = ["contoso.azurecr.io", "*.data.azurecr.io"]


@pytest.fixture
def routed(estate: Estate) -> Estate:
    """An estate with a public registry, and a subnet whose traffic is routed to the subnet of firewalls."""
    estate.arm.delete(f"{NETWORK}/privateEndpoints/pe")
    estate.registry(publicNetworkAccess="Enabled")
    estate.subnet(MAIN, "AzureFirewallSubnet", "10.0.20.0/26")
    estate.routed("nodes", "0.0.0.0/0", "VirtualAppliance", HOP)
    return estate


def firewall(estate: Estate, *rules: dict[str, Any]) -> None:
    address = f"{NETWORK}/publicIPAddresses/out"
    static = {"publicIPAllocationMethod": "Static"}
    estate.arm.put(address, {"location": "eastus", "sku": {"name": "Standard"}, "properties": static})
    estate.arm.put(POLICY, {"location": "eastus", "properties": {"sku": {"tier": "Standard"}}})
    place = {"subnet": {"id": f"{MAIN}/subnets/AzureFirewallSubnet"}, "publicIPAddress": {"id": address}}
    properties = {
        "sku": {"name": "AZFW_VNet", "tier": "Standard"},
        "firewallPolicy": {"id": POLICY},
        "ipConfigurations": [{"name": "default", "properties": place}],
    }
    estate.arm.put(f"{NETWORK}/azureFirewalls/hub", {"location": "eastus", "properties": properties})
    collection = {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "name": "hosts",
        "priority": 200,
        "action": {"type": "Allow"},
        "rules": list(rules),
    }
    group = {"properties": {"priority": 200, "ruleCollections": [collection] if rules else []}}
    estate.arm.put(f"{POLICY}/ruleCollectionGroups/registry", group)


def application(sources: list[str], hosts: list[str]) -> dict[str, Any]:
    protocols = [{"protocolType": "Https", "port": 443}]
    return {
        "ruleType": "ApplicationRule",
        "name": "registry",
        "protocols": protocols,
        "sourceAddresses": sources,
        "targetFqdns": hosts,
    }


def broken(estate: Estate) -> Break | None:
    assert estate.arm.cloud is not None
    found = command.snapshot(estate.arm.cloud.store)
    pulls = [client(**{"from": f"{MAIN}/subnets/nodes"})]
    asked = command.consumers(found, pulls, command.Question())
    return command.verdicts(found, [each for each in asked if each.name == "runner"])[0].broken


def test_a_route_to_a_subnet_of_firewalls_without_one_is_broken(routed: Estate) -> None:
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain) == ("route", True)
    assert found.message == "route away leads to 10.0.20.4 in AzureFirewallSubnet, where there is no firewall"


def test_a_firewall_whose_rules_lack_the_host_denies_it(routed: Estate) -> None:
    firewall(routed)
    found = broken(routed)
    assert found is not None
    assert (found.link, found.resource, found.certain) == ("firewall", POLICY, True)
    assert found.message == "firewall hub does not admit contoso.azurecr.io from 10.0.3.0/24"


@pytest.mark.parametrize(
    "rule",
    [
        application(["10.0.3.0/24"], HOSTS),
        application(["10.0.0.0/16"], HOSTS),
        application(["*"], ["*"]),
        {
            "ruleType": "NetworkRule",
            "name": "registry",
            "ipProtocols": ["TCP"],
            "sourceAddresses": ["10.0.3.0/24"],
            "destinationAddresses": ["AzureContainerRegistry"],
            "destinationPorts": ["443"],
        },
    ],
    ids=["subnet", "network", "everything", "service tag"],
)
def test_a_rule_that_admits_the_registry_from_the_subnet_is_enough(routed: Estate, rule: dict[str, Any]) -> None:
    firewall(routed, rule)
    assert broken(routed) is None


@pytest.mark.parametrize(
    "rule",
    [
        application(["10.0.1.0/24"], HOSTS),
        application(["10.0.3.0/25"], HOSTS),
        application(["*"], ["mcr.microsoft.com"]),
    ],
    ids=["another subnet", "half of the subnet", "another host"],
)
def test_a_rule_for_others_is_not(routed: Estate, rule: dict[str, Any]) -> None:
    firewall(routed, rule)
    found = broken(routed)
    assert found is not None
    assert found.link == "firewall"


def test_layers_need_the_data_host_to_be_admitted(routed: Estate) -> None:
    routed.registry(publicNetworkAccess="Enabled", dataEndpointEnabled=True)
    firewall(routed, application(["*"], ["contoso.azurecr.io"]))
    found = broken(routed)
    assert found is not None
    assert found.link == "firewall"
    assert ".data.azurecr.io" in found.message


def test_what_an_appliance_outside_such_a_subnet_admits_is_not_known(routed: Estate) -> None:
    routed.routed("nodes", "0.0.0.0/0", "VirtualAppliance", "10.0.8.4")
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain, REGISTRY in found.resource) == ("route", False, False)
