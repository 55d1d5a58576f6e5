"""Microsoft.Insights: data collection endpoints, rules and associations, and Application Insights components."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

ENDPOINTS = "Microsoft.Insights/dataCollectionEndpoints"
RULES = "Microsoft.Insights/dataCollectionRules"
ASSOCIATIONS = "Microsoft.Insights/dataCollectionRuleAssociations"
COMPONENTS = "Microsoft.Insights/components"

_TRACKED = frozenset({ENDPOINTS, RULES, COMPONENTS})
_SYNCHRONOUS = _TRACKED | {ASSOCIATIONS}

_COLLECTION = "monitor/resource-manager/Microsoft.Insights/stable/2022-06-01"
_SOURCES = tuple(
    f"dataSources.{kind}"
    for kind in (
        "performanceCounters",
        "windowsEventLogs",
        "syslog",
        "extensions",
        "logFiles",
        "iisLogs",
        "windowsFirewallLogs",
        "prometheusForwarder",
        "platformTelemetry",
    )
)
_DESTINATIONS = tuple(
    f"destinations.{kind}"
    for kind in (
        "logAnalytics",
        "monitoringAccounts",
        "eventHubs",
        "eventHubsDirect",
        "storageBlobsDirect",
        "storageTablesDirect",
        "storageAccounts",
    )
)

_PASCAL = (
    "applicationId",
    "appId",
    "connectionString",
    "creationDate",
    "disableIpMasking",
    "disableLocalAuth",
    "forceCustomerStorageForProfiler",
    "hockeyAppId",
    "hockeyAppToken",
    "immediatePurgeDataOn30Days",
    "ingestionMode",
    "instrumentationKey",
    "laMigrationDate",
    "privateLinkScopedResources",
    "retentionInDays",
    "samplingPercentage",
    "tenantId",
    "workspaceResourceId",
)
"""Members of a component that the wire spells with a capital."""

FAMILY = Family(
    types=(
        TypeRow(ENDPOINTS, "monitor", "DataCollectionEndpoint", ("dataCollectionEndpointName",)),
        TypeRow(RULES, "monitor", "DataCollectionRule", ("dataCollectionRuleName",)),
        TypeRow(
            ASSOCIATIONS,
            "monitor",
            "DataCollectionRuleAssociation",
            ("resourceUri", "associationName"),
            "extension",
        ),
        TypeRow(COMPONENTS, "applicationinsights", "Component", ("resourceName",)),
    ),
    values={
        **{f"monitor:{cls}": {"streams": frozenset({"*"})} for cls in ("DataFlow", "ExtensionDataSource")},
        "monitor/DataCollectionRule": {
            "kind": frozenset(
                {"AgentDirectToStore", "AgentSettings", "Direct", "PlatformTelemetry", "WorkspaceTransforms"}
            )
        },
    },
    required={
        "monitor/DataCollectionEndpoint": frozenset({"location"}),
        "monitor/DataCollectionRule": frozenset({"location"}),
        "applicationinsights/Component": frozenset({"location"}),
    },
    # Components keep the spelling of their first API [SDK-RENAME].
    renames={
        "applicationinsights/Component": {
            **{name: f"properties.{name[0].upper()}{name[1:]}" for name in _PASCAL},
            "applicationType": "properties.Application_Type",
            "flowType": "properties.Flow_Type",
            "requestSource": "properties.Request_Source",
        }
    },
    marks={
        ENDPOINTS: Marks(f"{_COLLECTION}/dataCollectionEndpoints_API.json", frozenset({"location"})),
        RULES: Marks(
            f"{_COLLECTION}/dataCollectionRules_API.json",
            frozenset({"location"}),
            keyed=dict.fromkeys((*_SOURCES, *_DESTINATIONS), ("name",)),
        ),
        ASSOCIATIONS: Marks("chosen: no marks"),
        COMPONENTS: Marks(
            "applicationinsights/resource-manager/Microsoft.Insights/stable/2020-02-02/components_API.json",
            frozenset({"location", "applicationType"}),
        ),
    },
    synchronous_put=_SYNCHRONOUS,
    synchronous_delete=_SYNCHRONOUS,
)
