"""`make up`, `preview` and `down` as they are, on the real engine, but with their state in a folder of the test."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from tests import waiting
from tools import recovery, stack
from tools.engine import Engine, LostStateError, Workspace
from tools.local_services import ROOT, resource_ids
from tools.provision import cli

pytestmark = pytest.mark.engine


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(ROOT, ROOT / "stacks", tmp_path / "local", cli.chosen(ROOT))


def project_files() -> dict[str, str]:
    """Digest of every file beside Pulumi.yaml and in stacks/: where the engine writes when it is let."""
    found = [*ROOT.iterdir(), *(ROOT / "stacks").glob("*.yaml")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in found if path.is_file()}


def test_up_twice_preview_and_down_leave_the_project_as_it_was(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    before = project_files()
    assert stack.run("up", workspace, "local") == 0
    first = capfd.readouterr().out
    assert first.index("Endpoints:") < first.index("Address ledger:") < first.index("\nResources:\n")
    outputs = json.loads((workspace.local / "local-outputs.json").read_text())
    assert {"endpoints", "ledger", "addresses"} <= set(outputs)

    assert stack.run("up", workspace, "local") == 0
    second = capfd.readouterr().out
    assert " unchanged\n" in second
    for word in ("created", "updated", "replaced"):
        assert word not in second
    assert second.rstrip().splitlines()[-1].startswith("Duration:")

    assert stack.run("preview", workspace, "local") == 0
    assert stack.run("down", workspace, "local") == 0
    assert capfd.readouterr().out.rstrip().splitlines()[-1].startswith("Duration:")
    assert resource_ids(workspace.local / "azure") == []
    assert project_files() == before


def test_a_run_whose_engine_is_killed_is_picked_up_by_the_next(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    engine = Engine(workspace, "local")
    killed: list[int] = []

    def kill_in_mid_creation() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not killed:
            locks = recovery.read_locks(engine.lock_folder)
            if locks and locks[0].pid and creations_under_way(engine.state_file):
                killed.extend(kill_while_creating(locks[0].pid, engine.state_file))
            time.sleep(0.02)

    killer = threading.Thread(target=kill_in_mid_creation)
    killer.start()
    assert stack.run("up", workspace, "local", time_scale=0.1) != 0
    killer.join()
    assert killed
    pending = recovery.pending_operations(engine.state_file)
    capfd.readouterr()

    assert stack.run("up", workspace, "local") == 0
    said = capfd.readouterr().out
    assert f"process {killed[0]} is gone" in said
    assert f"interrupted in {len(pending)} operations" in said
    ids = [held["id"] for held in engine.export()["deployment"]["resources"] if str(held.get("id", "")).startswith("/")]
    assert len(ids) == len(set(ids))
    assert stack.run("up", workspace, "local") == 0
    assert " unchanged\n" in capfd.readouterr().out
    assert stack.run("down", workspace, "local") == 0
    assert resource_ids(workspace.local / "azure") == []


def kill_while_creating(pid: int, state_file: Path) -> list[int]:
    """Hold the engine still, so that nothing ends between the look and the blow, and kill it if it is creating something."""
    os.kill(pid, signal.SIGSTOP)
    assert waiting.comes_true(lambda: waiting.state(pid) == "T")
    creating = creations_under_way(state_file)
    os.kill(pid, signal.SIGKILL if creating else signal.SIGCONT)
    return [pid] if creating else []


def creations_under_way(state_file: Path) -> bool:
    try:
        return any(operation["type"] == "creating" for operation in recovery.pending_operations(state_file))
    except LostStateError:
        # The engine is writing the file.
        return False
