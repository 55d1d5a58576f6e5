"""Microsoft.App agents: SRE Agent and its connectors [SRE-1, SRE-9].

No types are published for the preview version: its members are those of the later one, and those that the templates of the
service's owner send.
"""

from __future__ import annotations

from typing import Any

from local_azure.arm_family import UNREAD, Family, Marks, Shape, TypeRow

AGENTS = "Microsoft.App/agents"
CONNECTORS = f"{AGENTS}/connectors"
PREVIEW = "2025-05-01-preview"

_TEXT: dict[str, Any] = {"type": {"k": "string"}}
_TEXTS: dict[str, Any] = {"type": {"k": "array", "of": {"k": "string"}}}
_SWITCH: dict[str, Any] = {"type": {"k": "bool"}}


def _ref(name: str) -> dict[str, Any]:
    return {"type": {"k": "ref", "ref": f"{AGENTS}:{name}"}}


def _read_only(member: dict[str, Any]) -> dict[str, Any]:
    return {**member, "readOnly": True}


_UNTYPED = Shape(
    AGENTS,
    {
        PREVIEW: {
            "location": {**_TEXT, "required": True},
            "tags": {"type": {"k": "map", "of": {"k": "string"}}},
            "identity": _ref("Identity"),
            "systemData": _read_only({"type": {"k": "any"}}),
            "properties.provisioningState": _read_only(_TEXT),
            "properties.agentEndpoint": _read_only(_TEXT),
            "properties.runningState": _read_only(_TEXT),
            "properties.powerState": _read_only(_TEXT),
            "properties.actionConfiguration": _ref("Action"),
            "properties.knowledgeGraphConfiguration": _ref("Knowledge"),
            "properties.logConfiguration": _ref("Logs"),
            "properties.incidentManagementConfiguration": _ref("Incidents"),
            "properties.upgradeChannel": _TEXT,
            "properties.defaultModel": _ref("Model"),
            # From here on as the templates send it.
            "properties.monthlyAgentUnitLimit": {"type": {"k": "int"}},
            "properties.experimentalSettings": {"type": {"k": "map", "of": {"k": "any"}}},
            "properties.vnetConfiguration": _ref("Network"),
            "properties.sandboxConfiguration": _ref("Sandbox"),
        }
    },
    {
        "Identity": {
            "type": {**_TEXT, "required": True},
            "principalId": _read_only(_TEXT),
            "tenantId": _read_only(_TEXT),
            "userAssignedIdentities": {"type": {"k": "set"}},
        },
        "Action": {"identity": _TEXT, "mode": _TEXT, "accessLevel": _TEXT},
        "Knowledge": {"identity": _TEXT, "managedResources": _TEXTS},
        "Logs": {"applicationInsightsConfiguration": _ref("Insights")},
        "Insights": {"appId": _TEXT, "connectionString": _TEXT},
        "Incidents": {
            "type": _TEXT,
            "connectionName": _TEXT,
            "connectionUrl": _TEXT,
            "connectionKey": _TEXT,
            "oboUser": _TEXT,
        },
        "Model": {"provider": _TEXT, "name": _TEXT},
        "Network": {"subnetResourceId": {**_TEXT, "required": True}},
        "Sandbox": {"egress": _ref("Egress"), "packages": {"type": {"k": "array", "of": {"k": "any"}}}},
        "Egress": {
            "mode": {
                "type": {"k": "enum", "values": ["Unrestricted", "Limited", "AzureVNet"]},
                "required": True,
            },
            "allowedHosts": _TEXTS,
            "allowedRegistries": _TEXTS,
            "allowedCodeRepositories": _TEXTS,
            "allowHttpMcpServerNetworkAccess": _SWITCH,
            "vnetConfiguration": _ref("EgressNetwork"),
        },
        "EgressNetwork": {"usePrivateDnsResolution": _SWITCH},
    },
)

FAMILY = Family(
    types=(
        TypeRow(AGENTS, "app", "Agent", ("agentName",)),
        TypeRow(CONNECTORS, "app", "AgentsConnector", ("agentName", "connectorName")),
    ),
    shapes=(_UNTYPED,),
    required={"app/Agent": frozenset({"location"})},
    marks={
        AGENTS: Marks("chosen: location of a tracked resource", frozenset({"location"})),
        CONNECTORS: UNREAD,
    },
)
