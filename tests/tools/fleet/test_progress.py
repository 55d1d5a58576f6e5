"""How the progress of a run looks: as lines, and as a table."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import threading
import time

import pytest
from rich.console import Console

from tools.fleet.events import Event
from tools.fleet.progress import Board, json_lines, shown

EVENTS = (
    Event("hub", "waiting"),
    Event("dev", "waiting", needs=("hub",)),
    Event("hub", "started", 1.0),
    Event("hub", "resource", 2.0, resources=7),
    Event("hub", "succeeded", 4.0, resources=9, changes={"same": 2, "create": 7}),
    Event("dev", "skipped", 4.0, reason="Azure [refuses]"),
)


def test_a_pipe_gets_a_line_for_each_change_of_state() -> None:
    stream = io.StringIO()
    with shown(stream) as observe:
        for event in EVENTS:
            observe(event)
    lines = stream.getvalue().splitlines()
    assert lines == ["hub  ▸ running", "hub  ✓ succeeded  7 create, 2 same  3 s", "dev  - skipped  Azure [refuses]"]


def test_the_table_has_a_row_for_each_stack_with_state_in_words() -> None:
    board = Board()
    for event in EVENTS[:4]:
        board.take(event)
    assert board.row("hub") == ("hub", "▸ running", "7", "1 s", "")
    assert board.row("dev") == ("dev", "· waiting", "", "", "after hub")
    stream = io.StringIO()
    Console(file=stream, width=100).print(board.table())
    assert [line.split()[0] for line in stream.getvalue().splitlines()] == ["stack", "hub", "dev"]


def test_the_time_of_a_stack_that_runs_goes_on_between_events() -> None:
    now = [2.0]
    board = Board(lambda: now[0])
    for event in EVENTS[:4]:
        board.take(event)
    now[0] = 31.0
    assert board.row("hub")[3] == "30 s"
    board.take(EVENTS[4])
    assert board.row("hub")[3] == "3 s"


def test_a_low_terminal_shows_what_runs_and_failed_and_counts_the_others() -> None:
    board = Board()
    for index in range(200):
        board.take(Event(f"s{index:03}", "waiting"))
    for index in range(150):
        board.take(Event(f"s{index:03}", "succeeded", 1.0))
    board.take(Event("s007", "failed", 1.0, reason="Azure refuses"))
    board.take(Event("s160", "started", 2.0))
    stream = io.StringIO()
    Console(file=stream, width=100).print(board.table(4))
    lines = stream.getvalue().splitlines()
    assert [line.split()[0] for line in lines] == ["stack", "s007", "s150", "s151", "s160", "…"]
    assert lines[-1].strip() == "… and 196 more: 149 succeeded, 47 waiting"


def test_a_terminal_gets_a_table_that_is_drawn_again_and_remains_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "6")
    monkeypatch.setenv("COLUMNS", "80")
    leader, follower = pty.openpty()
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.extend(iter(lambda: _chunk(leader), b"")))
    reader.start()
    with os.fdopen(follower, "w", encoding="utf-8") as terminal, shown(terminal) as observe:
        for index in range(20):
            observe(Event(f"s{index:02}", "waiting"))
        time.sleep(0.7)
        observe(Event("s09", "failed", 1.0, reason="Azure refuses"))
    reader.join(20)
    os.close(leader)
    text = b"".join(read).decode()
    assert "… and 17 more: 17 waiting" in text
    end = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text).splitlines()[-20:]
    assert [line.split()[0] for line in end] == [f"s{index:02}" for index in range(20)]
    assert "✗ failed" in end[9]


def _chunk(terminal: int) -> bytes:
    """What a terminal has printed since the last call; nothing once the program has closed it."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_json_has_one_event_per_line() -> None:
    stream = io.StringIO()
    with json_lines(stream) as observe:
        for event in EVENTS:
            observe(event)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["waiting", "waiting", "started", "resource", "succeeded", "skipped"]
