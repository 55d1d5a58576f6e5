"""Waiting for what other processes do, without a guess at how fast the machine is."""

from __future__ import annotations

import subprocess
import sys
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


def state(pid: int) -> str:
    """Return the state of a process as the kernel calls it: R, S, T for stopped, Z for ended and not yet collected, …"""
    if sys.platform != "linux":
        asked = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)
        return asked.stdout.strip()[:1]
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def end(*pids: int) -> bool:
    """Wait for processes to end, which follows a signal to a whole group only after a while; tell whether all did."""
    return comes_true(lambda: all(state(pid) in {"", "Z"} for pid in pids))
