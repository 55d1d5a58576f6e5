from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from arm_client import GROUP, REGISTRY
from typer.testing import CliRunner

from local_azure.__main__ import cli
from local_azure.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from arm_client import Arm

RUN = CliRunner()


def test_requests_prints_accepted_puts_and_all_adds_patches(arm: Arm) -> None:
    arm.registry()
    arm("PATCH", REGISTRY, {"tags": {"a": "b"}})
    shown = json.loads(RUN.invoke(cli, ["requests", "--store", str(arm.store)]).stdout)
    assert [r["type"] for r in shown] == [
        "Microsoft.Resources/resourceGroups",
        "Microsoft.ContainerRegistry/registries",
    ]
    assert set(shown[0]) == {"type", "apiVersion", "name", "body"}
    every = json.loads(RUN.invoke(cli, ["requests", "--store", str(arm.store), "--all"]).stdout)
    assert [r["method"] for r in every] == ["PUT", "PUT", "PATCH"]


def test_list_prints_the_ids_of_what_exists(arm: Arm) -> None:
    arm.registry()
    assert json.loads(RUN.invoke(cli, ["list", "--store", str(arm.store)]).stdout) == [GROUP, REGISTRY]


def test_list_leaves_out_what_is_deleted_but_never_polled(arm: Arm) -> None:
    arm.registry()
    assert arm("DELETE", GROUP).status == 202
    assert RUN.invoke(cli, ["list", "--store", str(arm.store)]).stdout == "[]\n"


def test_an_empty_or_missing_store_lists_nothing(tmp_path: Path) -> None:
    Store(tmp_path / "empty").close()
    assert RUN.invoke(cli, ["list", "--store", str(tmp_path / "empty")]).stdout == "[]\n"
    assert RUN.invoke(cli, ["list", "--store", str(tmp_path / "absent")]).stdout == "[]\n"
    assert not (tmp_path / "absent").exists()


def test_reset_empties_the_store(tmp_path: Path) -> None:
    Store(tmp_path).close()
    assert RUN.invoke(cli, ["reset", "--store", str(tmp_path)]).exit_code == 0
    assert not (tmp_path / "arm.sqlite3").exists()


@pytest.mark.parametrize("command", ["serve", "reset"])
def test_a_store_in_use_is_refused_with_one_line(arm: Arm, command: str) -> None:
    done = RUN.invoke(cli, [command, "--store", str(arm.store)])
    assert done.exit_code == 1
    assert done.stderr.count("\n") == 1
    assert "another process serves from" in done.stderr


@pytest.mark.parametrize("command", ["serve", "list", "requests"])
def test_a_file_that_is_no_store_is_refused_with_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "arm.sqlite3").write_text("something else")
    done = RUN.invoke(cli, [command, "--store", str(tmp_path)])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert "is no store" in done.stderr


def test_a_file_where_the_stores_folder_is_meant_cannot_be_reset(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    done = RUN.invoke(cli, ["reset", "--store", str(tmp_path / "file")])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_port_in_use_is_refused_with_one_line(arm: Arm, tmp_path: Path) -> None:
    port = arm.url.rpartition(":")[2]
    done = RUN.invoke(cli, ["serve", "--store", str(tmp_path / "other"), "--port", port])
    assert (done.exit_code, done.stderr.count("\n")) == (1, 1)


def test_an_unknown_behaviour_is_refused(tmp_path: Path) -> None:
    done = RUN.invoke(cli, ["serve", "--store", str(tmp_path), "--switch-in-full-subnet", "explode"])
    assert done.exit_code == 2
    assert "'refuse', 'revert', 'partial'" in done.stderr
