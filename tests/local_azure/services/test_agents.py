from __future__ import annotations

from typing import Any

import pytest
from arm_client import GROUP, Arm

AGENT = f"{GROUP}/providers/Microsoft.App/agents/sre"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/sre"
VERSION = "2026-01-01"


def body(*, assigned: bool = True, **properties: Any) -> dict[str, Any]:
    identity = {"type": "UserAssigned", "userAssignedIdentities": {IDENTITY: {}}} if assigned else {"type": "None"}
    return {"location": "eastus", "identity": identity, "properties": properties}


@pytest.fixture(autouse=True)
def identity(arm: Arm) -> None:
    arm.put(IDENTITY, {"location": "eastus"})


def test_an_agent_has_an_endpoint_and_runs(arm: Arm) -> None:
    made = arm.put(AGENT, body(actionConfiguration={"identity": IDENTITY, "mode": "Review"}), VERSION)["properties"]
    assert made["agentEndpoint"] == "https://sre.eastus.azuresre.ai"
    assert (made["powerState"], made["provisioningState"]) == ("Running", "Succeeded")


@pytest.mark.parametrize("block", ["actionConfiguration", "knowledgeGraphConfiguration"])
def test_an_identity_that_is_not_assigned_is_refused(arm: Arm, block: str) -> None:
    reply = arm("PUT", AGENT, body(assigned=False, **{block: {"identity": IDENTITY}}), VERSION)
    assert (reply.status, reply.code) == (400, "InvalidIdentity")


def test_what_arm_has_no_field_for_is_refused(arm: Arm) -> None:
    assert arm("PUT", AGENT, body(egressConfiguration={"mode": "Limited"}), VERSION).status == 400


def test_a_connection_string_is_taken_and_never_shown(arm: Arm) -> None:
    logs = {"applicationInsightsConfiguration": {"appId": "a", "connectionString": "InstrumentationKey=hush"}}
    made = arm.put(AGENT, body(logConfiguration=logs), VERSION)
    assert "hush" not in str(made)
    assert made["properties"]["logConfiguration"]["applicationInsightsConfiguration"] == {"appId": "a"}


@pytest.mark.parametrize("name", ["1sre", "sre-", "s" * 33])
def test_a_bad_name_is_refused(arm: Arm, name: str) -> None:
    assert arm("PUT", AGENT.replace("/sre", f"/{name}"), body(), VERSION).status == 400
