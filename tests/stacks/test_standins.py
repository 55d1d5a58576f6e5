"""What a description assumes of the resources made elsewhere that it names."""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import Any

import pytest

from stacks.loader import Session, load
from stacks.planned import planned_outputs
from stacks.standins import StandIn, standins
from tests.stacks.stack_files import Files
from tests.stacks.test_elsewhere import BY_KEY, CENTRAL, HUB, IN_HUB, LOGS, PULLER, REGISTRY, SHARED, SPOKE
from tests.stacks.test_without_registry import HUB as OWN_HUB

ROUTES = "/subscriptions/s2/resourceGroups/rg-hub/providers/Microsoft.Network/routeTables/rt"

GUID = "22222222-2222-2222-2222-222222222222"


def assumed(files: Files, text: str) -> dict[str, StandIn]:
    files.write(text)
    stack = load("test", directory=files.directory, session=Session(None, lambda: "s1"))
    return {each.id: each for each in standins(stack.spec, stack.plan)}


def test_a_stack_that_makes_everything_itself_has_no_stand_in(files: Files) -> None:
    assert assumed(files, SPOKE) == {}


def test_a_zone_made_elsewhere_is_assumed_without_records(files: Files) -> None:
    found = assumed(files, BY_KEY)
    assert found[CENTRAL].shown == {"id": CENTRAL, "location": "global"}
    assert found[CENTRAL].line() == (
        "privatelink.azurecr.io (resource group rg-dns, subscription s2): a zone without records and links"
    )


def network(found: dict[str, StandIn]) -> tuple[list[str], dict[str, Any]]:
    properties = found[HUB].shown["properties"]
    return properties["addressSpace"]["addressPrefixes"], {
        each["name"]: each["properties"] for each in properties["subnets"]
    }


def test_free_addresses_decide_the_size_of_a_subnet_and_the_rest_of_it_is_in_use(files: Files) -> None:
    space, subnets = network(assumed(files, IN_HUB.replace("free_addresses: 200", "free_addresses: 20")))
    # The smallest range with 20 usable addresses has 27, since Azure keeps 5 of 32 [NET-1].
    assert IPv4Network(subnets["registry"]["addressPrefix"]).prefixlen == 27
    assert len(subnets["registry"]["ipConfigurations"]) == 27 - 20
    assert IPv4Network(subnets["registry"]["addressPrefix"]).subnet_of(IPv4Network(space[0]))


def test_a_stated_range_is_taken_and_filled_up_to_the_free_addresses(files: Files) -> None:
    text = IN_HUB.replace("free_addresses: 200,", "prefix: 10.9.1.0/24, free_addresses: 200,")
    space, subnets = network(
        assumed(files, text.replace("        subnets:", "        address_space: [10.9.0.0/16]\n        subnets:"))
    )
    assert space == ["10.9.0.0/16"]
    assert subnets["registry"]["addressPrefix"] == "10.9.1.0/24"
    assert len(subnets["registry"]["ipConfigurations"]) == 251 - 200


def test_a_chosen_range_lies_in_the_stated_address_space_and_overlaps_nothing(files: Files) -> None:
    text = IN_HUB.replace("        subnets:", "        address_space: [10.9.0.0/16]\n        subnets:")
    text = text.replace("        subnets:\n", "        subnets:\n          first: {prefix: 10.9.0.0/24}\n")
    space, subnets = network(assumed(files, text))
    assert space == ["10.9.0.0/16"]
    assert subnets["registry"]["addressPrefix"] == "10.9.1.0/24"


def test_the_line_of_a_network_says_what_was_chosen(files: Files) -> None:
    line = assumed(files, IN_HUB)[HUB].line()
    assert line == (
        "vnet-hub (resource group rg-hub, subscription s2): a network in westeurope with 172.16.0.0/16; "
        "subnet registry 172.16.0.0/24 (range chosen) with 200 free addresses"
    )


def test_a_subnet_is_delegated_to_what_this_stack_puts_into_it(files: Files) -> None:
    apps = "    container_apps: {main: {network: spoke, subnet: apps}}\n"
    text = IN_HUB.replace("        subnets:\n", "        subnets:\n          apps: {free_addresses: 100}\n")
    _, subnets = network(assumed(files, text + apps))
    assert [each["properties"]["serviceName"] for each in subnets["apps"]["delegations"]] == [
        "Microsoft.App/environments"
    ]
    assert subnets["registry"]["delegations"] == []


def test_a_registry_has_the_stated_switches_and_its_replicas_are_parts_of_it(files: Files) -> None:
    text = SHARED.replace("      location: eastus\n", "      location: eastus\n      regional_endpoints: true\n")
    found = assumed(files, text)
    shown = found[REGISTRY].shown
    assert (shown["location"], shown["sku"]) == ("eastus", {"name": "Premium"})
    assert shown["properties"]["regionalEndpoints"] == "Enabled"
    assert shown["properties"]["publicNetworkAccess"] == "Disabled"
    assert found[f"{REGISTRY}/replications/westeurope"].words == ""


def test_the_principal_of_an_identity_is_the_stated_one(files: Files) -> None:
    text = SPOKE + f"    identities: {{puller: {{id: {PULLER}, principal_id: {GUID}, client_id: {GUID}}}}}\n"
    assert assumed(files, text)[PULLER].shown["properties"] == {"principalId": GUID, "clientId": GUID}


def test_a_route_table_has_the_stated_routes(files: Files) -> None:
    tables = f"""\
    route_tables:
      theirs:
        id: {ROUTES}
        location: westeurope
        routes: {{out: {{prefix: 0.0.0.0/0, next_hop: VirtualAppliance, address: 10.0.1.4}}}}
"""
    (route,) = assumed(files, SPOKE + tables)[ROUTES].shown["properties"]["routes"]
    assert route == {
        "name": "out",
        "properties": {
            "addressPrefix": "0.0.0.0/0",
            "nextHopType": "VirtualAppliance",
            "nextHopIpAddress": "10.0.1.4",
        },
    }


@pytest.mark.parametrize(
    "resource",
    [
        LOGS,
        "/subscriptions/s2/resourceGroups/g/providers/Microsoft.Monitor/accounts/a",
        "/subscriptions/s2/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v",
        "/subscriptions/s2/resourceGroups/g/providers/Microsoft.Network/networkSecurityGroups/n",
    ],
)
def test_every_id_in_a_description_has_a_stand_in(files: Files, resource: str) -> None:
    sections = {
        "workspaces": f"    monitoring: {{workspaces: {{w: {{id: {resource}}}}}}}\n",
        "accounts": f"    monitoring: {{metrics_workspaces: {{w: {{id: {resource}}}}}}}\n",
        "vaults": f"    key_vaults: {{v: {{id: {resource}}}}}\n",
        "networkSecurityGroups": "",
    }
    text = SPOKE + sections[resource.split("/")[7]]
    if "networkSecurityGroups" in resource:
        text = text.replace(
            "purpose: private_endpoints}", f"purpose: private_endpoints, network_security_group: {resource}}}"
        )
    assert list(assumed(files, text)) == [resource]


def test_planned_outputs_are_the_ids_that_other_stacks_refer_to(files: Files) -> None:
    found = planned_outputs(files.load(OWN_HUB), "s1")
    group = "/subscriptions/s1/resourceGroups/rg-contoso-hub-network-hub/providers/Microsoft.Network"
    assert found["networks"] == {"hub": f"{group}/virtualNetworks/vnet-contoso-hub-hub"}
    assert found["zones"] == {"registry": f"{group}/privateDnsZones/privatelink.azurecr.io"}
    assert list(found["workspaces"]) == ["central"]
    assert found["registry_id"] is None
