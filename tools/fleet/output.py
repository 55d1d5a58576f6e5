"""The output of the engine for one stack of a run: a log file, and the number of operations on resources that have ended."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

_ENDED = re.compile(r"^\W+\S+:\S+ \S+ (?:created|updated|deleted|replaced|imported|refreshed|read)\b")
"""A line of the engine for an operation on a resource that has ended: sign, type, name, state."""


class Output:
    """Writes the output of the engine to a log file, and reports each operation on a resource that has ended.

    Attributes:
        path: the log file.
        resources: number of operations that have ended.
    """

    def __init__(self, path: Path, ended: Callable[[int], object]) -> None:
        self.path = path
        self.resources = 0
        self._ended = ended
        self._stream: IO[str] | None = None

    def __enter__(self) -> None:
        self._stream = self.path.open("w", encoding="utf-8")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._stream is not None:
            self._stream.close()

    def show(self, text: str) -> None:
        """Write a text of the engine or of the runner."""
        if self._stream is not None:
            self._stream.write(text)
            self._stream.flush()
        for line in text.splitlines():
            if _ENDED.match(line):
                self.resources += 1
                self._ended(self.resources)
