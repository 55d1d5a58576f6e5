from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, ROOT

if TYPE_CHECKING:
    from arm_client import Arm


def test_a_new_group_answers_201_and_a_second_put_200(arm: Arm) -> None:
    assert arm("PUT", f"{ROOT}/resourceGroups/new", {"location": "East US"}).status == 201
    again = arm("PUT", f"{ROOT}/resourceGroups/new", {"location": "eastus", "tags": {"a": "b"}})
    assert (again.status, again.body["tags"]) == (200, {"a": "b"})


def test_a_group_is_found_whatever_the_case(arm: Arm) -> None:
    assert arm.get(f"/SUBSCRIPTIONS{ROOT[14:]}/resourcegroups/RG")["name"] == "rg"


def test_head_answers_204_or_404(arm: Arm) -> None:
    assert arm("HEAD", GROUP).status == 204
    assert arm("HEAD", f"{ROOT}/resourceGroups/absent").status == 404


def test_a_group_does_not_move(arm: Arm) -> None:
    reply = arm("PUT", GROUP, {"location": "westeurope"})
    assert (reply.status, reply.code) == (409, "InvalidResourceGroupLocation")


@pytest.mark.parametrize("name", ["ends.", "a" * 91, "a!b"])
def test_a_bad_group_name_is_refused(arm: Arm, name: str) -> None:
    reply = arm("PUT", f"{ROOT}/resourceGroups/{name}", {"location": "eastus"})
    assert (reply.status, reply.code) == (400, "InvalidResourceGroup")


def test_an_unknown_region_is_refused(arm: Arm) -> None:
    reply = arm("PUT", f"{ROOT}/resourceGroups/new", {"location": "atlantis"})
    assert reply.code == "LocationNotAvailableForResourceType"


def test_a_group_needs_a_location(arm: Arm) -> None:
    reply = arm("PUT", f"{ROOT}/resourceGroups/new", {"tags": {}})
    assert reply.status == 400


def test_patch_replaces_tags_and_keeps_the_rest(arm: Arm) -> None:
    arm.put(GROUP, {"location": "eastus", "tags": {"a": "b"}})
    assert arm("PATCH", GROUP, {"tags": {"c": "d"}}).body["tags"] == {"c": "d"}
    assert arm.get(GROUP)["location"] == "eastus"


def test_deleting_a_group_takes_everything_inside(arm: Arm) -> None:
    vnet = arm.network("hub", endpoints="10.0.0.0/24")
    registry = arm.registry()
    arm.replica("westeurope")
    assert arm.endpoint("pe", f"{vnet}/subnets/endpoints").status == 201
    arm.put(f"{NETWORK}/privateDnsZones/privatelink.azurecr.io", {"location": "global"})
    link = {"location": "global", "properties": {"registrationEnabled": False, "virtualNetwork": {"id": vnet}}}
    arm.put(f"{NETWORK}/privateDnsZones/privatelink.azurecr.io/virtualNetworkLinks/hub", link)
    assert registry == REGISTRY
    arm.delete(GROUP)
    assert arm.ids() == []
    assert arm("GET", GROUP).code == "ResourceGroupNotFound"


def test_a_group_that_others_hold_on_to_stays(arm: Arm) -> None:
    vnet = arm.network("hub", endpoints="10.0.0.0/24")
    arm.registry()
    arm.group("other")
    path = f"{ROOT}/resourceGroups/other/providers/Microsoft.Network/privateEndpoints/pe"
    connection = {"name": "pe", "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
    subnet = {"id": f"{vnet}/subnets/endpoints"}
    body = {"location": "eastus", "properties": {"subnet": subnet, "privateLinkServiceConnections": [connection]}}
    arm.put(path, body)
    reply = arm("DELETE", GROUP)
    end = arm("GET", reply.headers["location"])
    assert (end.status, end.code) == (409, "ResourceGroupDeletionBlocked")
    # Identifiers as the service names them: type and name, without the group [ARM-RGDEL].
    assert "failed as resources with identifiers 'Microsoft.Network/virtualNetworks/hub" in end.message
    assert arm.get(GROUP)["properties"]["provisioningState"] == "Succeeded"
    assert arm.get(vnet)["name"] == "hub"


def test_deleting_an_absent_group_is_404(arm: Arm) -> None:
    reply = arm("DELETE", f"{ROOT}/resourceGroups/absent")
    assert (reply.status, reply.code) == (404, "ResourceGroupNotFound")
    assert reply.headers["x-ms-failure-cause"] == "gateway"
