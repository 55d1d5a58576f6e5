"""How the progress of a run looks: as lines, and as a table."""

from __future__ import annotations

import io
import json

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
    with shown(["hub", "dev"], stream) as observe:
        for event in EVENTS:
            observe(event)
    lines = stream.getvalue().splitlines()
    assert lines == ["hub  ▸ running", "hub  ✓ succeeded  7 create, 2 same  3 s", "dev  - skipped  Azure [refuses]"]


def test_the_table_has_a_row_for_each_stack_with_state_in_words() -> None:
    board = Board(["hub", "dev"])
    for event in EVENTS[:4]:
        board.take(event)
    assert board.row("hub") == ("hub", "▸ running", "7", "1 s", "")
    assert board.row("dev") == ("dev", "· waiting", "", "", "after hub")
    stream = io.StringIO()
    Console(file=stream, width=100).print(board.table())
    assert [line.split()[0] for line in stream.getvalue().splitlines()] == ["stack", "hub", "dev"]


def test_json_has_one_event_per_line() -> None:
    stream = io.StringIO()
    with json_lines(stream) as observe:
        for event in EVENTS:
            observe(event)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["event"] for line in lines] == ["waiting", "waiting", "started", "resource", "succeeded", "skipped"]
