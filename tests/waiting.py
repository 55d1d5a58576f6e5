"""Waiting for what other processes do, without a guess at how fast the machine is."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 60.0


def comes_true(condition: Callable[[], object]) -> bool:
    """Wait for a condition; tell whether it came true."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and was not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end(*pids: int) -> bool:
    """Wait for processes to end, which follows a signal to a whole group only after a while; tell whether all did."""
    return comes_true(lambda: not any(is_running(pid) for pid in pids))
