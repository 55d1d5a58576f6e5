"""The command as a whole: its help, its exit codes, its start, and how it ends when something goes wrong."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from local_azure.loading import StateError
from local_azure.store import StoreLockedError, StoreUnreadableError
from planning.problems import SpecError
from tests.architecture.project import ROOT
from tests.verbs.asking import run
from tools.engine import EngineError
from tools.processes import ServiceError
from tools.pull_request.base import BaseError
from tools.recovery import LockedError
from tools.run_lock import BusyError
from tools.stack_file import NoStackFileError
from tools.verbs import command, page, refusals
from tools.verbs.bench import Benchmark

COMMAND = ROOT / "moorings"


def group() -> TyperGroup:
    found = get_command(command.load())
    assert isinstance(found, TyperGroup)
    return found


def ran(*words: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a process of its own."""
    variables = {**os.environ, **environment}
    return subprocess.run(
        [COMMAND, *words], cwd=folder, env=variables, capture_output=True, text=True, check=False, timeout=60
    )


def test_every_verb_is_a_module_and_every_module_of_a_verb_is_listed() -> None:
    assert list(group().commands) == list(command.VERBS)
    found = {path.stem for path in (ROOT / "tools" / "verbs").glob("*.py") if "@verb(" in path.read_text()}
    assert found == {*command.VERBS}


@pytest.mark.parametrize("verb", command.VERBS)
def test_every_verb_explains_itself_with_an_example_that_the_parser_takes(verb: str) -> None:
    result = run(verb, "--help")
    assert result.exit_code == 0
    examples = result.stdout.partition("Examples:\n")[2].split("\n")
    assert [line for line in examples if line.strip().startswith(f"./moorings {verb}")]


def test_a_summary_of_a_verb_fits_into_the_list() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "..." not in result.stdout.replace("[ARGS]...", "")
    assert all(f"\n  {verb} " in result.stdout for verb in command.VERBS)


def test_the_version_is_that_of_the_project() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert run("--version").stdout == f"moorings {version}\n"


@pytest.mark.parametrize("words", [("fly",), ("--loud",), ("check", "--", "x"), ("pulumi", "preview"), ("lock", "x")])
def test_wrong_use_exits_2_with_a_message(words: tuple[str, ...]) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Error: " in result.stderr


def test_the_page_of_the_commands_is_fresh() -> None:
    assert page.stale() == [], "run `./moorings docs`"


EXPECTED = {
    SpecError((), ["a: one", "b: two"]): ["error: a: one", "error: b: two"],
    refusals.RefusedError("no"): ["error: no"],
    BusyError("another run"): ["error: another run"],
    NoStackFileError("no stack 'x'"): ["error: no stack 'x'"],
    ServiceError("does not come up"): ["error: does not come up"],
    LockedError("is locked"): ["error: is locked"],
    BaseError("no base"): ["error: no base"],
    StateError("no state"): ["error: no state"],
    StoreLockedError("another process serves"): ["error: another process serves"],
    StoreUnreadableError("is no store"): ["error: is no store"],
    EngineError("up", "noise\nerror: because\n"): [
        "noise",
        "error: because",
        "error: pulumi up failed: error: because",
    ],
    KeyboardInterrupt(): ["error: stopped"],
    OSError(28, "No space left on device"): ["error: No space left on device; free some space, and run again"],
    PermissionError(13, "Permission denied", "a/file"): [
        "error: a/file: Permission denied; grant your user read and write access"
    ],
}


@pytest.mark.parametrize(("raised", "lines"), EXPECTED.items(), ids=lambda value: type(value).__name__)
def test_what_ends_a_verb_early_is_reported_in_lines_and_exits_1(
    raised: BaseException, lines: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise raised

    monkeypatch.setattr("stacks.loader.load", fail)
    result = run("ledger", "prod")
    assert (result.exit_code, result.stderr.splitlines(), result.stdout) == (1, lines, "")


@pytest.mark.parametrize("raised", [KeyError("a"), BrokenPipeError(32, "Broken pipe", "a/file"), OSError("x")])
def test_a_fault_of_the_program_is_not_reported_as_a_refusal(raised: Exception) -> None:
    assert refusals.lines_of(raised) is None


@pytest.mark.parametrize(("code", "exit_code"), [(0, 0), (1, 1), (2, 2), (130, 1), (255, 1), (None, 0), ("why", 1)])
def test_there_are_three_exit_codes(monkeypatch: pytest.MonkeyPatch, code: object, exit_code: int) -> None:
    def ends(**_: object) -> None:
        raise SystemExit(code)

    monkeypatch.setattr(command, "load", lambda: ends)
    assert command.main() == exit_code


def test_the_command_runs_from_any_folder_and_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "moorings"
    link.symlink_to(COMMAND)
    # Names of modules that this folder holds must not hide ours, nor those of the standard library.
    (tmp_path / "typing.py").write_text("raise SystemExit('the wrong module')")
    done = subprocess.run([link, "check", "local"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.partition(" (")[0], done.stderr) == (0, "local: no problems", "")


def test_without_an_environment_the_command_says_what_to_do(tmp_path: Path) -> None:
    copy = tmp_path / "moorings"
    copy.write_bytes(COMMAND.read_bytes())
    copy.chmod(0o755)
    for target in (None, "gone"):
        if target:
            (tmp_path / ".venv" / "bin").mkdir(parents=True)
            (tmp_path / ".venv" / "bin" / "python").symlink_to(target)
        done = subprocess.run([copy, "check"], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        assert "run `make setup`" in done.stderr


def test_with_an_incomplete_environment_the_command_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "rich.py").write_text("import nonsuch")
    script = ROOT / "tools" / "verbs" / "__main__.py"
    absent = f"import sys, runpy; sys.modules['typer'] = None; runpy.run_path({str(script)!r}, run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", absent], capture_output=True, text=True, check=False)
    line = "error: .venv lacks the package typer: remove .venv and run `make setup`\n"
    assert (done.returncode, done.stderr) == (1, line)


HEAVY = {"pulumi", "pulumi_azure_native", "rich", "ruamel", "grpc", "starlette", "jinja2", "google"}


@pytest.mark.parametrize("words", [("--help",), ("up", "--help"), ("policy", "--help"), ("--version",)])
def test_help_loads_nothing_but_the_parser(words: tuple[str, ...]) -> None:
    asked = (
        "import sys\nfrom tools.verbs.command import main\nsys.argv[1:] = " + repr(list(words)) + "\n"
        "main()\nprint(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert set(done.stderr.split()) & HEAVY == set()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("moorings exp", {"explain"}),
        ("moorings explain p", {"prod"}),
        ("moorings up ", {"dev", "local", "prod"}),
        ("moorings azure re", {"reach", "requests", "reset"}),
        ("moorings policy --ju", {"--junit"}),
        ("moorings rules --profile m", {"minimal"}),
    ],
)
def test_verbs_stacks_and_options_are_completed(line: str, offered: set[str]) -> None:
    position = str(len(line.split(" ")) - 1)
    done = ran(_MOORINGS_COMPLETE="complete_bash", COMP_WORDS=line, COMP_CWORD=position)
    assert set(done.stdout.split()) == offered


@pytest.mark.parametrize("words", [("--help",), ("rules",), ("check", "nowhere"), ("policy", "--loud")])
def test_there_are_no_colours_without_a_terminal(words: tuple[str, ...]) -> None:
    done = ran(*words, TERM="xterm-256color")
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_colours_are_for_a_terminal_and_not_where_no_color_is_set(
    tmp_path: Path, no_color: str, *, coloured: bool
) -> None:
    (tmp_path / "state.json").write_text('{"deployment": {"resources": []}}')
    ours, theirs = pty.openpty()
    variables = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": no_color}
    words = [COMMAND, "policy", "--from", tmp_path / "state.json"]
    assert subprocess.run(words, stdout=theirs, env=variables, check=False).returncode == 0
    shown = os.read(ours, 10_000).decode()
    os.close(theirs)
    os.close(ours)
    assert "passed: 0 failed" in shown
    assert ("\x1b[1;32m" in shown) is coloured


def test_the_verb_of_the_benchmarks_runs_those_that_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[str] = []
    every = [str(each) for each in Benchmark]
    for name in every:
        monkeypatch.setattr(f"bench.{name}.main", lambda name=name: measured.append(name))
    assert run("bench", "ledger").exit_code == 0
    assert run("bench", "--help").exit_code == 0
    assert measured == ["ledger"]
    assert run("bench").exit_code == 0
    assert measured[1:] == every
    assert run("bench", "speed").exit_code == 2


def test_a_benchmark_that_cannot_measure_exits_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise SystemExit("the two sides do not make the same")

    monkeypatch.setattr("bench.ledger.main", fail)
    result = run("bench", "ledger")
    assert (result.exit_code, result.stderr) == (1, "error: the two sides do not make the same\n")


def test_the_lock_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tools.lock.write", lambda: (tmp_path / "requirements.lock", 3))
    assert run("lock").stdout == "requirements.lock: 3 packages\n"


def test_a_verb_that_raises_an_exit_of_the_parser_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def ends() -> None:
        raise typer.Exit(2)

    monkeypatch.setattr("tools.lock.write", ends)
    assert run("lock").exit_code == 2


def test_types_that_are_not_published_are_refused(tmp_path: Path) -> None:
    refused = run("types", tmp_path)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
    assert run("types", tmp_path / "nowhere").exit_code == 2
