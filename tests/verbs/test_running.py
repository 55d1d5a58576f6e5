"""The verbs that run other programs: the engine on the local Azure, the Pulumi CLI, the local Azure itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local_azure.store import Store
from tests.verbs.asking import answer, run
from tools import stack
from tools.engine import Workspace
from tools.local_services import ROOT
from tools.pull_request import check as pull_request
from tools.pull_request.rehearsal import Outcome
from tools.verbs import running

CLI = """#!/bin/sh
echo "$@" >> "$0.calls"
exit $(cat "$0.code" 2>/dev/null || echo 0)
"""


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Pulumi CLI that notes its arguments and ends as its file of the exit code says; the local state is the test's."""
    executable = tmp_path / "bin" / "pulumi"
    executable.parent.mkdir()
    executable.write_text(CLI)
    executable.chmod(0o755)
    monkeypatch.setattr(running, "chosen_cli", lambda: executable)
    monkeypatch.setattr(running, "workspace", lambda: Workspace(ROOT, ROOT / "stacks", tmp_path / "local", executable))
    return executable


@pytest.fixture
def engine(cli: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], list[tuple[Any, ...]]]:
    """Puts a run that prints a line and ends with a given code in the place of the engine's; returns the list of its calls."""

    def ending(code: int) -> list[tuple[Any, ...]]:
        calls: list[tuple[Any, ...]] = []
        given = ending.given = []

        def ran(command: str, workspace: Workspace, name: str, scale: float, arguments: Any, *more: Any) -> int:
            calls.append((command, name, scale, list(arguments)))
            given.append(more)
            print("the engine's line")
            if "--json" in arguments:
                print('{\n "steps": []\n}')
            workspace.local.mkdir(exist_ok=True)
            stack.outputs_file(workspace, name).write_text('{"endpoints": {}}\n')
            return code

        monkeypatch.setattr(running, "run", ran)
        return calls

    return ending


@pytest.mark.parametrize("verb", ["up", "preview", "down"])
def test_a_run_takes_a_stack_and_arguments_of_the_engine(verb: str, engine: Any) -> None:
    calls = engine(0)
    assert run(verb).exit_code == 0
    assert run(verb, "prod", "--time-scale", "0.5", "--", "--refresh", "--target", "urn:a b").exit_code == 0
    assert calls == [(verb, "local", 0.0, []), (verb, "prod", 0.5, ["--refresh", "--target", "urn:a b"])]


@pytest.mark.parametrize("verb", ["up", "preview"])
def test_a_run_takes_files_with_what_others_made(verb: str, engine: Any, tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("hub.json", "registry.json")]
    for file in files:
        file.write_text("[]", encoding="utf-8")
    engine(0)
    assert run(verb, "prod", "--standins", files[0], "--standins", files[1]).exit_code == 0
    assert [list(standins) for _, standins in engine.given] == [files]
    assert run(verb, "prod", "--standins", tmp_path / "nowhere.json").exit_code == 2


@pytest.mark.parametrize("verb", ["up", "preview", "down"])
def test_a_run_that_fails_exits_1_whatever_the_engine_says(verb: str, engine: Any) -> None:
    engine(255)
    result = run(verb, "prod")
    assert (result.exit_code, result.stdout) == (1, "the engine's line\n")


@pytest.mark.parametrize("verb", ["up", "preview", "down"])
def test_a_quiet_run_prints_only_if_it_fails(verb: str, engine: Any) -> None:
    engine(0)
    assert run(verb, "--quiet").output == ""
    engine(1)
    result = run(verb, "--quiet")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "the engine's line\n")


def test_up_gives_the_outputs_of_the_stack_as_data(engine: Any) -> None:
    engine(0)
    assert answer("up", "prod") == {"endpoints": {}}
    engine(1)
    failed = run("up", "prod", "--json")
    assert (failed.exit_code, failed.stdout, failed.stderr) == (1, "", "the engine's line\n")


@pytest.mark.parametrize("code", [0, 1])
def test_preview_gives_the_plan_as_data(engine: Any, code: int) -> None:
    calls = engine(code)
    assert answer("preview", "prod", code=code) == {"steps": []}
    assert calls == [("preview", "prod", 0.0, ["--json"])]


def test_a_preview_without_a_plan_fails_and_says_what_the_engine_said(
    engine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "run", lambda *_: print("error: no plan") or 255)
    result = run("preview", "prod", "--json")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "error: no plan\n")


@pytest.mark.parametrize("verb", ["up", "preview", "down", "policy"])
def test_a_stack_that_does_not_exist_is_refused_in_one_line(verb: str, cli: Path) -> None:
    result = run(verb, "nowhere")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("error: no stack 'nowhere': stacks/Pulumi.nowhere.yaml is missing; there are: dev")


@pytest.mark.parametrize(
    "words",
    [
        ("up", "prod", "dev"),
        ("up", "prod", "--refresh"),
        ("up", "--time-scale", "-1"),
        ("down", "--json"),
        ("down", "--time-scale", "fast"),
        ("policy", "prod", "--", "--diff"),
        ("pr", "--from-state", "nowhere.json"),
        ("pr", "--", "x"),
        ("pulumi", "--global"),
        ("azure", "fly"),
        ("azure", "serve", "--port", "0"),
    ],
)
def test_wrong_use_exits_2_and_runs_nothing(words: tuple[str, ...], engine: Any) -> None:
    calls = engine(0)
    assert run(*words).exit_code == 2
    assert calls == []


def test_before_set_up_has_chosen_a_cli_a_run_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running, "ROOT", tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    for verb in ("up", "preview", "down", "policy", "pr", "pulumi"):
        result = run(verb)
        assert (result.exit_code, result.stderr.count("\n")) == (1, 1), verb
        assert "run `make setup`" in result.stderr


@pytest.fixture
def rehearsed(cli: Path, monkeypatch: pytest.MonkeyPatch) -> list[pull_request.Request]:
    """Puts one red and one green outcome in the place of rehearsals; returns the list of what was asked."""
    asked: list[pull_request.Request] = []

    def check(request: pull_request.Request, _: Path) -> list[Outcome]:
        asked.append(request)
        print("a line of the rehearsal")
        outcomes = [Outcome("dev", "0123 of main", {"same": 3}), Outcome("prod", "0123 of main", refusals=["no room"])]
        return outcomes[:1] if request.stacks else outcomes

    monkeypatch.setattr(pull_request, "check", check)
    return asked


def test_a_refused_branch_exits_1_and_one_that_is_not_0(rehearsed: list[pull_request.Request]) -> None:
    assert run("pr").exit_code == 1
    assert run("pr", "dev", "--base", "main", "--no-policy", "--output", "out").exit_code == 0
    assert rehearsed == [
        pull_request.Request(),
        pull_request.Request(["dev"], base="main", policies=False, output=Path("out")),
    ]


def test_rehearsals_are_data(rehearsed: list[pull_request.Request]) -> None:
    dev, prod = answer("pr", code=1)
    assert (dev["stack"], dev["green"], dev["from"], dev["changes"]) == ("dev", True, "0123 of main", {"same": 3})
    assert (prod["green"], prod["refusals"]) == (False, ["no room"])
    quiet = run("pr", "dev", "--quiet")
    assert (quiet.exit_code, quiet.output) == (0, "")
    assert run("pr", "--quiet").stderr == "a line of the rehearsal\n"


def test_the_cli_gets_its_arguments_as_they_are(cli: Path) -> None:
    assert run("pulumi", "--", "preview", "--stack", "a b; $HOME", "--help").exit_code == 0
    assert (cli.parent / "pulumi.calls").read_text() == "preview --stack a b; $HOME --help\n"


def test_a_failure_of_the_cli_exits_1(cli: Path) -> None:
    (cli.parent / "pulumi.code").write_text("255")
    assert run("pulumi", "--", "preview").exit_code == 1
    (cli.parent / "pulumi.code").write_text("2")
    assert run("pulumi", "--", "preview").exit_code == 1


def test_the_local_azure_is_looked_into(tmp_path: Path) -> None:
    Store(tmp_path / "store").close()
    assert json.loads(run("azure", "list", "--store", tmp_path / "store").stdout) == []
    assert run("azure", "reset", "--store", tmp_path / "store").exit_code == 0
    assert "--time-scale" in run("azure", "serve", "--help").stdout


def test_a_refusal_of_the_local_azure_exits_1(tmp_path: Path) -> None:
    (tmp_path / "arm.sqlite3").write_text("something else")
    result = run("azure", "list", "--store", tmp_path)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)


def test_outputs_of_a_stack_that_was_never_up_say_what_to_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running, "workspace", lambda: Workspace(ROOT, ROOT / "stacks", tmp_path, tmp_path / "pulumi"))
    result = run("outputs", "prod")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "error: stack prod has no outputs: run ./moorings up prod\n"


def test_outputs_are_those_of_the_last_up(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(running, "workspace", lambda: Workspace(ROOT, ROOT / "stacks", tmp_path, tmp_path / "pulumi"))
    (tmp_path / "prod-outputs.json").write_text('{"endpoints": {"global": "contoso.azurecr.io"}}', encoding="utf-8")
    assert "contoso.azurecr.io" in run("outputs", "prod").stdout
    assert answer("outputs", "prod") == {"endpoints": {"global": "contoso.azurecr.io"}}


@pytest.fixture
def files(cli: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stack files of the test's own, which the verbs that rename and remove change."""
    stacks = tmp_path / "stacks"
    stacks.mkdir()
    (stacks / "Pulumi.test.yaml").write_text("config: {moorings:stack: {name: contoso}}\n")
    user = "config: {moorings:stack: {networks: {hub: {id: {stack: acme/moorings/test, output: networks.hub}}}}}\n"
    (stacks / "Pulumi.user.yaml").write_text(user)
    monkeypatch.setattr(running, "workspace", lambda: Workspace(ROOT, stacks, tmp_path / "local", cli))
    return stacks


def test_a_renamed_stack_lists_what_else_to_change(files: Path) -> None:
    result = run("rename", "test", "staging")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "stacks/Pulumi.user.yaml:1: change acme/moorings/test to acme/moorings/staging" in result.stdout
    assert "pulumi stack export -s test" in result.stdout
    assert (files / "Pulumi.staging.yaml").exists()


def test_a_state_of_ones_own_backend_is_written_under_the_new_name(files: Path, tmp_path: Path) -> None:
    urn = "urn:pulumi:test::moorings::a:b:C::n"
    (tmp_path / "state.json").write_text(json.dumps({"version": 3, "deployment": {"resources": [{"urn": urn}]}}))
    result = run("rename", "test", "staging", "--state", tmp_path / "state.json")
    assert f"pulumi stack import -s staging --file {tmp_path}/state-staging.json" in result.stdout
    written = json.loads((tmp_path / "state-staging.json").read_text())
    assert written["deployment"]["resources"] == [{"urn": urn.replace(":test::", ":staging::")}]


@pytest.mark.parametrize("text", ["nonsense", "[]", "{}"])
def test_a_file_that_is_no_state_is_refused_before_anything_is_renamed(files: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    result = run("rename", "test", "staging", "--state", tmp_path / "state.json")
    assert (result.exit_code, result.stderr.count("\n"), result.stdout) == (1, 1, "")
    assert (files / "Pulumi.test.yaml").exists()


def test_a_stack_is_removed_only_when_it_is_confirmed_and_nothing_refers_to_it(files: Path) -> None:
    asked = run("remove", "test")
    assert (asked.exit_code, "first run pulumi destroy -s test" in asked.stderr) == (1, True)
    referred = run("remove", "test", "--yes")
    assert (referred.exit_code, "Pulumi.user.yaml:1 refers to stack test" in referred.stderr) == (1, True)
    assert run("remove", "user", "--yes").exit_code == 0
    assert run("remove", "test", "--yes").stdout == "stacks/Pulumi.test.yaml is removed\n"
    assert list(files.iterdir()) == []
