"""What each compute system adds to the plan and to the checks; a system joins by its module and one entry in `SYSTEMS`."""

from __future__ import annotations

from stacks.systems import (
    access,
    agents,
    aks,
    colocation,
    container_apps,
    container_instances,
    durable_task,
    gateways,
    sandboxes,
    virtual_nodes,
    workloads,
)
from stacks.systems.system import System

SYSTEMS: tuple[System, ...] = (
    access.SYSTEM,
    aks.SYSTEM,
    container_apps.SYSTEM,
    container_instances.SYSTEM,
    sandboxes.SYSTEM,
    agents.SYSTEM,
    durable_task.SYSTEM,
    gateways.SYSTEM,
    virtual_nodes.SYSTEM,
    workloads.SYSTEM,
    colocation.SYSTEM,
)
"""Every system, in the order in which problems are told."""
