"""Webhooks of a registry; receiver and headers are secrets of the engine [ACR-WEBHOOK]."""

from collections.abc import Mapping

import pulumi
import pulumi_azure_native as azure_native

from components.registry.tokens import Place
from components.registry.webhook_spec import WebhookSpec

FIXED = ["location"]
"""A webhook belongs to one replica; azure-native takes its location for something that can be changed."""


def make_webhooks(
    parent: pulumi.ComponentResource,
    webhooks: Mapping[str, WebhookSpec],
    *,
    location: str,
    tags: Mapping[str, str],
    place: Place,
) -> None:
    """Make one webhooks per webhook.

    Args:
        parent: the component that owns them; names start with its name.
        webhooks: webhooks by name.
        location: home region of the registry, for those that state none.
        tags: set on each.
        place: names of the registry and its resource group.
    """
    for key, spec in webhooks.items():
        azure_native.containerregistry.Webhook(
            f"{parent.pulumi_resource_name}-webhook-{key}",
            webhook_name=key,
            location=spec.location or location,
            service_uri=pulumi.Output.secret(spec.service_uri.get_secret_value()),
            custom_headers={
                name: pulumi.Output.secret(value.get_secret_value()) for name, value in spec.headers.items()
            }
            or None,
            actions=list(spec.actions),
            scope=spec.scope,
            status="enabled" if spec.enabled else "disabled",
            tags=tags,
            opts=pulumi.ResourceOptions(parent=parent, replace_on_changes=FIXED, delete_before_replace=True),
            **place,
        )
