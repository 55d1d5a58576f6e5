"""The Event Grid system topic of a registry, with its subscriptions.

It owns topic and subscriptions; receivers are made elsewhere. [ACR-EVENTS, EVENTGRID-1]
"""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.registry_events.spec import EventSubscriptionSpec, RegistryEventsSpec
from planning.registry_events import REGION, TOPIC_TYPE, event_type


class RegistryEvents(pulumi.ComponentResource):
    """Makes one Microsoft.EventGrid/systemTopics, and one eventSubscriptions of it per subscription."""

    topic_id: pulumi.Output[str]
    subscription_ids: pulumi.Output[Mapping[str, str]]

    def __init__(
        self,
        name: str,
        spec: RegistryEventsSpec,
        *,
        topic_name: str,
        registry_id: pulumi.Input[str],
        location: str,
        resource_group_name: pulumi.Input[str],
        tags: dict[str, str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Make the topic.

        Args:
            name: logical name; children's names start with it.
            spec: its subscriptions.
            topic_name: physical name.
            registry_id: the registry.
            location: home region of the registry, which is the topic's as well.
            resource_group_name: resource group of the registry.
            tags: set on the topic.
            opts: options of the component itself.
        """
        super().__init__("moorings:registry_events:RegistryEvents", name, None, opts)
        self._name, self._group, self._home = name, resource_group_name, location
        topic = azure_native.eventgrid.SystemTopic(
            f"{name}-topic",
            system_topic_name=topic_name,
            resource_group_name=resource_group_name,
            location=location,
            source=registry_id,
            topic_type=TOPIC_TYPE,
            tags=tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        made = {key: self._subscription(key, each, topic) for key, each in spec.subscriptions.items()}
        self.topic_id = topic.id
        self.subscription_ids = pulumi.Output.all(**{key: each.id for key, each in made.items()})
        self.register_outputs({"topic_id": self.topic_id, "subscription_ids": self.subscription_ids})

    def _subscription(
        self, key: str, spec: EventSubscriptionSpec, topic: "azure_native.eventgrid.SystemTopic"
    ) -> "azure_native.eventgrid.SystemTopicEventSubscription":
        home = azure_native.eventgrid.StringInAdvancedFilterArgs(
            key=REGION, operator_type="StringIn", values=[self._home]
        )
        return azure_native.eventgrid.SystemTopicEventSubscription(
            f"{self._name}-subscription-{key}",
            event_subscription_name=key,
            system_topic_name=topic.name,
            resource_group_name=self._group,
            event_delivery_schema="EventGridSchema",
            destination=_destination(spec),
            filter=azure_native.eventgrid.EventSubscriptionFilterArgs(
                included_event_types=[event_type(event) for event in spec.events],
                subject_begins_with=spec.repositories or None,
                advanced_filters=None if spec.every_replica else [home],
            ),
            retry_policy={"max_delivery_attempts": 30, "event_time_to_live_in_minutes": 1440},
            opts=pulumi.ResourceOptions(parent=self, additional_secret_outputs=["destination"]),
        )


def _destination(spec: EventSubscriptionSpec) -> Any:
    """Return the stated destination; of several kinds, the SDK translates names of members in objects of their class only."""
    if spec.webhook is not None:
        return azure_native.eventgrid.WebHookEventSubscriptionDestinationArgs(
            endpoint_type="WebHook",
            endpoint_url=pulumi.Output.secret(spec.webhook.get_secret_value()),
            minimum_tls_version_allowed="1.2",
        )
    if spec.function is not None:
        return azure_native.eventgrid.AzureFunctionEventSubscriptionDestinationArgs(
            endpoint_type="AzureFunction", resource_id=f"{spec.function.function_app}/functions/{spec.function.name}"
        )
    queue = spec.storage_queue
    return azure_native.eventgrid.StorageQueueEventSubscriptionDestinationArgs(
        endpoint_type="StorageQueue",
        resource_id=queue.account if queue else None,
        queue_name=queue.queue if queue else None,
    )
