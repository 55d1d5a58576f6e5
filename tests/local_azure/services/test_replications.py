from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from arm_client import NETWORK, REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm

HUB = f"{NETWORK}/virtualNetworks/hub/subnets/endpoints"
SPOKE = f"{NETWORK}/virtualNetworks/spoke/subnets/endpoints"
BODY = {"location": "westeurope", "properties": {}}


@pytest.fixture
def ready(arm: Arm) -> Arm:
    arm.registry()
    return arm


def test_a_replica_answers_201_creating_and_ends_ready(ready: Arm) -> None:
    path = f"{REGISTRY}/replications/westeurope"
    reply = ready("PUT", path, BODY)
    shown = reply.body["properties"]
    assert (reply.status, shown["provisioningState"]) == (201, "Creating")
    assert (list(shown["status"]), shown["regionEndpointEnabled"]) == (["timestamp"], True)
    assert f"{path}/operationStatuses/replications-" in reply.headers["azure-asyncoperation"]
    assert ready("GET", reply.headers["azure-asyncoperation"]).body == {"status": "Succeeded"}
    ended = ready.get(path)["properties"]
    assert (ended["provisioningState"], ended["status"]["displayStatus"]) == ("Succeeded", "Ready")


def test_the_home_replica_appears_with_the_first_one_and_cannot_be_deleted(ready: Arm) -> None:
    assert ready.get(f"{REGISTRY}/replications")["value"] == []
    ready.replica("westeurope")
    shown = {r["name"]: r for r in ready.get(f"{REGISTRY}/replications")["value"]}
    assert set(shown) == {"eastus", "westeurope"}
    assert shown["eastus"]["systemData"]["createdByType"] == "Application"
    reply = ready("DELETE", f"{REGISTRY}/replications/eastus")
    assert (reply.status, reply.code) == (400, "HomeReplicationCannotBeDeleted")
    ready.delete(f"{REGISTRY}/replications/westeurope")
    assert ready.get(f"{REGISTRY}/replications")["value"] == []


def test_a_replica_in_the_home_region_is_refused(ready: Arm) -> None:
    reply = ready("PUT", f"{REGISTRY}/replications/eastus", {"location": "East US", "properties": {}})
    assert (reply.status, reply.code) == (400, "ReplicationInHomeRegion")


def test_a_region_has_one_replica(ready: Arm) -> None:
    ready.replica("westeurope")
    reply = ready("PUT", f"{REGISTRY}/replications/second", BODY)
    assert (reply.status, reply.code) == (409, "ReplicationAlreadyExists")


def test_a_replica_needs_premium(ready: Arm) -> None:
    basic = ready.registry("basicone", sku="Basic")
    assert ready.replica("westeurope", basic).status == 400


def test_a_replica_does_not_move(ready: Arm) -> None:
    ready.replica("westeurope")
    reply = ready("PUT", f"{REGISTRY}/replications/westeurope", {"location": "uksouth", "properties": {}})
    assert (reply.status, reply.code) == (409, "InvalidResourceLocation")


def test_global_routing_is_switched_by_a_patch_that_answers_201_updating(ready: Arm) -> None:
    ready.replica("westeurope")
    path = f"{REGISTRY}/replications/westeurope"
    reply = ready("PATCH", path, {"properties": {"regionEndpointEnabled": False}})
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Updating")
    assert reply.body["properties"]["regionEndpointEnabled"] is False
    assert ready("GET", reply.headers["azure-asyncoperation"]).body["status"] == "Succeeded"
    assert ready.get(path)["properties"]["regionEndpointEnabled"] is False


def test_a_replica_of_no_registry_is_refused(ready: Arm) -> None:
    reply = ready("PUT", f"{REGISTRY}x/replications/westeurope", BODY)
    assert (reply.status, reply.code) == (404, "ParentResourceNotFound")


@pytest.fixture
def attached(ready: Arm) -> Arm:
    """Endpoints in two networks: a roomy subnet and one with three usable addresses, two of them taken."""
    ready.network("hub", endpoints="10.0.0.0/24")
    ready.network("spoke", "10.1.0.0/16", endpoints="10.1.0.0/29")
    assert ready.endpoint("hub", HUB).status == 201
    assert ready.endpoint("spoke", SPOKE).status == 201
    return ready


def test_a_replica_takes_an_address_in_every_attached_subnet(attached: Arm) -> None:
    assert attached.replica("westeurope").body["status"] == "Succeeded"
    assert attached.settled_members("hub")["registry_data_westeurope"] == "10.0.0.6"
    assert attached.settled_members("spoke")["registry_data_westeurope"] == "10.1.0.6"


def test_members_lag_behind_a_new_replica_by_one_read(attached: Arm) -> None:
    attached.replica("westeurope")
    interface = attached.get(f"{NETWORK}/privateEndpoints/spoke")["properties"]["networkInterfaces"][0]["id"]
    attached.replica("uksouth")
    first, second = attached.get(interface), attached.get(interface)
    assert [len(i["properties"]["ipConfigurations"]) for i in (first, second)] == [3, 3]
    other = attached.get(f"{NETWORK}/privateEndpoints/hub")["properties"]["customDnsConfigs"]
    assert len(other) == 2
    assert len(attached.get(f"{NETWORK}/privateEndpoints/hub")["properties"]["customDnsConfigs"]) == 3


def test_a_replica_that_one_subnet_has_no_room_for_vanishes(attached: Arm) -> None:
    attached.replica("westeurope")
    before = attached.settled_members("hub"), attached.settled_members("spoke")
    path = f"{REGISTRY}/replications/uksouth"
    reply = attached("PUT", path, {"location": "uksouth", "properties": {}})
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Creating")
    end = attached("GET", reply.headers["azure-asyncoperation"]).body
    assert end["status"] == "Failed"
    assert not any(word in end["error"]["message"] for word in ("subnet", "spoke", "10.1", "endpoints"))
    assert attached("GET", path).status == 404
    assert (attached.settled_members("hub"), attached.settled_members("spoke")) == before
    assert {r["name"] for r in attached.get(f"{REGISTRY}/replications")["value"]} == {"eastus", "westeurope"}


def test_the_failed_replica_fits_once_there_is_room(attached: Arm) -> None:
    attached.replica("westeurope")
    assert attached.replica("uksouth").body["status"] == "Failed"
    attached.delete(f"{NETWORK}/privateEndpoints/spoke")
    assert attached.replica("uksouth").body["status"] == "Succeeded"


def test_a_deleted_replica_makes_room_for_another(attached: Arm) -> None:
    attached.replica("westeurope")
    attached.delete(f"{REGISTRY}/replications/westeurope")
    assert attached.replica("uksouth").body["status"] == "Succeeded"
    assert set(attached.settled_members("spoke")) == {"registry", "registry_data_eastus", "registry_data_uksouth"}


def test_with_regional_endpoints_a_replica_takes_two_addresses(ready: Arm) -> None:
    ready.registry(regionalEndpoints="Enabled")
    ready.network("hub", endpoints="10.0.0.0/28")
    ready.endpoint("hub", HUB)
    assert len(ready.members("hub")) == 3
    ready.replica("westeurope")
    assert len(ready.settled_members("hub")) == 5


def test_an_endpoint_to_a_deleted_registry_is_left_disconnected(attached: Arm) -> None:
    attached.delete(REGISTRY)
    shown = attached.get(f"{NETWORK}/privateEndpoints/hub")["properties"]["privateLinkServiceConnections"][0]
    assert shown["properties"]["privateLinkServiceConnectionState"]["status"] == "Disconnected"
    attached.delete(f"{NETWORK}/privateEndpoints/hub")
