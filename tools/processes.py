"""Starts processes that cannot outlive the runner, through `guard.py`."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

_GUARD = Path(__file__).with_name("guard.py")
_MINIMUM_FREE_BYTES = 2**20
"""Free disk space that the processes of a run need."""

_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ServiceError(Exception):
    """A process that the run needs did not start; the message is one line."""


def start(
    command: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    stderr: int | IO[Any] = subprocess.STDOUT,
    stop_signal: signal.Signals = signal.SIGTERM,
    grace_seconds: float = 5.0,
    keep_open: Sequence[int] = (),
) -> subprocess.Popen[str]:
    """Start a guarded process whose output the caller reads.

    When its `stdin` is closed or this process ends, it receives `stop_signal` and is killed `grace_seconds` later.
    It inherits the descriptors of `keep_open`, including their locks.
    The returned process is the guard, which forwards SIGINT to the command.
    """
    guarded = [sys.executable, "-I", "-S", str(_GUARD), stop_signal.name, str(grace_seconds), *command]
    # The guard starts with these signals blocked, and unblocks them when it can forward them.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _FORWARDED)
    try:
        return subprocess.Popen(
            guarded,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            errors="replace",
            process_group=0,
            pass_fds=keep_open,
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def stop(process: subprocess.Popen[str]) -> int:
    """Stop a guarded process, wait until it ends, and return its exit code."""
    with contextlib.suppress(OSError, ValueError):
        if process.stdin:
            process.stdin.close()
    code = process.wait()
    if process.stdout:
        process.stdout.close()
    return code


def interrupt(process: subprocess.Popen[str]) -> None:
    """Send SIGINT to the guarded command."""
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGINT)


def first_line(process: subprocess.Popen[str], name: str, log: Path, seconds: float) -> dict[str, Any]:
    """Return the JSON object that a service prints as its first line.

    Raises:
        ServiceError: the service ended, printed something else, or printed nothing within `seconds`.
    """
    assert process.stdout is not None
    deadline = time.monotonic() + seconds
    line = b""
    # Unbuffered, because a buffered read could wait for data after the line.
    descriptor = process.stdout.fileno()
    while not line.endswith(b"\n"):
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise ServiceError(f"{name} did not start within {seconds:.0f} s: see {log}")
        byte = os.read(descriptor, 1)
        if not byte:
            raise ServiceError(f"{name} ended before it started: {_last_line(log)}")
        line += byte
    try:
        return json.loads(line)
    except ValueError as error:
        raise ServiceError(f"{name} printed {line.decode(errors='replace').strip()!r} instead of JSON") from error


def _last_line(log: Path) -> str:
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()] if log.exists() else []
    if lines:
        return f"{lines[-1].strip()} (complete log: {log})"
    # A process that cannot write to a full disk cannot log this either.
    if shutil.disk_usage(log.parent).free < _MINIMUM_FREE_BYTES:
        return f"the disk of {log.parent} is full: free some space, and run again"
    return f"no output in {log}"
