"""The Pulumi CLI that set-up chose, in the project's own environment: for real Azure, with the caller's login and backend."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools import conflicts


def run(pulumi: Path, arguments: Sequence[str]) -> int:
    """Run the CLI in the caller's folder and return its exit code; say how to import what an `up` finds in its way."""
    # Beside the CLI may lie the language host that goes with it.
    path = os.pathsep.join([str(pulumi.absolute().parent), os.environ.get("PATH", "")])
    with conflicts.advice(arguments, _say) as (words, variables):
        return attended(pulumi, words, Path.cwd(), {**os.environ, "PATH": path, **variables})


def attended(pulumi: Path, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> int:
    """Run the CLI with somebody at the terminal, who may be asked and may press Ctrl-C, and return its exit code."""
    # In our process group, so that it may ask at the terminal: a Ctrl-C reaches it there, and we wait for its end.
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
