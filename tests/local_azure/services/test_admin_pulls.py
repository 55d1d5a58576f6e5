"""Images pulled as the admin user of a registry, by a token, or by nobody in particular [ACR-ADMIN, ACR-TOKEN]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable

    from arm_client import Arm

WHO = {
    "the admin user": (True, "contoso", 201),
    "the admin user of a registry that has none": (False, "contoso", 400),
    "a user of another name": (True, "somebody", 400),
}


def group_body(username: str) -> dict[str, Any]:
    container = {
        "name": "c",
        "properties": {"image": "contoso.azurecr.io/app:1", "resources": {"requests": {"cpu": 1, "memoryInGB": 1}}},
    }
    credential = {"server": "contoso.azurecr.io", "username": username, "password": "p"}
    properties = {"osType": "Linux", "containers": [container], "imageRegistryCredentials": [credential]}
    return {"location": "eastus", "properties": properties}


@pytest.mark.parametrize(("enabled", "username", "status"), WHO.values(), ids=WHO)
def test_a_container_group_pulls_as_the_admin_user(arm: Arm, *, enabled: bool, username: str, status: int) -> None:
    arm.registry(adminUserEnabled=enabled)
    path = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/g"
    assert arm("PUT", path, group_body(username), "2024-05-01-preview").status == status


@pytest.mark.parametrize(("enabled", "username", "status"), WHO.values(), ids=WHO)
def test_a_container_app_pulls_as_the_admin_user(arm: Arm, *, enabled: bool, username: str, status: int) -> None:
    arm.registry(adminUserEnabled=enabled)
    provider = f"{GROUP}/providers/Microsoft.App"
    environment = arm.put(f"{provider}/managedEnvironments/env", {"location": "eastus", "properties": {}})["id"]
    registry = {"server": "contoso.azurecr.io", "username": username, "passwordSecretRef": "pwd"}
    secrets = [{"name": "pwd", "value": "p"}]
    properties = {
        "environmentId": environment,
        "configuration": {"registries": [registry], "secrets": secrets},
        "template": {"containers": [{"name": "c", "image": "contoso.azurecr.io/app:1"}]},
    }
    body = {"location": "eastus", "properties": properties}
    assert arm("PUT", f"{provider}/containerApps/app", body).status == status


TOKEN_STATES = {"an enabled token": ("enabled", 201), "a disabled token": ("disabled", 400)}


@pytest.mark.parametrize(("state", "status"), TOKEN_STATES.values(), ids=TOKEN_STATES)
def test_a_container_group_pulls_by_a_token(start: Callable[..., Arm], state: str, status: int) -> None:
    arm = start(generic=True)
    arm.group()
    arm.registry()
    scope_map = {"properties": {"actions": ["repositories/app/content/read"]}}
    created = arm.put(f"{REGISTRY}/scopeMaps/pull", scope_map, "2025-11-01")
    token = {"properties": {"scopeMapId": created["id"], "status": state}}
    arm.put(f"{REGISTRY}/tokens/puller", token, "2025-11-01")
    path = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/g"
    assert arm("PUT", path, group_body("puller"), "2024-05-01-preview").status == status


@pytest.mark.parametrize(("open_to_all", "status"), [(True, 201), (False, 400)])
def test_a_registry_with_anonymous_pull_asks_nobody(arm: Arm, *, open_to_all: bool, status: int) -> None:
    arm.registry(anonymousPullEnabled=open_to_all)
    body = group_body("nobody")
    del body["properties"]["imageRegistryCredentials"]
    path = f"{GROUP}/providers/Microsoft.ContainerInstance/containerGroups/g"
    assert arm("PUT", path, body, "2024-05-01-preview").status == status
