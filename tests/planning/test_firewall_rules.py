"""Rule collection groups of Azure Firewall, and the order of opening and closing."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from planning.egress import Destination
from planning.firewall_rules import Admission, admits, changes, group_properties, priority_of
from planning.regions import REGIONS

NODES = IPv4Network("10.0.0.0/24")


def host(name: str, port: int = 443) -> Destination:
    return Destination(name, "Https" if port == 443 else "Http", port, "images", "ACR-1", "registry")


def test_hosts_become_application_rules_and_service_tags_network_rules() -> None:
    tag = Destination("AzureCloud.eastus", "UDP", 1194, "tunnel", "AKS-EGRESS", "clusters")
    admission = Admission(("cluster east",), (NODES,), (host("a.io"), host("b.io"), host("c.io", 80), tag))
    properties = group_properties("clusters", [admission])
    first, second = properties["ruleCollections"]
    assert (first["name"], first["action"], first["ruleCollectionType"]) == (
        "hosts",
        {"type": "Allow"},
        "FirewallPolicyFilterRuleCollection",
    )
    assert first["rules"] == [
        {
            "ruleType": "ApplicationRule",
            "name": "cluster-east-https-443",
            "protocols": [{"protocolType": "Https", "port": 443}],
            "sourceAddresses": ["10.0.0.0/24"],
            "targetFqdns": ["a.io", "b.io"],
        },
        {
            "ruleType": "ApplicationRule",
            "name": "cluster-east-http-80",
            "protocols": [{"protocolType": "Http", "port": 80}],
            "sourceAddresses": ["10.0.0.0/24"],
            "targetFqdns": ["c.io"],
        },
    ]
    assert second["rules"] == [
        {
            "ruleType": "NetworkRule",
            "name": "cluster-east-udp-1194",
            "ipProtocols": ["UDP"],
            "sourceAddresses": ["10.0.0.0/24"],
            "destinationAddresses": ["AzureCloud.eastus"],
            "destinationPorts": ["1194"],
        }
    ]
    assert properties["priority"] == first["priority"] == second["priority"] - 1


def test_clients_whose_ranges_are_not_known_may_be_anywhere() -> None:
    (collection,) = group_properties("registry", [Admission(("x",), (), (host("a.io"),))])["ruleCollections"]
    assert collection["rules"][0]["sourceAddresses"] == ["*"]


def test_the_priority_of_a_group_is_its_own_and_within_the_bounds_of_azure() -> None:
    groups = [
        "clusters",
        "container-apps",
        "registry",
        "registry-storage",
        *(
            f"registry-{kind}-{region}"
            for names in REGIONS.values()
            for region in names
            for kind in ("layers", "replica")
        ),
    ]
    priorities = [priority_of(group) for group in groups]
    assert len(set(priorities)) == len(groups)
    assert all(priority >= 100 and priority + 1 <= 65000 for priority in priorities)


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("contoso.azurecr.io", "Contoso.azurecr.io", True),
        ("*.azurecr.io", "contoso.eastus.data.azurecr.io", True),
        ("*.azurecr.io", "azurecr.io", False),
        ("*", "anything.example", True),
        ("vault.azure.net", "v.vault.azure.net", False),
        ("*.microsoft.com", "*.data.mcr.microsoft.com", True),
        ("*.data.mcr.microsoft.com", "*.microsoft.com", False),
        ("*.data.mcr.microsoft.com", "*.data.mcr.microsoft.com", True),
        ("*.azurecr.io", "evilazurecr.io", False),
    ],
)
def test_what_a_host_of_a_rule_admits(pattern: str, name: str, expected: bool) -> None:
    assert admits(pattern, name) is expected


def test_what_is_new_is_opened_before_and_what_was_deleted_is_closed_after() -> None:
    steps = changes({"eastus": ["a", "b"], "westus": ["a"]}, {"eastus": ["b", "c"], "uksouth": ["b"]})
    assert steps.opened == {"eastus": ("c",), "uksouth": ("b",)}
    assert steps.closed == {"eastus": ("a",), "westus": ("a",)}
