"""Files that are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tools.adopt.files import FileThereError, write_all


def test_a_file_that_exists_is_kept_and_nothing_is_written(tmp_path: Path) -> None:
    there, other = tmp_path / "there.yaml", tmp_path / "other.json"
    there.write_text("mine", encoding="utf-8")
    with pytest.raises(FileThereError, match=r"there\.yaml exists; state --force to replace it"):
        write_all({other: "new", there: "new"}, force=False)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("there.yaml", "mine")]


def test_force_replaces_it(tmp_path: Path) -> None:
    there = tmp_path / "there.yaml"
    there.write_text("mine", encoding="utf-8")
    write_all({there: "new"}, force=True)
    assert there.read_text() == "new"


@pytest.mark.parametrize("failure", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_full_disk_and_an_interruption_leave_nothing_behind(
    failure: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there, other = tmp_path / "there.yaml", tmp_path / "other.json"
    there.write_text("mine", encoding="utf-8")
    written: list[int] = []

    def fsync(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise failure

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(type(failure)):
        write_all({there: "new", other: "new"}, force=True)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("there.yaml", "mine")]
