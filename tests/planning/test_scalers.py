"""What the metadata of KEDA's scalers for Azure services has to name [KEDA-1]."""

import pytest

from planning.scalers import metadata_problem, type_problem


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
        ("cron", {}, True),
    ],
)
def test_what_is_whole_is_taken(kind: str, metadata: dict[str, str], identity: bool) -> None:
    assert metadata_problem(kind, metadata, identity=identity) is None
