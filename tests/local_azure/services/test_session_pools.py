from __future__ import annotations

from typing import Any

import pytest
from app_requests import IDENTITY, PROVIDER, Apps
from arm_client import Arm, Reply

POOL = f"{PROVIDER}/sessionPools/pool"
MCP = "2025-10-02-preview"


@pytest.fixture
def apps(arm: Arm) -> Apps:
    return Apps(arm)


def pool(apps: Apps, version: str = MCP, **properties: Any) -> Reply:
    identity = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    body: dict[str, Any] = {"location": "eastus", "properties": {"poolManagementType": "Dynamic", **properties}}
    if properties.get("containerType") == "CustomContainer":
        body["identity"] = identity
    return apps.arm("PUT", POOL, body, version)


def custom(**more: Any) -> dict[str, Any]:
    template = {
        "containers": [
            {"name": "box", "image": "contoso.azurecr.io/box:1", "resources": {"cpu": 0.5, "memory": "1Gi"}}
        ],
        "ingress": {"targetPort": 80},
        "registryCredentials": {"server": "contoso.azurecr.io", "identity": IDENTITY},
    }
    return {
        "containerType": "CustomContainer",
        "environmentId": f"{PROVIDER}/managedEnvironments/cae",
        "customContainerTemplate": template,
        **more,
    }


def test_a_pool_ends_with_an_endpoint_of_its_region(apps: Apps) -> None:
    reply = pool(apps, containerType="PythonLTS")
    assert (reply.status, reply.body["properties"]["provisioningState"]) == (201, "InProgress")
    assert apps.finished(reply)["status"] == "Succeeded"
    properties = apps.arm.get(POOL, MCP)["properties"]
    assert properties["poolManagementEndpoint"].startswith("https://eastus.dynamicsessions.io/subscriptions/")
    assert properties["sessionNetworkConfiguration"] == {"status": "EgressDisabled"}
    assert "mcpServerSettings" not in properties


@pytest.mark.parametrize("kind", ["PythonLTS", "Shell"])
def test_an_mcp_server_has_an_endpoint_that_only_one_version_shows(apps: Apps, kind: str) -> None:
    apps.finished(pool(apps, containerType=kind, mcpServerSettings={"isMcpServerEnabled": True}))
    assert apps.arm.get(POOL, MCP)["properties"]["mcpServerSettings"]["mcpServerEndpoint"].endswith("/mcp")
    for version in ("2025-02-02-preview", "2026-01-01"):
        assert "mcpServerSettings" not in apps.arm.get(POOL, version)["properties"]


@pytest.mark.parametrize("version", ["2025-02-02-preview", "2026-01-01"])
def test_other_versions_do_not_know_mcp(apps: Apps, version: str) -> None:
    refused = pool(apps, version, containerType="Shell", mcpServerSettings={"isMcpServerEnabled": True})
    assert refused.code == "InvalidRequestContent"
    assert "mcpServerSettings" in refused.message


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        (
            {"containerType": "NodeLTS", "mcpServerSettings": {"isMcpServerEnabled": True}},
            "SessionPoolMcpServerNotSupported",
        ),
        ({"containerType": "RubyLTS"}, "InvalidRequestContent"),
        ({"containerType": "CustomContainer"}, "SessionPoolEnvironmentRequired"),
        ({"containerType": "PythonLTS", "customContainerTemplate": {}}, "SessionPoolInvalidTemplate"),
        (
            {
                "containerType": "PythonLTS",
                "dynamicPoolConfiguration": {"lifecycleConfiguration": {"cooldownPeriodInSeconds": 299}},
            },
            "SessionPoolInvalidCooldownPeriod",
        ),
        (
            {
                "containerType": "PythonLTS",
                "dynamicPoolConfiguration": {"lifecycleConfiguration": {"lifecycleType": "OnContainerExit"}},
            },
            "SessionPoolInvalidLifecycleType",
        ),
    ],
)
def test_a_pool_is_refused(apps: Apps, properties: dict[str, Any], code: str) -> None:
    apps.registry()
    refused = pool(apps, **properties)
    assert (refused.status, refused.code) == (400, code)


def test_a_custom_pool_pulls_and_is_served_below_its_environment(apps: Apps) -> None:
    apps.registry()
    domain = apps.create()["properties"]["defaultDomain"]
    assert apps.finished(pool(apps, **custom()))["status"] == "Succeeded"
    assert apps.arm.get(POOL, MCP)["properties"]["poolManagementEndpoint"] == f"https://pool.{domain}"
    assert apps.arm("DELETE", f"{PROVIDER}/managedEnvironments/cae").code == "ManagedEnvironmentHasChildResources"


def test_a_custom_pool_whose_identity_may_not_pull_is_refused(apps: Apps) -> None:
    apps.registry(role="")
    apps.create()
    assert "UNAUTHORIZED" in pool(apps, **custom()).message


@pytest.mark.parametrize(
    "change", [{"containerType": "Shell"}, {"environmentId": f"{PROVIDER}/managedEnvironments/cae"}]
)
def test_type_and_environment_are_fixed(apps: Apps, change: dict[str, Any]) -> None:
    apps.create()
    apps.finished(pool(apps, containerType="PythonLTS"))
    refused = pool(apps, **{"containerType": "PythonLTS", **change})
    assert (refused.status, refused.code) == (409, "PropertyChangeNotAllowed")
