"""Microsoft.OperationalInsights: Log Analytics workspaces and dedicated clusters."""

from __future__ import annotations

from local_azure.arm_family import Action, Family, Marks, TypeRow

WORKSPACES = "Microsoft.OperationalInsights/workspaces"
TABLES = f"{WORKSPACES}/tables"
CLUSTERS = "Microsoft.OperationalInsights/clusters"
"""Dedicated clusters; no service here makes them."""

_PACKAGE = "azure-mgmt-loganalytics 14.0.0 (2025-07-01)"

FAMILY = Family(
    types=(
        TypeRow(WORKSPACES, "operationalinsights", "Workspace", ("workspaceName",)),
        TypeRow(TABLES, "operationalinsights", "Table", ("workspaceName", "tableName")),
        TypeRow(CLUSTERS, "operationalinsights", "Cluster", ("clusterName",)),
    ),
    required={f"operationalinsights/{cls}": frozenset({"location"}) for cls in ("Workspace", "Cluster")},
    renames={
        "operationalinsights/Workspace": {"sku": "properties.sku"},
        "operationalinsights/Table": {"plan": "properties.plan"},
    },
    marks={
        WORKSPACES: Marks(_PACKAGE, frozenset({"location"})),
        TABLES: Marks(_PACKAGE),
        CLUSTERS: Marks(_PACKAGE, frozenset({"location", "isDoubleEncryptionEnabled"})),
    },
    actions={
        f"operationalinsights:{name}": Action(WORKSPACES, "sharedKeys")
        for name in ("getSharedKeys", "getWorkspaceSharedKeys")
    },
)
