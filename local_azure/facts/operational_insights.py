"""Microsoft.OperationalInsights: Log Analytics workspaces."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

WORKSPACES = "Microsoft.OperationalInsights/workspaces"

FAMILY = Family(
    types=(TypeRow(WORKSPACES, "operationalinsights", "Workspace", ("workspaceName",)),),
    required={"operationalinsights/Workspace": frozenset({"location"})},
    renames={"operationalinsights/Workspace": {"sku": "properties.sku"}},
    force_new={WORKSPACES: frozenset({"location"})},
    list_actions={"operationalinsights:getWorkspaceSharedKeys": (WORKSPACES, "sharedKeys")},
)
