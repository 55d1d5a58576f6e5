"""`./moorings up --all` and `down --all`, with a run of the stacks in place of the engine's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stacks.files import stack_names
from stacks.order import Order
from tests.verbs.asking import run
from tools.engine import Workspace
from tools.fleet import deletion
from tools.fleet import run as fleet
from tools.fleet.events import Event, Kind
from tools.fleet.run import Request
from tools.local_services import ROOT
from tools.verbs import running


@pytest.fixture
def ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Kind], list[Request]]:
    """Puts a run whose stacks all end the same way in the place of the engine's; returns the list of its requests."""
    local = Workspace(ROOT, ROOT / "stacks", tmp_path / "local", tmp_path / "pulumi")
    monkeypatch.setattr(running, "workspace", lambda: local)

    def so(kind: Kind) -> list[Request]:
        requests: list[Request] = []

        def up(_: Workspace, request: Request, observe: Any, say: Any) -> dict[str, Kind]:
            requests.append(request)
            say("hub: assumed: a network")
            for name in request.order.names:
                observe(Event(name, kind, 1.0))
            return dict.fromkeys(request.order.names, kind)

        def down(at: Workspace, request: Request, observe: Any) -> dict[str, Kind]:
            return up(at, request, observe, lambda _: None)

        monkeypatch.setattr(fleet, "up", up)
        monkeypatch.setattr(fleet, "down", down)
        return requests

    return so


def test_all_stacks_of_the_project_are_provisioned(ending: Any) -> None:
    requests = ending("succeeded")
    result = run("up", "--all", "--parallel", "3", "--continue-on-error", "--time-scale", "0.5", "--", "--refresh")
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.stdout.splitlines()[1:]] == stack_names()
    [request] = requests
    assert sorted(request.order.names) == stack_names()
    assert (request.parallel, request.continue_on_error, request.time_scale) == (3, True, 0.5)
    assert list(request.arguments) == ["--refresh"]


@pytest.mark.parametrize("kind", ["failed", "skipped"])
def test_the_run_fails_unless_every_stack_succeeds(ending: Any, kind: Kind) -> None:
    ending(kind)
    assert run("up", "--all").exit_code == 1


def test_a_quiet_run_prints_its_progress_only_if_it_fails(ending: Any) -> None:
    ending("succeeded")
    assert run("up", "--all", "--quiet").output == ""
    ending("failed")
    assert "failed" in run("up", "--all", "--quiet").stderr


def test_events_are_lines_of_json_and_everything_else_is_on_standard_error(ending: Any) -> None:
    ending("succeeded")
    result = run("up", "--all", "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [each["stack"] for each in events] == stack_names()
    assert result.stderr == "moorings: hub: assumed: a network\n"


def test_all_stacks_are_deleted(ending: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    requests = ending("succeeded")
    monkeypatch.setattr(deletion, "deletion_order", lambda _: Order({"dev": (), "hub": ("dev",)}, {}))
    assert run("down", "--all", "--parallel", "3", "--continue-on-error", "--", "--refresh").exit_code == 0
    [request] = requests
    assert request.order.names == ["dev", "hub"]
    assert (request.parallel, request.continue_on_error, list(request.arguments)) == (3, True, ["--refresh"])
    ending("failed")
    assert run("down", "--all", "--json").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ("up", "prod", "--all"),
        ("up", "--parallel", "2"),
        ("up", "--continue-on-error"),
        ("down", "prod", "--all"),
        ("down", "--parallel", "2"),
        ("down", "--json"),
    ],
)
def test_options_that_exclude_one_another_are_wrong_usage(ending: Any, words: tuple[str, ...]) -> None:
    requests = ending("succeeded")
    assert run(*words).exit_code == 2
    assert requests == []
