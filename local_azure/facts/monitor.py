"""Microsoft.Monitor: Azure Monitor workspaces, which keep Prometheus metrics."""

from __future__ import annotations

from local_azure.arm_family import Family, Marks, TypeRow

ACCOUNTS = "Microsoft.Monitor/accounts"

FAMILY = Family(
    types=(TypeRow(ACCOUNTS, "monitor", "AzureMonitorWorkspace", ("azureMonitorWorkspaceName",)),),
    required={"monitor/AzureMonitorWorkspace": frozenset({"location"})},
    marks={ACCOUNTS: Marks("azure-mgmt-monitorworkspaces 1.0.0 (2025-10-03)", frozenset({"location"}))},
    synchronous_put=frozenset({ACCOUNTS}),
)
