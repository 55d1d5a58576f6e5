"""Facts of the events that a container registry sends by Event Grid [ACR-EVENTS]."""

from __future__ import annotations

import re
from typing import Final, Literal

from planning.names import NameRule

TOPIC_TYPE: Final = "Microsoft.ContainerRegistry.Registries"
"""Type of the system topic of a registry."""

Event = Literal["ImagePushed", "ImageDeleted", "ChartPushed", "ChartDeleted"]

REGION: Final = "data.location"
"""Member of an event with the region of the replica that sends it [ACR-EVENTS-ONCE]."""

SUBSCRIPTION: Final = NameRule(
    "subscription to events", re.compile(r"[A-Za-z0-9-]*"), 3, 64, "letters, digits and '-'", "EVENTGRID-4"
)


def event_type(event: Event) -> str:
    """Return the full name of an event, such as ``Microsoft.ContainerRegistry.ImagePushed``."""
    return f"Microsoft.ContainerRegistry.{event}"
