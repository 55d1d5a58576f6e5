"""Both ends of a peering are evaluated: overlaps through third networks, growth, gateways, and how far each follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK, Reply, StandingClock

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm

VNETS = f"{NETWORK}/virtualNetworks"


def peer(arm: Arm, local: str, remote: str, query: str = "", **more: Any) -> Reply:
    body = {"properties": {"remoteVirtualNetwork": {"id": f"{VNETS}/{remote}"}, **more}}
    return arm("PUT", f"{VNETS}/{local}/virtualNetworkPeerings/{remote}{query}", body)


def pair(arm: Arm, left: str, right: str) -> None:
    assert peer(arm, left, right).status == peer(arm, right, left).status == 201


def grow(arm: Arm, name: str, *prefixes: str) -> Reply:
    body = {"location": "eastus", "properties": {"addressSpace": {"addressPrefixes": list(prefixes)}}}
    return arm("PUT", f"{VNETS}/{name}", body)


def level(arm: Arm, local: str, remote: str) -> str:
    return arm.get(f"{VNETS}/{local}/virtualNetworkPeerings/{remote}")["properties"]["peeringSyncLevel"]


@pytest.fixture
def hub(arm: Arm) -> Arm:
    """A hub with one spoke, peered both ways, and two networks of one range beside them."""
    for name, prefix in (("hub", "10.0.0.0/16"), ("spoke", "10.1.0.0/16"), ("twin", "10.1.0.0/16")):
        arm.network(name, prefix)
    pair(arm, "hub", "spoke")
    return arm


@pytest.mark.parametrize(("local", "remote"), [("twin", "hub"), ("hub", "twin")])
def test_a_network_that_overlaps_with_a_peer_of_the_other_is_refused_at_both_ends(
    hub: Arm, local: str, remote: str
) -> None:
    reply = peer(hub, local, remote)
    assert (reply.status, reply.code) == (400, "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet")
    assert (
        f"{VNETS}/spoke already peered with the {'second' if local == 'twin' else 'first'} virtual network"
        in reply.message
    )
    assert "10.1.0.0/16" in reply.message


def test_a_network_does_not_grow_into_its_peer(hub: Arm) -> None:
    reply = grow(hub, "spoke", "10.1.0.0/16", "10.0.128.0/17")
    assert (reply.status, reply.code) == (400, "VnetAddressSpaceOverlapsWithAlreadyPeeredVnet")


def test_a_grown_network_is_out_of_step_until_the_other_end_is_synchronised(hub: Arm) -> None:
    assert (level(hub, "hub", "spoke"), level(hub, "spoke", "hub")) == ("FullyInSync", "FullyInSync")
    assert grow(hub, "spoke", "10.1.0.0/16", "10.2.0.0/16").status == 200
    # The ends of VirtualNetworkTests.ps1, where vnet1 grows: peer1 of vnet1, peer2 of vnet2 [NET-SYNC].
    assert (level(hub, "spoke", "hub"), level(hub, "hub", "spoke")) == ("RemoteNotInSync", "LocalNotInSync")
    assert peer(hub, "hub", "spoke").status == 200
    assert level(hub, "hub", "spoke") == "LocalNotInSync"
    assert peer(hub, "hub", "spoke", "?syncRemoteAddressSpace=true").status == 200
    assert (level(hub, "hub", "spoke"), level(hub, "spoke", "hub")) == ("FullyInSync", "FullyInSync")


def test_networks_that_both_grew_are_behind_at_both_ends(hub: Arm) -> None:
    grow(hub, "spoke", "10.1.0.0/16", "10.2.0.0/16")
    grow(hub, "hub", "10.0.0.0/16", "10.3.0.0/16")
    assert level(hub, "hub", "spoke") == level(hub, "spoke", "hub") == "LocalAndRemoteNotInSync"
    assert peer(hub, "spoke", "hub", "?syncRemoteAddressSpace=true").status == 200
    assert (level(hub, "spoke", "hub"), level(hub, "hub", "spoke")) == ("RemoteNotInSync", "LocalNotInSync")


def test_one_end_alone_waits_for_the_other(arm: Arm) -> None:
    for name, prefix in (("hub", "10.0.0.0/16"), ("spoke", "10.1.0.0/16")):
        arm.network(name, prefix)
    peer(arm, "hub", "spoke")
    assert level(arm, "hub", "spoke") == "RemoteNotInSync"


def test_a_gateway_that_the_remote_network_lacks_is_not_used(hub: Arm) -> None:
    reply = peer(hub, "spoke", "hub", useRemoteGateways=True)
    assert (reply.status, reply.code) == (400, "RemoteVnetHasNoGateways")
    assert peer(hub, "spoke", "hub", useRemoteGateways=True, doNotVerifyRemoteGateways=True).status == 200


def test_a_remote_network_that_is_being_updated_is_not_peered_yet(start: Callable[..., Arm]) -> None:
    clock = StandingClock(1)
    arm = start(clock)
    arm.group()
    for name, prefix in (("hub", "10.0.0.0/16"), ("spoke", "10.1.0.0/16")):
        grow(arm, name, prefix)
        clock.go_on(10)
    grow(arm, "hub", "10.0.0.0/16", "10.9.0.0/16")
    reply = peer(arm, "spoke", "hub")
    assert (reply.status, reply.code) == (400, "ReferencedResourceNotProvisioned")
    clock.go_on(10)
    assert peer(arm, "spoke", "hub").status == 201


@pytest.mark.parametrize("prefix", ["224.0.0.0/8", "127.0.0.0/16", "169.254.0.0/16", "168.63.129.16/28"])
def test_a_range_that_azure_keeps_is_refused(arm: Arm, prefix: str) -> None:
    assert grow(arm, "net", prefix).code == "AddressPrefixNotAllowed"
