"""A command on a terminal of its own, as a person uses it."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path


class Terminal:
    """A command on a pseudo-terminal.

    Attributes:
        process: the command.
        shown: everything that the terminal shows, including what was typed.
    """

    def __init__(self, command: Sequence[str | Path], folder: Path, environment: Mapping[str, str]) -> None:
        if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
            # A shell makes what it runs in the background ignore Ctrl-C, which the command would inherit.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        self._ours, theirs = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, start_new_session=True
        )
        os.close(theirs)

    def until(self, text: str) -> None:
        """Read until a text is shown."""
        end = time.monotonic() + 120
        while not self._shows(text, 1):
            assert time.monotonic() < end, self.shown

    def _shows(self, text: str, seconds: float) -> bool:
        if text not in self.shown and select.select([self._ours], [], [], seconds)[0]:
            # Where the command has ended, Linux reports an error instead of the end of the file.
            with contextlib.suppress(OSError):
                self.shown += os.read(self._ours, 10_000).decode().replace("\r\n", "\n")
        return text in self.shown

    def interrupt(self, until: str) -> None:
        """Press Ctrl-C, again if it came between the question and the read of the answer, where Python misses it."""
        for _ in range(10):
            os.kill(self.process.pid, signal.SIGINT)
            again = time.monotonic() + 5
            while time.monotonic() < again:
                if self._shows(until, 1):
                    return
        raise AssertionError(self.shown)

    def type(self, text: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{text}\n".encode())

    def end(self) -> int:
        """Read what is left, wait for the command, and return its exit code."""
        with contextlib.suppress(OSError):
            while read := os.read(self._ours, 10_000):
                self.shown += read.decode().replace("\r\n", "\n")
        code = self.process.wait(60)
        os.close(self._ours)
        return code
