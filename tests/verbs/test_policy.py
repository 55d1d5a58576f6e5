"""`./moorings policy`, `rules` and `docs`: what they print, what they write, and how they exit."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

import policies.rules
from policies import model, pages
from policies.fronts.pack import REPORT_VARIABLE
from tests.policies.builders import REGISTRY_TOKEN, urn_of
from tests.policies.tiny_rules import TINY
from tests.verbs.asking import answer, run
from tools.verbs import running
from tools.verbs.arguments import Profile


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(policies.rules, "RULES", TINY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "settings.yaml").write_text("profile: minimal\n")
    return write(tmp_path, admin=True)


def write(folder: Path, *, admin: bool) -> Path:
    path = folder / "state.json"
    registry = {"type": REGISTRY_TOKEN, "urn": urn_of("r"), "inputs": {"adminUserEnabled": admin, "location": "mars"}}
    path.write_text(json.dumps({"version": 3, "deployment": {"resources": [registry]}}))
    return path


def test_a_failure_exits_1_and_is_shown(state: Path) -> None:
    result = run("policy", "--from", state)
    assert result.exit_code == 1
    assert "TINY-001 r.adminUserEnabled: adminUserEnabled is true; turn it off" in result.stdout


def test_what_is_right_exits_0_and_is_silent_when_asked_to_be(state: Path) -> None:
    right = write(state.parent, admin=False)
    assert run("policy", "--from", right).exit_code == 0
    quiet = run("policy", "--from", right, "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert "TINY-001" in run("policy", "--from", write(state.parent, admin=True), "--quiet").stdout


def test_the_report_is_data(state: Path) -> None:
    report = answer("policy", "--from", state, code=1)
    assert report["summary"]["stops"] is True
    (failure,) = [each for each in report["findings"] if each["status"] == "fail"]
    assert (failure["rule"], failure["path"]) == ("TINY-001", "adminUserEnabled")


def test_a_profile_takes_the_place_of_the_settings_own(state: Path) -> None:
    assert "TINY-002" not in run("policy", "--from", state).stdout
    assert "TINY-002" in run("policy", "--from", state, "--profile", "standard").stdout


def test_the_stack_may_be_named(state: Path) -> None:
    assert answer("policy", "named", "--from", state, code=1)["stack"] == "named"


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "none.json"),
        ("--report", "none.json"),
        ("--from", "state.json", "--report", "state.json"),
        ("--profile", "standard"),
        ("--save-baseline", "known.json"),
        ("--from", "state.json", "--profile", "strict"),
        ("--from", "state.json", "--sarif"),
    ],
)
def test_wrong_use_exits_2(state: Path, words: tuple[str, ...]) -> None:
    assert run("policy", *words).exit_code == 2


def test_a_file_of_another_kind_exits_1_with_one_line(state: Path) -> None:
    state.write_text("{")
    result = run("policy", "--from", state)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "cannot be judged" in result.stderr


def test_settings_of_a_rule_on_changes_are_taken_though_a_state_has_none(state: Path) -> None:
    path = state.parent / "policies" / "settings.yaml"
    path.write_text("profile: minimal\nrules: {MOOR-CHG-003: {level: mandatory}}\n")
    taken = run("policy", "--from", state, "--all")
    assert (taken.exit_code, taken.stderr) == (1, "")
    assert "MOOR-CHG" not in taken.stdout
    path.write_text("rules: {MOOR-CHG-003: {level: loud}, MOOR-CHG-999: {}}\n")
    refused = run("policy", "--from", state)
    assert refused.exit_code == 1
    level = "rules.MOOR-CHG-003.level: expected one of disabled, advisory, mandatory, remediate, got 'loud'"
    assert level in refused.stderr
    assert "unknown rule MOOR-CHG-999" in refused.stderr


def test_wrong_settings_exit_1_with_every_problem(state: Path) -> None:
    (state.parent / "policies" / "settings.yaml").write_text("profile: strict\ncolour: red\n")
    result = run("policy", "--from", state)
    assert result.exit_code == 1
    assert [line.split(":")[1] for line in result.stderr.splitlines()] == [" settings.yaml", " settings.yaml"]


def test_every_format_is_written_where_it_is_asked_for(state: Path) -> None:
    folder = state.parent / "out"
    formats = ("sarif", "junit", "markdown")
    run("policy", "--from", state, *(part for name in formats for part in (f"--{name}", folder / name)))
    assert {path.name for path in folder.iterdir()} == set(formats)


def test_a_report_is_turned_into_other_formats_and_exits_as_the_run_did(state: Path) -> None:
    Path("report.json").write_text(run("policy", "--from", state, "--json").stdout)
    result = run("policy", "--report", "report.json", "--github", "--sarif", "report.sarif")
    assert result.exit_code == 1
    assert result.stdout.startswith("::error ")
    assert Path("report.sarif").exists()


def test_only_new_findings_fail_against_a_saved_baseline(state: Path) -> None:
    saved = run("policy", "--from", state, "--save-baseline", "known.json")
    assert (saved.exit_code, saved.stderr) == (0, "1 findings saved in known.json\n")
    known = ("policy", "--from", state, "--baseline", "known.json")
    assert run(*known).exit_code == 0
    assert run(*known, "--profile", "standard").exit_code == 1


@pytest.mark.parametrize("option", ["--sarif", "--save-baseline"])
def test_a_file_that_cannot_be_written_exits_1_with_one_line(state: Path, option: str) -> None:
    result = run("policy", "--from", state, option, state / "below-a-file.json")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert str(state) in result.stderr


def test_a_folder_of_settings_that_does_not_exist_is_no_reason_to_judge_without_them(state: Path) -> None:
    result = run("policy", "--from", state, "--folder", state.parent / "nowhere")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "does not exist" in result.stderr


@pytest.fixture
def preview(state: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a failing preview in the place of the engine's, in which the pack writes the state's report, or a given one."""
    reports = [run("policy", "--from", state, "--json").stdout]

    def previewed(command: str, stack: str, variables: dict[str, str], **_: Any) -> int:
        print(f"{command} of {stack}", file=sys.stderr)
        Path(variables[REPORT_VARIABLE]).write_text(reports[-1])
        return 1

    monkeypatch.setattr(running, "on_local_azure", previewed)
    return reports.append


def test_a_stack_is_evaluated_in_a_preview_with_the_pack(state: Path, preview: Callable[[str], None]) -> None:
    assert run("policy").stderr == "policy of local\n"
    result = run("policy", "prod", "--junit", "report.xml")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "policy of prod\n")
    assert Path("report.xml").exists()
    assert answer("policy", "prod", code=1)["summary"]["stops"] is True


def test_a_preview_that_fails_for_another_reason_fails(state: Path, preview: Callable[[str], None]) -> None:
    right = run("policy", "--from", write(state.parent, admin=False), "--json").stdout
    assert json.loads(right)["summary"]["stops"] is False
    Path("right.json").write_text(right)
    assert run("policy", "--report", "right.json").exit_code == 0
    preview(right)
    assert run("policy", "prod").exit_code == 1


def test_a_preview_that_ends_before_the_pack_has_seen_everything_fails(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "on_local_azure", lambda *_, **__: 1)
    result = run("policy", "prod", "--json", "--sarif", "report.sarif")
    assert (result.exit_code, result.stdout) == (1, "")
    assert not Path("report.sarif").exists()


def test_the_rules_are_listed(state: Path) -> None:
    expected = ["TINY-001", "MOOR-POL-001", "MOOR-POL-002", "MOOR-POL-003"]
    lines = run("rules", "--profile", "minimal").stdout.splitlines()
    assert [line.split()[0] for line in lines] == expected
    assert [each["id"] for each in answer("rules", "--profile", "minimal")] == expected
    assert run("rules", "--profile", "strict").exit_code == 2


def test_the_profiles_that_can_be_asked_for_are_those_of_the_rules() -> None:
    assert get_args(Profile) == get_args(model.Profile)


def test_pages_that_are_out_of_date_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pages, "stale", lambda: ["MOOR-X-001.md"])
    result = run("docs", "--verify")
    line = "error: docs/policies/MOOR-X-001.md is out of date; run `./moorings docs`\n"
    assert (result.exit_code, result.stderr) == (1, line)
    assert run("docs", "--loud").exit_code == 2
