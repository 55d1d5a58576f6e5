"""The triggers: each reads one event and passes it on. An error fails the invocation, so that it is reported.

Event Grid delivers a failed event again [DRIFT-2].
"""

import json
import logging
import os
from functools import cache

import azure.functions as func
from azure.identity import DefaultAzureCredential
from azure.mgmt.containerinstance import ContainerInstanceManagementClient
from azure.mgmt.privatedns import PrivateDnsManagementClient
from azure.monitor.ingestion import LogsIngestionClient

from . import events, zones
from .adapters import ArmGroups, ArmRecords
from .events import GroupEvent
from .reconcile import reconcile
from .track import track
from .zones import Spoke

LOG = logging.getLogger("address_drift")

app = func.FunctionApp()
"""The application object that the Functions host looks for."""


@cache
def _credential() -> DefaultAzureCredential:
    return DefaultAzureCredential()


@cache
def _instances(subscription: str) -> ContainerInstanceManagementClient:
    return ContainerInstanceManagementClient(_credential(), subscription)


@cache
def _dns(subscription: str) -> PrivateDnsManagementClient:
    return PrivateDnsManagementClient(_credential(), subscription)


def _about(event: func.EventGridEvent) -> tuple[GroupEvent, Spoke] | None:
    """The container group of an event and the zones of its records; None, with a log line, if it is not followed."""
    found = events.parse(event.event_type, event.subject)
    if found is None:
        LOG.info("%s: %s of %s is not about a container group", event.id, event.event_type, event.subject)
        return None
    spoke = zones.read(os.environ["DRIFT_ZONES"]).get(found.resource_group)
    if spoke is None:
        LOG.info("%s: no zones are stated for resource group %s", event.id, found.resource_group)
        return None
    return found, spoke


@app.function_name("reconcile")
@app.event_grid_trigger(arg_name="event")
def on_change(event: func.EventGridEvent) -> None:
    """Correct the DNS records."""
    about = _about(event)
    if about is None:
        return
    changes = reconcile(*about, ArmGroups(_instances), ArmRecords(_dns))
    LOG.info("%s: %s: %s", event.id, about[0].name, "; ".join(changes) or "nothing to change")


@app.function_name("track")
@app.event_grid_trigger(arg_name="event")
def on_sight(event: func.EventGridEvent) -> None:
    """Report what is seen to the log, and to the data collection rule if one is configured."""
    about = _about(event)
    sighting = track(*about, ArmGroups(_instances), ArmRecords(_dns)) if about else None
    if sighting is None:
        return
    row = sighting.row(event.event_time.isoformat() if event.event_time else "", event.id)
    LOG.info("%s", json.dumps(row))
    endpoint = os.environ.get("DRIFT_ENDPOINT")
    if endpoint:
        # Without `on_error` the client raises for rows that are not accepted.
        LogsIngestionClient(endpoint, _credential()).upload(os.environ["DRIFT_RULE"], os.environ["DRIFT_STREAM"], [row])
