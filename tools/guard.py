"""Runs one command and ensures that none of its processes outlives the caller.

`python guard.py SIGNAL GRACE_SECONDS COMMAND…`: the caller keeps the standard input of the guard open. When the caller
closes it or ends, the command receives SIGNAL and, GRACE_SECONDS later, SIGKILL. SIGINT is forwarded. On Linux, the guard
adopts orphans of the command and stops them when the command ends; if the guard is killed, the command is killed too.
The exit code is that of the command, or 128 plus the number of the signal that ended it. Standard library only, for speed.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import sys
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_ORPHANS_GRACE_SECONDS = 2.0
_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Run the command until it ends, and return its exit code."""
    stop_signal, grace, command = signal.Signals[sys.argv[1]], float(sys.argv[2]), sys.argv[3:]
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    received: list[int] = []
    signal.signal(signal.SIGCHLD, lambda *_: None)
    # Signals are blocked during the fork: between fork and exec, the child's copy of these handlers would consume them.
    signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
    for number in _FORWARDED:
        signal.signal(number, lambda number, _: received.append(number))
    child = _start(command)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
    control: list[int] = [0]
    deadline: float | None = None
    while True:
        status = _reap(child)
        if status is not None:
            _end_orphans()
            return status if status >= 0 else 128 - status
        if deadline is not None and time.monotonic() >= deadline:
            _send(child, signal.SIGKILL)
        ready, _, _ = select.select([woken, *control], [], [], 0.2 if deadline is not None else None)
        if woken in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(woken, 512)
        ending = 0 in ready and not os.read(0, 512)
        while received:
            number = received.pop(0)
            if number == signal.SIGINT:
                _send(child, signal.SIGINT)
            else:
                ending = True
        if ending:
            control = []
            if deadline is None:
                deadline = time.monotonic() + grace
                _send(child, stop_signal)


def _start(command: list[str]) -> int:
    child = os.fork()
    if child:
        return child
    # Only the new process runs this code; it must never return to the loop of the guard.
    try:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setpgid(0, 0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, *_FORWARDED):
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _FORWARDED)
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
    os._exit(127)


def _reap(child: int) -> int | None:
    found: int | None = None
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if pid == child:
                found = os.waitstatus_to_exitcode(status)
    return found


def _end_orphans() -> None:
    started = time.monotonic()
    while orphans := _children():
        late = time.monotonic() - started > _ORPHANS_GRACE_SECONDS
        for pid in orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL if late else signal.SIGTERM)
        time.sleep(0.05)
        _reap(0)


def _children() -> list[int]:
    found: list[int] = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError):
            state, parent = status.read_text().rpartition(")")[2].split()[:2]
            if int(parent) == os.getpid() and state != "Z":
                found.append(int(status.parent.name))
    return found


def _send(child: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, number)


def _prctl(option: int, value: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


if __name__ == "__main__":
    sys.exit(main())
