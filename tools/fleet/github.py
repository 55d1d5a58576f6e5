"""The stacks of a project as a workflow of GitHub Actions: one job for each group of independent stacks, in order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from stacks.order import Order

Json = dict[str, Any]

MOST_IN_A_MATRIX: Final = 256
"""Maximum number of jobs of a matrix [GH-MATRIX]."""
WORKFLOW: Final = "./.github/workflows/deploy.yaml"
"""The workflow that deploys one stack."""


def workflow(order: Order, branch: str = "main", parallel: int | None = None) -> Json:
    """Return a workflow that deploys all stacks with `deploy.yaml`, each group after the groups that it needs.

    Args:
        order: the stacks in order.
        branch: branch whose pushes deploy.
        parallel: maximum number of stacks at a time; None for as many as GitHub runs.
    """
    jobs: Json = {}
    before: list[str] = []
    for number, wave in enumerate(order.waves, start=1):
        groups = list(_groups(wave))
        names = [f"step-{number}" if len(groups) == 1 else f"step-{number}-{index}" for index in range(len(groups))]
        for name, stacks in zip(names, groups, strict=True):
            limit = {"max-parallel": parallel} if parallel else {}
            jobs[name] = {
                "name": f"Step {number}",
                **({"needs": before} if before else {}),
                "strategy": {"fail-fast": False, **limit, "matrix": {"stack": stacks}},
                "permissions": {"contents": "read", "id-token": "write"},
                "uses": WORKFLOW,
                "with": {"stack": "${{ matrix.stack }}"},
            }
        before = names
    return {
        "name": "Deploy all stacks",
        "on": {"push": {"branches": [branch]}, "workflow_dispatch": None},
        "permissions": {},
        # A run in progress is completed; of the runs that wait, GitHub keeps the newest.
        "concurrency": {"group": "deploy-all-stacks", "cancel-in-progress": False},
        "jobs": jobs,
    }


def _groups(stacks: Sequence[str]) -> Iterator[list[str]]:
    """Yield stacks in groups that fit into a matrix."""
    for start in range(0, len(stacks), MOST_IN_A_MATRIX):
        yield list(stacks[start : start + MOST_IN_A_MATRIX])
