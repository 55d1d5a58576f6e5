"""`make setup`: creates the virtual environment, then provides the Pulumi CLI; idempotent."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from tools.provision import cli, commands, environment
from tools.provision.report import Report, SetupError


def main(root: Path | None = None) -> int:
    """Set up missing parts, and return the exit code: 0 on success, 1 after one line with the remedy."""
    root = root or Path(__file__).resolve().parents[2]
    report = Report()
    try:
        if environment.is_ready(root) and cli.recorded(root):
            return 0
        _one_at_a_time(root, report)
        environment.ensure(root, report)
        cli.ensure(root, report)
    except SetupError as error:
        print(f"[setup] {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"[setup] {error.filename or root}: {error.strerror}; fix that and run `make setup` again", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("\n[setup] stopped; `make setup` continues from here", file=sys.stderr)
        return 130
    return 0


def _one_at_a_time(root: Path, report: Report) -> None:
    # A lock on the folder itself needs no file. The tools of set-up inherit it, so that after a kill the next set-up
    # does not start before they end.
    folder = os.open(root / "tools", os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        report.step("waiting for another set-up of this folder to end")
        fcntl.flock(folder, fcntl.LOCK_EX)
    commands.hold(folder)
