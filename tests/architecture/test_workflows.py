"""The workflows are sound: linted, pinned, with no permission that they do not need."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.architecture.project import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yaml"))
ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12"


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)


def actionlint() -> list[str]:
    """The command that lints workflows: the one on PATH, or Go's build of it; skips where there is neither."""
    if found := shutil.which("actionlint"):
        return [found]
    go = shutil.which("go")
    if go is None or ran(go, "run", ACTIONLINT, "-version").returncode:
        pytest.skip("neither actionlint nor a Go that can fetch it is here")
    return [go, "run", ACTIONLINT]


def jobs(path: Path) -> dict[str, dict[str, Any]]:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))["jobs"]


def test_actionlint_finds_nothing() -> None:
    assert len(WORKFLOWS) >= 3
    done = ran(*actionlint(), *map(str, WORKFLOWS))
    assert (done.returncode, done.stdout) == (0, "")


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    if not zizmor.exists():
        pytest.skip("zizmor is not installed: it comes with the dev extra")
    done = ran(str(zizmor), "--offline", "--no-progress", "--quiet", *map(str, WORKFLOWS))
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_by_its_commit_and_names_the_version(path: Path) -> None:
    uses = re.findall(r"uses: (.+)", path.read_text(encoding="utf-8"))
    assert uses
    actions = [line for line in uses if not line.startswith("./.github/workflows/")]
    assert [line for line in actions if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*", line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_job_has_a_permission_that_it_does_not_state(path: Path) -> None:
    assert YAML(typ="safe").load(path.read_text(encoding="utf-8"))["permissions"] == {}
    for name, job in jobs(path).items():
        assert job.get("permissions"), name
        writes = {permission for permission, level in job["permissions"].items() if level == "write"}
        steps = job.get("steps", [])
        runs_the_branch = any("checkout" in step.get("uses", "") for step in steps)
        assert not runs_the_branch or writes <= {"id-token"}, name


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_make_target_that_is_called_exists(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    called = set(re.findall(r"\bmake (?:--silent )?([a-z]+)", path.read_text(encoding="utf-8")))
    assert called <= targets


def test_one_run_at_a_time_works_on_a_stack_and_none_is_cancelled() -> None:
    up = jobs(ROOT / ".github" / "workflows" / "deploy.yaml")["up"]
    assert up["concurrency"] == {"group": "stack-${{ inputs.stack }}", "cancel-in-progress": False}
