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
    created = arm.put(AGENT, body(actionConfiguration={"identity": IDENTITY, "mode": "Review"}), VERSION)["properties"]
    assert created["agentEndpoint"] == "https://sre.eastus.azuresre.ai"
    assert (created["powerState"], created["provisioningState"]) == ("Running", "Succeeded")


@pytest.mark.parametrize("block", ["actionConfiguration", "knowledgeGraphConfiguration"])
def test_an_identity_that_is_not_assigned_is_refused(arm: Arm, block: str) -> None:
    reply = arm("PUT", AGENT, body(assigned=False, **{block: {"identity": IDENTITY}}), VERSION)
    assert (reply.status, reply.code) == (400, "InvalidIdentity")


def test_what_arm_has_no_field_for_is_refused(arm: Arm) -> None:
    assert arm("PUT", AGENT, body(egressConfiguration={"mode": "Limited"}), VERSION).status == 400


def test_a_connection_string_is_taken_and_never_shown(arm: Arm) -> None:
    logs = {"applicationInsightsConfiguration": {"appId": "a", "connectionString": "InstrumentationKey=hush"}}
    created = arm.put(AGENT, body(logConfiguration=logs), VERSION)
    assert "hush" not in str(created)
    assert created["properties"]["logConfiguration"]["applicationInsightsConfiguration"] == {"appId": "a"}


@pytest.mark.parametrize("name", ["1sre", "sre-", "s" * 33])
def test_a_bad_name_is_refused(arm: Arm, name: str) -> None:
    assert arm("PUT", AGENT.replace("/sre", f"/{name}"), body(), VERSION).status == 400


PREVIEW = "2025-05-01-preview"
NETWORK = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/vnet"
SUBNET = f"{NETWORK}/subnets/agent"


def networked(arm: Arm, prefix: str, *, delegation: str | None = "Microsoft.App/environments") -> dict[str, Any]:
    """A network with a subnet for an agent, and the body of an agent in it."""
    delegations = [{"name": "d", "properties": {"serviceName": delegation}}] if delegation else []
    subnet = {"name": "agent", "properties": {"addressPrefix": prefix, "delegations": delegations}}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [subnet]}
    arm.put(NETWORK, {"location": "eastus", "properties": space})
    egress = {"mode": "AzureVNet", "allowedHosts": [], "vnetConfiguration": {"usePrivateDnsResolution": True}}
    return body(vnetConfiguration={"subnetResourceId": SUBNET}, sandboxConfiguration={"egress": egress})


def test_the_preview_version_takes_network_and_egress(arm: Arm) -> None:
    created = arm.put(AGENT, networked(arm, "10.0.1.0/27"), PREVIEW)["properties"]
    assert created["sandboxConfiguration"]["egress"]["vnetConfiguration"] == {"usePrivateDnsResolution": True}
    assert created["vnetConfiguration"] == {"subnetResourceId": SUBNET}


def test_the_published_version_has_neither_network_nor_egress(arm: Arm) -> None:
    assert arm("PUT", AGENT, networked(arm, "10.0.1.0/27"), VERSION).status == 400


@pytest.mark.parametrize(
    ("prefix", "delegation", "code"),
    [
        ("10.0.1.0/28", "Microsoft.App/environments", "InvalidSubnet"),
        ("10.0.1.0/27", None, "SubnetMissingRequiredDelegation"),
    ],
)
def test_a_subnet_that_is_too_small_or_not_delegated_is_refused(
    arm: Arm, prefix: str, delegation: str | None, code: str
) -> None:
    reply = arm("PUT", AGENT, networked(arm, prefix, delegation=delegation), PREVIEW)
    assert (reply.status, reply.code) == (400, code)


def test_a_subnet_of_another_region_and_one_that_does_not_exist_are_refused(arm: Arm) -> None:
    asked = networked(arm, "10.0.1.0/27")
    assert arm("PUT", AGENT, {**asked, "location": "westus"}, PREVIEW).code == "InvalidSubnet"
    missing = body(vnetConfiguration={"subnetResourceId": f"{SUBNET}s"})
    assert arm("PUT", AGENT, missing, PREVIEW).code == "InvalidResourceReference"


def test_an_egress_mode_that_nobody_knows_is_refused(arm: Arm) -> None:
    egress = {"mode": "Closed"}
    assert arm("PUT", AGENT, body(sandboxConfiguration={"egress": egress}), PREVIEW).status == 400


def test_a_key_of_an_incident_platform_is_taken_and_never_shown(arm: Arm) -> None:
    incidents = {"type": "PagerDuty", "connectionName": "duty", "connectionKey": "hush"}
    created = arm.put(AGENT, body(incidentManagementConfiguration=incidents), PREVIEW)
    assert "hush" not in str(created)
    assert created["properties"]["incidentManagementConfiguration"]["connectionName"] == "duty"


def test_a_connector_reads_as_an_identity_of_its_agent(arm: Arm) -> None:
    arm.put(AGENT, body(), VERSION)
    connector = {"dataConnectorType": "AzureMonitor", "dataSource": "/subscriptions/s"}
    arm.put(f"{AGENT}/connectors/monitor", {"properties": {**connector, "identity": IDENTITY}}, VERSION)
    stranger = {"properties": {**connector, "identity": f"{IDENTITY}s"}}
    assert arm("PUT", f"{AGENT}/connectors/other", stranger, VERSION).code == "InvalidIdentity"
