"""What an event of Azure Resource Manager is about, read from its type and subject alone [DRIFT-1]."""

import re
from dataclasses import dataclass

_DELETED = "Microsoft.Resources.ResourceDeleteSuccess"
TYPES = ("Microsoft.Resources.ResourceWriteSuccess", _DELETED, "Microsoft.Resources.ResourceActionSuccess")
"""Event types that are acted on; the last one tells of restarts, starts and stops."""

_SUBJECT = re.compile(
    r"/subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)"
    r"/providers/Microsoft\.ContainerInstance/containerGroups/(?P<name>[^/]+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class GroupEvent:
    """Something happened to a container group.

    Attributes:
        subscription: id of its subscription.
        resource_group: name of its resource group, in lower case.
        name: its name, in lower case as in DNS.
        deleted: whether the event says that it is gone; a later event may have made it again.
    """

    subscription: str
    resource_group: str
    name: str
    deleted: bool


def parse(event_type: str, subject: str) -> GroupEvent | None:
    """Return what an event is about, or None where it is about no container group or of another type.

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
