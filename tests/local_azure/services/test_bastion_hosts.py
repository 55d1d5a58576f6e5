"""Bastion hosts, network interfaces and virtual machines of the local Azure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import NETWORK

if TYPE_CHECKING:
    from arm_client import Arm

HUB = f"{NETWORK}/virtualNetworks/hub"
ADDRESS = f"{NETWORK}/publicIPAddresses/bastion"
HOST = f"{NETWORK}/bastionHosts/hub"
INTERFACE = f"{NETWORK}/networkInterfaces/jump"
MACHINE = f"{NETWORK.replace('Microsoft.Network', 'Microsoft.Compute')}/virtualMachines/jump"


def _subnet(name: str, prefix: str, **properties: Any) -> dict[str, Any]:
    return {"name": name, "properties": {"addressPrefix": prefix, **properties}}


def _network(prefix: str = "10.0.0.0/26") -> dict[str, Any]:
    delegation = [{"name": "apps", "properties": {"serviceName": "Microsoft.App/environments"}}]
    subnets = [
        _subnet("AzureBastionSubnet", prefix),
        _subnet("tools", "10.0.1.0/29"),
        _subnet("apps", "10.0.2.0/27", delegations=delegation),
    ]
    return {
        "location": "eastus",
        "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets},
    }


def _host(tier: str = "Standard", subnet: str = "AzureBastionSubnet", **properties: Any) -> dict[str, Any]:
    configuration = {"subnet": {"id": f"{HUB}/subnets/{subnet}"}, "publicIPAddress": {"id": ADDRESS}}
    sent = {"ipConfigurations": [{"name": "default", "properties": configuration}], **properties}
    return {"location": "eastus", "sku": {"name": tier}, "properties": sent}


def _interface(subnet: str = "tools") -> dict[str, Any]:
    configuration = {"name": "default", "properties": {"subnet": {"id": f"{HUB}/subnets/{subnet}"}}}
    return {"location": "eastus", "properties": {"ipConfigurations": [configuration]}}


def _machine(user: str = "ops", keys: int = 1, interface: str = INTERFACE) -> dict[str, Any]:
    public = [{"path": f"/home/{user}/.ssh/authorized_keys", "keyData": "ssh-ed25519 AAAA"}] * keys
    linux = {"disablePasswordAuthentication": True, "ssh": {"publicKeys": public}}
    profile = {"computerName": "jump", "adminUsername": user, "linuxConfiguration": linux}
    return {
        "location": "eastus",
        "properties": {"osProfile": profile, "networkProfile": {"networkInterfaces": [{"id": interface}]}},
    }


@pytest.fixture
def hub(arm: Arm) -> Arm:
    arm.put(HUB, _network())
    arm.put(
        ADDRESS,
        {"location": "eastus", "sku": {"name": "Standard"}, "properties": {"publicIPAllocationMethod": "Static"}},
    )
    return arm


def test_a_host_has_its_subnet_and_its_public_address(hub: Arm) -> None:
    shown = hub.put(HOST, _host(enableTunneling=True))
    assert (shown["sku"], shown["properties"]["scaleUnits"]) == ({"name": "Standard"}, 2)
    assert hub("GET", ADDRESS).body["properties"]["ipConfiguration"]["id"].startswith(HOST)
    assert hub("DELETE", ADDRESS).code == "PublicIPAddressCannotBeDeleted"
    assert hub("DELETE", HUB).code == "InUseSubnetCannotBeDeleted"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_host(subnet="tools"), "BastionHostSubnetNameInvalid"),
        (_host("Basic", enableTunneling=True), "BastionHostFeatureNotSupported"),
        (_host("Basic", scaleUnits=3), "BastionHostScaleUnitsInvalid"),
        (_host(scaleUnits=51), "BastionHostScaleUnitsInvalid"),
        (_host("Developer"), "InvalidBastionSku"),
    ],
)
def test_a_host_that_azure_would_not_take_is_refused(hub: Arm, body: dict[str, Any], code: str) -> None:
    assert hub("PUT", HOST, body).code == code


def test_a_small_subnet_is_refused(hub: Arm) -> None:
    hub.put(HUB, _network("10.0.0.0/27"))
    assert hub("PUT", HOST, _host()).code == "BastionHostSubnetTooSmall"


def test_the_tier_of_a_host_is_not_lowered(hub: Arm) -> None:
    hub.put(HOST, _host())
    assert hub("PUT", HOST, _host("Basic")).code == "BastionHostSkuDowngradeNotAllowed"
    assert hub.put(HOST, _host("Premium"))["sku"] == {"name": "Premium"}


def test_a_deleted_host_gives_its_addresses_back(hub: Arm) -> None:
    hub.put(HOST, _host())
    hub.delete(HOST)
    hub.delete(ADDRESS)
    hub.delete(HUB)


def test_an_interface_takes_an_address_and_keeps_it(hub: Arm) -> None:
    first = hub.put(INTERFACE, _interface())["properties"]["ipConfigurations"][0]["properties"]["privateIPAddress"]
    assert first == "10.0.1.4"
    again = hub.put(INTERFACE, _interface())["properties"]["ipConfigurations"][0]["properties"]
    assert (again["privateIPAddress"], again["primary"]) == ("10.0.1.4", True)


def test_a_full_subnet_refuses_an_interface(hub: Arm) -> None:
    for number in range(3):
        hub.put(f"{INTERFACE}{number}", _interface())
    assert hub("PUT", f"{INTERFACE}3", _interface()).code == "SubnetIsFull"


def test_an_interface_cannot_be_in_a_delegated_subnet(hub: Arm) -> None:
    assert hub("PUT", INTERFACE, _interface("apps")).code == "SubnetDelegationsCannotHaveNetworkInterface"


def test_a_machine_holds_its_interface(hub: Arm) -> None:
    hub.put(INTERFACE, _interface())
    machine = hub.put(MACHINE, _machine())
    assert machine["properties"]["vmId"] == hub.put(MACHINE, _machine())["properties"]["vmId"]
    assert hub("GET", INTERFACE).body["properties"]["virtualMachine"] == {"id": MACHINE}
    refused = hub("DELETE", INTERFACE)
    assert refused.code == "NicInUse"
    assert refused.message.startswith(f"Network Interface {INTERFACE} is used by existing resource ")
    assert hub("PUT", f"{MACHINE}2", _machine()).code == "NetworkInterfaceInUse"


def test_a_deleted_machine_gives_its_interface_free(hub: Arm) -> None:
    hub.put(INTERFACE, _interface())
    hub.put(MACHINE, _machine())
    hub.delete(MACHINE)
    assert "virtualMachine" not in hub.get(INTERFACE)["properties"]
    hub.delete(INTERFACE)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (_machine(keys=0), "InvalidParameter"),
        (_machine(interface=f"{INTERFACE}9"), "InvalidResourceReference"),
        (_machine("root2"), "PropertyChangeNotAllowed"),
    ],
)
def test_a_machine_that_azure_would_not_take_is_refused(hub: Arm, body: dict[str, Any], code: str) -> None:
    hub.put(INTERFACE, _interface())
    hub.put(MACHINE, _machine())
    assert hub("PUT", MACHINE, body).code == code
