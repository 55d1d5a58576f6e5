"""The language host of last resort: its decisions, and how programs fare under it on the real engine."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest

from tests import waiting
from tests.engine import QUIET, Rehearsal, rehearsal
from tools.language_host import programs
from tools.language_host.children import Children
from tools.language_host.probe import SilentHostError, ask
from tools.language_host.programs import Interpreter
from tools.language_host.protocol import language_pb2, language_pb2_grpc

ROOT = Path(__file__).resolve().parents[2]
HOST = [sys.executable, str(ROOT / "tools" / "language_host"), "--use-executor", "/nowhere"]


def test_the_projects_virtual_environment_is_used(tmp_path: Path) -> None:
    python = tmp_path / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    chosen = Interpreter.of_project(tmp_path, ".venv", {"PATH": "/nowhere"})
    assert chosen == Interpreter(python, tmp_path / ".venv")
    environment = chosen.environment({"PATH": "/bin", "PYTHONHOME": "/x"})
    assert environment["PATH"] == f"{python.parent}:/bin"
    assert environment["VIRTUAL_ENV"] == str(tmp_path / ".venv")
    assert "PYTHONHOME" not in environment


def test_a_virtual_environment_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(programs.NoInterpreterError, match="doesn't appear to be a virtual environment"):
        Interpreter.of_project(tmp_path, ".venv", {})


def test_no_python_on_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(programs.NoInterpreterError, match="on PATH"):
        Interpreter.of_project(tmp_path, "", {"PATH": str(tmp_path)})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (0, ("", False)),
        (32, ("", True)),
        (7, ("Program exited with non-zero exit code: 7", False)),
        (-9, ("Program was stopped by signal 9", False)),
    ],
)
def test_an_exit_code_becomes_the_engines_error(code: int, expected: tuple[str, bool]) -> None:
    assert programs.run_error(code) == expected


def test_empty_options_stay_off_the_command_line() -> None:
    python = Interpreter(Path("/p"), None)
    command = programs.run_arguments({"monitor": "m", "organization": ""}, "prog", ["a"], Path("/e"), python)
    assert command == ["/p", "-u", "/e", "--monitor", "m", "prog", "a"]


def test_a_policy_pack_runs_under_the_sdks_policy_module() -> None:
    python = Interpreter(Path("/p"), None)
    assert programs.plugin_arguments("analyzer", Path("/pack"), ["addr"], python)[2:] == [
        "-m",
        "pulumi.policy",
        "addr",
        "/pack",
    ]
    assert programs.plugin_arguments("resource", Path("/plugin"), ["addr"], python)[2:] == ["/plugin", "addr"]


def test_provider_packages_are_those_that_declare_a_provider() -> None:
    python = Interpreter(ROOT / ".venv" / "bin" / "python", ROOT / ".venv")
    found = {package["name"]: package["version"] for package in programs.provider_packages(python)}
    assert found["azure-native"] == "3.29.0"
    assert "policy" not in found


def test_children_that_are_stopped_are_not_followed_by_others(tmp_path: Path) -> None:
    children = Children()
    codes: list[int] = []
    path = {"PATH": "/bin:/usr/bin"}
    program = ["sh", "-c", "touch started; exec sleep 300"]
    runner = threading.Thread(target=lambda: codes.append(children.run(program, cwd=str(tmp_path), environment=path)))
    runner.start()
    assert waiting.comes_true((tmp_path / "started").exists)
    children.stop()
    runner.join(60)
    assert codes == [-signal.SIGTERM]
    with pytest.raises(OSError, match="shutting down"):
        children.run(["true"], cwd=".", environment=path)


def test_a_childs_output_is_streamed_and_its_code_comes_last() -> None:
    program = ["sh", "-c", "echo out; echo err >&2; exit 5"]
    got = list(Children().stream(program, cwd=".", environment={"PATH": "/bin:/usr/bin"}, cancelled=threading.Event()))
    assert got[-1] == ("exitcode", 5)
    assert set(got[:-1]) == {("stdout", b"out\n"), ("stderr", b"err\n")}


def test_what_a_child_leaves_behind_holds_nobody_up() -> None:
    program = ["sh", "-c", "sleep 300 & echo $! $$"]
    cancelled = threading.Event()
    report = Children().stream(program, cwd=".", environment={"PATH": "/bin:/usr/bin"}, cancelled=cancelled)
    name, pids = next(report)
    assert name == "stdout"
    assert isinstance(pids, bytes)
    left, shell = (int(pid) for pid in pids.split())
    assert waiting.end(shell)
    cancelled.set()
    started = time.monotonic()
    assert list(report)[-1] == ("exitcode", 0)
    assert time.monotonic() - started < 60
    assert waiting.end(left)


def test_a_host_behind_a_script_is_asked_and_ended_with_it(tmp_path: Path) -> None:
    script = tmp_path / "host"
    script.write_text(
        f'#!/bin/sh\nsleep 300 &\necho $! > {tmp_path}/pid\n{" ".join(HOST)} --report-version 1.2.3 "$@"\n'
    )
    script.chmod(0o755)
    started = time.monotonic()
    assert ask(str(script)) == "1.2.3"
    assert time.monotonic() - started < 60
    assert waiting.end(int((tmp_path / "pid").read_text()))


def test_the_host_ends_quietly_on_an_interrupt() -> None:
    host = subprocess.Popen(HOST, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert host.stdout is not None
    assert int(host.stdout.readline()) > 0
    host.send_signal(signal.SIGINT)
    assert host.communicate(timeout=60) == ("", "")
    assert host.returncode == 0


@pytest.mark.parametrize("method", ["GenerateProgram", "GenerateProject", "GeneratePackage", "Pack", "Link"])
def test_what_generates_code_is_refused_in_one_line(method: str) -> None:
    request = getattr(language_pb2, f"{method}Request")()
    with subprocess.Popen(HOST, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as host:
        assert host.stdout is not None
        with grpc.insecure_channel(f"127.0.0.1:{int(host.stdout.readline())}") as channel:
            stub = language_pb2_grpc.LanguageRuntimeStub(channel)
            with pytest.raises(grpc.RpcError) as refused:
                getattr(stub, method)(request, timeout=60)
        _, errors = host.communicate(timeout=60)
    assert refused.value.code() == grpc.StatusCode.UNIMPLEMENTED
    assert refused.value.details().endswith(
        "install the Pulumi CLI, whose own language host does, and run `make setup` again"
    )
    assert "\n" not in refused.value.details()
    assert errors == b""


def test_the_host_ends_when_the_engine_was_deleted() -> None:
    host = subprocess.Popen(HOST, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert host.stdin is not None
    assert host.stdout is not None
    host.stdout.readline()
    host.stdin.close()
    assert host.wait(60) == 0


def test_a_host_that_answers_reports_its_version(tmp_path: Path) -> None:
    script = tmp_path / "host"
    script.write_text(f'#!/bin/sh\nexec {" ".join(HOST)} --report-version 1.2.3 "$@"\n')
    script.chmod(0o755)
    assert ask(str(script)) == "1.2.3"
    with pytest.raises(SilentHostError, match="does not start"):
        ask(str(tmp_path / "absent"))


PROGRAM = """
import os, pathlib, sys, time
import pulumi
mode = pathlib.Path("mode").read_text()
print("said by the program")
pulumi.export("value", pulumi.Config("moorings").get("value"))
if mode == "leave": sys.exit(7)
if mode == "raise": raise ValueError("broken on purpose")
if mode == "wait":
    pathlib.Path("waiting").write_text(str(os.getpid()))
    time.sleep(300)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    with rehearsal(tmp_path_factory.mktemp("host"), PROGRAM, "config:\n  moorings:value: '1.30'\n") as running:
        yield running


def set_mode(program: Rehearsal, mode: str) -> None:
    (program.program / "mode").write_text(mode)


@pytest.mark.engine
def test_a_program_runs_with_its_config_and_its_output_is_shown(program: Rehearsal) -> None:
    set_mode(program, "end")
    result = program.up()
    assert result.code == 0
    assert "said by the program" in result.output
    assert program.outputs() == {"value": "1.30"}


@pytest.mark.engine
def test_a_programs_exit_code_is_reported(program: Rehearsal) -> None:
    set_mode(program, "leave")
    result = program.up()
    assert result.code != 0
    assert "Program exited with non-zero exit code: 7" in result.output


@pytest.mark.engine
def test_a_programs_exception_is_shown_once_from_its_own_first_line(program: Rehearsal) -> None:
    set_mode(program, "raise")
    result = program.up()
    assert result.code != 0
    assert result.output.count("ValueError: broken on purpose") == 1
    assert "non-zero exit code" not in result.output
    assert "runpy" not in result.output


@pytest.mark.engine
def test_an_interrupt_ends_program_and_engine(program: Rehearsal) -> None:
    set_mode(program, "wait")
    under_way = program.program / "waiting"

    def interrupt_when_waiting() -> None:
        waiting.comes_true(lambda: under_way.exists() and under_way.read_text())
        program.engine.interrupt()

    threading.Thread(target=interrupt_when_waiting).start()
    result = program.engine.operate("up", *QUIET)
    assert result.code != 0
    assert "KeyboardInterrupt" not in result.output
    assert waiting.end(int(under_way.read_text()))
