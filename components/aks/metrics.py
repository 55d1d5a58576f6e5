"""Collection of a cluster's Prometheus metrics into an Azure Monitor workspace.

It owns the data collection endpoint and rule, and the rule's association with the cluster: without one the add-on
sends nothing. It deliberately does not own the add-on, which is part of the cluster, the workspace, recording rules,
nor the endpoint in the cluster's own region that a private link scope would ask for. [PROM-1, PROM-2, PROM-3, PROM-4]
"""

import pulumi
import pulumi_azure_native as azure_native

STREAM, DESTINATION = "Microsoft-PrometheusMetrics", "MonitoringAccount1"

ASSOCIATION = "ContainerInsightsMetricsExtension"
"""Name that Azure's own clients give the association, so that they find it instead of creating another [PROM-2]."""


class MetricsCollection(pulumi.ComponentResource):
    """Metrics of one cluster in one workspace.

    Makes Microsoft.Insights/dataCollectionEndpoints, dataCollectionRules and dataCollectionRuleAssociations.
    """

    endpoint_id: pulumi.Output[str]
    rule_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        *,
        endpoint_name: str,
        rule_name: str,
        location: str,
        resource_group_name: pulumi.Input[str],
        cluster_id: pulumi.Input[str],
        workspace_id: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the endpoint, the rule and the association.

        Args:
            name: logical name; children's names start with it.
            endpoint_name: physical name of the data collection endpoint.
            rule_name: physical name of the data collection rule.
            location: region of both, that of the workspace.
            resource_group_name: where they go.
            cluster_id: ARM id of the cluster, which the rule is associated with.
            workspace_id: ARM id of the Azure Monitor workspace.
            tags: set on endpoint and rule.
            opts: options of the component itself.
        """
        super().__init__("moorings:aks:MetricsCollection", name, None, opts)
        self._name = name
        self._place = {"location": location, "resource_group_name": resource_group_name, "tags": tags}
        endpoint = azure_native.monitor.DataCollectionEndpoint(
            f"{name}-endpoint",
            data_collection_endpoint_name=endpoint_name,
            kind="Linux",
            network_acls={"public_network_access": "Enabled"},
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )
        rule = self._rule(rule_name, endpoint, workspace_id)
        azure_native.monitor.DataCollectionRuleAssociation(
            f"{name}-association",
            association_name=ASSOCIATION,
            resource_uri=cluster_id,
            data_collection_rule_id=rule.id,
            description="Without this association no metrics of the cluster are collected.",
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.endpoint_id = endpoint.id
        self.rule_id = rule.id
        self.register_outputs({"endpoint_id": self.endpoint_id, "rule_id": self.rule_id})

    def _rule(
        self, rule_name: str, endpoint: azure_native.monitor.DataCollectionEndpoint, workspace_id: pulumi.Input[str]
    ) -> azure_native.monitor.DataCollectionRule:
        return azure_native.monitor.DataCollectionRule(
            f"{self._name}-rule",
            data_collection_rule_name=rule_name,
            kind="Linux",
            data_collection_endpoint_id=endpoint.id,
            data_sources={"prometheus_forwarder": [{"name": "PrometheusDataSource", "streams": [STREAM]}]},
            destinations={"monitoring_accounts": [{"name": DESTINATION, "account_resource_id": workspace_id}]},
            data_flows=[{"streams": [STREAM], "destinations": [DESTINATION]}],
            opts=pulumi.ResourceOptions(parent=self),
            **self._place,
        )
