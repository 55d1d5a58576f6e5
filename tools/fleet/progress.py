"""Shows the progress of a run: one table on a terminal, one line for each change of state elsewhere, or JSON lines."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Final

from rich.console import Console
from rich.live import Live
from rich.table import Table

from tools.fleet.events import Event, Observe

_SIGNS: Final = {"running": "▸", "failed": "✗", "waiting": "·", "succeeded": "✓", "skipped": "-"}
"""Signs of the states, in the order in which stacks are shown if the terminal is too low for all."""
_OTHER_LINES: Final = 3
"""Lines of a terminal that the table needs besides its rows: the heading, the line of hidden stacks, and the cursor's."""


class Board:
    """The state of each stack of a run, in the order of their first events.

    Args:
        clock: returns the seconds since the run started; None for those of the newest event.
    """

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._newest = 0.0
        self._last: dict[str, Event] = {}
        self._states: dict[str, str] = {}
        self._started: dict[str, float] = {}

    def take(self, event: Event) -> None:
        """Update the state of a stack with an event."""
        self._newest = event.seconds
        if event.kind == "started":
            self._started[event.stack] = event.seconds
        if event.kind != "resource":
            self._states[event.stack] = "running" if event.kind == "started" else event.kind
        # Last: another thread draws, and draws only stacks that are here.
        self._last[event.stack] = event

    def row(self, name: str) -> tuple[str, str, str, str, str]:
        """Return name, state, resources, time since the stack started, and a remark."""
        event, state = self._last[name], self._states[name]
        now = (self._clock() if self._clock else self._newest) if state == "running" else event.seconds
        passed = now - self._started.get(name, now)
        shown = f"{passed:.0f} s" if passed else ""
        return name, f"{_SIGNS[state]} {state}", _resources(event), shown, _remark(event)

    def table(self, lines: int | None = None) -> Table:
        """Return the rows of all stacks, or of as many as fit into a number of lines and one row with the number of others."""
        result = Table("stack", "state", "resources", "time", "", box=None, pad_edge=False)
        every = list(self._last)
        visible = set(every)
        if lines is not None and len(every) > lines:
            order = list(_SIGNS)
            # Sorting keeps the order of those that are alike.
            visible = set(sorted(every, key=lambda name: order.index(self._states[name]))[:lines])
        for name in every:
            if name in visible:
                result.add_row(*self.row(name))
        hidden = Counter(self._states[name] for name in every if name not in visible)
        if hidden:
            words = ", ".join(f"{count} {state}" for state, count in sorted(hidden.items()))
            result.add_row(f"… and {hidden.total()} more: {words}")
        return result


@contextmanager
def shown(stream: IO[str]) -> Iterator[Observe]:
    """Show events as a table that changes, if the stream is a terminal, and otherwise as lines."""
    console = Console(file=stream, highlight=False, markup=False)
    if not console.is_terminal:
        yield _lines(console)
        return
    start = time.monotonic()
    board = Board(lambda: time.monotonic() - start)

    def drawn() -> Table:
        return board.table(max(1, console.height - _OTHER_LINES))

    try:
        with Live(console=console, refresh_per_second=2, get_renderable=drawn, transient=True):
            yield board.take
    finally:
        console.print(board.table())


def _lines(console: Console) -> Observe:
    board = Board()

    def line(event: Event) -> None:
        board.take(event)
        if event.kind not in {"waiting", "resource"}:
            console.print("  ".join(filter(None, board.row(event.stack))), soft_wrap=True)

    return line


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
