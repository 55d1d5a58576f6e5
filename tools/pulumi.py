"""Runs the Pulumi CLI that set-up selected, for real Azure, with the caller's login and backend."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import conflicts


def run(pulumi: Path, arguments: Sequence[str]) -> int:
    """Run the CLI in the caller's folder, print how to import existing resources that stop an `up`, and return the exit code."""
    with conflicts.advice(arguments, _say) as (words, variables):
        return run_interactive(pulumi, words, Path.cwd(), {**environment_of(pulumi), **variables})


def environment_of(pulumi: Path) -> dict[str, str]:
    """Return the caller's environment, in which the CLI finds its language host: it may be in the folder of the CLI."""
    return {**os.environ, "PATH": os.pathsep.join([str(pulumi.absolute().parent), os.environ.get("PATH", "")])}


def run_interactive(pulumi: Path, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run the CLI interactively, and return its exit code."""
    # It runs in this process group, so that it can prompt and receives Ctrl-C itself; this process waits until it ends.
    process = subprocess.Popen([str(pulumi.absolute()), *arguments], cwd=folder, env=environment)
    handlers = {signal.SIGINT: lambda *_: None, signal.SIGTERM: lambda *_: process.send_signal(signal.SIGINT)}
    before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
    try:
        return process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    print(f"moorings: {text}", file=sys.stderr, flush=True)
