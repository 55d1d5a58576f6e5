"""What the interfaces of Azure Verified Modules are on the resources of a stack: locks, and which types log what."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Final, Literal

from planning import address_drift, agents, aks, container_apps, gateways, key_vaults, sandboxes, task_schedulers
from planning.names import NameRule
from planning.roles import PRIVILEGED, ROLES, SECRET_READERS, ZONE_CONTRIBUTOR, Role

LockKind = Literal["CanNotDelete", "ReadOnly"]
"""Level of a lock, in ARM's words [LOCK-ACT]."""

LOCK: Final = NameRule(
    "lock",
    re.compile(r"[A-Za-z0-9._()-]*[A-Za-z0-9_()-]"),
    1,
    90,
    "letters, digits and '.', '_', '-', '(', ')', not ending with '.'",
    "LOCK-NAME",
)

SETTING: Final = NameRule(
    "diagnostic setting",
    re.compile(r"[^*<>%&:\\?+/]*[^*<>%&:\\?+/. ]"),
    1,
    260,
    "without * < > % & : \\ ? + / and without a dot or a blank at the end",
)

LONGEST_NOTES: Final = 512
"""Characters of a lock's notes [LOCK-NAME]."""


def lock_name(kind: LockKind) -> str:
    """Return the default name of a lock [AVM-INTERFACES]."""
    return f"lock-{kind}"


ROLE_NAMES: Final[dict[str, Role]] = {
    role.name: role
    for role in (
        *ROLES.values(),
        *PRIVILEGED.values(),
        *SECRET_READERS.values(),
        key_vaults.ENCRYPTION_USER,
        ZONE_CONTRIBUTOR,
        *agents.ROLES.values(),
        *task_schedulers.ROLES.values(),
        *(aks.NETWORK_CONTRIBUTOR, aks.MANAGED_IDENTITY_OPERATOR),
        *(address_drift.STORAGE, address_drift.TELEMETRY),
        *(container_apps.SESSION_EXECUTOR, gateways.CONFIGURATION_MANAGER, sandboxes.DATA_OWNER),
    )
}
"""Built-in roles that may be named; any other role is stated by the GUID of its definition [ROLE-1]."""

_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def role_problem(text: str) -> str | None:
    """Return the problem with a role in one line, or None for a known name or the GUID of a definition."""
    if text in ROLE_NAMES or _GUID.fullmatch(text):
        return None
    close = difflib.get_close_matches(text, ROLE_NAMES, n=1)
    meant = f"did you mean {close[0]}? Or write" if close else "write"
    return f"{text!r} is not a known built-in role; {meant} the GUID of its definition (az role definition list --name) [ROLE-1]"


def role_of(text: str) -> Role:
    """Return a role by its name or by the GUID of its definition."""
    return ROLE_NAMES.get(text) or Role(text, text.lower())


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What a resource type sends by diagnostic settings.

    Attributes:
        logs: whether it has categories of resource logs.
        metrics: whether its metrics can be sent.
    """

    logs: bool
    metrics: bool


DIAGNOSTICS: Final[dict[str, Diagnostics]] = {
    "Microsoft.App/containerApps": Diagnostics(logs=False, metrics=True),
    "Microsoft.App/managedEnvironments": Diagnostics(logs=True, metrics=True),
    "Microsoft.ContainerRegistry/registries": Diagnostics(logs=True, metrics=True),
    "Microsoft.ContainerService/managedClusters": Diagnostics(logs=True, metrics=True),
    "Microsoft.DurableTask/schedulers": Diagnostics(logs=True, metrics=False),
    "Microsoft.KeyVault/vaults": Diagnostics(logs=True, metrics=True),
    "Microsoft.Network/azureFirewalls": Diagnostics(logs=True, metrics=True),
    "Microsoft.Network/bastionHosts": Diagnostics(logs=True, metrics=False),
    "Microsoft.Network/virtualNetworks": Diagnostics(logs=True, metrics=True),
    "Microsoft.OperationalInsights/workspaces": Diagnostics(logs=True, metrics=True),
    "Microsoft.ServiceNetworking/trafficControllers": Diagnostics(logs=True, metrics=True),
}
"""Types with diagnostic settings. Categories are not listed, so that new ones can be stated [DIAG-TYPES, AVM-INTERFACES]."""

ALL_LOGS: Final = "allLogs"
"""The category group of all logs, which every type with logs has [DIAG-1]."""

ALL_METRICS: Final = "AllMetrics"

MOST_SETTINGS: Final = 5
"""Diagnostic settings of one resource [DIAG-1]."""
