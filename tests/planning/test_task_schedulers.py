from __future__ import annotations

import pytest

from planning.task_schedulers import concurrency_problem, size_problem


@pytest.mark.parametrize(("cpu", "memory"), [(250, 512), (1000, 2048), (4000, 8192)])
def test_sizes_of_a_sandbox_are_taken(cpu: int, memory: int) -> None:
    assert size_problem(cpu, memory) is None


@pytest.mark.parametrize(
    ("cpu", "memory", "named"),
    [(249, 2048, "249m"), (4001, 2048, "4001m"), (1000, 511, "511Mi"), (1000, 8193, "8193Mi")],
)
def test_other_sizes_are_refused_with_the_bounds(cpu: int, memory: int, named: str) -> None:
    problem = size_problem(cpu, memory)
    assert problem is not None
    assert problem.startswith(named)


def test_activities_share_a_workers_memory() -> None:
    assert concurrency_problem(32, 2048) is None
    problem = concurrency_problem(33, 2048)
    assert problem is not None
    assert "write 32 or fewer" in problem
