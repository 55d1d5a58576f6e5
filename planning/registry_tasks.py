"""Tasks of a registry and the agent pools that they run on [ACR-TASKS, ACR-POOL]."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planning.names import NameRule

TASK = NameRule("task", re.compile(r"[a-zA-Z0-9_-]*"), 5, 50, "letters, digits, '-' and '_'", "ACR-TASKS")
AGENT_POOL = NameRule("agent pool", re.compile(r"[a-zA-Z0-9-]*"), 3, 20, "letters, digits and '-'", "ACR-POOL")

SYSTEM = "system"
"""Stands for the task's own identity in a stack file."""


@dataclass(frozen=True, slots=True)
class Tier:
    """One tier of agent pools.

    Attributes:
        cpu: cores of an instance.
        isolated: whether it has hardware of its own.
    """

    cpu: int
    isolated: bool = False


TIERS: Mapping[str, Tier] = {"S1": Tier(2), "S2": Tier(4), "S3": Tier(8), "I6": Tier(64, isolated=True)}
"""Tiers by name [ACR-POOL]."""

DEFAULT_CORES = 16
"""Cores of all standard pools of a registry, unless a support request raised them; isolated pools have none [ACR-POOL]."""

POOL_REGIONS = frozenset(
    {
        *("westus2", "westus3", "southcentralus", "eastus2", "eastus", "centralus", "canadacentral"),
        *("westeurope", "northeurope", "germanywestcentral", "switzerlandnorth", "swedencentral"),
        *("eastasia", "jioindiawest", "jioindiacentral", "usgovarizona", "usgovtexas", "usgovvirginia"),
    }
)
"""Regions in which agent pools are in preview, read 2026-11-29 [ACR-POOL]."""
