"""The way of a cluster's metrics into a workspace, as it is registered."""

from collections.abc import Callable

import pytest

from components.aks.metrics import MetricsCollection
from components.testing import Recording

Record = Callable[..., Recording]


@pytest.fixture
def way(record: Record) -> Recording:
    return record(
        lambda: MetricsCollection(
            "m",
            endpoint_name="MSProm-westeurope-aks",
            rule_name="MSProm-westeurope-aks",
            location="westeurope",
            resource_group_name="rg",
            cluster_id="/cluster",
            workspace_id="/workspace",
            tags={"owner": "platform"},
        )
    )


def test_endpoint_and_rule_are_for_linux_in_the_region_of_the_workspace(way: Recording) -> None:
    for kind in ("DataCollectionEndpoint", "DataCollectionRule"):
        stated = way.one(kind).inputs
        assert (stated["kind"], stated["location"], stated["tags"]) == ("Linux", "westeurope", {"owner": "platform"})


def test_what_the_add_on_scrapes_flows_into_the_workspace(way: Recording) -> None:
    rule = way.one("DataCollectionRule").inputs
    assert rule["dataCollectionEndpointId"] == "m-endpoint-id"
    (source,) = rule["dataSources"]["prometheusForwarder"]
    (destination,) = rule["destinations"]["monitoringAccounts"]
    assert source["streams"] == ["Microsoft-PrometheusMetrics"]
    assert destination["accountResourceId"] == "/workspace"
    assert rule["dataFlows"] == [{"streams": source["streams"], "destinations": [destination["name"]]}]


def test_the_rule_is_associated_with_the_cluster_under_the_name_that_azures_clients_look_for(way: Recording) -> None:
    association = way.one("DataCollectionRuleAssociation").inputs
    assert association["associationName"] == "ContainerInsightsMetricsExtension"
    assert (association["resourceUri"], association["dataCollectionRuleId"]) == ("/cluster", "m-rule-id")
    assert "dataCollectionEndpointId" not in association
