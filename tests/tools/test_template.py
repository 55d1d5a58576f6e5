"""`pulumi new` takes this repository as a template, and the new project works under its own name."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.project import ROOT, tracked
from tools.provision import cli

pytestmark = pytest.mark.engine


def new(folder: Path) -> tuple[Path, Path, str]:
    """Run `pulumi new` on a copy of this repository; return the copy, the new project, and what was printed."""
    template, project = folder / "template", folder / "shop"
    for path in tracked():
        (template / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, template / path)
    project.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}
    environment |= {"PULUMI_HOME": str(folder / "home"), "PULUMI_SKIP_UPDATE_CHECK": "true"}
    words = ["new", template, "--dir", project, "--name", "shop", "--yes", "--generate-only"]
    done = subprocess.run(
        [cli.chosen(ROOT), *words], env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return template, project, done.stdout


def test_a_new_project_is_the_repository_under_its_own_name_and_says_what_to_run(tmp_path: Path) -> None:
    template, project, printed = new(tmp_path)
    assert "    make setup\n    ./moorings init\n" in printed
    same = {path: (template / path).read_bytes() == (project / path).read_bytes() for path in tracked()}
    assert [path for path, equal in same.items() if not equal] == ["Pulumi.yaml"]
    assert (project / "Pulumi.yaml").read_text(encoding="utf-8").startswith("name: shop\n")
    (project / ".venv").symlink_to(ROOT / ".venv")
    done = subprocess.run(
        [project / "moorings", "init", "test", "--from", "workload", "--shared", "prod", "--yes"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    described = (project / "stacks" / "Pulumi.test.yaml").read_text(encoding="utf-8")
    assert "id: {stack: organization/shop/prod, output: registry_id}" in described
