"""Microsoft.DurableTask: schedulers, task hubs, retention policies [DTS-1]."""

from __future__ import annotations

from typing import Any

from local_azure.arm_family import IDENTITY, SHOWN, Family, Marks, TypeRow

SCHEDULERS = "Microsoft.DurableTask/schedulers"
TASK_HUBS = "Microsoft.DurableTask/schedulers/taskHubs"
RETENTION_POLICIES = "Microsoft.DurableTask/schedulers/retentionPolicies"

SANDBOXES_SINCE = "2026-05-01-preview"
"""First version in which a scheduler has an identity and a task hub capabilities [DTS-2]."""

_PACKAGE = "azure-mgmt-durabletask 1.1.0 (2026-02-01)"
_NEW = "durabletask~2026"


def _in_place(wire: str, kind: dict[str, Any]) -> dict[str, Any]:
    return {"wire": wire, "type": kind}


FAMILY = Family(
    types=(
        TypeRow(SCHEDULERS, "durabletask", "Scheduler", ("schedulerName",)),
        TypeRow(TASK_HUBS, "durabletask", "TaskHub", ("schedulerName", "taskHubName")),
        TypeRow(RETENTION_POLICIES, "durabletask", "RetentionPolicy", ("schedulerName", "=default")),
    ),
    required={"durabletask/Scheduler": frozenset({"location"})},
    marks={
        SCHEDULERS: Marks(_PACKAGE, frozenset({"location"})),
        TASK_HUBS: Marks(_PACKAGE),
        RETENTION_POLICIES: Marks(_PACKAGE),
    },
    derived={
        f"{_NEW}:Identity": (
            "",
            {name: {"wire": name, **member} for name, member in IDENTITY.items()},
        ),
        f"{_NEW}:TaskHubProperties": (
            "",
            {
                "provisioningState": {**SHOWN, "wire": "provisioningState"},
                "dashboardUrl": {**SHOWN, "wire": "dashboardUrl"},
                "capabilities": _in_place("capabilities", {"k": "array", "of": {"k": "string"}}),
            },
        ),
        f"{_NEW}/Scheduler": (
            "durabletask/Scheduler",
            {"identity": _in_place("identity", {"k": "ref", "ref": f"{_NEW}:Identity"})},
        ),
        f"{_NEW}/TaskHub": (
            "durabletask/TaskHub",
            {
                "properties": {
                    **_in_place("properties", {"k": "ref", "ref": f"{_NEW}:TaskHubProperties"}),
                    "readOnly": False,
                }
            },
        ),
    },
    variants={
        SCHEDULERS: {SANDBOXES_SINCE: f"{_NEW}/Scheduler"},
        TASK_HUBS: {SANDBOXES_SINCE: f"{_NEW}/TaskHub"},
    },
)
