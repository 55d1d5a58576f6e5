"""`make`: what a newcomer types, with values that nothing expands."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.architecture.project import ROOT

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z]+):.*##", MAKEFILE, re.M)
VARIABLES = ("STACK", "ARGS", "BASE", "FROM_STATE", "OUTPUT", "PYTHON", "ANYTHING")

COMMAND = """#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word" >> called; done
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with our Makefile, where set-up does nothing and the command notes its arguments, one a line."""
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "setup.py").write_text("")
    (tmp_path / "moorings").write_text(COMMAND)
    (tmp_path / "moorings").chmod(0o755)
    return tmp_path


def make(project: Path, *words: str, **environment: str) -> str:
    """Run make in the project and return what the command was called with."""
    clean = {name: value for name, value in os.environ.items() if name not in {*VARIABLES, "MAKEFLAGS", "MAKELEVEL"}}
    subprocess.run(["make", *words], cwd=project, env={**clean, **environment}, capture_output=True, check=False)
    called = project / "called"
    return called.read_text() if called.exists() else ""


@pytest.mark.parametrize("target", ["up", "preview", "policy", "down", "pr"])
def test_a_target_calls_the_verb_of_its_name(project: Path, target: str) -> None:
    assert make(project, target) == f"{target}\n"


def test_the_stack_may_stand_on_the_command_line_or_in_the_environment(project: Path) -> None:
    assert make(project, "up", "STACK=prod") == "up\nprod\n"
    (project / "called").unlink()
    assert make(project, "pr", STACK="prod", BASE="origin/main") == "pr\nprod\n--base=origin/main\n"
    (project / "called").unlink()
    assert make(project, "pr", "FROM_STATE=a b", OUTPUT="out") == "pr\n--from-state=a b\n--output=out\n"


def test_a_value_reaches_the_command_as_it_is_written(project: Path) -> None:
    value = "$(shell touch made) `touch made` $$(touch made); touch made \"'a  b"
    assert make(project, "preview", f"STACK={value}") == f"preview\n{value}\n"
    (project / "called").unlink()
    assert make(project, "preview", STACK=value) == f"preview\n{value}\n"
    assert not (project / "made").exists()


@pytest.mark.parametrize("flags", ["--ignore-errors", "--dry-run"])
@pytest.mark.parametrize("variable", VARIABLES)
def test_nothing_in_a_value_is_run_by_any_target(project: Path, flags: str, variable: str) -> None:
    targets = [target for target in TARGETS if target != "clean"]
    assert {"help", "setup", "up", "pr", "test", "check", "bench"} <= {*targets}
    value = "$(shell touch made)$(touch made)`touch made`;touch made"
    make(project, flags, *targets, f"{variable}={value}")
    make(project, flags, *targets, **{variable: value})
    assert not (project / "made").exists()


def test_no_recipe_reads_a_variable_of_make() -> None:
    recipes = [line for line in MAKEFILE.splitlines() if line.startswith("\t")]
    assert len(recipes) > 10
    assert [line for line in recipes if re.search(r"(?<!\$)\$[^$]", line)] == []


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yaml")), ids=lambda path: path.name)
def test_no_workflow_hands_a_value_to_make_or_unquoted_to_a_shell(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.splitlines() if re.search(r"\bmake\b.*\$", line)] == []
    unquoted = re.findall(r"\./moorings (?:[^\"\n]|\"[^\"\n]*\")*?(?<!\")\$\w+", re.sub(r'"[^"\n]*"', '""', text))
    assert unquoted == []


def test_a_variable_that_no_recipe_reads_is_refused_before_anything_runs(project: Path) -> None:
    for word in ("ARG=--refresh", "STAK=prod"):
        done = subprocess.run(["make", "preview", word], cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 2
        assert f"{word.partition('=')[0]} is not a variable of this Makefile" in done.stderr
        assert not (project / "called").exists()


@pytest.mark.parametrize("target", ["up", "preview", "down"])
def test_arguments_of_the_engine_are_words_that_nothing_expands(project: Path, target: str) -> None:
    (project / "a file").write_text("")
    assert make(project, target, "STACK=prod", "ARGS=--parallel 64 --target *") == (
        f"{target}\nprod\n--\n--parallel\n64\n--target\n*\n"
    )
    (project / "called").unlink()
    assert make(project, target, ARGS="--refresh") == f"{target}\n"
