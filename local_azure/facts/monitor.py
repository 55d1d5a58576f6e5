"""Microsoft.Monitor: Azure Monitor workspaces, which keep Prometheus metrics."""

from __future__ import annotations

from local_azure.arm_family import Family, TypeRow

ACCOUNTS = "Microsoft.Monitor/accounts"

FAMILY = Family(
    types=(TypeRow(ACCOUNTS, "monitor", "AzureMonitorWorkspace", ("azureMonitorWorkspaceName",)),),
    required={"monitor/AzureMonitorWorkspace": frozenset({"location"})},
    force_new={ACCOUNTS: frozenset({"location"})},
    synchronous_put=frozenset({ACCOUNTS}),
)
