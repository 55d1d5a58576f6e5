"""Azure Monitor workspaces, and the way of a cluster's metrics into one: endpoint, rule and association."""

from __future__ import annotations

from typing import Any

import pytest
from arm_client import GROUP, ROOT, Arm, Reply

ACCOUNT = f"{GROUP}/providers/Microsoft.Monitor/accounts/Main"
MANAGED = f"{ROOT}/resourceGroups/MA_main_westeurope_managed"
INSIGHTS = f"{GROUP}/providers/Microsoft.Insights"
ENDPOINT, RULE = f"{INSIGHTS}/dataCollectionEndpoints/MSProm", f"{INSIGHTS}/dataCollectionRules/MSProm"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/aks"
ASSOCIATIONS = f"{CLUSTER}/providers/Microsoft.Insights/dataCollectionRuleAssociations"
ASSOCIATION = f"{ASSOCIATIONS}/ContainerInsightsMetricsExtension"
AMW, DCR = "2023-04-03", "2022-06-01"
STREAMS = ["Microsoft-PrometheusMetrics"]


def account(arm: Arm, path: str = ACCOUNT, **properties: Any) -> Reply:
    return arm("PUT", path, {"location": "westeurope", "properties": properties}, AMW)


def rule(account_id: str = ACCOUNT, destination: str = "main") -> dict[str, Any]:
    return {
        "location": "westeurope",
        "kind": "Linux",
        "properties": {
            "dataCollectionEndpointId": ENDPOINT,
            "dataSources": {"prometheusForwarder": [{"name": "source", "streams": STREAMS}]},
            "destinations": {"monitoringAccounts": [{"name": "main", "accountResourceId": account_id}]},
            "dataFlows": [{"streams": STREAMS, "destinations": [destination]}],
        },
    }


def associate(arm: Arm, path: str = ASSOCIATION, **properties: Any) -> Reply:
    return arm("PUT", path, {"properties": properties}, DCR)


@pytest.fixture
def way(arm: Arm) -> Arm:
    """A cluster, a workspace in another region, and endpoint and rule beside the latter."""
    pool = {"name": "system", "mode": "System", "count": 1}
    identity = {"type": "SystemAssigned"}
    properties = {"dnsPrefix": "aks", "agentPoolProfiles": [pool]}
    arm.put(CLUSTER, {"location": "eastus", "identity": identity, "properties": properties})
    assert account(arm).status == 201
    arm.put(ENDPOINT, {"location": "westeurope", "kind": "Linux", "properties": {}}, DCR)
    arm.put(RULE, rule(), DCR)
    return arm


def test_a_workspace_comes_with_an_endpoint_and_a_rule_that_are_deleted_with_it(arm: Arm) -> None:
    assert account(arm).status == 201
    shown = arm.get(ACCOUNT, AMW)["properties"]
    assert shown["metrics"]["prometheusQueryEndpoint"].endswith(".westeurope.prometheus.monitor.azure.com")
    assert (shown["publicNetworkAccess"], shown["provisioningState"]) == ("Enabled", "Succeeded")
    ingestion = shown["defaultIngestionSettings"]
    assert ingestion["dataCollectionEndpointResourceId"].startswith(f"{MANAGED}/providers/Microsoft.Insights/")
    created = arm.get(ingestion["dataCollectionRuleResourceId"], DCR)
    assert created["properties"]["destinations"]["monitoringAccounts"][0]["accountResourceId"] == ACCOUNT
    assert arm.get(MANAGED)["managedBy"] == ACCOUNT
    arm.delete(ACCOUNT, AMW)
    assert [found for found in arm.ids() if "MA_" in found or "Monitor" in found] == []


def test_writing_a_workspace_again_changes_nothing(arm: Arm) -> None:
    first, again = account(arm), account(arm)
    assert (first.status, again.status) == (201, 200)
    assert again.body == first.body


def test_what_a_workspace_shows_is_not_for_others_to_set(arm: Arm) -> None:
    refused = account(arm, accountId="mine", metrics={"internalId": "mine"})
    assert refused.status == 400
    for member in ("accountId", "metrics"):
        assert f"'target': 'properties.{member}'" in str(refused.body)


@pytest.mark.parametrize("name", ["-main", "main-", "ma_in", "a" * 45])
def test_a_workspace_needs_a_name_that_arm_takes(arm: Arm, name: str) -> None:
    assert account(arm, ACCOUNT.replace("Main", name)).status == 400


def test_an_unknown_property_of_a_workspace_is_refused(arm: Arm) -> None:
    refused = account(arm, retentionInDays=30)
    assert refused.status == 400
    assert "retentionInDays" in refused.message


def test_a_namesake_in_another_group_is_refused(arm: Arm) -> None:
    account(arm)
    arm.group("other")
    assert account(arm, ACCOUNT.replace("/rg/", "/other/")).code == "Conflict"


def test_a_rule_is_associated_with_a_cluster_and_both_list_it(way: Arm) -> None:
    created = associate(way, dataCollectionRuleId=RULE)
    assert created.status == 201
    assert way.get(ASSOCIATION, DCR)["properties"] == {"dataCollectionRuleId": RULE}
    for path in (ASSOCIATIONS, f"{RULE}/associations"):
        assert [found["id"] for found in way.get(path, DCR)["value"]] == [ASSOCIATION]
    assert way.get(f"{ENDPOINT}/associations", DCR)["value"] == []


def test_a_rule_with_associations_is_kept_until_they_are_deleted(way: Arm) -> None:
    associate(way, dataCollectionRuleId=RULE)
    refused = way("DELETE", RULE, version=DCR)
    assert (refused.status, refused.code) == (409, "Conflict")
    assert ASSOCIATION in refused.message
    way.delete(ASSOCIATION, DCR)
    way.delete(RULE, DCR)
    way.delete(ENDPOINT, DCR)


def test_a_rule_is_deleted_with_its_associations_on_request(way: Arm) -> None:
    associate(way, dataCollectionRuleId=RULE)
    assert way("DELETE", f"{RULE}?deleteAssociations=false", version=DCR).status == 409
    assert way("DELETE", f"{RULE}?deleteAssociations=true", version=DCR).status == 200
    assert way("GET", ASSOCIATION, version=DCR).status == 404


def test_an_association_is_deleted_with_its_cluster(way: Arm) -> None:
    associate(way, dataCollectionRuleId=RULE)
    way.delete(CLUSTER)
    assert not any("Associations" in found for found in way.ids())
    way.delete(RULE, DCR)


def test_an_association_with_an_endpoint_has_one_name_only(way: Arm) -> None:
    refused = associate(way, dataCollectionEndpointId=ENDPOINT)
    assert (refused.status, refused.code) == (400, "InvalidEndpointAssociationName")
    named = f"{ASSOCIATIONS}/configurationAccessEndpoint"
    assert associate(way, named, dataCollectionEndpointId=ENDPOINT).status == 201
    way.delete(RULE, DCR)
    assert way("DELETE", ENDPOINT, version=DCR).status == 409


@pytest.mark.parametrize(
    ("properties", "report"),
    [
        ({}, "names a data collection rule or a data collection endpoint"),
        ({"dataCollectionRuleId": f"{RULE}s"}, "was not found"),
        ({"dataCollectionRuleId": ENDPOINT}, "was not found"),
    ],
)
def test_an_association_that_leads_nowhere_is_refused(way: Arm, properties: dict[str, str], report: str) -> None:
    refused = associate(way, **properties)
    assert (refused.status, refused.code) == (400, "InvalidPayload")
    assert report in refused.message


def test_an_unknown_property_of_an_association_is_refused(way: Arm) -> None:
    assert "ruleId" in associate(way, dataCollectionRuleId=RULE, ruleId=RULE).message


def test_an_association_needs_a_resource_that_exists_and_of_a_type_that_can_have_one(way: Arm) -> None:
    absent = ASSOCIATION.replace("managedClusters/aks", "managedClusters/none")
    assert associate(way, absent, dataCollectionRuleId=RULE).code == "ResourceNotFound"
    refused = associate(way, ASSOCIATION.replace(CLUSTER, ENDPOINT), dataCollectionRuleId=RULE)
    assert refused.message.startswith(
        "Association cannot be created for resource of type 'Microsoft.Insights/dataCollectionEndpoints'."
    )


@pytest.mark.parametrize(
    ("body", "code"), [(rule(f"{ACCOUNT}s"), "InvalidPayload"), (rule(destination="other"), "InvalidDestination")]
)
def test_a_rule_into_a_workspace_that_does_not_exist_is_refused(way: Arm, body: dict[str, Any], code: str) -> None:
    assert way("PUT", RULE, body, DCR).code == code


@pytest.mark.parametrize("name", ["a" * 45, "a_b"])
def test_an_endpoint_needs_a_name_that_arm_takes(arm: Arm, name: str) -> None:
    body = {"location": "eastus", "properties": {}}
    assert arm("PUT", f"{INSIGHTS}/dataCollectionEndpoints/{name}", body, DCR).status == 400
