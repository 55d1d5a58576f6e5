"""Telemetry of address drift: Application Insights, and a custom table with a data collection rule.

It owns the table, the rule and its endpoint. It deliberately does not own the workspace. Local authentication is
disabled: the app authenticates with its identity. [DCR-1, APPI-1, LAW-2]
"""

import pulumi
import pulumi_azure_native as azure_native

from components.address_drift.function.track import COLUMNS

TABLE = "AddressDrift_CL"
"""Name of the table; names of custom tables end in _CL [LAW-2]."""

STREAM = f"Custom-{TABLE}"

_TABLE_TYPES = {"datetime": "dateTime"}
"""Column types whose names in a table differ from those in a data collection rule."""


class Telemetry(pulumi.ComponentResource):
    """Ingestion of the app's telemetry into a workspace.

    Makes Microsoft.OperationalInsights/workspaces/tables, and Microsoft.Insights/dataCollectionEndpoints,
    dataCollectionRules and components.
    """

    endpoint: pulumi.Output[str]
    rule_id: pulumi.Output[str]
    rule_immutable_id: pulumi.Output[str]
    component_id: pulumi.Output[str]
    connection_string: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        endpoint_name: str,
        rule_name: str,
        component_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        workspace_id: pulumi.Output[str],
        workspace_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the table, endpoint, rule and component.

        Args:
            name: logical name; children's names start with it.
            endpoint_name: physical name of the data collection endpoint.
            rule_name: physical name of the data collection rule.
            component_name: physical name of the Application Insights component.
            location: region, that of the workspace.
            resource_group_name: where they go; the table goes into the workspace.
            workspace_id: ARM id of the workspace.
            workspace_name: its physical name.
            tags: set on everything but the table.
            opts: options of the component itself.
        """
        super().__init__("moorings:address_drift:Telemetry", name, None, opts)
        self._name, self._workspace_id, self._rule_name = name, workspace_id, rule_name
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        table = azure_native.operationalinsights.Table(
            f"{name}-table",
            table_name=TABLE,
            workspace_name=workspace_name,
            # The table is a child of the workspace, which may be in another resource group.
            resource_group_name=workspace_id.apply(lambda arm_id: arm_id.split("/")[4]),
            schema={
                "name": TABLE,
                "columns": [{"name": key, "type": _TABLE_TYPES.get(kind, kind)} for key, kind in COLUMNS.items()],
            },
            opts=pulumi.ResourceOptions(parent=self),
        )
        endpoint = azure_native.monitor.DataCollectionEndpoint(
            f"{name}-endpoint",
            data_collection_endpoint_name=endpoint_name,
            network_acls={"public_network_access": "Enabled"},
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )
        rule = self._rule(endpoint, table)
        component = self._component(component_name)
        self.endpoint = endpoint.logs_ingestion.apply(lambda shown: str(shown.endpoint) if shown else "")
        self.rule_id = rule.id
        self.rule_immutable_id = rule.immutable_id
        self.component_id = component.id
        self.connection_string = pulumi.Output.secret(component.connection_string)
        self.register_outputs({"endpoint": self.endpoint, "rule_id": self.rule_id, "component_id": self.component_id})

    def _rule(
        self,
        endpoint: azure_native.monitor.DataCollectionEndpoint,
        table: azure_native.operationalinsights.Table,
    ) -> azure_native.monitor.DataCollectionRule:
        columns: list[azure_native.monitor.ColumnDefinitionArgsDict] = [
            {"name": key, "type": kind} for key, kind in COLUMNS.items()
        ]
        return azure_native.monitor.DataCollectionRule(
            f"{self._name}-rule",
            data_collection_rule_name=self._rule_name,
            data_collection_endpoint_id=endpoint.id,
            stream_declarations={STREAM: {"columns": columns}},
            destinations={"log_analytics": [{"name": "workspace", "workspace_resource_id": self._workspace_id}]},
            data_flows=[
                {
                    "streams": [STREAM],
                    "destinations": ["workspace"],
                    "transform_kql": "source",
                    "output_stream": STREAM,
                }
            ],
            # Azure refuses a rule for a table that does not exist.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[table]),
            **self._place,
        )

    def _component(self, component_name: str) -> azure_native.applicationinsights.Component:
        return azure_native.applicationinsights.Component(
            f"{self._name}-insights",
            resource_name_=component_name,
            kind="web",
            application_type=azure_native.applicationinsights.ApplicationType.WEB,
            workspace_resource_id=self._workspace_id,
            disable_local_auth=True,
            opts=pulumi.ResourceOptions(
                parent=self, additional_secret_outputs=["connectionString", "instrumentationKey"]
            ),
            **self._place,
        )
