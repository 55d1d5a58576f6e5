"""The list of all systems; a system joins by one entry."""

from __future__ import annotations

from stacks.system import System
from stacks.systems.access.system import ACCESS
from stacks.systems.address_drift.system import ADDRESS_DRIFT
from stacks.systems.agents.system import AGENTS
from stacks.systems.aks.system import CLUSTERS
from stacks.systems.alerts.system import ALERTS
from stacks.systems.artifact_cache.system import ARTIFACT_CACHE
from stacks.systems.bastion.system import BASTION
from stacks.systems.colocation.system import COLOCATION
from stacks.systems.container_apps.system import CONTAINER_APPS
from stacks.systems.container_groups.system import CONTAINER_GROUPS
from stacks.systems.durable_task.system import TASK_SCHEDULERS
from stacks.systems.gateways.system import GATEWAYS
from stacks.systems.key_vaults.system import KEY_VAULTS
from stacks.systems.registry.system import REGISTRY
from stacks.systems.registry_events.system import REGISTRY_EVENTS
from stacks.systems.sandboxes.system import SANDBOX_GROUPS
from stacks.systems.session_pools.system import SESSION_POOLS
from stacks.systems.virtual_nodes.system import VIRTUAL_NODES
from stacks.systems.workloads.system import WORKLOADS

SYSTEMS: tuple[System, ...] = (
    ACCESS,
    ARTIFACT_CACHE,
    REGISTRY,
    KEY_VAULTS,
    BASTION,
    CLUSTERS,
    VIRTUAL_NODES,
    GATEWAYS,
    TASK_SCHEDULERS,
    CONTAINER_APPS,
    SESSION_POOLS,
    SANDBOX_GROUPS,
    CONTAINER_GROUPS,
    ADDRESS_DRIFT,
    AGENTS,
    WORKLOADS,
    COLOCATION,
    ALERTS,
    REGISTRY_EVENTS,
)
"""All systems in the order in which they are planned, checked and built: a later one may use an earlier one."""
