"""The management client of Container Apps makes, reads, lists and deletes."""

from __future__ import annotations

import pytest
from app_requests import PROVIDER, Apps
from arm_client import Arm, Clients
from azure.core.exceptions import HttpResponseError


@pytest.fixture
def apps(arm: Arm) -> Apps:
    return Apps(arm)


def test_an_environment_is_made_polled_read_and_deleted(apps: Apps, clients: Clients) -> None:
    body = {
        "location": "eastus",
        "properties": {"workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}]},
    }
    created = clients.apps.managed_environments.begin_create_or_update("rg", "cae", body).result()
    assert created.properties.provisioning_state == "Succeeded"
    assert [found.name for found in clients.apps.managed_environments.list_by_resource_group("rg")] == ["cae"]
    clients.apps.managed_environments.begin_delete("rg", "cae").result()
    assert list(clients.apps.managed_environments.list_by_subscription()) == []


def test_an_app_and_a_job_are_made_and_read(apps: Apps, clients: Clients) -> None:
    apps.registry()
    apps.create()
    app = clients.apps.container_apps.begin_create_or_update("rg", "web", apps.app_body()).result()
    assert app.properties.running_status == "Running"
    assert app.properties.environment_id == f"{PROVIDER}/managedEnvironments/cae"
    body = apps.app_body()
    body["properties"]["configuration"] = {
        "triggerType": "Manual",
        "replicaTimeout": 60,
        "registries": body["properties"]["configuration"]["registries"],
    }
    assert (
        clients.apps.jobs.begin_create_or_update("rg", "tidy", body).result().properties.provisioning_state
        == "Succeeded"
    )
    clients.apps.container_apps.begin_delete("rg", "web").result()
    assert list(clients.apps.container_apps.list_by_resource_group("rg")) == []


def test_a_session_pool_is_made_and_read(apps: Apps, clients: Clients) -> None:
    body = {"location": "eastus", "properties": {"containerType": "NodeLTS", "poolManagementType": "Dynamic"}}
    pools = clients.apps.container_apps_session_pools
    created = pools.begin_create_or_update("rg", "pool", body).result()
    assert created.properties.pool_management_endpoint.startswith("https://eastus.dynamicsessions.io/")
    assert [found.name for found in pools.list_by_resource_group("rg")] == ["pool"]


def test_a_refusal_carries_the_services_code(apps: Apps, clients: Clients) -> None:
    with pytest.raises(HttpResponseError) as refusal:
        clients.apps.container_apps.begin_create_or_update("rg", "web", apps.app_body())
    assert refusal.value.error is not None
    assert refusal.value.error.code == "ManagedEnvironmentNotFound"
