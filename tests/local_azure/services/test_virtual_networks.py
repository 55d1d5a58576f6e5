from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm

HUB = f"{NETWORK}/virtualNetworks/hub"


def _body(*subnets: tuple[str, str], space: str = "10.0.0.0/16", **more: Any) -> dict[str, Any]:
    inline = [{"name": n, "properties": {"addressPrefix": p}} for n, p in subnets]
    return {
        "location": "eastus",
        "properties": {"addressSpace": {"addressPrefixes": [space]}, "subnets": inline, **more},
    }


def test_a_new_network_answers_201_updating_with_a_poll_url(arm: Arm) -> None:
    reply = arm("PUT", HUB, _body(("a", "10.0.0.0/24")))
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "Updating")
    assert "/providers/Microsoft.Network/locations/eastus/operations/" in reply.headers["azure-asyncoperation"]
    assert reply.headers["retry-after"] == "0"
    assert arm("GET", reply.headers["azure-asyncoperation"]).body == {"status": "Succeeded"}
    shown = arm.get(HUB)
    assert shown["properties"]["provisioningState"] == "Succeeded"
    assert shown["etag"] != reply.body["etag"]
    assert shown["etag"].startswith('W/"')


def test_an_update_answers_200(arm: Arm) -> None:
    arm.put(HUB, _body())
    assert arm("PUT", HUB, _body()).status == 200


def test_inline_subnets_show_the_service_defaults(arm: Arm) -> None:
    subnet = arm.put(HUB, _body(("a", "10.0.0.0/24")))["properties"]["subnets"][0]
    assert subnet["id"] == f"{HUB}/subnets/a"
    assert subnet["properties"]["delegations"] == []
    assert subnet["properties"]["privateEndpointNetworkPolicies"] == "Disabled"


def test_subnets_absent_from_a_put_are_dropped(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24"), ("b", "10.0.1.0/24")))
    shown = arm.put(HUB, _body(("b", "10.0.1.0/24")))
    assert [s["name"] for s in shown["properties"]["subnets"]] == ["b"]
    assert arm("GET", f"{HUB}/subnets/a").status == 404


def test_a_put_without_subnets_keeps_them(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24")))
    body = _body()
    del body["properties"]["subnets"]
    assert [s["name"] for s in arm.put(HUB, body)["properties"]["subnets"]] == ["a"]


@pytest.mark.parametrize(
    ("subnets", "code", "sentence"),
    [
        # Sentences of the service [NET-SUBNET, NET-CIDR].
        (
            [("a", "10.1.0.0/24")],
            "NetcfgSubnetRangeOutsideVnet",
            "Subnet 'a' is not valid because its IP address range is outside the IP address range of virtual network 'hub'.",
        ),
        (
            [("a", "10.0.0.0/24"), ("b", "10.0.0.128/25")],
            "NetcfgSubnetRangesOverlap",
            "Subnet 'b' is not valid because its IP address range overlaps with that of an existing subnet in virtual network "
            "'hub'.",
        ),
        (
            [("a", "10.0.0.1/24")],
            "InvalidCIDRNotation",
            f"The address prefix 10.0.0.1/24 in resource {HUB}/subnets/a has an invalid CIDR notation. For the given prefix "
            "length, the address prefix should be 10.0.0.0/24.",
        ),
        (
            [("a", "10.1.0.0.0")],
            "InvalidAddressPrefixFormat",
            f"Address prefix 10.1.0.0.0 of resource {HUB}/subnets/a is not formatted correctly. It should follow CIDR notation, "
            "for example 10.0.0.0/24.",
        ),
        ([("a", "10.0.0.0/30")], "NetcfgInvalidSubnet", "Subnet 'a' is not valid in virtual network 'hub'."),
        ([("a", "10.0.0.0/24"), ("A", "10.0.1.0/24")], "InvalidRequestFormat", ""),
    ],
)
def test_bad_subnets_are_refused_and_nothing_is_made(
    arm: Arm, subnets: list[tuple[str, str]], code: str, sentence: str
) -> None:
    reply = arm("PUT", HUB, _body(*subnets))
    assert (reply.status, reply.code) == (400, code)
    assert reply.message == sentence or not sentence
    assert arm("GET", HUB).status == 404


def test_a_network_that_shrinks_below_its_subnets_is_refused(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.8.0/24")))
    body = _body(space="10.0.0.0/24")
    del body["properties"]["subnets"]
    assert arm("PUT", HUB, body).code == "NetcfgSubnetRangeOutsideVnet"


def test_a_standalone_subnet_is_checked_beside_its_siblings(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24")))
    created = arm.put(f"{HUB}/subnets/b", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    assert created["properties"]["addressPrefix"] == "10.0.1.0/24"
    reply = arm("PUT", f"{HUB}/subnets/c", {"properties": {"addressPrefix": "10.0.1.0/25"}})
    assert reply.code == "NetcfgSubnetRangesOverlap"


def test_a_subnet_may_repeat_its_read_only_members(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24")))
    body = {"id": f"{HUB}/subnets/a", "name": "a", "properties": {"addressPrefix": "10.0.0.0/24"}}
    assert arm("PUT", f"{HUB}/subnets/a", body).status == 200
    reply = arm("PUT", f"{HUB}/subnets/a", {**body, "id": f"{HUB}/subnets/other"})
    assert (reply.status, reply.code) == (400, "InvalidRequestContent")


def test_a_subnet_with_an_interface_cannot_go(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24")))
    arm.registry()
    arm.endpoint("pe", f"{HUB}/subnets/a")
    shown = arm.get(f"{HUB}/subnets/a")["properties"]
    configuration = shown["ipConfigurations"][0]["id"]
    for reply in (arm("DELETE", f"{HUB}/subnets/a"), arm("PUT", HUB, _body()), arm("DELETE", HUB)):
        assert (reply.status, reply.code) == (400, "InUseSubnetCannotBeDeleted")
        assert configuration in reply.message
    assert "/networkInterfaces/pe.nic." in configuration
    assert [e["id"] for e in shown["privateEndpoints"]] == [f"{NETWORK}/privateEndpoints/pe"]


def test_the_prefix_of_a_subnet_in_use_stays(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24")))
    arm.registry()
    arm.endpoint("pe", f"{HUB}/subnets/a")
    assert arm("PUT", HUB, _body(("a", "10.0.2.0/24"))).code == "InUsePrefixCannotBeDeleted"
    assert arm("PUT", HUB, _body(("a", "10.0.0.0/24"))).status == 200


def test_a_network_in_use_can_be_deleted_once_it_is_empty(arm: Arm) -> None:
    arm.put(HUB, _body(("a", "10.0.0.0/24")))
    arm.registry()
    arm.endpoint("pe", f"{HUB}/subnets/a")
    arm.delete(f"{NETWORK}/privateEndpoints/pe")
    arm.delete(HUB)
    assert arm("GET", HUB).status == 404
    assert arm("DELETE", HUB).status == 204


def test_parallel_writes_to_one_network_are_refused_while_it_is_busy(start: Callable[..., Arm]) -> None:
    arm = start(StandingClock(5.0))
    arm("PUT", NETWORK.rpartition("/providers")[0], {"location": "eastus"})
    assert arm("PUT", HUB, _body(("a", "10.0.0.0/24"))).status == 201
    reply = arm("PUT", f"{HUB}/subnets/b", {"properties": {"addressPrefix": "10.0.1.0/24"}})
    assert (reply.status, reply.code) == (409, "AnotherOperationInProgress")


def _peer(arm: Arm, here: str, there: str) -> Any:
    body = {"properties": {"remoteVirtualNetwork": {"id": f"{NETWORK}/virtualNetworks/{there}"}}}
    return arm("PUT", f"{NETWORK}/virtualNetworks/{here}/virtualNetworkPeerings/to-{there}", body)


def _state(arm: Arm, here: str, there: str) -> str:
    shown = arm.get(f"{NETWORK}/virtualNetworks/{here}/virtualNetworkPeerings/to-{there}")
    return shown["properties"]["peeringState"]


def test_a_peering_is_initiated_until_the_other_side_has_one(arm: Arm) -> None:
    arm.network("hub")
    arm.network("spoke", "10.9.0.0/16")
    assert _peer(arm, "hub", "spoke").status == 201
    assert _state(arm, "hub", "spoke") == "Initiated"
    _peer(arm, "spoke", "hub")
    assert (_state(arm, "hub", "spoke"), _state(arm, "spoke", "hub")) == ("Connected", "Connected")


def test_a_peering_left_alone_is_disconnected_and_blocks_a_new_one(arm: Arm) -> None:
    arm.network("hub")
    arm.network("spoke", "10.9.0.0/16")
    _peer(arm, "hub", "spoke")
    _peer(arm, "spoke", "hub")
    arm.delete(f"{NETWORK}/virtualNetworks/hub/virtualNetworkPeerings/to-spoke")
    assert _state(arm, "spoke", "hub") == "Disconnected"
    assert _peer(arm, "hub", "spoke").code == "RemotePeeringIsDisconnected"


def test_overlapping_networks_do_not_peer(arm: Arm) -> None:
    arm.network("hub")
    arm.network("twin")
    reply = _peer(arm, "hub", "twin")
    assert reply.code == "VnetAddressSpacesOverlap"
    assert reply.message.startswith(
        f"Cannot create or update peering {NETWORK}/virtualNetworks/hub/virtualNetworkPeerings/"
    )
    assert (
        "cannot be peered because their address spaces overlap. Overlapping address prefixes: 10.0.0.0/16"
        in reply.message
    )


def test_peering_with_what_does_not_exist_is_refused(arm: Arm) -> None:
    arm.network("hub")
    assert _peer(arm, "hub", "absent").code == "InvalidResourceReference"
    assert _peer(arm, "hub", "hub").code == "VnetCannotPeerWithItself"


def test_a_put_with_an_empty_list_of_peerings_drops_them(arm: Arm) -> None:
    arm.network("hub")
    arm.network("spoke", "10.9.0.0/16")
    _peer(arm, "hub", "spoke")
    assert len(arm.put(HUB, _body())["properties"]["virtualNetworkPeerings"]) == 1
    assert arm.put(HUB, _body(virtualNetworkPeerings=[]))["properties"]["virtualNetworkPeerings"] == []


def test_peerings_are_not_made_inline(arm: Arm) -> None:
    arm.network("hub")
    arm.network("spoke", "10.9.0.0/16")
    remote = {"remoteVirtualNetwork": {"id": f"{NETWORK}/virtualNetworks/spoke"}}
    reply = arm("PUT", HUB, _body(virtualNetworkPeerings=[{"name": "to-spoke", "properties": remote}]))
    assert (reply.status, reply.code) == (400, "InlinePeeringNotSupported")


@pytest.mark.parametrize("name", ["-hub", "hub-", "h", "h" * 65, "h b"])
def test_a_bad_network_name_is_refused(arm: Arm, name: str) -> None:
    assert arm("PUT", f"{NETWORK}/virtualNetworks/{name}", _body()).code == "InvalidResourceName"
