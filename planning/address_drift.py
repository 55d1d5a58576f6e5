"""Following the addresses of container groups: the roles that the follower needs, and the zones that it writes.

An address changes with every start of a group, and nothing tells DNS. A function app that hears of every change writes the
records, under an identity that may do that and no more [DRIFT-5].
"""

from __future__ import annotations

from planning.role_actions import RESOURCE_GROUPS, Need
from planning.roles import ROLES, ZONE_CONTRIBUTOR, Role

STORAGE = Role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b")
"""On the app's own account, whose shared keys are off: the package, and the host's leases [DRIFT-5]."""

GROUPS = ROLES["Reader"]
"""On every resource group of container groups: their addresses [DRIFT-5]."""

ZONES = ZONE_CONTRIBUTOR
"""On the forward zone and on every reverse zone: their records [DRIFT-5]."""

TELEMETRY = Role("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb")
"""On the data collection rule, and on Application Insights where its keys are off: rows and traces [DRIFT-5]."""

_RECORDS = "Microsoft.Network/privateDnsZones"
NEEDS = (
    Need(
        "the follower of addresses",
        "Microsoft.Storage/storageAccounts",
        data_actions=tuple(
            f"Microsoft.Storage/storageAccounts/blobServices/containers/blobs/{verb}"
            for verb in ("read", "write", "delete")
        ),
    ),
    Need("the follower of addresses", RESOURCE_GROUPS, ("Microsoft.ContainerInstance/containerGroups/read",)),
    Need(
        "the follower of addresses",
        _RECORDS,
        tuple(f"{_RECORDS}/{kind}/{verb}" for kind in ("A", "PTR") for verb in ("read", "write", "delete")),
    ),
    Need(
        "the follower of addresses",
        "Microsoft.Insights/dataCollectionRules",
        (),
        ("Microsoft.Insights/Telemetry/Write",),
    ),
)
"""What the app does with each of them [DRIFT-5]."""

WRITTEN = "Microsoft.Resources.ResourceWriteSuccess"
DELETED = "Microsoft.Resources.ResourceDeleteSuccess"
ACTED = "Microsoft.Resources.ResourceActionSuccess"
"""Event types of a resource group; the last one tells of restarts, starts and stops [DRIFT-1]."""


def event_types(*, actions: bool) -> list[str]:
    """Return the event types to listen to, restarts and the like only where they are asked for [DRIFT-1]."""
    return [WRITTEN, DELETED, *([ACTED] if actions else [])]


def subject_prefix(resource_group_id: str) -> str:
    """Return what the subject of an event about a container group of a resource group starts with [DRIFT-1]."""
    return f"{resource_group_id}/providers/Microsoft.ContainerInstance/containerGroups/"
