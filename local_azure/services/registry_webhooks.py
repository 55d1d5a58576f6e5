"""Webhooks of a registry: each sends the events of one replica [ACR-WEBHOOK]."""

from __future__ import annotations

from typing import Final

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.container_registry import WEBHOOKS
from local_azure.operations import Lifecycle, Style, Transition
from local_azure.services.cloud import Cloud, Request, ResourceType, pick
from local_azure.services.registry_endpoints import POLLS, REPLICATIONS
from local_azure.store import Resource

MOST: Final = {"Basic": 2, "Standard": 10, "Premium": 500}
"""Webhooks of a registry by SKU [ACR-SKU]."""


class Webhooks(ResourceType):
    """Microsoft.ContainerRegistry/registries/webhooks.

    Receiver and headers are secrets, which a GET does not show; they are not stored, since nothing is ever sent (chosen).
    """

    name = WEBHOOKS
    pattern = r"[a-zA-Z0-9]{5,50}"
    lifecycle = Lifecycle(
        Transition(Style.STATUS, 201, "Creating", 2.0),
        Transition(Style.STATUS, 200, "Updating", 2.0),
        Transition(Style.RESULT, 202, "Deleting", 2.0, empty=True),
        Transition(Style.STATUS, 202, "Updating", 2.0),
    )
    """Polled as cache rules are (durations chosen)."""
    polls = POLLS

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the region, the number of webhooks and the actions (codes chosen)."""
        registry = cloud.require(request.id.parent or request.id)
        sent = request.stated
        if existing is None:
            _refuse_more(cloud, registry)
        regions = {replica.location for replica in cloud.store.children(registry.id, REPLICATIONS)} | {
            registry.location
        }
        if request.body["location"] not in regions:
            message = (
                f"The registry '{registry.name}' has no replication in '{request.body['location']}' for webhook "
                f"'{request.id.name}'."
            )
            raise bad_request("InvalidWebhookLocation", message, "location")
        actions = sent.get("actions")
        if not actions:
            message = f"The webhook '{request.id.name}' needs at least one action."
            raise bad_request("InvalidWebhookActions", message, "properties.actions")
        properties = {"status": "enabled", **pick(sent, "status", "scope"), "actions": actions}
        return self.result(request, existing, {"scope": "", **properties})


def _refuse_more(cloud: Cloud, registry: Resource) -> None:
    sku = registry.body["sku"]["name"]
    if len(cloud.store.children(registry.id, WEBHOOKS)) >= MOST[sku]:
        message = f"Quota exceeded for resource type webhooks: SKU {sku} has at most {MOST[sku]}."
        raise ArmError(409, "QuotaExceeded", message)


TYPES: Final = (Webhooks(),)
