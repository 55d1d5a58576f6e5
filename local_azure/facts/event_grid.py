"""Microsoft.EventGrid: system topics and their event subscriptions."""

from __future__ import annotations

from local_azure.arm_family import UNREAD, Family, Marks, TypeRow

SYSTEM_TOPICS = "Microsoft.EventGrid/systemTopics"
EVENT_SUBSCRIPTIONS = f"{SYSTEM_TOPICS}/eventSubscriptions"

_KINDS = (
    "AzureFunction",
    "EventHub",
    "HybridConnection",
    "MonitorAlert",
    "NamespaceTopic",
    "ServiceBusQueue",
    "ServiceBusTopic",
    "StorageQueue",
    "WebHook",
)
_DESTINATIONS = (*(f"{kind}EventSubscriptionDestination" for kind in _KINDS), "StorageBlobDeadLetterDestination")
_MAPPINGS = ("DynamicDeliveryAttributeMapping", "StaticDeliveryAttributeMapping")

FAMILY = Family(
    types=(
        TypeRow(SYSTEM_TOPICS, "eventgrid", "SystemTopic", ("systemTopicName",)),
        TypeRow(
            EVENT_SUBSCRIPTIONS,
            "eventgrid",
            "SystemTopicEventSubscription",
            ("systemTopicName", "eventSubscriptionName"),
        ),
    ),
    required={"eventgrid/SystemTopic": frozenset({"location"})},
    flattened={"eventgrid": frozenset({*_DESTINATIONS, *_MAPPINGS})},
    top_level={
        **{f"eventgrid:{name}": frozenset({"endpointType"}) for name in _DESTINATIONS},
        **{f"eventgrid:{name}": frozenset({"type", "name"}) for name in _MAPPINGS},
    },
    marks={
        SYSTEM_TOPICS: Marks("chosen: location of a tracked resource", frozenset({"location"})),
        EVENT_SUBSCRIPTIONS: UNREAD,
    },
)
