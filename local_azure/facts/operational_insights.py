"""Microsoft.OperationalInsights: Log Analytics workspaces and dedicated clusters."""

from __future__ import annotations

from local_azure.arm_family import Action, Family, TypeRow

WORKSPACES = "Microsoft.OperationalInsights/workspaces"
CLUSTERS = "Microsoft.OperationalInsights/clusters"
"""Dedicated clusters; no service here makes them."""

FAMILY = Family(
    types=(
        TypeRow(WORKSPACES, "operationalinsights", "Workspace", ("workspaceName",)),
        TypeRow(f"{WORKSPACES}/tables", "operationalinsights", "Table", ("workspaceName", "tableName")),
        TypeRow(CLUSTERS, "operationalinsights", "Cluster", ("clusterName",)),
    ),
    required={f"operationalinsights/{cls}": frozenset({"location"}) for cls in ("Workspace", "Cluster")},
    renames={
        "operationalinsights/Workspace": {"sku": "properties.sku"},
        "operationalinsights/Table": {"plan": "properties.plan"},
    },
    force_new={kind: frozenset({"location"}) for kind in (WORKSPACES, CLUSTERS)},
    actions={
        f"operationalinsights:{name}": Action(WORKSPACES, "sharedKeys")
        for name in ("getSharedKeys", "getWorkspaceSharedKeys")
    },
)
