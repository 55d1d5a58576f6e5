"""Runs the tools of set-up, with callbacks for their output and a heartbeat, and without orphans."""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tools import processes

_HEARTBEAT_SECONDS = 1.0
_TAIL_LINES = 12
_held: list[int] = []


class CommandError(Exception):
    """A tool failed or was stopped; `tail` contains the last lines of its output."""

    def __init__(self, summary: str, tail: Sequence[str]) -> None:
        super().__init__(summary)
        self.tail = tuple(tail)

    @property
    def reason(self) -> str:
        """The last nonempty line of the output, or the summary."""
        lines = [line.strip() for line in self.tail if line.strip()]
        return lines[-1] if lines else str(self)


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] = lambda _: None,
    on_beat: Callable[[], None] = lambda: None,
) -> None:
    """Run a tool until it ends.

    Args:
        command: the command line.
        cwd: folder to run in.
        environment: its complete environment; None for the environment of this process.
        on_line: called with each line of its output (both streams).
        on_beat: called about once a second; an exception in it stops the tool.

    Raises:
        CommandError: the tool is missing (code 127) or ended with a code other than 0.
    """
    tail: list[str] = []
    child = processes.start(
        command, cwd=cwd or Path.cwd(), environment=os.environ if environment is None else environment, keep_open=_held
    )
    lines: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(child, lines), daemon=True)
    reader.start()
    try:
        # The timeout ends the wait for a line, so that on_beat runs while the tool prints nothing.
        while True:
            with contextlib.suppress(queue.Empty):
                line = lines.get(timeout=_HEARTBEAT_SECONDS)
                if line is None:
                    break
                tail = [*tail[-_TAIL_LINES:], line]
                on_line(line)
            on_beat()
        code = child.wait()
    finally:
        _stop(child, reader)
    if code:
        raise CommandError(f"{Path(command[0]).name} ended with {code}", tail)


def hold(descriptor: int) -> None:
    """Pass a lock on to every tool that runs afterwards; it is released when the last of them ends."""
    _held.append(descriptor)


def _read(child: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert child.stdout is not None
    for line in child.stdout:
        lines.put(line.rstrip("\n"))
    lines.put(None)


def _stop(child: subprocess.Popen[str], reader: threading.Thread) -> None:
    # The reader must reach the end of the pipe before the pipe is closed.
    if child.stdin:
        child.stdin.close()
    child.wait()
    reader.join()
    processes.stop(child)
