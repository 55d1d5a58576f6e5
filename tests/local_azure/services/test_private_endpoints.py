from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm

SUBNET = f"{NETWORK}/virtualNetworks/hub/subnets/endpoints"


@pytest.fixture
def ready(arm: Arm) -> Arm:
    arm.network("hub", endpoints="10.0.0.0/24", small="10.0.1.0/29")
    arm.registry()
    return arm


def test_an_endpoint_is_approved_and_holds_one_address_for_each_member(ready: Arm) -> None:
    reply = ready.endpoint("pe", SUBNET)
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Updating")
    shown = ready.get(f"{NETWORK}/privateEndpoints/pe")["properties"]
    state = shown["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceConnectionState"]
    assert state == {"status": "Approved", "description": "Auto-Approved", "actionsRequired": "None"}
    assert shown["customDnsConfigs"] == [
        {"fqdn": "contoso.azurecr.io", "ipAddresses": ["10.0.0.4"]},
        {"fqdn": "contoso.eastus.data.azurecr.io", "ipAddresses": ["10.0.0.5"]},
    ]
    assert ready.members("pe") == {"registry": "10.0.0.4", "registry_data_eastus": "10.0.0.5"}


@pytest.mark.parametrize("regional", [False, True])
def test_three_regions_take_four_addresses_or_seven(ready: Arm, regional: bool) -> None:
    ready.registry(regionalEndpoints="Enabled" if regional else "Disabled")
    for region in ("westeurope", "southeastasia"):
        assert ready.replica(region).body["status"] == "Succeeded"
    ready.endpoint("pe", SUBNET)
    assert len(ready.members("pe")) == (7 if regional else 4)
    assert ("registry_southeastasia" in ready.members("pe")) is regional


def test_a_connection_appears_on_the_registry(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET)
    connection = ready.get(REGISTRY)["properties"]["privateEndpointConnections"][0]
    registry, _, digits = connection["name"].partition(".")
    assert (registry, len(digits)) == ("contoso", 32)
    assert connection["properties"]["privateEndpoint"]["id"] == f"{NETWORK}/privateEndpoints/pe"


def test_deleting_an_endpoint_gives_everything_back(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET)
    before = set(ready.ids())
    ready.delete(f"{NETWORK}/privateEndpoints/pe")
    assert not [i for i in ready.ids() if "privateEndpoint" in i or "networkInterface" in i]
    assert before > set(ready.ids())
    assert ready.get(f"{REGISTRY}/privateEndpointConnections")["value"] == []
    ready.endpoint("again", SUBNET)
    assert ready.members("again")["registry"] == "10.0.0.4"


def test_a_full_subnet_refuses_and_keeps_nothing(ready: Arm) -> None:
    for region in ("westeurope", "southeastasia"):
        ready.replica(region)
    before = ready.ids()
    reply = ready.endpoint("pe", f"{NETWORK}/virtualNetworks/hub/subnets/small")
    assert (reply.status, reply.code) == (400, "SubnetIsFull")
    assert "10.0.1.0/29 does not have enough capacity for 4 IP addresses" in reply.message
    assert ready.ids() == before
    assert ready.get(f"{REGISTRY}/privateEndpointConnections")["value"] == []


def test_an_endpoint_lives_in_the_region_of_its_subnet(ready: Arm) -> None:
    assert ready.endpoint("pe", SUBNET, location="westeurope").code == "InvalidResourceReference"
    assert ready.endpoint("pe", f"{SUBNET}x").code == "InvalidResourceReference"


@pytest.mark.parametrize(
    ("connection", "code"),
    [
        ({"privateLinkServiceId": f"{REGISTRY}x", "groupIds": ["registry"]}, "InvalidPrivateLinkServiceId"),
        ({"privateLinkServiceId": REGISTRY, "groupIds": ["azurecr"]}, "InvalidPrivateLinkServiceGroupId"),
        ({"privateLinkServiceId": REGISTRY, "groupIds": []}, "InvalidPrivateLinkServiceGroupId"),
    ],
)
def test_a_bad_connection_is_refused(ready: Arm, connection: dict[str, Any], code: str) -> None:
    properties = {"subnet": {"id": SUBNET}, "privateLinkServiceConnections": [{"name": "pe", "properties": connection}]}
    reply = ready("PUT", f"{NETWORK}/privateEndpoints/pe", {"location": "eastus", "properties": properties})
    assert (reply.status, reply.code) == (400, code)


def test_an_endpoint_has_exactly_one_connection(ready: Arm) -> None:
    body = {"location": "eastus", "properties": {"subnet": {"id": SUBNET}}}
    assert ready("PUT", f"{NETWORK}/privateEndpoints/pe", body).code == "InvalidPrivateLinkServiceConnections"


def test_only_premium_takes_endpoints(ready: Arm) -> None:
    basic = ready.registry("basicone", sku="Basic")
    assert ready.endpoint("pe", SUBNET, basic).status == 400


def test_an_endpoint_beside_a_replica_in_the_making_conflicts(ready: Arm, start: Callable[..., Arm]) -> None:
    slow = start(StandingClock(50.0), folder=ready.store)
    slow("PUT", f"{REGISTRY}/replications/westeurope", {"location": "westeurope", "properties": {}})
    reply = slow.endpoint("pe", SUBNET)
    assert (reply.status, reply.code) == (409, "Conflict")
    assert "westeurope" in reply.message


def test_the_interface_takes_the_name_that_was_asked_for(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET, customNetworkInterfaceName="pe-nic")
    assert ready.get(f"{NETWORK}/networkInterfaces/pe-nic")["properties"]["privateEndpoint"]["id"].endswith("/pe")
    assert ready.endpoint("pe2", SUBNET, customNetworkInterfaceName="pe-nic").code == "NetworkInterfaceAlreadyExists"


def test_the_interface_of_an_endpoint_is_neither_changed_nor_deleted(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET, customNetworkInterfaceName="pe-nic")
    interface = f"{NETWORK}/networkInterfaces/pe-nic"
    configuration = {"name": "default", "properties": {"subnet": {"id": SUBNET}}}
    body = {"location": "eastus", "properties": {"ipConfigurations": [configuration]}}
    assert ready("PUT", interface, body).code == "CannotUpdatePrivateEndpointNetworkInterface"
    assert ready("DELETE", interface).code == "CannotDeletePrivateEndpointNetworkInterface"


def _static(**addresses: str) -> list[dict[str, Any]]:
    return [
        {"name": m, "properties": {"groupId": "registry", "memberName": m, "privateIPAddress": a}}
        for m, a in addresses.items()
    ]


def test_static_addresses_are_honoured(ready: Arm) -> None:
    fixed = _static(registry="10.0.0.40", registry_data_eastus="10.0.0.41")
    assert ready.endpoint("pe", SUBNET, ipConfigurations=fixed).status == 201
    assert ready.members("pe") == {"registry": "10.0.0.40", "registry_data_eastus": "10.0.0.41"}


@pytest.mark.parametrize(
    ("fixed", "code"),
    [
        ({"registry": "10.0.0.40"}, "PrivateEndpointIpConfigurationMembersMismatch"),
        ({"registry": "10.0.0.40", "registry_data_eastus": "10.0.0.3"}, "PrivateIPAddressNotInSubnet"),
        ({"registry": "10.0.0.40", "registry_data_eastus": "10.0.9.9"}, "PrivateIPAddressNotInSubnet"),
        ({"registry": "10.0.0.40", "registry_data_eastus": "10.0.0.40"}, "PrivateIPAddressIsAllocated"),
    ],
)
def test_bad_static_addresses_are_refused(ready: Arm, fixed: dict[str, str], code: str) -> None:
    assert ready.endpoint("pe", SUBNET, ipConfigurations=_static(**fixed)).code == code
    assert not [i for i in ready.ids() if "privateEndpoint" in i]


def test_static_addresses_block_a_new_replica(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET, ipConfigurations=_static(registry="10.0.0.40", registry_data_eastus="10.0.0.41"))
    failed = ready.replica("westeurope").body
    assert failed["status"] == "Failed"
    # The sentence of the page on geo-replication, August 2026 [ACR-STATIC].
    assert failed["error"]["message"].startswith("Failed to replicate private endpoint. Private Endpoint ")
    assert "GroupId: registry, MemberName: registry_data_westeurope, IpVersion: IPv4" in failed["error"]["message"]
    assert len(ready.members("pe")) == 2


def test_what_an_endpoint_connects_cannot_change(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET)
    other = ready.registry("fabrikam")
    assert ready.endpoint("pe", SUBNET, other).code == "PropertyChangeNotAllowed"
    assert ready.endpoint("pe", f"{NETWORK}/virtualNetworks/hub/subnets/small").code == "PropertyChangeNotAllowed"
    assert ready.endpoint("pe", SUBNET).status == 200


def test_a_manual_connection_waits_for_approval_on_the_registry(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET, manual=True)
    shown = ready.get(f"{NETWORK}/privateEndpoints/pe")["properties"]
    state = shown["manualPrivateLinkServiceConnections"][0]["properties"]["privateLinkServiceConnectionState"]
    assert (state["status"], shown["customDnsConfigs"]) == ("Pending", [])
    connection = ready.get(f"{REGISTRY}/privateEndpointConnections")["value"][0]["id"]
    body = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved", "description": "fine"}}}
    reply = ready("PUT", connection, body)
    answered = reply.body["properties"]
    assert (reply.status, answered["provisioningState"]) == (201, "Updating")
    assert answered["privateLinkServiceConnectionState"]["status"] == "Pending"
    assert ready("GET", reply.headers["azure-asyncoperation"]).body["status"] == "Succeeded"
    assert ready.get(connection)["properties"]["privateLinkServiceConnectionState"]["status"] == "Approved"
    assert len(ready.get(f"{NETWORK}/privateEndpoints/pe")["properties"]["customDnsConfigs"]) == 2


def test_a_rejected_connection_loses_its_host_names_and_takes_no_new_members(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET)
    connection = ready.get(f"{REGISTRY}/privateEndpointConnections")["value"][0]["id"]
    ready.put(connection, {"properties": {"privateLinkServiceConnectionState": {"status": "Rejected"}}})
    assert ready.get(f"{NETWORK}/privateEndpoints/pe")["properties"]["customDnsConfigs"] == []
    assert ready.replica("westeurope").body["status"] == "Succeeded"
    assert len(ready.settled_members("pe")) == 2


def test_a_deleted_connection_leaves_the_endpoint_disconnected(ready: Arm) -> None:
    ready.endpoint("pe", SUBNET)
    connection = ready.get(f"{REGISTRY}/privateEndpointConnections")["value"][0]["id"]
    ready.delete(connection)
    shown = ready.get(f"{NETWORK}/privateEndpoints/pe")["properties"]["privateLinkServiceConnections"][0]
    assert shown["properties"]["privateLinkServiceConnectionState"]["status"] == "Disconnected"
    ready.delete(GROUP)
    assert ready.ids() == []


def test_a_registry_that_is_recreated_leaves_its_endpoint_disconnected(ready: Arm) -> None:
    assert ready.endpoint("pe", SUBNET).status == 201
    ready.delete(REGISTRY)
    ready.registry()
    for _ in range(2):
        shown = ready.get(f"{NETWORK}/privateEndpoints/pe")["properties"]
        state = shown["privateLinkServiceConnections"][0]["properties"]["privateLinkServiceConnectionState"]
        assert (state["status"], shown["customDnsConfigs"]) == ("Disconnected", [])
        # A PUT of the same endpoint does not connect it again.
        assert ready.endpoint("pe", SUBNET).status == 200
    assert ready.get(REGISTRY)["properties"]["privateEndpointConnections"] == []


def test_an_endpoint_is_refused_in_a_delegated_or_a_reserved_subnet(ready: Arm) -> None:
    service = [{"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}]
    for name, prefix, delegations in (("web", "10.0.8.0/24", service), ("GatewaySubnet", "10.0.9.0/24", [])):
        subnet = f"{NETWORK}/virtualNetworks/hub/subnets/{name}"
        ready.put(subnet, {"properties": {"addressPrefix": prefix, "delegations": delegations}})
        reply = ready.endpoint("pe", subnet)
        assert (reply.status, reply.code[:32]) == (400, "PrivateEndpointCannotBeCreatedIn")


def test_an_endpoint_lives_in_the_subscription_of_its_network(ready: Arm) -> None:
    other = NETWORK.replace("000000000001", "000000000002")
    ready.put(other.partition("/providers/")[0], {"location": "eastus"})
    connection = {"name": "pe", "properties": {"privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}}
    properties = {"subnet": {"id": SUBNET}, "privateLinkServiceConnections": [connection]}
    reply = ready("PUT", f"{other}/privateEndpoints/pe", {"location": "eastus", "properties": properties})
    assert (reply.status, reply.code) == (400, "InvalidResourceReference")


def test_a_connection_cannot_be_made_by_hand(ready: Arm) -> None:
    body = {"properties": {"privateLinkServiceConnectionState": {"status": "Approved"}}}
    assert ready("PUT", f"{REGISTRY}/privateEndpointConnections/mine", body).status == 404


def test_a_registry_takes_a_limited_number_of_endpoints(start: Callable[..., Arm]) -> None:
    arm = start(private_endpoint_limit=1)
    arm.group()
    arm.network("hub", endpoints="10.0.0.0/24")
    arm.registry()
    assert arm.endpoint("one", SUBNET).status == 201
    assert arm.endpoint("two", SUBNET).code == "PrivateEndpointConnectionLimitExceeded"
