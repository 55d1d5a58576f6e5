"""Microsoft.App agents: SRE Agent and its connectors [SRE-1, SRE-9].

No types are published for the preview version: its members are those of the later one, and those that the templates of the
service's owner send.
"""

from __future__ import annotations

from local_azure.arm_family import (
    COUNT,
    IDENTITY,
    REQUIRED_TEXT,
    SHOWN,
    STATE,
    SWITCH,
    TAGS,
    TEXT,
    TEXTS,
    UNREAD,
    Family,
    Marks,
    Member,
    Shape,
    TypeRow,
)

AGENTS = "Microsoft.App/agents"
CONNECTORS = f"{AGENTS}/connectors"
PREVIEW = "2025-05-01-preview"


def _ref(name: str) -> Member:
    return {"type": {"k": "ref", "ref": f"{AGENTS}:{name}"}}


_UNTYPED = Shape(
    AGENTS,
    {
        PREVIEW: {
            "location": REQUIRED_TEXT,
            "tags": TAGS,
            "identity": _ref("Identity"),
            **STATE,
            "properties.agentEndpoint": SHOWN,
            "properties.runningState": SHOWN,
            "properties.powerState": SHOWN,
            "properties.actionConfiguration": _ref("Action"),
            "properties.knowledgeGraphConfiguration": _ref("Knowledge"),
            "properties.logConfiguration": _ref("Logs"),
            "properties.incidentManagementConfiguration": _ref("Incidents"),
            "properties.upgradeChannel": TEXT,
            "properties.defaultModel": _ref("Model"),
            # From here on as the templates send it.
            "properties.monthlyAgentUnitLimit": COUNT,
            "properties.experimentalSettings": {"type": {"k": "map", "of": {"k": "any"}}},
            "properties.vnetConfiguration": _ref("Network"),
            "properties.sandboxConfiguration": _ref("Sandbox"),
        }
    },
    {
        "Identity": IDENTITY,
        "Action": {"identity": TEXT, "mode": TEXT, "accessLevel": TEXT},
        "Knowledge": {"identity": TEXT, "managedResources": TEXTS},
        "Logs": {"applicationInsightsConfiguration": _ref("Insights")},
        "Insights": {"appId": TEXT, "connectionString": TEXT},
        "Incidents": {
            "type": TEXT,
            "connectionName": TEXT,
            "connectionUrl": TEXT,
            "connectionKey": TEXT,
            "oboUser": TEXT,
        },
        "Model": {"provider": TEXT, "name": TEXT},
        "Network": {"subnetResourceId": REQUIRED_TEXT},
        "Sandbox": {"egress": _ref("Egress"), "packages": {"type": {"k": "array", "of": {"k": "any"}}}},
        "Egress": {
            "mode": {
                "type": {"k": "enum", "values": ["Unrestricted", "Limited", "AzureVNet"]},
                "required": True,
            },
            "allowedHosts": TEXTS,
            "allowedRegistries": TEXTS,
            "allowedCodeRepositories": TEXTS,
            "allowHttpMcpServerNetworkAccess": SWITCH,
            "vnetConfiguration": _ref("EgressNetwork"),
        },
        "EgressNetwork": {"usePrivateDnsResolution": SWITCH},
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
