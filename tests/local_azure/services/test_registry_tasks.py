"""Tasks and agent pools of the local Azure [ACR-TASKS, ACR-POOL]."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from arm_client import GROUP, NETWORK, REGISTRY

if TYPE_CHECKING:
    from arm_client import Arm, Reply

VERSION = "2025-03-01-preview"
POOL, TASK = f"{REGISTRY}/agentPools/builders", f"{REGISTRY}/tasks/purge"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/builder"
STEP = {"type": "EncodedTask", "encodedTaskContent": "c3RlcHM6"}


@pytest.fixture
def registry(arm: Arm) -> Arm:
    arm.registry()
    return arm


def _pool(arm: Arm, location: str = "eastus", **properties: Any) -> Reply:
    return arm("PUT", POOL, {"location": location, "properties": {"tier": "S2", **properties}}, VERSION)


def _task(arm: Arm, location: str = "eastus", identity: Any = None, **properties: Any) -> Reply:
    body = {
        "location": location,
        "properties": {"step": STEP, **properties},
        **({"identity": identity} if identity else {}),
    }
    return arm("PUT", TASK, body, VERSION)


def test_a_pool_in_a_subnet_has_one_linux_instance_by_default(registry: Arm) -> None:
    registry.network("main", build="10.0.1.0/24")
    subnet = f"{NETWORK}/virtualNetworks/main/subnets/build"
    assert _pool(registry, virtualNetworkSubnetResourceId=subnet).status == 201
    shown = registry.get(POOL, VERSION)["properties"]
    assert (shown["count"], shown["os"], shown["tier"]) == (1, "Linux", "S2")


def test_a_task_on_a_pool_does_not_show_its_token(registry: Arm) -> None:
    _pool(registry)
    assert _task(registry, agentPoolName="builders", step={**STEP, "contextAccessToken": "opened"}).status in {200, 201}
    shown = registry.get(TASK, VERSION)["properties"]
    assert (shown["step"], shown["status"], shown["timeout"]) == (STEP, "Enabled", 3600)
    stored = b"".join(file.read_bytes() for file in registry.store.rglob("*") if file.is_file())
    assert b"opened" not in stored


def test_a_task_signs_in_by_an_identity_that_it_has(registry: Arm) -> None:
    registry.put(IDENTITY, {"location": "eastus"})
    client = registry.get(IDENTITY)["properties"]["clientId"]
    user = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}}
    assert _task(registry, identity=user, credentials={"sourceRegistry": {"identity": client}}).status in {200, 201}
    own = {"sourceRegistry": {"identity": "[system]"}}
    assert _task(registry, identity=user, credentials=own).code == "TaskIdentityNotFound"
    assert _task(registry, identity={"type": "SystemAssigned"}, credentials=own).status == 200


def test_pools_and_tasks_are_in_the_home_region(registry: Arm) -> None:
    assert _pool(registry, "westeurope").code == "InvalidLocation"
    assert _task(registry, "westeurope").code == "InvalidLocation"


def test_pools_and_tasks_do_not_go_with_dual_stack(registry: Arm) -> None:
    registry.registry(endpointProtocol="IPv4AndIPv6", dataEndpointEnabled=True)
    assert _pool(registry).code == "TasksNotSupportedWithDualStack"
    assert _task(registry).code == "TasksNotSupportedWithDualStack"


def test_pools_need_premium_a_known_tier_and_a_subnet_that_exists(registry: Arm) -> None:
    assert _pool(registry, tier="S9").code == "InvalidAgentPoolTier"
    missing = f"{NETWORK}/virtualNetworks/main/subnets/none"
    assert _pool(registry, virtualNetworkSubnetResourceId=missing).code == "SubnetNotFound"
    assert _task(registry, agentPoolName="none").code == "AgentPoolNotFound"
    registry.registry(sku="Standard")
    assert _pool(registry).code == "AgentPoolNotSupported"
