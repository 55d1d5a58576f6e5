"""Passwords of tokens against a local Azure: what the registry generates is what the clients get."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_azure.clock import Clock
from local_azure.http import Server, create_app
from local_azure.services import open_cloud
from local_azure.services.dispatch import handle
from local_azure.store import Store
from tools.preflight.arm import MissingError, local
from tools.token_credentials import generate

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/contoso"


def test_a_generated_password_is_the_one_with_the_name_and_the_token_keeps_its_expiry(tmp_path: Path) -> None:
    store = Store(tmp_path / "store", serve=True)
    cloud = open_cloud(store, Clock())
    stop = (server := Server(create_app(cloud))).start_in_thread()
    version = {"api-version": "2025-11-01"}
    handle(cloud, "PUT", GROUP, {"api-version": "2024-03-01"}, {"location": "eastus"})
    handle(cloud, "PUT", REGISTRY, version, {"location": "eastus", "sku": {"name": "Premium"}})
    scope_map = {"properties": {"scopeMapId": f"{REGISTRY}/scopeMaps/_repositories_pull"}}
    handle(cloud, "PUT", f"{REGISTRY}/tokens/edge-site", version, scope_map)
    cloud.settle()
    arm = local(server.url, SUBSCRIPTION)
    first, second = (generate(arm, REGISTRY, "edge-site", f"password{n}", 30) for n in (1, 2))
    assert first
    assert first != second
    token = cloud.get(f"{REGISTRY}/tokens/edge-site")
    assert token is not None
    assert [sorted(each) for each in token.properties["credentials"]["passwords"]] == [
        ["creationTime", "expiry", "name"]
    ] * 2
    with pytest.raises(MissingError):
        generate(arm, f"{REGISTRY}2", "edge-site", "password1", 30)
    stop()
    store.close()
