"""Starts the child processes of the host, and ensures that none outlives it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import IO

_GRACE_SECONDS = 2.0
_CHUNK_BYTES = 65536


class Children:
    """Starts children in separate process groups, so that Ctrl-C reaches them only through the host."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopping = False

    @property
    def stopping(self) -> bool:
        """Whether `stop` has been called."""
        return self._stopping

    def run(self, command: Sequence[str], *, cwd: str, environment: Mapping[str, str]) -> int:
        """Run a child with the host's output streams until it ends, and return its exit code."""
        with self._started(command, cwd=cwd, environment=environment) as child:
            return child.wait()

    def stream(
        self, command: Sequence[str], *, cwd: str, environment: Mapping[str, str], cancelled: threading.Event
    ) -> Iterator[tuple[str, bytes | int]]:
        """Run a child, and yield `("stdout"|"stderr", bytes)` as output arrives and `("exitcode", int)` last.

        The child is stopped when `cancelled` is set.
        """
        with self._started(command, cwd=cwd, environment=environment, piped=True) as child:
            chunks: queue.Queue[tuple[str, bytes]] = queue.Queue()
            for name, pipe in (("stdout", child.stdout), ("stderr", child.stderr)):
                threading.Thread(target=_pump, args=(name, pipe, chunks), daemon=True).start()
            threading.Thread(target=lambda: cancelled.wait() and stop(child), daemon=True).start()
            open_pipes = 2
            while open_pipes:
                name, chunk = chunks.get()
                if chunk:
                    yield name, chunk
                else:
                    open_pipes -= 1
            yield "exitcode", child.wait()

    def stop(self) -> None:
        """Stop every child, and refuse to start another."""
        with self._lock:
            self._stopping = True
            running = list(self._running)
        for child in running:
            stop(child)

    @contextlib.contextmanager
    def _started(
        self, command: Sequence[str], *, cwd: str, environment: Mapping[str, str], piped: bool = False
    ) -> Iterator[subprocess.Popen[bytes]]:
        pipe = subprocess.PIPE if piped else None
        with self._lock:
            if self._stopping:
                raise OSError("the language host is shutting down")
            child = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=pipe,
                stderr=pipe,
                process_group=0,
            )
            self._running.add(child)
        try:
            yield child
        finally:
            stop(child)
            with self._lock:
                self._running.discard(child)


def _pump(name: str, pipe: IO[bytes], chunks: queue.Queue[tuple[str, bytes]]) -> None:
    while chunk := os.read(pipe.fileno(), _CHUNK_BYTES):
        chunks.put((name, chunk))
    chunks.put((name, b""))


def stop(child: subprocess.Popen[bytes]) -> None:
    """Terminate a child and its process group, and kill them after two seconds.

    The group can outlive the child: its other processes may keep the pipes open.
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        child.poll()
        try:
            os.killpg(child.pid, number)
        except (ProcessLookupError, PermissionError):
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE_SECONDS)
