"""Co-location in a stack: compute without a replica, replicas without compute, and exceptions."""

import pytest

from tests.stacks.cluster_files import clusters
from tests.stacks.stack_files import FILE, Files, changed

REPLICA = "      replicas:\n        westeurope: {}\n"
WHY = "a build cluster that pulls once a night"
EXCEPTION = ("    workloads:\n", f"    colocation: {{exceptions: {{westeurope: {WHY}}}}}\n    workloads:\n")


def report(lines: list[str]) -> list[str]:
    return [line for line in lines if "COLO" in line]


def test_compute_without_a_replica_is_refused_at_everything_that_runs_there(files: Files) -> None:
    lines = files.refusals(clusters((REPLICA, "")))
    assert [line.split()[1] for line in report(lines)] == ["clusters.west:", "virtual_nodes.west:"]
    assert all(line.startswith(f"{FILE}:") for line in report(lines))
    assert (
        "runs in westeurope, where the registry has no replica (its home is eastus), and would pull from another region; add "
        "registry.replicas.westeurope, or state the reason in colocation.exceptions.westeurope [COLO-1]"
    ) in lines[0]


def test_a_reason_lets_compute_run_without_a_replica(files: Files) -> None:
    assert report(files.warnings(clusters((REPLICA, ""), EXCEPTION))) == []


@pytest.mark.parametrize("reason", ["''", "'  '"])
def test_a_reason_says_something(files: Files, reason: str) -> None:
    (line,) = report(files.refusals(clusters((REPLICA, ""), (EXCEPTION[0], EXCEPTION[1].replace(WHY, reason)))))
    assert "colocation.exceptions.westeurope: is empty; state in a sentence why the region needs no replica" in line


def test_an_exception_for_a_region_with_a_replica_is_reported(files: Files) -> None:
    (line,) = report(files.warnings(clusters(EXCEPTION)))
    assert "colocation.exceptions.westeurope: the registry has a replica in westeurope; remove the exception" in line


def test_an_exception_for_a_region_where_nothing_runs_is_reported(files: Files) -> None:
    (line,) = report(files.warnings(clusters((EXCEPTION[0], EXCEPTION[1].replace("westeurope", "westus")))))
    assert "colocation.exceptions.westus: nothing of this stack runs in westus; remove the exception" in line


def test_a_replica_without_consumers_is_a_cost(files: Files) -> None:
    (line,) = report(files.warnings(clusters((REPLICA, f"{REPLICA}        southeastasia: {{}}\n"))))
    assert (
        "registry.replicas.southeastasia: nothing of this stack runs in southeastasia, so the replica is billed but unused"
        in line
    )


def test_a_stack_without_compute_says_nothing_of_its_replicas(files: Files) -> None:
    assert report(files.warnings(changed())) == []


def test_a_region_that_follows_from_a_slip_is_not_reported_beside_the_slip(files: Files) -> None:
    lines = files.refusals(clusters(("        network: westeurope\n", "        network: sweden\n")))
    assert any("there is no network 'sweden'" in line for line in lines)
    assert [line for line in report(lines) if "clusters.west" in line] == []


def test_a_region_that_is_not_known_is_reported_before_the_replica_that_it_lacks(files: Files) -> None:
    problems = files.problems(
        clusters((REPLICA, ""), ("      westeurope:\n", "      westeurope:\n        location: mars\n"))
    )
    found = [problem for problem in problems if "mars" in problem.message]
    assert "mars is not a known region of the public cloud" in found[0].message
    assert "[COLO-1]" in found[-1].message
