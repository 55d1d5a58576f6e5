"""Delegations and reserved names of subnets, inline and as resources of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY, Reply

if TYPE_CHECKING:
    from arm_client import Arm

VNET = f"{NETWORK}/virtualNetworks/net"
APPS = "Microsoft.App/environments"


def delegation(*services: str) -> list[dict[str, Any]]:
    return [{"name": f"d{at}", "properties": {"serviceName": name}} for at, name in enumerate(services)]


def put(arm: Arm, name: str, *services: str, prefix: str = "10.0.1.0/24", inline: bool = False, **more: Any) -> Reply:
    properties = {"addressPrefix": prefix, "delegations": delegation(*services), **more}
    if not inline:
        return arm("PUT", f"{VNET}/subnets/{name}", {"properties": properties})
    space = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"name": name, "properties": properties}],
    }
    return arm("PUT", VNET, {"location": "eastus", "properties": space})


@pytest.fixture
def net(arm: Arm) -> Arm:
    arm.network("net")
    return arm


@pytest.mark.parametrize("inline", [True, False])
@pytest.mark.parametrize(
    ("services", "code"),
    [
        (("Microsoft.Nothing/services",), "InvalidServiceNameOnDelegation"),
        (("",), "InvalidServiceNameOnDelegation"),
        ((APPS, "Microsoft.Web/serverFarms"), "SubnetDelegationCountExceedsLimit"),
    ],
)
def test_a_delegation_is_to_one_known_service(net: Arm, services: tuple[str, ...], code: str, inline: bool) -> None:
    reply = put(net, "apps", *services, inline=inline)
    assert (reply.status, reply.code) == (400, code)


def test_a_service_is_shown_as_azure_spells_it(net: Arm) -> None:
    assert put(net, "apps", "microsoft.app/Environments").status == 201
    shown = net.get(f"{VNET}/subnets/apps")["properties"]["delegations"][0]["properties"]
    assert shown["serviceName"] == APPS


def test_the_delegation_of_a_subnet_in_use_does_not_change(net: Arm) -> None:
    subnet = f"{VNET}/subnets/endpoints"
    put(net, "endpoints")
    net.registry()
    assert net.endpoint("pe", subnet, REGISTRY).status == 201
    reply = put(net, "endpoints", APPS)
    assert (reply.status, reply.code) == (400, "SubnetDelegationsCannotChangeWhenSubnetUsedByResource")
    assert f"cannot be changed from [] to [{APPS}]" in reply.message
    net.delete(f"{NETWORK}/privateEndpoints/pe")
    assert put(net, "endpoints", APPS).status == 200


@pytest.mark.parametrize("name", ["GatewaySubnet", "gatewaysubnet", "AzureFirewallSubnet", "RouteServerSubnet"])
def test_a_reserved_subnet_takes_no_security_group(net: Arm, name: str) -> None:
    group = net.put(f"{NETWORK}/networkSecurityGroups/nsg", {"location": "eastus", "properties": {}})["id"]
    reply = put(net, name, networkSecurityGroup={"id": group})
    assert reply.status == 400
    assert reply.code.lower() == f"networksecuritygroupcannotbeattachedto{name}".lower()
    assert put(net, name).status == 201
    assert put(net, "AzureBastionSubnet", prefix="10.0.2.0/24", networkSecurityGroup={"id": group}).status == 201


def test_nodes_do_not_live_in_a_delegated_subnet(net: Arm) -> None:
    put(net, "apps", APPS)
    pool = {"name": "system", "mode": "System", "count": 1, "vnetSubnetID": f"{VNET}/subnets/apps"}
    network = {"serviceCidr": "172.16.0.0/16", "dnsServiceIP": "172.16.0.10"}
    properties = {"dnsPrefix": "aks", "agentPoolProfiles": [pool], "networkProfile": network}
    body = {"location": "eastus", "identity": {"type": "SystemAssigned"}, "properties": properties}
    reply = net("PUT", f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks", body)
    assert (reply.status, reply.code) == (400, "SubnetIsDelegated")
