"""An Azure Monitor workspace: stores clusters' Prometheus metrics.

It owns the workspace only; senders own their data collection rules. Azure creates a default endpoint and rule with
it, and deletes them with it. Role assignments for queries do not belong to it. [AMW-1, AMW-2]
"""

import pulumi
import pulumi_azure_native as azure_native


class MetricsWorkspace(pulumi.ComponentResource):
    """One workspace; makes Microsoft.Monitor/accounts."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    query_endpoint: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        workspace_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workspace.

        Args:
            name: logical name; the child's name starts with it.
            workspace_name: physical name.
            location: region; cannot change.
            resource_group_name: where it goes.
            tags: set on the workspace.
            opts: options of the component itself.
        """
        super().__init__("moorings:monitoring:MetricsWorkspace", name, None, opts)
        workspace = azure_native.monitor.AzureMonitorWorkspace(
            f"{name}-workspace",
            azure_monitor_workspace_name=workspace_name,
            resource_group_name=resource_group_name,
            location=location,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.id = workspace.id
        self.name = workspace.name
        self.query_endpoint = workspace.metrics.apply(lambda shown: shown.prometheus_query_endpoint if shown else "")
        self.register_outputs({"id": self.id, "name": self.name, "query_endpoint": self.query_endpoint})
