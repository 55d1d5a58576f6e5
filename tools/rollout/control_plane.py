"""Whether the control plane of a registry works: it is in the home region, and refuses every write while that is down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tools.preflight.arm import Arm
from tools.preflight.registry import REGISTRY_VERSION
from tools.rollout.errors import RolloutError

_WORKING = frozenset({"Ready", "Syncing"})
"""Statuses that a working replica shows."""


def require(arm: Arm, resources: Iterable[Mapping[str, Any]]) -> None:
    """Ask Azure for the replicas of the registry in a state, among which Azure lists its home.

    Args:
        arm: reads the subscription of the registry.
        resources: the resources of an exported state.

    Raises:
        RolloutError: the home region is down; the message says what can still be done.
        UnreachableError: Azure does not answer.
    """
    registry = next((each for each in resources if str(each["type"]).endswith("containerregistry:Registry")), None)
    if registry is None:
        return
    home = str((registry.get("outputs") or {}).get("location") or "")
    status = {
        str(each.get("location")): str(((each.get("properties") or {}).get("status") or {}).get("displayStatus"))
        for each in arm.every(f"{registry['id']}/replications", REGISTRY_VERSION)
    }
    if status.get(home, "Ready") in _WORKING:
        return
    others = [region for region, shown in status.items() if shown in _WORKING]
    name = str(registry["id"]).rpartition("/")[2]
    raise RolloutError(
        f"the home region {home} of registry {name} is {status[home]}, so Azure refuses every change of the registry and nothing "
        f"is started. Images can still be pulled from {', '.join(others) or 'no region'}, and consumers that are pinned to the "
        "home region can be moved to another host (docs/failover.md). Plan again when the region is back [ACR-OUTAGE]"
    )
