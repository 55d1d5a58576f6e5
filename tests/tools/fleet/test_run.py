"""The run of all stacks: which start when, how many at a time, and what follows a failure; the engine is replaced."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from stacks.order import Order
from tools import stack as runner
from tools.engine import Engine, Finished, Workspace
from tools.fleet import run
from tools.fleet.events import Event
from tools.fleet.run import Request
from tools.local_services import LocalAzure
from tools.standins import RehearsalContext

NEEDS = {"hub": (), "shared": ("hub",), "dev": ("hub",), "work": ("dev", "shared"), "alone": ()}
CREATED = ({"summaryEvent": {"resourceChanges": {"create": 2}}},)
ERROR = ({"diagnosticEvent": {"severity": "error", "message": "Azure refuses", "urn": "a::b::net"}},)


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Mapping[str, str], list[Event]]]:
    """Runs stacks with a function in place of the engine; returns how each ended, and the events."""
    workspace = Workspace(tmp_path, tmp_path / "stacks", tmp_path, tmp_path / "pulumi")
    (tmp_path / "Pulumi.yaml").write_text("name: moorings\n")

    @contextlib.contextmanager
    def azure(store: Path, log: Path, **_: Any) -> Iterator[LocalAzure]:
        yield LocalAzure("http://localhost", "azure-native:1", store, log)

    monkeypatch.setattr(run, "local_azure", azure)
    monkeypatch.setattr(run, "place", lambda *_: [])
    monkeypatch.setattr(run, "made_ids", lambda *_: set())
    monkeypatch.setattr(runner, "prepare", lambda *_, **__: None)
    monkeypatch.setattr(RehearsalContext, "variables", lambda *_: {})

    def ran(
        operate: Callable[[str, Callable[[str], None]], Finished],
        needs: Mapping[str, tuple[str, ...]] = NEEDS,
        command: str = "up",
        **settings: Any,
    ) -> tuple[Mapping[str, str], list[Event]]:
        def operated(given: str, engine: Engine, _azure: Any, _arguments: Any, show: Any) -> Finished:
            assert given == command
            return operate(engine.stack, show)

        monkeypatch.setattr(runner, "operate", operated)
        events: list[Event] = []
        request = Request(Order(needs, {}), **{"parallel": 4, **settings})
        if command == "down":
            return run.down(workspace, request, events.append), events
        return run.up(workspace, request, events.append, lambda _: None), events

    return ran


def kinds(events: list[Event], kind: str) -> list[str]:
    return [event.stack for event in events if event.kind == kind]


def test_a_stack_starts_when_all_that_it_needs_have_succeeded(fleet: Any) -> None:
    ended, events = fleet(lambda *_: Finished(0, "", CREATED))
    assert set(ended.values()) == {"succeeded"}
    for stack, needs in NEEDS.items():
        started = next(i for i, event in enumerate(events) if (event.stack, event.kind) == (stack, "started"))
        before = {event.stack for event in events[:started] if event.kind == "succeeded"}
        assert set(needs) <= before, stack


def test_independent_stacks_run_at_the_same_time(fleet: Any) -> None:
    together = threading.Barrier(3, timeout=20)

    def meet(*_: Any) -> Finished:
        together.wait()
        return Finished(0, "")

    ended, _ = fleet(meet, {"a": (), "b": (), "c": ()})
    assert set(ended.values()) == {"succeeded"}


def test_no_more_stacks_run_at_a_time_than_are_allowed(fleet: Any) -> None:
    running, most = [0], [0]
    lock = threading.Lock()

    def count(*_: Any) -> Finished:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        time.sleep(0.02)
        with lock:
            running[0] -= 1
        return Finished(0, "")

    fleet(count, {f"s{i}": () for i in range(8)}, parallel=2)
    assert most == [2]


def failing(*failed: str) -> Callable[[str, Any], Finished]:
    return lambda stack, _: Finished(1, "", ERROR) if stack in failed else Finished(0, "", CREATED)


def test_after_a_failure_no_further_stack_starts(fleet: Any) -> None:
    ended, events = fleet(failing("hub"), {"hub": (), "dev": ("hub",), "late": ()}, parallel=1)
    assert ended == {"hub": "failed", "dev": "skipped", "late": "skipped"}
    reasons = {event.stack: event.reason for event in events if event.kind == "skipped"}
    assert reasons["dev"] == "needs hub, which failed"
    assert reasons["late"].startswith("hub failed")


def test_stacks_that_need_no_failed_stack_go_on_if_asked(fleet: Any) -> None:
    ended, events = fleet(failing("dev"), continue_on_error=True)
    assert ended == {
        "hub": "succeeded",
        "shared": "succeeded",
        "alone": "succeeded",
        "dev": "failed",
        "work": "skipped",
    }
    failed = next(event for event in events if event.kind == "failed")
    assert failed.reason == "net: Azure refuses"


def test_what_is_skipped_is_no_success_for_those_that_need_it(fleet: Any) -> None:
    ended, events = fleet(failing("hub"), {"hub": (), "dev": ("hub",), "work": ("dev",)}, continue_on_error=True)
    assert ended["work"] == "skipped"
    assert events[-1].reason == "needs dev, which was skipped"


def test_a_stack_that_cannot_be_prepared_fails_alone(fleet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(engine: Engine, _show: Any, **_: Any) -> None:
        if engine.stack == "alone":
            raise OSError("no space")

    monkeypatch.setattr(runner, "prepare", refused)
    ended, events = fleet(failing(), continue_on_error=True)
    assert ended == {**dict.fromkeys(NEEDS, "succeeded"), "alone": "failed"}
    assert [event.reason for event in events if event.kind == "failed"] == ["no space"]


def test_an_interrupt_reaches_running_stacks_and_starts_no_others(fleet: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    handlers: list[Callable[[], None]] = []

    @contextlib.contextmanager
    def interruptions(interrupt: Callable[[], None]) -> Iterator[None]:
        handlers.append(interrupt)
        yield

    interrupted: list[str] = []
    monkeypatch.setattr(runner, "interruptions", interruptions)
    monkeypatch.setattr(Engine, "interrupt", lambda self: interrupted.append(self.stack))

    def stopped(stack: str, _show: Any) -> Finished:
        handlers[0]()
        return Finished(1, "")

    stacks = {"hub": (), "dev": ("hub",), "late": ()}
    ended, events = fleet(stopped, stacks, parallel=1, continue_on_error=True)
    assert interrupted == ["hub"]
    assert next(event.reason for event in events if event.kind == "failed") == "the run was interrupted"
    assert ended == {"hub": "failed", "dev": "skipped", "late": "skipped"}


def test_what_a_failed_stack_may_need_is_kept(fleet: Any) -> None:
    before = {"dev": (), "alone": (), "hub": ("dev",)}
    ended, events = fleet(failing("dev"), before, command="down", continue_on_error=True)
    assert ended == {"dev": "failed", "alone": "succeeded", "hub": "skipped"}
    assert next(event.reason for event in events if event.kind == "skipped") == "dev, which may need it, failed"


def test_an_engine_that_was_killed_is_named(fleet: Any) -> None:
    ended, events = fleet(lambda *_: Finished(-9, ""), {"hub": ()})
    assert ended == {"hub": "failed"}
    assert events[-1].reason == "the engine was killed; run the same command again to continue"


def test_resources_are_counted_and_the_output_is_in_the_log(fleet: Any) -> None:
    lines = [
        "Updating (dev):\n",
        " +  azure-native:network:VirtualNetwork net creating (0s)\n",
        " +  azure-native:network:VirtualNetwork net created (1s)\n",
        "@ updating....\n",
        " ~  azure-native:network:Subnet net-sub updated (0.5s) [diff: ~tags]\n",
        " +  pulumi:pulumi:Stack moorings-dev created (3s) 1 warning\n",
    ]

    def prints(_stack: str, show: Callable[[str], None]) -> Finished:
        for line in lines:
            show(line)
        return Finished(0, "", CREATED)

    _, events = fleet(prints, {"dev": ()})
    assert [event.resources for event in events if event.kind == "resource"] == [1, 2, 3]
    assert Path(events[-1].log).read_text(encoding="utf-8") == "".join(lines)


def test_events_are_data_without_empty_fields(fleet: Any) -> None:
    _, events = fleet(failing("dev"), {"hub": (), "dev": ("hub",)})
    data = [json.loads(json.dumps(event.as_json())) for event in events]
    assert all({"stack", "event", "seconds"} <= set(each) for each in data)
    assert {"stack": "dev", "event": "waiting", "seconds": 0.0, "needs": ["hub"]} in data
    done = next(each for each in data if each["event"] == "succeeded")
    assert (done["stack"], done["changes"]) == ("hub", {"create": 2})
    assert data[-1]["reason"] == "net: Azure refuses"
    assert "changes" not in data[-1]
