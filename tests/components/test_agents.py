from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pulumi.runtime.rpc import is_rpc_secret, unwrap_rpc_secret
from pydantic import SecretStr, ValidationError

from components.agents.agent import Agent
from components.agents.spec import AgentEgressSpec, AgentSpec, ConnectorSpec, IncidentsSpec, LogsSpec, ScopeSpec
from components.testing import Recording

Record = Callable[..., Recording]
SCOPE = "/subscriptions/22222222-2222-2222-2222-222222222222/resourceGroups/shop"


SUBNET = "/subscriptions/s/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/v/subnets/agent"
VNET: dict[str, Any] = {"mode": "azure_vnet", "network": "eastus", "subnet": "agent"}


def spec(**more: Any) -> AgentSpec:
    return AgentSpec(**{"identity": "sre", "egress": AgentEgressSpec(mode="limited"), **more})


def egress(record: Record, **stated: Any) -> tuple[Any, Any]:
    """What is sent of the egress, and of the subnet."""
    wanted = AgentEgressSpec.model_validate(stated)
    sent = create(record, spec(egress=wanted)).named("sre-agent").inputs["properties"]
    return sent["sandboxConfiguration"]["egress"], sent.get("vnetConfiguration")


def create(record: Record, wanted: AgentSpec) -> Recording:
    return record(
        lambda: Agent(
            "sre",
            wanted,
            agent_name="sre-contoso",
            location="eastus",
            resource_group_name="rg",
            identity_id="/i/sre",
            principal_id="p",
            subnet_id=SUBNET if wanted.egress.subnet else None,
            scope_ids=dict.fromkeys(wanted.scopes, SCOPE),
            tags={},
        ),
        answers={"Resource": {"properties": {"agentEndpoint": "https://sre-contoso.eastus.azuresre.ai"}}},
    )


def test_an_agent_acts_as_its_identity_and_only_proposes(record: Record) -> None:
    inputs = create(record, spec(scopes={"shop": ScopeSpec(id=SCOPE)})).named("sre-agent").inputs
    assert inputs["identity"] == {"type": "UserAssigned", "userAssignedIdentities": ["/i/sre"]}
    assert inputs["properties"] == {
        "actionConfiguration": {"identity": "/i/sre", "mode": "Review", "accessLevel": "Low"},
        "knowledgeGraphConfiguration": {"identity": "/i/sre", "managedResources": [SCOPE]},
        "upgradeChannel": "Stable",
        "sandboxConfiguration": {
            "egress": {
                "mode": "Limited",
                "allowedHosts": [],
                "allowedRegistries": [],
                "allowedCodeRepositories": [],
                "allowHttpMcpServerNetworkAccess": False,
            }
        },
    }
    assert (inputs["resourceType"], inputs["apiVersion"]) == ("agents", "2025-05-01-preview")


def test_its_identity_reads_what_it_looks_at_before_it_starts(record: Record) -> None:
    recording = create(record, spec(scopes={"shop": ScopeSpec(id=SCOPE)}))
    roles = recording.of_type("RoleAssignment")
    assert {found.inputs["roleDefinitionId"].rpartition("/")[2] for found in roles} == {
        "acdd72a7-3385-48ef-bd42-f606fba81ae7",
        "73c42c96-874c-492b-b04d-ab87d138a893",
    }
    assert {found.inputs["scope"] for found in roles} == {SCOPE}
    assert {recording.urn_of(found) for found in roles} <= recording.named("sre-agent").depends_on


def test_an_agent_is_protected_unless_that_is_given_up(record: Record) -> None:
    assert create(record, spec()).named("sre-agent").protect
    assert not create(record, spec(protect=False)).named("sre-agent").protect


@pytest.mark.parametrize(
    "scope",
    [{}, {"id": SCOPE, "resource_group": "shop"}, {"id": "/providers/Microsoft.Management/managementGroups/root"}],
)
def test_a_scope_is_one_place_below_a_subscription(scope: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ScopeSpec(**scope)


def test_limited_egress_is_what_is_named_and_nothing_else(record: Record) -> None:
    lists = {"hosts": ["*.contoso.com"], "registries": ["pypi", "nuget-org"], "code_repositories": ["Github"]}
    sent, subnet = egress(record, mode="limited", remote_mcp_servers=True, **lists)
    assert sent == {
        "mode": "Limited",
        "allowedHosts": ["*.contoso.com"],
        "allowedRegistries": ["pypi", "nuget-org"],
        "allowedCodeRepositories": ["Github"],
        "allowHttpMcpServerNetworkAccess": True,
    }
    assert subnet is None


def test_egress_through_a_subnet_names_it_and_says_who_resolves(record: Record) -> None:
    sent, subnet = egress(record, **VNET, private_dns=True)
    assert (sent["mode"], sent["vnetConfiguration"]) == ("AzureVNet", {"usePrivateDnsResolution": True})
    assert subnet == {"subnetResourceId": SUBNET}
    assert egress(record, **VNET)[0]["vnetConfiguration"] == {"usePrivateDnsResolution": False}


def test_unrestricted_egress_is_sent_too_so_that_it_takes_back_what_was(record: Record) -> None:
    assert egress(record, mode="unrestricted") == ({"mode": "Unrestricted"}, None)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"mode": "unrestricted", "hosts": ["a.example.com"]}, "mode unrestricted allows everything"),
        ({"mode": "unrestricted", "registries": ["pypi"]}, "mode unrestricted allows everything"),
        ({"mode": "unrestricted", "code_repositories": ["Github"]}, "mode unrestricted allows everything"),
        ({"mode": "unrestricted", "remote_mcp_servers": True}, "mode unrestricted allows everything"),
        ({"mode": "limited", "private_dns": True}, "mode limited has no network to resolve names in"),
        ({"mode": "limited", "network": "eastus", "subnet": "agent"}, "mode limited has no subnet"),
        ({"mode": "azure_vnet"}, "mode azure_vnet needs a network and a subnet"),
    ],
)
def test_what_a_mode_does_not_take_is_refused(stated: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        AgentEgressSpec.model_validate(stated)


def test_telemetry_and_incidents_are_sent_and_their_keys_are_secrets(record: Record) -> None:
    wanted = spec(
        logs=LogsSpec(app_id="app", connection_string=SecretStr("hush")),
        incidents=IncidentsSpec(platform="PagerDuty", connection_name="duty", connection_key=SecretStr("key")),
    )
    sent = create(record, wanted).named("sre-agent").inputs["properties"]
    assert is_rpc_secret(sent)
    plain = unwrap_rpc_secret(sent)
    insights = plain["logConfiguration"]["applicationInsightsConfiguration"]
    assert insights == {"appId": "app", "connectionString": "hush"}
    assert plain["incidentManagementConfiguration"] == {
        "type": "PagerDuty",
        "connectionName": "duty",
        "connectionKey": "key",
    }


def test_a_connector_is_a_resource_below_the_agent_and_reads_as_its_identity(record: Record) -> None:
    source = f"{SCOPE}/providers/Microsoft.OperationalInsights/workspaces/w"
    properties = {"armResourceId": source}
    connectors = {"logs": ConnectorSpec(type="LogAnalytics", data_source=source, properties=properties)}
    inputs = create(record, spec(connectors=connectors)).named("sre-connector-logs").inputs
    assert inputs["connectorName"] == "logs"
    assert inputs["properties"] == {
        "dataConnectorType": "LogAnalytics",
        "dataSource": source,
        "extendedProperties": properties,
        "identity": "/i/sre",
    }


def test_its_endpoint_is_what_azure_answers(record: Record) -> None:
    outputs = create(record, spec()).component_outputs("sre")
    assert outputs["endpoint"] == "https://sre-contoso.eastus.azuresre.ai"
