"""`python -m policies`: what it prints, what it writes, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from policies import cli
from tests.policies.builders import REGISTRY_TOKEN, urn_of
from tests.policies.tiny_rules import TINY

RUNNER = CliRunner()


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(cli, "RULES", TINY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "settings.yaml").write_text("profile: minimal\n")
    return write(tmp_path, admin=True)


def write(folder: Path, *, admin: bool) -> Path:
    path = folder / "state.json"
    registry = {"type": REGISTRY_TOKEN, "urn": urn_of("r"), "inputs": {"adminUserEnabled": admin, "location": "mars"}}
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": [registry]}}))
    return path


def run(*arguments: object) -> tuple[int, str, str]:
    result = RUNNER.invoke(cli.app, [str(each) for each in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_failure_exits_1_and_is_shown(state: Path) -> None:
    code, shown, _ = run("check", state)
    assert code == 1
    assert "TINY-001 r.adminUserEnabled: adminUserEnabled is true; turn it off" in shown


def test_what_is_right_exits_0(state: Path) -> None:
    assert run("check", write(state.parent, admin=False))[0] == 0


def test_a_profile_takes_the_place_of_the_settings_own(state: Path) -> None:
    assert "TINY-002" not in run("check", state)[1]
    assert "TINY-002" in run("check", state, "--profile", "standard")[1]


def test_what_cannot_be_read_exits_2_with_one_line(state: Path) -> None:
    code, _, said = run("check", "none.json")
    assert code == 2
    assert said.startswith("error: none.json: cannot be read")


def test_settings_of_a_rule_on_changes_are_taken_though_a_state_has_none(state: Path) -> None:
    path = state.parent / "policies" / "settings.yaml"
    path.write_text("profile: minimal\nrules: {MOOR-CHG-003: {level: mandatory}}\n")
    code, shown, said = run("check", state, "--all")
    assert (code, said) == (1, "")
    assert "MOOR-CHG" not in shown
    path.write_text("rules: {MOOR-CHG-003: {level: loud}, MOOR-CHG-999: {}}\n")
    code, _, said = run("check", state)
    assert code == 2
    assert "rules.MOOR-CHG-003.level: expected one of disabled, advisory, mandatory, remediate, got 'loud'" in said
    assert "unknown rule MOOR-CHG-999" in said


def test_wrong_settings_exit_2_with_every_problem(state: Path) -> None:
    (state.parent / "policies" / "settings.yaml").write_text("profile: strict\ncolour: red\n")
    code, _, said = run("check", state)
    assert code == 2
    assert [line.split(":")[1] for line in said.splitlines()] == [" settings.yaml", " settings.yaml"]


def test_every_format_is_written_where_it_is_asked_for(state: Path) -> None:
    folder = state.parent / "out"
    formats = ("json", "sarif", "junit", "markdown")
    run("check", state, *(part for name in formats for part in (f"--{name}", folder / name)))
    assert {path.name for path in folder.iterdir()} == set(formats)


def test_a_report_is_turned_into_other_formats_and_exits_as_the_run_did(state: Path) -> None:
    run("check", state, "--json", "report.json")
    code, shown, _ = run("render", "report.json", "--github", "--sarif", "report.sarif")
    assert code == 1
    assert shown.startswith("::error ")
    assert Path("report.sarif").exists()


def test_only_new_findings_fail_against_a_saved_baseline(state: Path) -> None:
    code, _, said = run("check", state, "--save-baseline", "known.json")
    assert (code, said) == (0, "1 findings saved in known.json\n")
    assert run("check", state, "--baseline", "known.json")[0] == 0
    assert run("check", state, "--baseline", "known.json", "--profile", "standard")[0] == 1


def test_the_rules_are_listed(state: Path) -> None:
    assert [line.split()[0] for line in run("rules", "--profile", "minimal")[1].splitlines()] == [
        "TINY-001",
        "MOOR-POL-001",
        "MOOR-POL-002",
        "MOOR-POL-003",
    ]


@pytest.mark.parametrize("option", ["--json", "--sarif", "--save-baseline"])
def test_a_file_that_cannot_be_written_exits_2_with_one_line(state: Path, option: str) -> None:
    code, _, said = run("check", state, option, state / "below-a-file.json")
    assert (code, said.count("\n")) == (2, 1)
    assert "cannot be written" in said


def test_a_folder_of_settings_that_is_not_there_is_no_reason_to_judge_without_them(state: Path) -> None:
    code, _, said = run("check", state, "--folder", state.parent / "nowhere")
    assert (code, said.count("\n")) == (2, 1)
    assert "does not exist" in said
