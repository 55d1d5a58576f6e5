"""A Log Analytics workspace.

It owns the workspace only; senders own their diagnostic settings. Senders use their identity: shared keys are disabled
by default, and read only for a service that accepts nothing else. [LAW-1, LAW-3]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.elsewhere import name_of, parsed
from components.monitoring.spec import WorkspaceSpec


class Workspace(pulumi.ComponentResource):
    """One workspace; makes Microsoft.OperationalInsights/workspaces.

    With ``spec.id`` the workspace is made elsewhere and nothing is made here; what its outputs say is read.
    """

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    customer_id: pulumi.Output[str]
    """Workspace id by which agents and container groups name the workspace."""

    def __init__(
        self,
        name: str,
        spec: WorkspaceSpec,
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
            spec: retention, daily cap, and whether shared keys are enabled.
            workspace_name: physical name.
            location: region; cannot change.
            resource_group_name: where it goes.
            tags: set on the workspace.
            opts: options of the component itself.
        """
        super().__init__("moorings:monitoring:Workspace", name, None, opts)
        if spec.id is not None:
            there = parsed(spec.id)
            # Azure generates the customer id, so it cannot be derived from the ARM id.
            read = azure_native.operationalinsights.get_workspace_output(
                resource_group_name=there.resource_group if there else "",
                workspace_name=name_of(spec.id),
                opts=pulumi.InvokeOutputOptions(parent=self),
            )
            self.id, self.name = pulumi.Output.from_input(spec.id), pulumi.Output.from_input(name_of(spec.id))
            self.customer_id = read.customer_id
        else:
            workspace = self._workspace(name, spec, workspace_name, location, resource_group_name, tags)
            self.id, self.name, self.customer_id = workspace.id, workspace.name, workspace.customer_id
        self.register_outputs({"id": self.id, "name": self.name, "customer_id": self.customer_id})

    def _workspace(
        self,
        name: str,
        spec: WorkspaceSpec,
        workspace_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
    ) -> "azure_native.operationalinsights.Workspace":
        return azure_native.operationalinsights.Workspace(
            f"{name}-workspace",
            workspace_name=workspace_name,
            resource_group_name=resource_group_name,
            location=location,
            sku={"name": "PerGB2018"},
            retention_in_days=spec.retention_days,
            workspace_capping={"daily_quota_gb": spec.daily_cap_gb} if spec.daily_cap_gb else None,
            features={
                "disable_local_auth": not spec.shared_keys,
                "enable_log_access_using_only_resource_permissions": True,
            },
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
