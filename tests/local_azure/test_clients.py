"""The real management clients run the whole path: create, poll, read, list, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import ROOT, Clients
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError

from local_azure.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm


def _vnet(clients: Clients, name: str = "hub", prefix: str = "10.1.0.0/16", subnet: str = "10.1.0.0/24") -> Any:
    body = {
        "location": "eastus",
        "properties": {
            "addressSpace": {"addressPrefixes": [prefix]},
            "subnets": [{"name": "endpoints", "properties": {"addressPrefix": subnet}}],
        },
    }
    return clients.network.virtual_networks.begin_create_or_update("rg", name, body).result()


def test_a_resource_group_is_made_found_and_deleted(clients: Clients) -> None:
    groups = clients.resources.resource_groups
    groups.create_or_update("other", {"location": "westeurope", "tags": {"a": "b"}})
    assert groups.check_existence("other")
    assert {g.name for g in groups.list()} == {"rg", "other"}
    groups.begin_delete("other").result()
    assert not groups.check_existence("other")


def test_a_virtual_network_ends_succeeded_with_its_subnet(clients: Clients) -> None:
    vnet = _vnet(clients)
    assert vnet.provisioning_state == "Succeeded"
    assert [s.name for s in vnet.subnets] == ["endpoints"]
    assert clients.network.subnets.get("rg", "hub", "endpoints").address_prefix == "10.1.0.0/24"


def test_a_subnet_is_added_and_deleted(clients: Clients) -> None:
    _vnet(clients)
    subnets = clients.network.subnets
    body = {"properties": {"addressPrefix": "10.1.1.0/24"}}
    assert subnets.begin_create_or_update("rg", "hub", "apps", body).result().provisioning_state == "Succeeded"
    assert [s.name for s in subnets.list("rg", "hub")] == ["endpoints", "apps"]
    subnets.begin_delete("rg", "hub", "apps").result()
    assert [s.name for s in subnets.list("rg", "hub")] == ["endpoints"]


def test_a_registry_with_replica_and_private_endpoint_goes_the_whole_way(clients: Clients) -> None:
    vnet = _vnet(clients)
    registries = clients.registry.registries
    registry = registries.begin_create("rg", "contoso", {"location": "eastus", "sku": {"name": "Premium"}}).result()
    assert registry.login_server == "contoso.azurecr.io"
    replications = clients.registry.replications
    replica = replications.begin_create("rg", "contoso", "westeurope", {"location": "westeurope"}).result()
    assert replica.provisioning_state == "Succeeded"
    assert [r.name for r in replications.list("rg", "contoso")] == ["westeurope", "eastus"]
    body = {
        "location": "eastus",
        "properties": {
            "subnet": {"id": vnet.subnets[0].id},
            "privateLinkServiceConnections": [
                {"name": "pe", "properties": {"privateLinkServiceId": registry.id, "groupIds": ["registry"]}}
            ],
        },
    }
    endpoint = clients.network.private_endpoints.begin_create_or_update("rg", "pe", body).result()
    interface = clients.network.network_interfaces.get("rg", endpoint.network_interfaces[0].id.rpartition("/")[2])
    members = [c.private_link_connection_properties.required_member_name for c in interface.ip_configurations]
    assert members == ["registry", "registry_data_eastus", "registry_data_westeurope"]
    assert [c.private_ip_address for c in interface.ip_configurations] == ["10.1.0.4", "10.1.0.5", "10.1.0.6"]
    connection = next(iter(clients.registry.private_endpoint_connections.list("rg", "contoso")))
    assert connection.private_link_service_connection_state.status == "Approved"
    clients.network.private_endpoints.begin_delete("rg", "pe").result()
    replications.begin_delete("rg", "contoso", "westeurope").result()
    registries.begin_delete("rg", "contoso").result()
    with pytest.raises(ResourceNotFoundError):
        registries.get("rg", "contoso")


def test_private_dns_is_made_linked_written_and_deleted(clients: Clients) -> None:
    vnet = _vnet(clients)
    zones, links, records = clients.dns.private_zones, clients.dns.virtual_network_links, clients.dns.record_sets
    zone = zones.begin_create_or_update("rg", "privatelink.azurecr.io", {"location": "global"}).result()
    assert zone.number_of_record_sets == 1
    body = {"location": "global", "properties": {"registrationEnabled": False, "virtualNetwork": {"id": vnet.id}}}
    link = links.begin_create_or_update("rg", "privatelink.azurecr.io", "hub", body).result()
    assert link.virtual_network_link_state == "Completed"
    values = {"properties": {"ttl": 60, "aRecords": [{"ipv4Address": "10.1.0.4"}]}}
    record = records.create_or_update("rg", "privatelink.azurecr.io", "A", "contoso", values)
    assert record.fqdn == "contoso.privatelink.azurecr.io."
    with pytest.raises(HttpResponseError, match="nested resources"):
        zones.begin_delete("rg", "privatelink.azurecr.io").result()
    links.begin_delete("rg", "privatelink.azurecr.io", "hub").result()
    zones.begin_delete("rg", "privatelink.azurecr.io").result()
    assert list(zones.list()) == []


def test_an_identity_gets_a_role_on_a_registry(clients: Clients) -> None:
    scope = (
        clients.registry.registries.begin_create("rg", "contoso", {"location": "eastus", "sku": {"name": "Premium"}})
        .result()
        .id
    )
    identity = clients.identity.user_assigned_identities.create_or_update("rg", "puller", {"location": "eastus"})
    role = next(iter(clients.authorization.role_definitions.list(scope, filter="roleName eq 'AcrPull'")))
    body = {
        "properties": {
            "principalId": identity.principal_id,
            "principalType": "ServicePrincipal",
            "roleDefinitionId": role.id,
        }
    }
    name = "11111111-1111-1111-1111-111111111111"
    created = clients.authorization.role_assignments.create(scope, name, body)
    assert created.role_definition_id == f"{ROOT}/providers/Microsoft.Authorization/roleDefinitions/{role.name}"
    found = clients.authorization.role_assignments.list_for_scope(
        scope, filter=f"principalId eq '{identity.principal_id}'"
    )
    assert [a.name for a in found] == [name]
    clients.authorization.role_assignments.delete(scope, name)
    clients.identity.user_assigned_identities.delete("rg", "puller")
    assert list(clients.authorization.role_assignments.list_for_scope(scope, filter="atScope()")) == []


def test_a_client_polls_until_the_end_when_operations_take_time(arm: Arm, start: Callable[..., Arm]) -> None:
    slow = start(Clock(0.02), folder=arm.store)
    clients = Clients(slow.url)
    assert _vnet(clients).provisioning_state == "Succeeded"
    clients.registry.registries.begin_create(
        "rg", "contoso", {"location": "eastus", "sku": {"name": "Premium"}}
    ).result()
    replica = clients.registry.replications.begin_create("rg", "contoso", "uksouth", {"location": "uksouth"}).result()
    assert replica.provisioning_state == "Succeeded"
    clients.registry.registries.begin_delete("rg", "contoso").result()
    assert list(clients.registry.registries.list()) == []
