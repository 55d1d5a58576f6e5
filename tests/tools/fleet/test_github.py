"""The workflow that deploys all stacks: its jobs are the groups of the order, and GitHub accepts it."""

from __future__ import annotations

from pathlib import Path

from stacks.files import stack_names
from stacks.order import Order, order
from tests.architecture.test_workflows import actionlint, ran
from tools.fleet.files import text_of
from tools.fleet.github import workflow

ENTERPRISE = Path(__file__).parents[2] / "up" / "enterprise" / "files"


def enterprise() -> Order:
    return order(stack_names(ENTERPRISE), "moorings", ENTERPRISE)


def test_each_group_of_independent_stacks_is_a_job_after_the_group_before() -> None:
    jobs = workflow(enterprise())["jobs"]
    assert [job["strategy"]["matrix"]["stack"] for job in jobs.values()] == [
        ["hub"],
        ["dev", "shared", "test"],
        ["work"],
    ]
    assert [job.get("needs") for job in jobs.values()] == [None, ["step-1"], ["step-2"]]
    assert {job["uses"] for job in jobs.values()} == {"./.github/workflows/deploy.yaml"}


def test_a_group_larger_than_a_matrix_is_split_and_the_next_waits_for_all_parts() -> None:
    # 256 jobs is the most that a matrix makes [GH-MATRIX].
    many = {f"s{number:03}": () for number in range(300)}
    jobs = workflow(Order({**many, "last": tuple(many)}, {}))["jobs"]
    assert [len(job["strategy"]["matrix"]["stack"]) for job in jobs.values()] == [256, 44, 1]
    assert jobs["step-2"]["needs"] == ["step-1-0", "step-1-1"]


def test_the_number_of_stacks_at_a_time_can_be_limited() -> None:
    jobs = workflow(enterprise(), parallel=2)["jobs"].values()
    assert {job["strategy"]["max-parallel"] for job in jobs} == {2}
    assert all("max-parallel" not in job["strategy"] for job in workflow(enterprise())["jobs"].values())


def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    # The workflow that it calls is found from the file's own folder.
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    deploy = Path(__file__).parents[3] / ".github" / "workflows" / "deploy.yaml"
    (folder / "deploy.yaml").write_bytes(deploy.read_bytes())
    file = folder / "deploy-all.yaml"
    file.write_text(text_of([workflow(enterprise(), parallel=2)]), encoding="utf-8")
    done = ran(*actionlint(), str(file))
    assert (done.returncode, done.stdout) == (0, "")
