"""The functions of the package: what they answer, and what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from package.provider import ANSWERS, Moorings
from package.schema import schema

DESCRIPTION: dict[str, Any] = {
    "name": "contoso",
    "environment": "test",
    "location": "westeurope",
    "networks": {
        "westeurope": {
            "addressSpace": ["10.0.0.0/16"],
            "subnets": {
                "registry": {"prefix": "10.0.1.0/27"},
                "apps": {"prefix": "10.0.0.0/24", "delegation": "Microsoft.App/environments"},
            },
        }
    },
    "registry": {
        "name": "contosotest",
        "replicas": {"northeurope": {}},
        "regionalEndpoints": True,
        "privateEndpoints": {"westeurope": {"network": "westeurope", "subnet": "registry"}},
    },
    "identities": {"pull": {}},
    "access": {"pull": {"identity": "pull", "action": "pull"}},
    "containerApps": {
        "shop": {
            "network": "westeurope",
            "subnet": "apps",
            "apps": {"web": {"identity": "pull", "containers": {"web": {"image": "shop/web:1"}}}},
        }
    },
}


def ask(name: str, arguments: dict[str, Any]) -> Any:
    """The answer of the provider, as the engine gets it."""
    return Moorings().invoke(f"moorings:planning:{name}", arguments)


def test_host_names_follow_from_name_and_regions() -> None:
    answer = ask("getEndpoints", {"name": "Contoso", "regions": ["eastus", "westeurope"], "regionalEndpoints": True})
    # The forms of the names are those of ACR-1.
    assert answer.outputs["loginServer"] == "contoso.azurecr.io"
    assert answer.outputs["regional"]["eastus"] == "contoso.eastus.geo.azurecr.io"
    assert answer.outputs["data"]["westeurope"] == "contoso.westeurope.data.azurecr.io"
    # One global member, and for each of two regions one of data and one of its own [PE-2].
    assert len(answer.outputs["members"]) == 5


@pytest.mark.parametrize(("addresses", "length", "usable"), [(3, 29, 3), (4, 28, 11), (100, 25, 123)])
def test_the_fitting_prefix_leaves_the_five_addresses_that_azure_reserves(
    addresses: int, length: int, usable: int
) -> None:
    # 2 to the power of (32 - length), less five [NET-1]; the engine sends numbers as floats.
    answer = ask("getFittingPrefix", {"addressesNeeded": float(addresses)})
    assert answer.outputs == {"prefixLength": length, "usable": usable}


def test_the_ranges_of_subnets_are_carved_in_the_order_of_the_list() -> None:
    arguments = {"addressSpace": ["10.0.0.0/16"], "subnets": ["/27", "/24", "10.0.2.0/24", "/26"]}
    ranges = ask("getSubnetRanges", arguments).outputs["ranges"]
    # Each takes the lowest aligned range that is free: the /26 fits behind the /27.
    assert ranges == ["10.0.0.0/27", "10.0.1.0/24", "10.0.2.0/24", "10.0.0.64/26"]


def test_the_ledger_counts_the_addresses_of_each_subnet() -> None:
    rows = {row["subnet"]: row for row in ask("getLedger", DESCRIPTION).outputs["rows"]}
    assert rows["registry"]["prefix"] == "10.0.1.0/27"
    # Five members for two regions; one more replica adds its data host and its own [PE-2].
    assert (rows["registry"]["need"], rows["registry"]["nextReplica"], rows["registry"]["free"]) == (5, 2, 22)
    assert rows["registry"]["verdict"] == "fits"


def test_the_hosts_of_a_firewall_are_those_of_the_registry_and_of_the_service() -> None:
    hosts = ask("getFirewallHosts", DESCRIPTION).outputs["hosts"]
    assert {each["client"] for each in hosts} == {"environment shop"}
    names = {each["name"] for each in hosts}
    assert {"contosotest.azurecr.io", "contosotest.westeurope.geo.azurecr.io", "mcr.microsoft.com"} <= names


@pytest.mark.parametrize(
    ("name", "arguments", "path"),
    [
        ("getFittingPrefix", {"addressesNeeded": -1}, "addressesNeeded"),
        ("getFittingPrefix", {"addresses": 1}, "addresses"),
        ("getSubnetRanges", {"addressSpace": ["10.0.0.0/29"], "subnets": ["/28"]}, "subnets[0]"),
        ("getSubnetRanges", {"addressSpace": ["10.0.0.0/16"], "subnets": ["/40"]}, "subnets[0]"),
        ("getSubnetRanges", {"addressSpace": ["here"], "subnets": ["/28"]}, "addressSpace"),
        ("getEndpoints", {"name": "a", "regions": ["eastus"], "cloud": "moon"}, "cloud"),
        ("getLedger", {**DESCRIPTION, "location": "atlantis 1"}, "location"),
    ],
)
def test_an_argument_that_is_not_valid_is_a_failure_with_its_path(
    name: str, arguments: dict[str, Any], path: str
) -> None:
    assert path in {failure.property for failure in ask(name, arguments).failures}


@pytest.mark.parametrize("token", list(ANSWERS))
def test_an_answer_has_the_properties_of_the_schema(token: str) -> None:
    described = schema()["functions"][token]
    arguments = {
        "moorings:planning:getEndpoints": {"name": "contoso", "regions": ["eastus"]},
        "moorings:planning:getFittingPrefix": {"addressesNeeded": 3},
        "moorings:planning:getSubnetRanges": {"addressSpace": ["10.0.0.0/16"], "subnets": ["/24"]},
    }
    answer = Moorings().invoke(token, arguments.get(token, DESCRIPTION))
    assert not answer.failures
    assert answer.outputs.keys() == described["outputs"]["properties"].keys()
    assert set(described["outputs"]["required"]) <= answer.outputs.keys()
