"""`./moorings fleet` as a shell runs it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from stacks.files import stack_names
from tests.verbs.asking import answer, run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fleet.yaml"
    path.write_text("repository: https://github.com/contoso/infra\nexclude: [local]\n", encoding="utf-8")
    return path


def test_without_a_folder_the_order_is_printed(file: Path) -> None:
    stacks = [name for name in stack_names() if name != "local"]
    assert run("fleet", "--settings", file).stdout.splitlines() == [f"1  {name}" for name in stacks]
    assert answer("fleet", "--settings", file) == [{"stack": name, "needs": [], "outside": []} for name in stacks]


def test_the_files_are_written_and_obsolete_ones_are_removed(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    paths = answer("fleet", "--settings", file, "--out", out)
    assert paths[0] == "kustomization.yaml"
    assert all((out / path).is_file() for path in paths)
    assert YAML(typ="safe").load((out / "stacks" / "prod.yaml").read_text())["kind"] == "Stack"
    (out / "stacks" / "own.yaml").write_text("kind: Stack\n")
    file.write_text(file.read_text().replace("[local]", "[local, prod]"), encoding="utf-8")
    again = run("fleet", "--settings", file, "--out", out)
    assert again.stdout.splitlines()[-1] == "-stacks/prod.yaml"
    assert sorted(path.name for path in (out / "stacks").iterdir()) == ["dev.yaml", "own.yaml"]


def test_a_workflow_takes_the_place_of_a_cluster(file: Path, tmp_path: Path) -> None:
    assert answer("fleet", "--settings", file, "--out", tmp_path, "--form", "github") == ["deploy-all.yaml"]
    text = (tmp_path / "deploy-all.yaml").read_text(encoding="utf-8")
    assert YAML(typ="safe").load(text)["jobs"]["step-1"]["strategy"]["matrix"]["stack"] == ["dev", "prod"]


def test_settings_that_are_refused_write_nothing(file: Path, tmp_path: Path) -> None:
    file.write_text("sorce: flux\n", encoding="utf-8")
    result = run("fleet", "--settings", file, "--out", tmp_path / "out")
    assert (result.exit_code, "sorce" in result.stderr) == (1, True)
    assert not (tmp_path / "out").exists()
    assert run("fleet", "--form", "argo").exit_code == 2


def test_a_commit_is_one_of_a_repository_that_the_operator_reads(file: Path, tmp_path: Path) -> None:
    commit, out = "3f1c2a9b7d5e4f60718293a4b5c6d7e8f9012345", tmp_path / "out"
    assert run("fleet", "--settings", file, "--out", out, "--commit", commit, "--quiet").exit_code == 0
    assert YAML(typ="safe").load((out / "stacks" / "prod.yaml").read_text())["spec"]["commit"] == commit
    assert run("fleet", "--settings", file, "--out", out, "--commit", "3f1c2a9").exit_code == 2
    assert run("fleet", "--settings", file, "--out", out, "--commit", commit, "--form", "github").exit_code == 2
    file.write_text(f"{file.read_text()}source: flux\n", encoding="utf-8")
    assert run("fleet", "--settings", file, "--out", out, "--commit", commit).exit_code == 2


def test_a_folder_with_a_file_of_somebody_else_is_refused(file: Path, tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: []\n", encoding="utf-8")
    result = run("fleet", "--settings", file, "--out", tmp_path)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "kustomization.yaml: exists and was not written by `./moorings fleet`" in result.stderr
