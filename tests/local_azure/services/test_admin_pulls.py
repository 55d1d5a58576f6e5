"""Images pulled as the admin user of a registry, by its name and password [ACR-ADMIN]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP

if TYPE_CHECKING:
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
