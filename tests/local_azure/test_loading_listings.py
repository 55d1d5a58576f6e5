"""Loading a saved listing: Resource Graph, `az resource list` and GETs, into an empty store and beside what exists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local_azure.clock import Clock
from local_azure.loading import State, StateError, load, load_store, read_listing, state_of_listing
from local_azure.services import addresses, open_cloud
from local_azure.services.cloud import Cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store

Json = dict[str, Any]

GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg"
VNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
SUBNET = f"{VNET}/subnets/endpoints"
NSG = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"
PULLER = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller"
NIC = f"{GROUP}/providers/Microsoft.Network/networkInterfaces/nic"
GUID = "22222222-2222-2222-2222-222222222222"

NETWORK: Json = {
    "id": VNET,
    "type": "microsoft.network/virtualnetworks",
    "tenantId": GUID,
    "resourceGroup": "rg",
    "location": "westeurope",
    "properties": {
        "provisioningState": "Succeeded",
        "resourceGuid": GUID,
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "virtualNetworkPeerings": [{"id": f"{VNET}/virtualNetworkPeerings/far", "name": "far"}],
        "subnets": [
            {
                "id": SUBNET,
                "name": "endpoints",
                "properties": {
                    "addressPrefix": "10.0.1.0/24",
                    "networkSecurityGroup": {"id": NSG},
                    "ipConfigurations": [{"id": f"{NIC}{number}/ipConfigurations/a"} for number in range(3)],
                },
            }
        ],
    },
}


@pytest.fixture
def cloud(tmp_path: Path) -> Cloud:
    return open_cloud(Store(tmp_path / "store", serve=True), Clock(0))


def state_of(tmp_path: Path, *documents: Any) -> State:
    path = tmp_path / "listing.json"
    path.write_text("\n".join(json.dumps(each) for each in documents), encoding="utf-8")
    return state_of_listing(read_listing([path]))


@pytest.mark.parametrize(
    "wrap",
    [lambda body: {"data": [body], "count": 1}, lambda body: [body], lambda body: {"value": [body]}, lambda body: body],
)
def test_every_form_of_a_listing_brings_the_network_with_its_occupied_addresses(
    cloud: Cloud, tmp_path: Path, wrap: Any
) -> None:
    result = load(cloud, state_of(tmp_path, wrap(NETWORK)))
    assert result.missing == []
    assert result.ids == [VNET]
    subnet = cloud.get(SUBNET)
    assert subnet is not None
    assert len(addresses.taken(cloud, subnet)) == 3
    network = cloud.get(VNET)
    assert network is not None
    assert network.properties["resourceGuid"] == GUID


def test_a_security_group_that_the_listing_names_and_does_not_have_is_made_empty(cloud: Cloud, tmp_path: Path) -> None:
    notes = load(cloud, state_of(tmp_path, NETWORK)).notes
    assert f"{NSG}: not in the state, made empty" in notes
    assert cloud.store.exists(NSG)


def test_a_list_and_a_get_of_one_resource_are_put_together(cloud: Cloud, tmp_path: Path) -> None:
    shown = {"id": PULLER, "location": "westeurope", "properties": {"principalId": GUID, "clientId": GUID}}
    load(cloud, state_of(tmp_path, [{"id": PULLER, "location": "westeurope", "tags": None, "sku": None}], shown))
    identity = cloud.get(PULLER)
    assert identity is not None
    assert identity.properties["principalId"] == GUID


def test_a_body_with_members_of_a_later_version_is_put_at_that_version(cloud: Cloud, tmp_path: Path) -> None:
    properties = {"regionalEndpoints": "Enabled", "dataEndpointEnabled": True, "loginServer": "contoso.azurecr.io"}
    body = {"id": REGISTRY, "location": "westeurope", "sku": {"name": "Premium", "tier": "Premium"}}
    result = load(cloud, state_of(tmp_path, {**body, "properties": properties}))
    assert result.missing == []
    registry = cloud.get(REGISTRY)
    assert registry is not None
    assert registry.properties["regionalEndpoints"] == "Enabled"


def test_what_the_store_has_stays_as_it_is_and_its_history_too(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", serve=True)
    there = open_cloud(store, Clock(0))
    handle(there, "PUT", GROUP, {"api-version": "2021-04-01"}, {"location": "eastus"})
    space = {"addressSpace": {"addressPrefixes": ["10.7.0.0/16"]}}
    handle(there, "PUT", VNET, {"api-version": "2024-05-01"}, {"location": "eastus", "properties": space})
    there.settle()
    requests = store.requests()
    store.close()
    puller = {"id": PULLER, "location": "westeurope"}
    with pytest.raises(StateError, match="holds 2 resources"):
        load_store(tmp_path / "store", state_of(tmp_path, NETWORK, puller))
    result = load_store(tmp_path / "store", state_of(tmp_path, NETWORK, puller), add=True)
    assert result.ids == [PULLER]
    after = Store(tmp_path / "store")
    network = after.get(VNET)
    assert network is not None
    assert network.properties["addressSpace"]["addressPrefixes"] == ["10.7.0.0/16"]
    assert after.requests() == requests
