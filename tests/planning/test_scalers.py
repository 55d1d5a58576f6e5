"""What the metadata of KEDA's scalers for Azure services has to name [KEDA-1]."""

import pytest

from planning.scalers import metadata_problem, role_message, type_problem


@pytest.mark.parametrize("kind", ["azure-servicebus", "azure-eventhub", "azure-monitor", "cron", "kafka"])
def test_a_scaler_of_keda_is_taken(kind: str) -> None:
    assert type_problem(kind) is None


def test_a_misspelt_scaler_is_refused_with_the_one_that_is_meant() -> None:
    assert "azure-event-hub is not a KEDA scaler; write azure-eventhub" in (type_problem("azure-event-hub") or "")


@pytest.mark.parametrize(
    ("kind", "metadata", "identity", "lacks"),
    [
        ("azure-servicebus", {"accountName": "bus", "queueName": "q"}, True, "with an identity needs namespace"),
        ("azure-servicebus", {"namespace": "bus"}, True, "needs queueName, or topicName and subscriptionName"),
        ("azure-servicebus", {"namespace": "bus", "topicName": "t"}, True, "needs queueName, or topicName and"),
        ("azure-eventhub", {"eventHubName": "e"}, True, "with an identity needs eventHubNamespace"),
        ("azure-queue", {"queueName": "q"}, True, "with an identity needs accountName"),
        ("azure-blob", {}, False, "needs blobContainerName"),
        ("azure-log-analytics", {"query": "q", "threshold": "1"}, True, "with an identity needs workspaceId"),
        ("azure-log-analytics", {"workspaceId": "w", "query": "q"}, True, "needs query and threshold"),
        (
            "azure-data-explorer",
            {"endpoint": "e", "query": "q", "threshold": "1"},
            False,
            "needs endpoint and databaseName",
        ),
        (
            "azure-app-insights",
            {"metricId": "m", "targetValue": "1"},
            False,
            "metricAggregationType and metricAggregation",
        ),
        ("azure-monitor", {"resourceURI": "r", "targetValue": "1"}, False, "needs resourceURI and tenantId and"),
        ("azure-pipelines", {}, False, "needs poolName, or poolID"),
    ],
)
def test_what_is_missing_is_named(kind: str, metadata: dict[str, str], identity: bool, lacks: str) -> None:
    assert lacks in (metadata_problem(kind, metadata, identity=identity) or "")


@pytest.mark.parametrize(
    ("kind", "metadata", "identity"),
    [
        ("azure-servicebus", {"namespace": "bus", "queueName": "q"}, True),
        ("azure-servicebus", {"namespace": "bus", "topicName": "t", "subscriptionName": "s"}, True),
        ("azure-servicebus", {"queueName": "q"}, False),
        ("azure-eventhub", {}, False),
        ("azure-log-analytics", {"workspaceIdFromEnv": "ID", "query": "q", "threshold": "1"}, True),
        ("azure-pipelines", {"poolID": "1", "organizationURLFromEnv": "URL"}, True),
        ("cron", {}, True),
    ],
)
def test_what_is_whole_is_taken(kind: str, metadata: dict[str, str], identity: bool) -> None:
    assert metadata_problem(kind, metadata, identity=identity) is None


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        ("azure-servicebus", "Azure Service Bus Data Receiver"),
        ("azure-queue", "Storage Queue Data Reader"),
        ("azure-log-analytics", "Log Analytics Reader"),
        ("azure-app-insights", "Monitoring Reader"),
    ],
)
def test_the_role_that_an_identity_needs_is_named(kind: str, role: str) -> None:
    assert f"{kind} uses identity worker, which needs {role}, " in (role_message(kind, "worker") or "")


@pytest.mark.parametrize("kind", ["cron", "azure-pipelines", "kafka"])
def test_no_role_is_invented(kind: str) -> None:
    assert role_message(kind, "worker") is None
