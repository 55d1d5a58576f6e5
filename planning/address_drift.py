"""Address drift of container groups: event types, and roles of the function app.

The address of a group changes at every start, and Azure does not update DNS. A function app receives the events and
writes the records, with a least-privilege identity [DRIFT-5].
"""

from __future__ import annotations

from planning.role_actions import RESOURCE_GROUPS, Need
from planning.roles import ROLES, ZONE_CONTRIBUTOR, Role

STORAGE = Role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b")
"""Role on the app's storage account without shared keys: the package, and the host's leases [DRIFT-5]."""

GROUPS = ROLES["Reader"]
"""Role on every resource group of container groups: read their addresses [DRIFT-5]."""

ZONES = ZONE_CONTRIBUTOR
"""Role on the forward zone and on every reverse zone: write their records [DRIFT-5]."""

TELEMETRY = Role("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb")
"""Role on the data collection rule, and on Application Insights without local authentication: send rows and traces
[DRIFT-5]."""

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
"""Actions that the app needs, by role [DRIFT-5]."""

WRITTEN = "Microsoft.Resources.ResourceWriteSuccess"
DELETED = "Microsoft.Resources.ResourceDeleteSuccess"
ACTED = "Microsoft.Resources.ResourceActionSuccess"
"""Event types of a resource group; the last one reports restarts, starts and stops [DRIFT-1]."""


def event_types(*, actions: bool) -> list[str]:
    """Return the event types of the subscription, with restarts, starts and stops on request [DRIFT-1]."""
    return [WRITTEN, DELETED, *([ACTED] if actions else [])]


def subject_prefix(resource_group_id: str) -> str:
    """Return the subject prefix of events of a resource group's container groups [DRIFT-1]."""
    return f"{resource_group_id}/providers/Microsoft.ContainerInstance/containerGroups/"
