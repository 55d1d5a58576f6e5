"""Shows the progress of a run: one table on a terminal, one line for each change of state elsewhere, or JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from rich.console import Console
from rich.live import Live
from rich.table import Table

from tools.fleet.events import Event, Observe

_SIGNS = {"waiting": "·", "running": "▸", "succeeded": "✓", "failed": "✗", "skipped": "-"}


class Board:
    """The state of each stack of a run."""

    def __init__(self, names: Sequence[str]) -> None:
        self._last = {name: Event(name, "waiting") for name in names}
        self._states = dict.fromkeys(names, "waiting")
        self._started: dict[str, float] = {}

    def take(self, event: Event) -> None:
        """Update the state of a stack with an event."""
        self._last[event.stack] = event
        if event.kind == "started":
            self._started[event.stack] = event.seconds
        if event.kind != "resource":
            self._states[event.stack] = "running" if event.kind == "started" else event.kind

    def row(self, name: str) -> tuple[str, str, str, str, str]:
        """Return name, state, resources, time since the stack started, and a remark."""
        event, state = self._last[name], self._states[name]
        passed = event.seconds - self._started.get(name, event.seconds)
        time = f"{passed:.0f} s" if passed else ""
        return name, f"{_SIGNS[state]} {state}", _resources(event), time, _remark(event)

    def table(self) -> Table:
        """Return the rows of all stacks in their order."""
        result = Table("stack", "state", "resources", "time", "", box=None, pad_edge=False)
        for name in self._last:
            result.add_row(*self.row(name))
        return result


@contextmanager
def shown(names: Sequence[str], stream: IO[str]) -> Iterator[Observe]:
    """Show events as a table that changes, if the stream is a terminal, and otherwise as lines."""
    console = Console(file=stream, highlight=False, markup=False)
    board = Board(names)
    if console.is_terminal:
        with Live(board.table(), console=console, refresh_per_second=4) as live:

            def redraw(event: Event) -> None:
                board.take(event)
                live.update(board.table())

            yield redraw
        return

    def line(event: Event) -> None:
        board.take(event)
        if event.kind not in {"waiting", "resource"}:
            console.print("  ".join(filter(None, board.row(event.stack))), soft_wrap=True)

    yield line


@contextmanager
def json_lines(stream: IO[str]) -> Iterator[Observe]:
    """Print each event as one line of JSON."""
    yield lambda event: print(json.dumps(event.as_json()), file=stream, flush=True)


def _resources(event: Event) -> str:
    """The resources by operation at the end of a stack, and their number before."""
    if event.changes:
        return ", ".join(f"{count} {operation}" for operation, count in sorted(event.changes.items()))
    return str(event.resources) if event.resources else ""


def _remark(event: Event) -> str:
    if event.reason:
        return event.reason
    return f"after {', '.join(event.needs)}" if event.kind == "waiting" and event.needs else ""
