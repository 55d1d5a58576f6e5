"""Saved findings come back as known."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from policies.baselines import load, row, save
from policies.model import Finding

FAILED = Finding("TINY-001", "urn:a", "fail", "x", "adminUserEnabled")
OPEN = Finding("TINY-002", "urn:b", "undetermined", "y")
EXCUSED = Finding("TINY-003", "urn:c", "fail", "z", exemption="why")
PASSED = Finding("TINY-004", "urn:d", "pass")


def test_failures_and_undetermined_verdicts_are_saved_and_excused_ones_are_not(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert save(path, [OPEN, FAILED, EXCUSED, PASSED]) == 2
    assert load(path).rows == {row(FAILED), row(OPEN)}


def test_the_file_is_the_same_whatever_the_order(tmp_path: Path) -> None:
    save(tmp_path / "a.json", [OPEN, FAILED])
    save(tmp_path / "b.json", [FAILED, OPEN])
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()


@pytest.mark.parametrize("text", ["[]", "{}", "no json", '{"version": 2, "findings": []}'])
def test_a_file_that_is_no_baseline_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(SpecError, match="save it again"):
        load(path)


def test_a_file_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be read"):
        load(tmp_path / "none.json")
