"""Nothing that the runner starts outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import waiting
from tools import processes
from tools.engine import Finished

ROOT = Path(__file__).resolve().parents[2]
FAMILY = """
import subprocess, sys, time, pathlib, os
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"], start_new_session=True)
print(os.getpid(), child.pid, flush=True)
time.sleep(300)
"""


def family() -> tuple[subprocess.Popen[str], list[int]]:
    process = processes.start([sys.executable, "-c", FAMILY], cwd=ROOT, environment=os.environ)
    assert process.stdout is not None
    return process, [int(part) for part in process.stdout.readline().split()]


@pytest.fixture(autouse=True)
def _linux_only() -> None:
    if sys.platform != "linux":
        pytest.skip("orphans are collected on Linux only")


def test_stopping_ends_the_command_and_its_orphans() -> None:
    process, pids = family()
    processes.stop(process)
    assert waiting.end(*pids)


def test_a_killed_command_leaves_no_orphan_and_its_code_is_reported() -> None:
    process, pids = family()
    os.kill(pids[0], signal.SIGKILL)
    assert process.wait(60) == 128 + signal.SIGKILL
    assert waiting.end(*pids)
    processes.stop(process)


def test_the_command_ends_when_its_asker_is_killed() -> None:
    asker = "import os, sys, time\nfrom tools import processes\n" + (
        f"p = processes.start([sys.executable, '-c', {FAMILY!r}], cwd='.', environment=os.environ)\n"
        "print(p.stdout.readline(), flush=True)\ntime.sleep(300)\n"
    )
    killed = subprocess.Popen([sys.executable, "-c", asker], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert killed.stdout is not None
    pids = [int(part) for part in killed.stdout.readline().split()]
    killed.kill()
    killed.communicate()
    assert len(pids) == 2
    assert waiting.end(*pids)


def test_a_command_that_ignores_the_signal_is_killed() -> None:
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(300)"
    )
    process = processes.start([sys.executable, "-c", stubborn], cwd=ROOT, environment=os.environ, grace_seconds=0.3)
    assert process.stdout is not None
    process.stdout.readline()
    assert processes.stop(process) == 128 + signal.SIGKILL


def test_an_interrupt_reaches_the_command() -> None:
    program = (
        "import time\ntry: print('up', flush=True); time.sleep(300)\nexcept KeyboardInterrupt: print('interrupted')"
    )
    process = processes.start([sys.executable, "-c", program], cwd=ROOT, environment=os.environ)
    assert process.stdout is not None
    process.stdout.readline()
    processes.interrupt(process)
    assert process.stdout.readline() == "interrupted\n"
    assert process.wait(60) == 0
    processes.stop(process)


@pytest.mark.parametrize("milliseconds", [0, 5, 10, 15, 20, 25, 30, 40])
def test_an_interrupt_right_after_the_start_reaches_the_command_too(milliseconds: int) -> None:
    process = processes.start(["sleep", "300"], cwd=ROOT, environment=os.environ)
    time.sleep(milliseconds / 1000)
    processes.interrupt(process)
    assert process.wait(60) == 128 + signal.SIGINT
    assert process.stdout is not None
    assert process.stdout.read() == ""
    processes.stop(process)


def test_a_missing_command_ends_with_127() -> None:
    process = processes.start(["/nowhere/at/all"], cwd=ROOT, environment=os.environ)
    assert process.wait(60) == 127
    processes.stop(process)


def service(program: str, tmp_path: Path) -> subprocess.Popen[str]:
    with (tmp_path / "log").open("w") as log:
        return processes.start([sys.executable, "-c", program], cwd=ROOT, environment=os.environ, stderr=log)


def test_a_service_is_up_when_it_has_printed_its_line(tmp_path: Path) -> None:
    process = service("""print('{"url": "u"}', flush=True); import time; time.sleep(300)""", tmp_path)
    assert processes.first_line(process, "it", tmp_path / "log", 60) == {"url": "u"}
    processes.stop(process)


@pytest.mark.parametrize(
    ("program", "seconds", "problem"),
    [
        ("import sys; sys.exit('no room')", 60, "it ended before it started: no room"),
        ("print('hello', flush=True); import time; time.sleep(300)", 60, "it printed 'hello' instead of JSON"),
        ("import time; time.sleep(300)", 1, "it did not start within 1 s"),
    ],
)
def test_a_service_that_does_not_come_up_is_reported_in_one_line(
    tmp_path: Path, program: str, seconds: float, problem: str
) -> None:
    process = service(program, tmp_path)
    with pytest.raises(processes.ServiceError, match=problem):
        processes.first_line(process, "it", tmp_path / "log", seconds)
    processes.stop(process)


@pytest.mark.parametrize(("code", "killed"), [(137, True), (-9, True), (1, False), (0, False), (130, False)])
def test_a_run_tells_whether_the_engine_or_its_guard_was_killed(code: int, *, killed: bool) -> None:
    assert Finished(code, "").killed is killed
