"""An Azure Monitor workspace: stores clusters' Prometheus metrics.

It owns the workspace only; senders own their data collection rules. Azure creates a default endpoint and rule with
it, and deletes them with it. Role assignments for queries do not belong to it. [AMW-1, AMW-2]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.elsewhere import name_of, parsed


class MetricsWorkspace(pulumi.ComponentResource):
    """One workspace; makes Microsoft.Monitor/accounts.

    With ``made_elsewhere`` nothing is made here; what the outputs say is read.
    """

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
        made_elsewhere: str | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the workspace.

        Args:
            name: logical name; the child's name starts with it.
            workspace_name: physical name.
            location: region; cannot change.
            resource_group_name: where it goes.
            tags: set on the workspace.
            made_elsewhere: ARM id of a workspace made elsewhere.
            opts: options of the component itself.
        """
        super().__init__("moorings:monitoring:MetricsWorkspace", name, None, opts)
        if made_elsewhere is not None:
            there = parsed(made_elsewhere)
            # Azure generates the query endpoint, so it cannot be derived from the id.
            read = azure_native.monitor.get_azure_monitor_workspace_output(
                azure_monitor_workspace_name=name_of(made_elsewhere),
                resource_group_name=there.resource_group if there else "",
                opts=pulumi.InvokeOutputOptions(parent=self),
            )
            self.id = pulumi.Output.from_input(made_elsewhere)
            self.name = pulumi.Output.from_input(name_of(made_elsewhere))
            metrics = read.metrics
        else:
            workspace = azure_native.monitor.AzureMonitorWorkspace(
                f"{name}-workspace",
                azure_monitor_workspace_name=workspace_name,
                resource_group_name=resource_group_name,
                location=location,
                tags=tags,
                opts=pulumi.ResourceOptions(parent=self),
            )
            self.id, self.name, metrics = workspace.id, workspace.name, workspace.metrics
        self.query_endpoint = metrics.apply(lambda shown: shown.prometheus_query_endpoint if shown else "")
        self.register_outputs({"id": self.id, "name": self.name, "query_endpoint": self.query_endpoint})
