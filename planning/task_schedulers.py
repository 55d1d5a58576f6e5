"""Durable Task: retention, roles, and on-demand sandboxes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from planning.role_actions import Need
from planning.roles import Role

Access = Literal["contributor", "worker", "reader"]
"""What somebody does with a scheduler's data [DTS-4]."""

ROLES: Mapping[Access, Role] = {
    "contributor": Role("Durable Task Data Contributor", "0ad04412-c4d5-4796-b79c-f76d14c8d402"),
    "worker": Role("Durable Task Worker", "80d0d6b0-f522-40a4-8886-a5a11720c375"),
    "reader": Role("Durable Task Data Reader", "d6a5505f-6ebb-45a4-896e-ac8274cfc0ac"),
}
"""Roles on a scheduler or one of its hubs [DTS-4]."""

_HUB = "Microsoft.DurableTask/schedulers/taskHubs"
_WORK = "Microsoft.DurableTask/schedulers/taskhubs/orchestrations"
NEEDS: Mapping[Access, Need] = {
    "contributor": Need("a client of a task hub", _HUB, data_actions=(f"{_WORK}/write", f"{_WORK}/read")),
    "worker": Need("a worker of a task hub", _HUB, data_actions=(f"{_WORK}/execute/action",)),
    "reader": Need("a reader of a task hub", _HUB, data_actions=(f"{_WORK}/read", f"{_WORK}/metadata/read")),
}
"""What somebody with each access does [DTS-4]."""

LONGEST_RETENTION = 90
"""Days for which an ended orchestration is kept at most [DTS-3]."""

DEFAULT_RETENTION = 30
"""Days for which Azure keeps one where nothing is said [DTS-3]."""

SMALLEST = (250, 512)
"""Thousandths of a vCPU and MiB of memory of the smallest worker; the service publishes no bounds (chosen) [DTS-6]."""

LARGEST = (4000, 8192)
"""Those of the largest: a worker is a sandbox, whose largest tier this is (chosen) [DTS-6]."""

LEAST_SHARE = 64
"""MiB of memory that each of a worker's concurrent activities has at least (chosen) [DTS-6]."""


def size_problem(millicores: int, memory_mib: int) -> str | None:
    """Return the problem with a worker's size in one line, or None where a sandbox can have it [DTS-6]."""
    if not SMALLEST[0] <= millicores <= LARGEST[0]:
        return f"{millicores}m is not between {SMALLEST[0]}m and {LARGEST[0]}m, the smallest and the largest sandbox [DTS-6]"
    if not SMALLEST[1] <= memory_mib <= LARGEST[1]:
        return f"{memory_mib}Mi is not between {SMALLEST[1]}Mi and {LARGEST[1]}Mi, the smallest and the largest sandbox [DTS-6]"
    return None


def concurrency_problem(activities: int, memory_mib: int) -> str | None:
    """Return why a worker of that memory cannot run so many activities at a time, or None where it can [DTS-6]."""
    share = memory_mib // activities
    if share >= LEAST_SHARE:
        return None
    return (
        f"{activities} concurrent activities have {share}Mi of {memory_mib}Mi each, {LEAST_SHARE}Mi is the minimum; "
        f"write {max(1, memory_mib // LEAST_SHARE)} or fewer [DTS-6]"
    )
