"""Event Grid's system topics, one for a source, and the subscriptions that hand their events on."""

from __future__ import annotations

from typing_extensions import override

from local_azure.errors import ArmError, bad_request
from local_azure.facts.event_grid import EVENT_SUBSCRIPTIONS, SYSTEM_TOPICS
from local_azure.facts.storage import ACCOUNTS
from local_azure.operations import SYNC_OK, Lifecycle, Style, Transition
from local_azure.resource_id import same
from local_azure.services import regions, sites
from local_azure.services.cloud import Cloud, Json, Request, ResourceType, without_nulls
from local_azure.services.identities import assigned
from local_azure.services.principals import made_up
from local_azure.store import Resource

_GLOBAL = {"microsoft.resources.resourcegroups", "microsoft.resources.subscriptions"}
"""Topic types, in lower case, whose topics belong to no region [EVENTGRID-2]."""

_WRITE = Transition(Style.STATUS, 201, "Creating", 5.0)
_DELETE = Transition(Style.RESULT, 202, "Deleting", 5.0, empty=True)


class SystemTopics(ResourceType):
    """Microsoft.EventGrid/systemTopics."""

    name = SYSTEM_TOPICS
    patched = frozenset({"tags", "identity"})
    kind = "anywhere"
    pattern = r"[A-Za-z0-9-]{3,128}"

    lifecycle = Lifecycle(_WRITE, SYNC_OK, _DELETE)
    """201 Creating with Azure-AsyncOperation, an update at once; a delete is polled by Location (chosen)."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Check the place and the source, which one topic serves [EVENTGRID-1]."""
        sent = request.properties
        source, kind = str(sent.get("source") or ""), str(sent.get("topicType") or "")
        if existing is not None and not same(existing.properties["source"], source):
            raise bad_request("InvalidRequest", "The source of a system topic cannot be changed.")
        location = _location(request, kind)
        if not source.lower().startswith("/subscriptions/") or (source.count("/") > 2 and cloud.get(source) is None):
            raise bad_request(
                "InvalidRequest", f"The source '{source}' of system topic '{request.id.name}' was not found."
            )
        place = cloud.get(source)
        if location != "global" and place is not None and place.location and place.location != location:
            message = f"The location of a system topic must be that of its source, '{place.location}' (code chosen)."
            raise bad_request("InvalidRequest", message)
        for other in cloud.store.of_type(SYSTEM_TOPICS):
            if other.key != str(request.id).lower() and same(other.properties["source"], source):
                message = (
                    f"Only one system topic is allowed per source, and '{other.id}' serves '{source}' (code chosen)."
                )
                raise ArmError(409, "SystemTopicAlreadyExists", message)
        identity = assigned(cloud, request.id, request.body.get("identity"))
        properties = {**sent, "metricResourceId": made_up(str(request.id), "metrics")}
        return self.result(request, existing, properties, location=location, **identity)


def _location(request: Request, kind: str) -> str:
    """The topic's location: `global` for what belongs to no region, else a region; raises ArmError otherwise."""
    stated = str(request.body.get("location") or "")
    if kind.lower() not in _GLOBAL:
        return regions.checked(stated, SYSTEM_TOPICS)
    if regions.normalised(stated) != "global":
        message = f"The location of a system topic of type '{kind}' must be 'global', it is '{stated}' (code chosen)."
        raise bad_request("InvalidRequest", message)
    return "global"


class EventSubscriptions(ResourceType):
    """Microsoft.EventGrid/systemTopics/eventSubscriptions."""

    name = EVENT_SUBSCRIPTIONS
    kind = ""
    pattern = r"[A-Za-z0-9-]{3,64}"

    lifecycle = Lifecycle(_WRITE, _WRITE, _DELETE)
    """201 Creating with Azure-AsyncOperation, updates as well; a delete is polled by Location (chosen)."""

    @override
    def write(self, cloud: Cloud, request: Request, existing: Resource | None) -> Resource:
        """Fill in defaults and look the destination up."""
        sent = request.properties
        destination = (sent.get("deliveryWithResourceIdentity") or {}).get("destination") or sent.get("destination")
        if not destination:
            raise bad_request(
                "InvalidRequest", f"The destination of event subscription '{request.id.name}' is missing."
            )
        if destination.get("endpointType") == "AzureFunction":
            _require_function(cloud, destination.get("properties") or {})
        if destination.get("endpointType") == "WebHook":
            _require_https(destination.get("properties") or {})
        if destination.get("endpointType") == "StorageQueue":
            account = str((destination.get("properties") or {}).get("resourceId") or "")
            cloud.named(account, ACCOUNTS, "Endpoint validation", "Destination endpoint not found.")
        topic = cloud.require(request.id.parent or request.id)
        properties = {
            "eventDeliverySchema": "EventGridSchema",
            "retryPolicy": {"maxDeliveryAttempts": 30, "eventTimeToLiveInMinutes": 1440},
            **without_nulls(sent),
            "topic": topic.properties["source"],
        }
        return self.result(request, existing, properties)


def _require_https(destination: Json) -> None:
    """Raise ArmError for a webhook without TLS; the message does not repeat the address, which may hold a key [EVENTGRID-5].

    A text without a scheme is taken, since rehearsals have no secrets (chosen).
    """
    scheme, separator, _ = str(destination.get("endpointUrl") or "").partition("://")
    if separator and scheme.lower() != "https":
        raise bad_request("Url validation", "The webhook endpoint must be an https address (wording chosen).")


def _require_function(cloud: Cloud, destination: Json) -> None:
    """Raise ArmError unless the function is there: its code has to be deployed before [EVENTGRID-3]."""
    function_id = str(destination.get("resourceId") or "")
    site, _, function = function_id.partition("/functions/")
    if not sites.has_function(cloud, cloud.get(site), function):
        raise bad_request("Endpoint validation", "Destination endpoint not found.")


TYPES = (SystemTopics(), EventSubscriptions())
