"""Prints the steps of set-up and their progress."""

from __future__ import annotations

import sys
import time
from typing import TextIO

_TERMINAL_SECONDS = 0.2
_LOG_SECONDS = 15.0


class SetupError(Exception):
    """Set-up cannot continue; the message is one line with the remedy."""


class Report:
    """Prints steps and their progress.

    On a terminal, the progress of a step overwrites itself; elsewhere, a line is printed every 15 seconds.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._terminal = self._stream.isatty()
        self._shown_at = time.monotonic()
        self._width = 0

    def step(self, text: str) -> None:
        """Print the current step, and why it takes long if it does."""
        self._clear()
        print(f"[setup] {text}", file=self._stream, flush=True)
        self._shown_at = time.monotonic()

    def progress(self, text: str) -> None:
        """Show the progress of the step; most calls print nothing."""
        now = time.monotonic()
        if now - self._shown_at < (_TERMINAL_SECONDS if self._terminal else _LOG_SECONDS):
            return
        self._shown_at = now
        if not self._terminal:
            print(f"[setup]   {text}", file=self._stream, flush=True)
            return
        line = f"[setup]   {text}"[:118]
        print("\r" + line.ljust(self._width), end="", file=self._stream, flush=True)
        self._width = len(line)

    def _clear(self) -> None:
        if self._width:
            print("\r" + " " * self._width + "\r", end="", file=self._stream)
            self._width = 0


def minutes(seconds: float) -> str:
    """Return a duration as `M:SS`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
