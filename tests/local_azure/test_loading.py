"""Loading a stack's exported state: what the cloud holds afterwards, and what is said of the rest."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from local_azure.clock import Clock
from local_azure.loading import Loaded, StateError, load, load_store, read_state, state_of, subscription
from local_azure.resource_id import ResourceId
from local_azure.services import addresses, open_cloud
from local_azure.services.cloud import Cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store

Json = dict[str, Any]

SUBSCRIPTION = "/subscriptions/11111111-2222-3333-4444-555555555555"
GROUP = f"{SUBSCRIPTION}/resourceGroups/rg"
NETWORK = f"{GROUP}/providers/Microsoft.Network"
VNET = f"{NETWORK}/virtualNetworks/vnet"
SUBNET = f"{VNET}/subnets/registry"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"
ENDPOINT = f"{NETWORK}/privateEndpoints/pe"
ZONE = f"{NETWORK}/privateDnsZones/privatelink.azurecr.io"
PREVIEW = "azure-native_containerregistry_v20260301preview:containerregistry"


def entry(token: str, arm_id: str, inputs: Json, outputs: Json | None = None, **more: Any) -> Json:
    urn = f"urn:pulumi:prod::moorings::{token}::{arm_id.rpartition('/')[2]}"
    return {
        "urn": urn,
        "custom": True,
        "type": token,
        "id": arm_id,
        "inputs": inputs,
        "outputs": outputs or {},
        **more,
    }


def group() -> Json:
    return entry("azure-native:resources:ResourceGroup", GROUP, {"resourceGroupName": "rg", "location": "eastus"})


def network(outputs: Json | None = None) -> Json:
    subnets = [{"name": "registry", "addressPrefix": "10.0.0.0/27"}]
    inputs = {"location": "eastus", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": subnets}
    return entry("azure-native:network:VirtualNetwork", VNET, inputs, outputs)


def registry(outputs: Json | None = None, **inputs: Any) -> Json:
    sent = {"location": "eastus", "sku": {"name": "Premium"}, "regionalEndpoints": "Enabled", **inputs}
    return entry(f"{PREVIEW}:Registry", REGISTRY, sent, outputs)


def replica() -> Json:
    return entry(f"{PREVIEW}:Replication", f"{REGISTRY}/replications/westeurope", {"location": "westeurope"})


def endpoint(outputs: Json | None = None) -> Json:
    inputs = {
        "location": "eastus",
        "subnet": {"id": SUBNET},
        "privateLinkServiceConnections": [
            {"name": "registry", "privateLinkServiceId": REGISTRY, "groupIds": ["registry"]}
        ],
    }
    return entry("azure-native:network:PrivateEndpoint", ENDPOINT, inputs, outputs)


def hosts(**by_host: str) -> Json:
    """Outputs of an endpoint that tell the addresses of some hosts; `_` represents a dot."""
    return {
        "customDnsConfigs": [
            {"fqdn": f"contoso.{host.replace('_', '.')}azurecr.io".replace("..", "."), "ipAddresses": [address]}
            for host, address in by_host.items()
        ]
    }


@pytest.fixture
def loaded(tmp_path: Path) -> Iterator[Callable[..., tuple[Cloud, Loaded]]]:
    store = Store(tmp_path / "store")
    cloud = open_cloud(store, Clock(0))

    def run(*resources: Json) -> tuple[Cloud, Loaded]:
        return cloud, load(cloud, state_of({"resources": list(resources)}))

    yield run
    store.close()


def body(cloud: Cloud, resource_id: str, version: str) -> Json:
    return handle(cloud, "GET", resource_id, {"api-version": version}).body


def test_resources_are_made_in_an_order_that_works_whatever_the_order_of_the_state(loaded: Callable[..., Any]) -> None:
    cloud, result = loaded(endpoint(), replica(), registry(), network(), group())
    assert (result.missing, result.resources) == ([], 5)
    held = addresses.held(cloud, ENDPOINT)
    assert sorted(held) == [
        "registry",
        "registry_data_eastus",
        "registry_data_westeurope",
        "registry_eastus",
        "registry_westeurope",
    ]
    assert cloud.store.requests() == []


def test_what_the_engine_made_after_an_endpoint_comes_after_it_also_below_its_service() -> None:
    """An endpoint waits for replicas; an agent pool of the registry may have waited for the endpoint."""
    urn = endpoint()["urn"]
    pool = entry(f"{PREVIEW}:AgentPool", f"{REGISTRY}/agentPools/builders", {}, dependencies=[urn])
    found = state_of({"resources": [endpoint(), pool, replica(), registry(), network(), group()]}).resources
    order = [resource.id for resource in found]
    assert order.index(f"{REGISTRY}/replications/westeurope") < order.index(ENDPOINT) < order.index(pool["id"])


def test_what_azure_shows_in_a_resource_that_was_made_before_it_comes_later() -> None:
    """A range of addresses shows the gateway that uses it."""
    prefix, gateway = f"{NETWORK}/publicIPPrefixes/range", f"{NETWORK}/natGateways/out"
    shown = entry("azure-native:network:PublicIPPrefix", prefix, {"natGateway": {"id": gateway}})
    user = entry(
        "azure-native:network:NatGateway", gateway, {"publicIpPrefixes": [{"id": prefix}]}, dependencies=[shown["urn"]]
    )
    found = state_of({"resources": [shown, user, group()]}).resources
    assert [resource.id for resource in found] == [GROUP, prefix, gateway]


def test_subscriptions_and_the_case_of_ids_are_those_of_the_state(loaded: Callable[..., Any]) -> None:
    cloud, _ = loaded(group(), registry())
    assert cloud.store.ids() == [GROUP, REGISTRY]
    assert subscription(state_of({"resources": [registry()]})) == "11111111-2222-3333-4444-555555555555"


def test_addresses_are_those_that_the_state_reports_and_the_rest_take_what_is_left(loaded: Callable[..., Any]) -> None:
    report = hosts(_="10.0.0.9", eastus_data_="10.0.0.4")
    cloud, result = loaded(group(), network(), registry(), endpoint(report))
    assert addresses.held(cloud, ENDPOINT) == {
        "registry": "10.0.0.9",
        "registry_data_eastus": "10.0.0.4",
        "registry_eastus": "10.0.0.5",
    }
    shown = body(cloud, ENDPOINT, "2024-05-01")["properties"]
    assert {c["fqdn"]: c["ipAddresses"] for c in shown["customDnsConfigs"]} == {
        "contoso.azurecr.io": ["10.0.0.9"],
        "contoso.eastus.data.azurecr.io": ["10.0.0.4"],
        "contoso.eastus.geo.azurecr.io": ["10.0.0.5"],
    }
    assert [note for note in result.notes if "registry_eastus, 10.0.0.5 is taken" in note]


def test_an_address_outside_the_subnet_is_reported_and_replaced(loaded: Callable[..., Any]) -> None:
    cloud, result = loaded(group(), network(), registry(), endpoint(hosts(_="10.9.9.9")))
    assert addresses.held(cloud, ENDPOINT)["registry"] == "10.0.0.4"
    assert any("10.9.9.9" in note and SUBNET in note for note in result.notes)


def test_interface_and_connection_have_the_names_of_the_state(loaded: Callable[..., Any]) -> None:
    interface = f"{NETWORK}/networkInterfaces/pe.nic.0a1b"
    connection = f"{REGISTRY}/privateEndpointConnections/contoso.abc"
    links = [{"id": connection, "name": "contoso.abc", "privateEndpoint": {"id": ENDPOINT}}]
    cloud, result = loaded(
        group(),
        network(),
        registry({"privateEndpointConnections": links}),
        endpoint({"networkInterfaces": [{"id": interface}]}),
    )
    assert result.missing == []
    assert {interface, connection} <= set(cloud.store.ids())
    shown = body(cloud, interface, "2024-05-01")["properties"]
    assert [c["id"].startswith(f"{interface}/") for c in shown["ipConfigurations"]] == [True] * 3
    handle(cloud, "DELETE", ENDPOINT, {"api-version": "2024-05-01"})
    cloud.settle()
    assert sorted(cloud.store.ids()) == sorted([GROUP, VNET, SUBNET, REGISTRY])


def test_a_rejected_connection_stays_rejected(loaded: Callable[..., Any]) -> None:
    entry_ = {"name": "registry", "privateLinkServiceConnectionState": {"status": "Rejected", "description": "no"}}
    cloud, _ = loaded(group(), network(), registry(), endpoint({"privateLinkServiceConnections": [entry_]}))
    shown = body(cloud, ENDPOINT, "2024-05-01")["properties"]["privateLinkServiceConnections"][0]["properties"]
    assert shown["privateLinkServiceConnectionState"]["status"] == "Rejected"


def test_addresses_of_outsiders_are_kept_for_them(loaded: Callable[..., Any]) -> None:
    outsiders = [{"id": f"{NETWORK}/networkInterfaces/vm{n}/ipConfigurations/one"} for n in range(4)]
    shown = {"subnets": [{"id": SUBNET, "name": "registry", "ipConfigurations": outsiders}]}
    cloud, result = loaded(group(), network(shown), registry(), endpoint())
    subnet = cloud.get(SUBNET)
    assert subnet is not None
    assert addresses.free(cloud, subnet) == 27 - 4 - 3
    assert any("4 addresses" in note and SUBNET in note for note in result.notes)


def test_principals_and_what_azure_generated_are_those_of_the_state_even_after_a_change(
    loaded: Callable[..., Any],
) -> None:
    identity = {"type": "SystemAssigned", "principalId": "p-1", "tenantId": "t-1"}
    report = {"identity": identity, "loginServer": "contoso-hash.azurecr.io", "creationDate": "2024-01-01T00:00:00Z"}
    cloud, _ = loaded(group(), registry(report, identity={"type": "SystemAssigned"}))
    sent = {
        "location": "eastus",
        "sku": {"name": "Premium"},
        "tags": {"a": "b"},
        "identity": {"type": "SystemAssigned"},
    }
    handle(cloud, "PUT", REGISTRY, {"api-version": "2026-03-01-preview"}, sent)
    shown = body(cloud, REGISTRY, "2026-03-01-preview")
    assert shown["identity"] == identity
    assert shown["properties"]["loginServer"] == "contoso-hash.azurecr.io"
    assert shown["properties"]["creationDate"] == "2024-01-01T00:00:00Z"


def test_groups_and_zones_outside_the_state_are_made_and_reported(loaded: Callable[..., Any]) -> None:
    hub = ZONE.replace("/rg/", "/hub/")
    zones = entry(
        "azure-native:network:PrivateDnsZoneGroup",
        f"{ENDPOINT}/privateDnsZoneGroups/default",
        {"privateDnsZoneConfigs": [{"name": "acr", "privateDnsZoneId": hub}]},
    )
    cloud, result = loaded(network(), registry(), endpoint(), zones)
    assert result.missing == []
    assert cloud.store.exists(f"{hub}/A/contoso")
    assert [note.partition(":")[0] for note in result.notes[:3]] == [GROUP, ResourceId.parse(hub).group_id, hub]


def test_a_generic_resource_is_loaded_by_its_id(loaded: Callable[..., Any]) -> None:
    inputs = {"apiVersion": "2020-06-01", "location": "global", "tags": {"a": "b"}, "properties": {}}
    cloud, result = loaded(group(), entry("azure-native:resources:Resource", ZONE, inputs))
    assert result.missing == []
    assert body(cloud, ZONE, "2020-06-01")["tags"] == {"a": "b"}


def test_a_resource_that_waits_for_deletion_exists_unless_its_successor_has_its_id(
    loaded: Callable[..., Any],
) -> None:
    old = {**registry(tags={"age": "old"}), "delete": True}
    other = entry("azure-native:privatedns:PrivateZone", ZONE, {"location": "global"}, delete=True)
    cloud, result = loaded(old, group(), registry(tags={"age": "new"}), other)
    assert result.missing == []
    assert body(cloud, REGISTRY, "2026-03-01-preview")["tags"] == {"age": "new"}
    assert cloud.store.exists(ZONE)


def test_what_cannot_be_loaded_is_reported_in_one_line_each_and_the_rest_is_loaded(loaded: Callable[..., Any]) -> None:
    strange = entry("azure-native:quantum:Workspace", f"{GROUP}/providers/Microsoft.Quantum/workspaces/w", {})
    cluster = entry("kubernetes:core/v1:Namespace", "default", {})
    cloud, result = loaded(group(), strange, cluster, registry(), endpoint())
    assert result.resources == 2
    assert len(result.missing) == 3
    for part in ("azure-native:quantum:Workspace", "not a resource of Azure", "InvalidResourceReference"):
        assert sum(part in line for line in result.missing) == 1
    assert all("\n" not in line for line in result.missing)
    assert cloud.store.exists(REGISTRY)


@pytest.mark.parametrize("held", [{"ciphertext": "v1:x"}, {"plaintext": '"opened"'}])
def test_secrets_of_a_state_reach_the_cloud_as_a_placeholder(loaded: Callable[..., Any], held: dict[str, str]) -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", **held}
    cloud, result = loaded(group(), registry(tags={"key": secret}))
    assert result.missing == []
    assert body(cloud, REGISTRY, "2026-03-01-preview")["tags"] == {"key": "[secret]"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "no 'deployment'"),
        ('{"checkpoint": 1}', "no 'deployment'"),
        ('{"deployment": {"resources": 1}}', "no list"),
        ('{"deployment": {"resources": [null]}}', "another form"),
        (
            '{"deployment": {"resources": [{"custom": true, "type": "azure-native:network:VirtualNetwork", "id": "/x", '
            '"dependencies": 7}]}}',
            "another form",
        ),
    ],
)
def test_a_file_that_is_no_state_is_refused_in_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(StateError, match=said):
        read_state(tmp_path / "state.json")


def test_a_checkpoint_of_the_file_backend_is_a_state_too(tmp_path: Path) -> None:
    (tmp_path / "dev.json").write_text(json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [group()]}}}))
    assert [r.id for r in read_state(tmp_path / "dev.json").resources] == [GROUP]


def test_a_store_that_holds_something_is_not_loaded_into(tmp_path: Path) -> None:
    state = state_of({"resources": [group()]})
    load_store(tmp_path / "store", state)
    with pytest.raises(StateError, match="holds 1 resources"):
        load_store(tmp_path / "store", state)


def test_the_command_reports_what_is_missing_and_fails(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"deployment": {"resources": [group(), endpoint()]}}))
    command = [sys.executable, "-m", "local_azure", "load", "--store", str(tmp_path / "s"), "--from-state", str(state)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"resources": 1, "missing": 1}
    assert done.stderr.startswith(f"{ENDPOINT}: InvalidResourceReference")
