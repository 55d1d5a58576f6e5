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
    group(estate, *([collection("Allow", 200, *rules)] if rules else []))


def collection(action: str, priority: int, *rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "name": f"{action}-{priority}",
        "priority": priority,
        "action": {"type": action},
        "rules": list(rules),
    }


def group(estate: Estate, *collections: dict[str, Any], policy: str = POLICY, priority: int = 200) -> None:
    properties = {"priority": priority, "ruleCollections": list(collections)}
    estate.arm.put(f"{policy}/ruleCollectionGroups/registry-{priority}", {"properties": properties})


def application(sources: list[str], hosts: list[str]) -> dict[str, Any]:
    protocols = [{"protocolType": "Https", "port": 443}]
    return {
        "ruleType": "ApplicationRule",
        "name": "registry",
        "protocols": protocols,
        "sourceAddresses": sources,
        "targetFqdns": hosts,
    }


def network(**members: Any) -> dict[str, Any]:
    return {
        "ruleType": "NetworkRule",
        "name": "registry",
        "ipProtocols": ["TCP"],
        "sourceAddresses": ["10.0.3.0/24"],
        "destinationAddresses": ["AzureContainerRegistry"],
        "destinationPorts": ["443"],
        **members,
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
        application(["10.0.2.0-10.0.4.255"], HOSTS),
        network(),
        network(ipProtocols=["UDP", "Any"]),
        network(destinationPorts=["80", "400-500"]),
        network(destinationAddresses=["0.0.0.0/0"], sourceAddresses=["*"]),
    ],
    ids=[
        "subnet",
        "network",
        "everything",
        "range with a hyphen",
        "service tag",
        "any protocol",
        "range of ports",
        "all addresses",
    ],
)
def test_a_rule_that_admits_the_registry_from_the_subnet_is_enough(routed: Estate, rule: dict[str, Any]) -> None:
    firewall(routed, rule)
    assert broken(routed) is None


@pytest.mark.parametrize(
    "rule",
    [
        application(["10.0.1.0/24"], HOSTS),
        application(["2001:db8::/32"], HOSTS),
        application(["*"], ["mcr.microsoft.com"]),
        network(ipProtocols=["UDP"]),
        network(destinationPorts=["80", "500-600"]),
        network(destinationAddresses=["10.0.0.0/8", "MicrosoftContainerRegistry"]),
    ],
    ids=["another subnet", "IPv6", "another host", "another protocol", "other ports", "other addresses"],
)
def test_a_rule_for_others_is_not(routed: Estate, rule: dict[str, Any]) -> None:
    firewall(routed, rule)
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain) == ("firewall", True)


@pytest.mark.parametrize(
    "rule",
    [
        application(["10.0.3.0/25"], HOSTS),
        {**application([], HOSTS), "sourceIpGroups": [f"{NETWORK}/ipGroups/nodes"]},
        {**application(["*"], []), "webCategories": ["business"]},
        {**network(destinationAddresses=[]), "destinationFqdns": ["contoso.azurecr.io"]},
        network(destinationAddresses=["20.0.0.0/8"]),
    ],
    ids=["half of the subnet", "IP group", "web category", "resolved name", "public range"],
)
def test_a_rule_that_may_match_leaves_the_answer_open(routed: Estate, rule: dict[str, Any]) -> None:
    firewall(routed, rule)
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain) == ("firewall", False)
    assert "depends on rule registry" in found.message


ALLOW, DENY = application(["*"], HOSTS), {**application(["*"], ["*"]), "name": "closed"}


@pytest.mark.parametrize(
    ("collections", "is_admitted"),
    [
        ([collection("Allow", 200, ALLOW), collection("Deny", 300, DENY)], True),
        ([collection("Allow", 300, ALLOW), collection("Deny", 200, DENY)], False),
        # A network rule decides before any application rule, whatever its priority [FW-RULES].
        ([collection("Allow", 300, network()), collection("Deny", 200, DENY)], True),
        ([collection("Allow", 200, ALLOW), collection("Deny", 300, network(name="closed"))], False),
    ],
    ids=["allowed first", "denied first", "allowed by a network rule", "denied by a network rule"],
)
def test_the_first_rule_that_matches_decides(
    routed: Estate, collections: list[dict[str, Any]], is_admitted: bool
) -> None:
    firewall(routed)
    group(routed, *collections)
    found = broken(routed)
    if is_admitted:
        assert found is None
    else:
        assert found is not None
        assert (found.certain, found.message) == (
            True,
            "firewall hub does not admit contoso.azurecr.io from 10.0.3.0/24 by rule closed",
        )


def test_a_group_with_a_lower_number_is_decided_first(routed: Estate) -> None:
    firewall(routed, ALLOW)
    group(routed, collection("Deny", 60000, DENY), priority=100)
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain) == ("firewall", True)


def test_a_base_policy_is_decided_before_the_policy(routed: Estate) -> None:
    firewall(routed, ALLOW)
    base = f"{NETWORK}/firewallPolicies/base"
    routed.arm.put(base, {"location": "eastus", "properties": {"sku": {"tier": "Standard"}}})
    group(routed, collection("Deny", 300, DENY), policy=base, priority=60000)
    assert broken(routed) is None
    policy = {"sku": {"tier": "Standard"}, "basePolicy": {"id": base}}
    routed.arm.put(POLICY, {"location": "eastus", "properties": policy})
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain) == ("firewall", True)


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


@pytest.fixture
def inspected(estate: Estate) -> Estate:
    """An estate in which the subnet of the private endpoints lets routes lead to it through a firewall [PE-ROUTE]."""
    estate.own_subnet("endpoints", privateEndpointNetworkPolicies="RouteTableEnabled")
    estate.subnet(MAIN, "AzureFirewallSubnet", "10.0.20.0/26")
    estate.routed("apps", "10.0.0.0/16", "VirtualAppliance", HOP)
    return estate


def pulled(estate: Estate) -> Break | None:
    assert estate.arm.cloud is not None
    found = command.snapshot(estate.arm.cloud.store)
    asked = command.consumers(found, estate.pulls, command.Question())
    return command.verdicts(found, [each for each in asked if each.name == "web"])[0].broken


@pytest.mark.parametrize(
    "rule",
    [
        application(["*"], ["*.azurecr.io"]),
        network(sourceAddresses=["*"], destinationAddresses=["10.0.0.0/16"]),
        network(sourceAddresses=["*"], destinationAddresses=["VirtualNetwork"]),
    ],
    ids=["host", "range", "service tag"],
)
def test_a_firewall_before_private_endpoints_admits_the_host_or_the_address(
    inspected: Estate, rule: dict[str, Any]
) -> None:
    firewall(inspected, rule)
    assert pulled(inspected) is None


def test_a_firewall_before_private_endpoints_denies_other_addresses(inspected: Estate) -> None:
    firewall(inspected, network(sourceAddresses=["*"], destinationAddresses=["10.9.0.0/16", "AzureContainerRegistry"]))
    found = pulled(inspected)
    assert found is not None
    assert (found.link, found.certain) == ("firewall", True)


APPLIANCE, DIRECT = ("VirtualAppliance", HOP), ("Internet", "")


def test_two_halves_of_all_addresses_lead_where_one_prefix_would(routed: Estate) -> None:
    routed.routes("nodes", low=("0.0.0.0/1", *APPLIANCE), high=("128.0.0.0/1", *APPLIANCE))
    firewall(routed)
    found = broken(routed)
    assert found is not None
    assert (found.link, found.certain) == ("firewall", True)


@pytest.mark.parametrize(
    "routes",
    [
        {"part": ("20.0.0.0/8", *APPLIANCE)},
        {"part": ("20.0.0.0/8", *DIRECT), "rest": ("0.0.0.0/0", *APPLIANCE)},
        {"part": ("20.42.0.0/16", *APPLIANCE), "tag": ("AzureContainerRegistry", *DIRECT)},
    ],
    ids=["some addresses", "some addresses past the firewall", "a part of the service"],
)
def test_a_route_of_some_public_addresses_leaves_the_answer_open(
    routed: Estate, routes: dict[str, tuple[str, str, str]]
) -> None:
    firewall(routed)
    part = routed.routes("nodes", **routes)
    found = broken(routed)
    assert found is not None
    assert (found.link, found.resource, found.certain) == ("route", part, False)
    assert found.message == "whether route part applies depends on a public address that is not known"


@pytest.mark.parametrize(
    "routes",
    [
        {"office": ("10.20.0.0/16", *APPLIANCE), "site": ("192.168.0.0/16", *APPLIANCE)},
        {"tag": ("AzureContainerRegistry", *DIRECT), "rest": ("0.0.0.0/0", *APPLIANCE)},
        {
            "tag": ("AzureContainerRegistry", *DIRECT),
            "low": ("0.0.0.0/1", *APPLIANCE),
            "high": ("128.0.0.0/1", *APPLIANCE),
        },
    ],
    ids=["private addresses", "service tag before all", "service tag before halves"],
)
def test_routes_that_lead_the_registry_to_the_internet_do_not_matter(
    routed: Estate, routes: dict[str, tuple[str, str, str]]
) -> None:
    firewall(routed)
    routed.routes("nodes", **routes)
    assert broken(routed) is None
