"""What the interfaces of Azure Verified Modules are on the resources of a stack: locks, and which types log what."""

from __future__ import annotations

import re
from typing import Final, Literal

from planning.names import NameRule

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

LONGEST_NOTES: Final = 512
"""Characters of a lock's notes [LOCK-NAME]."""


def lock_name(kind: LockKind) -> str:
    """Return the default name of a lock [AVM-INTERFACES]."""
    return f"lock-{kind}"
