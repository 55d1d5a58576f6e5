"""The container group of an Azure Resource Manager event, read from the event's type and subject [DRIFT-1]."""

import re
from dataclasses import dataclass

_DELETED = "Microsoft.Resources.ResourceDeleteSuccess"
TYPES = ("Microsoft.Resources.ResourceWriteSuccess", _DELETED, "Microsoft.Resources.ResourceActionSuccess")
"""Event types that are handled; the last one reports restarts, starts and stops."""

_SUBJECT = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.ContainerInstance/containerGroups/(?P<name>[^/]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class GroupEvent:
    """An event of a container group.

    Attributes:
        subscription: id of its subscription.
        resource_group: name of its resource group, in lower case.
        name: its name, in lower case as in DNS.
        deleted: whether the event reports a deletion; the group may have been created again since.
    """

    subscription: str
    resource_group: str
    name: str
    deleted: bool


def parse(event_type: str, subject: str) -> GroupEvent | None:
    """Return the event's container group, or None for another event type or another resource.

    Args:
        event_type: such as ``Microsoft.Resources.ResourceWriteSuccess``.
        subject: ARM id of what changed, in any letter case.
    """
    found = _SUBJECT.fullmatch(subject)
    if found is None or event_type not in TYPES:
        return None
    return GroupEvent(
        found["subscription"].lower(), found["group"].lower(), found["name"].lower(), event_type == _DELETED
    )
