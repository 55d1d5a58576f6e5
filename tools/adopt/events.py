"""Events of the registry: its Event Grid system topic with the subscriptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, get_args

from local_azure.loading.listings import Listed
from planning.registry_events import REGION, Event, event_type
from tools.adopt.estate import Estate, Json, dig, stated

TOPICS: Final = "Microsoft.EventGrid/systemTopics"
SUBSCRIPTIONS: Final = f"{TOPICS}/eventSubscriptions"
_EVENTS: Final = {event_type(event): event for event in get_args(Event)}


def read(estate: Estate) -> Json:
    """Return the section `registry_events`: the topic of the registry, if a subscription of it can be described."""
    for topic in estate.owned(TOPICS):
        if str(topic.properties.get("source")).lower() != estate.registry.key:
            continue
        subscriptions = _subscriptions(estate, topic)
        if subscriptions:
            estate.describe(("registry_events",), topic)
            return {"subscriptions": subscriptions}
    return {}


def _subscriptions(estate: Estate, topic: Listed) -> Json:
    found: Json = {}
    for each in estate.listing.below(topic.id, SUBSCRIPTIONS):
        destination = _destination(each.properties.get("destination") or {})
        filters = each.properties.get("filter") or {}
        events = [_EVENTS.get(str(kind)) for kind in filters.get("includedEventTypes") or ()]
        if destination is None or None in events or not events:
            name = "destination" if destination is None else "filter.includedEventTypes"
            estate.remark(each, name, _reason(each, name))
            continue
        found[each.name] = stated(
            events=events,
            repositories=filters.get("subjectBeginsWith") or "",
            every_replica=not any(one.get("key") == REGION for one in filters.get("advancedFilters") or ()),
            **destination,
        )
    return found


def _reason(found: Listed, name: str) -> str:
    if name == "destination":
        kind = dig(found.properties, "destination", "endpointType")
        return (
            f"{kind} is not described: Azure does not show the address of a webhook, and other kinds are functions and storage "
            "queues; state the subscription by hand, then adopt --keep"
        )
    return f"{dig(found.properties, 'filter', 'includedEventTypes')} is not a list of events of a registry"


def _destination(shown: Mapping[str, Any]) -> Json | None:
    """The field of a destination that is described; None for a webhook, whose address is secret, and for other kinds."""
    resource = str(dig(shown, "properties", "resourceId") or "")
    if shown.get("endpointType") == "AzureFunction":
        app, _, name = resource.rpartition("/functions/")
        return {"function": {"function_app": app, "name": name}}
    if shown.get("endpointType") == "StorageQueue":
        return {"storage_queue": {"account": resource, "queue": dig(shown, "properties", "queueName")}}
    return None
