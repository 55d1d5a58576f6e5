"""What each compute system adds to the plan and to the checks; a system joins by its module and one entry in `SYSTEMS`."""

from __future__ import annotations

from stacks.systems import access
from stacks.systems.system import System

SYSTEMS: tuple[System, ...] = (access.SYSTEM,)
"""Every system, in the order in which problems are told."""
