"""Local state that is damaged, lost or in the way: each is reported in one line, and what the line advises works."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_azure import store as stores
from tests.verbs.asking import run
from tools import clean, processes, stack
from tools.engine import Engine, LostStateError, Workspace, read_state
from tools.fuzz import trials
from tools.local_services import ROOT
from tools.processes import ServiceError
from tools.provision import cli
from tools.run_lock import one_run
from tools.verbs import running

STATE = json.dumps({"version": 3, "checkpoint": {"latest": {"resources": [{"urn": "u"}]}}})
ADVICE = "run `make clean`, which removes the local Azure with its state, and then `make up`"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine whose stack `dev` is there."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: demo\n")
    (tmp_path / "stacks" / "Pulumi.dev.yaml").write_text("config: {}\n")
    created = Engine(Workspace(tmp_path, tmp_path / "stacks", tmp_path / "local", tmp_path / "pulumi"), "dev")
    created.state_file.parent.mkdir(parents=True)
    created.state_file.write_text(STATE)
    return created


@pytest.mark.parametrize("text", ["", STATE[:40], "[]", "null", '{"checkpoint": []}', '{"version": 3}'])
def test_a_state_that_is_interrupted_or_damaged_is_reported_with_what_to_do(engine: Engine, text: str) -> None:
    engine.state_file.write_text(text)
    with pytest.raises(LostStateError) as report:
        engine.restore()
    assert str(report.value) == f"{engine.state_file} cannot be read (it is truncated or corrupt): {ADVICE}"


def test_a_state_in_whose_place_a_folder_is_is_reported_with_what_to_do(engine: Engine) -> None:
    engine.state_file.unlink()
    engine.state_file.mkdir()
    with pytest.raises(LostStateError, match=f"Is a directory.*{ADVICE}"):
        read_state(engine.state_file)


def test_a_state_without_its_store_is_reported_with_what_to_do(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "prepare", lambda *_, **__: None)
    there = {"latest": {"resources": [{"urn": "u", "id": "/subscriptions/s/resourceGroups/g"}]}}
    engine.state_file.write_text(json.dumps({"version": 3, "checkpoint": there}))
    with pytest.raises(LostStateError, match=r"azure is missing, which had .* of stack dev: run \./moorings up dev"):
        stack.run("preview", engine.workspace, "dev")


def test_a_lost_state_is_one_line_of_the_command(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise LostStateError(f"dev.json cannot be read: {ADVICE}")

    monkeypatch.setattr(running, "workspace", lambda: engine.workspace)
    monkeypatch.setattr(running, "run", lost)
    result = run("preview", "local")
    assert (result.exit_code, result.stderr) == (1, f"error: dev.json cannot be read: {ADVICE}\n")


def test_the_state_before_the_last_write_takes_the_place_of_a_damaged_one(engine: Engine) -> None:
    kept = engine.state_file.with_name("dev.json.bak")
    kept.write_text(STATE)
    assert not engine.restore()
    engine.state_file.write_text(STATE[:40])
    assert engine.restore()
    assert engine.resources() == [{"urn": "u"}]


def test_a_damaged_state_before_the_last_write_helps_nobody(engine: Engine) -> None:
    engine.state_file.with_name("dev.json.bak").write_text("{")
    engine.state_file.write_text("")
    with pytest.raises(LostStateError, match=r"dev\.json"):
        engine.restore()


def test_a_lost_passphrase_is_never_replaced(engine: Engine) -> None:
    with pytest.raises(LostStateError, match=r"passphrase is missing.*restore it, or run `make clean`"):
        engine.prepare()
    assert not (engine.workspace.local / "passphrase").exists()


def test_a_passphrase_that_opens_nothing_is_reported_with_what_to_do(engine: Engine) -> None:
    engine.workspace.pulumi.write_text("#!/bin/sh\necho 'error: incorrect passphrase' >&2\nexit 255\n")
    engine.workspace.pulumi.chmod(0o755)
    with pytest.raises(LostStateError, match=r"passphrase does not decrypt stack dev: run `make clean`"):
        engine.outputs()


def test_what_a_run_writes_is_for_its_user_alone(tmp_path: Path) -> None:
    local = tmp_path / "local"
    local.mkdir(mode=0o755)
    before = os.umask(0o022)
    try:
        with one_run(local):
            (local / "file").write_text("")
            (local / "folder").mkdir()
        (tmp_path / "later").write_text("")
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (local, *local.iterdir(), tmp_path / "later")}
    assert modes == {"local": 0o700, "lock": 0o600, "file": 0o600, "folder": 0o700, "later": 0o644}


def test_a_store_is_for_its_user_alone_whoever_serves_it(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        stores.Store(tmp_path / "store", serve=True).close()
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "store").iterdir()}
    assert modes == dict.fromkeys(modes, 0o600)
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


def test_a_store_that_is_none_is_reported_with_the_command_that_deletes_it(tmp_path: Path) -> None:
    (tmp_path / "arm.sqlite3").write_text("no database" * 100)
    with pytest.raises(stores.StoreUnreadableError, match=f"delete it by `./moorings azure reset --store {tmp_path}`"):
        stores.Store(tmp_path)
    stores.reset(tmp_path)
    assert stores.Store(tmp_path).ids() == []


def test_a_service_that_can_log_nothing_because_the_disk_is_full_is_reported_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(2**30, 2**30, 0))
    process = processes.start(["false"], cwd=tmp_path, environment=os.environ)
    with pytest.raises(ServiceError, match=f"the disk of {tmp_path} is full: free some space, and run again"):
        processes.first_line(process, "it", tmp_path / "log", 60)
    processes.stop(process)


def lay_out_files(folder: Path) -> list[Path]:
    """Lay out what `clean` removes and what it leaves; return the former."""
    removed = [folder / ".pulumi-local", folder / ".ruff_cache", folder / "tools" / "__pycache__"]
    for path in (*removed, folder / ".pulumi-local" / "pr", folder / ".venv" / "__pycache__"):
        path.mkdir(parents=True)
    return removed


def test_clean_removes_local_state_and_caches_and_leaves_the_environment(tmp_path: Path) -> None:
    removed = lay_out_files(tmp_path)
    assert clean.main(tmp_path) == 0
    assert not any(path.exists() for path in removed)
    assert (tmp_path / ".venv" / "__pycache__").exists()


@pytest.mark.parametrize("folder", [".pulumi-local", ".pulumi-local/pr"])
def test_clean_waits_for_nobody_and_takes_nothing_from_a_run(
    tmp_path: Path, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    removed = lay_out_files(tmp_path)
    with one_run(tmp_path / folder):
        assert clean.main(tmp_path) == 1
    assert all(path.exists() for path in removed)
    assert "another run is active in this folder" in capsys.readouterr().err


def test_clean_removes_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / ".pulumi-local").write_text("")
    assert clean.main(tmp_path) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def project() -> Iterator[trials.Project]:
    """A small stack that is deployed."""
    with trials.temporary_project(cli.chosen(ROOT)) as deployed:
        assert deployed.begin("create") == 0
        yield deployed


@pytest.mark.engine
def test_the_next_up_repairs_a_damaged_state_and_a_lost_store(project: trials.Project) -> None:
    before = project.ids
    project.engine.state_file.write_text("")
    assert project.begin("create") == 0
    assert "the state before the last write is restored" in project.log.getvalue()
    assert project.ids == before

    shutil.rmtree(project.engine.workspace.local / "azure")
    assert project.begin("create") == 0
    assert "the local Azure is empty" in project.log.getvalue()
    assert project.ids == before

    assert project.begin("down") == 0
    assert project.ids == frozenset()
