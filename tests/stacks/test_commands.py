"""The commands on stack files."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from stacks import __main__ as commands


def run(*words: str) -> Result:
    return CliRunner().invoke(commands.app, list(words))


def test_check_says_that_every_stack_is_in_order() -> None:
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["dev: in order", "local: in order", "prod: in order"]


@pytest.mark.parametrize("command", ["check", "explain", "ledger"])
def test_a_stack_that_is_not_there_is_one_line_and_a_failure(command: str) -> None:
    result = run(command, "nowhere")
    assert result.exit_code == 1
    assert result.stderr == "error: stacks/Pulumi.nowhere.yaml: there is no such file; stacks here: dev, local, prod\n"


def test_explain_tells_which_file_set_each_value() -> None:
    lines = [line.split() for line in run("explain", "prod", "registry").stdout.splitlines()]
    set_by = {line[0]: line[-1].rsplit(":", 1)[0] for line in lines if line[0].startswith("registry.")}
    assert set_by["registry.sku"] == "stacks/_base.yaml"
    assert set_by["registry.name"] == "stacks/Pulumi.prod.yaml"
    assert all(line[0].startswith("registry") for line in lines[1:])


def test_explain_of_what_nobody_states_fails() -> None:
    result = run("explain", "prod", "registry.nothing")
    assert result.exit_code == 1
    assert "nothing is stated at registry.nothing" in result.stderr


def test_the_ledger_shows_every_subnet() -> None:
    lines = run("ledger", "prod").stdout.splitlines()
    for region in ("eastus", "westeurope", "southeastasia"):
        (line,) = [line for line in lines if line.startswith(region) and " registry " in line]
        assert line.split()[2:5] == [
            f"10.{ {'eastus': 50, 'westeurope': 60, 'southeastasia': 70}[region] }.0.0/24",
            "7",
            "244",
        ]


def test_the_schema_is_fresh() -> None:
    assert run("schema", "--verify").exit_code == 0


@pytest.mark.parametrize("command", ["manifests", "sandbox-profile"])
def test_a_folder_that_cannot_be_written_is_one_line_and_a_failure(command: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    result = run(command, "prod", "--out", str(tmp_path / "file"))
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "cannot be written" in result.stderr
    assert (tmp_path / "file").read_text() == "mine"
