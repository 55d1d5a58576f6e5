"""Programs that know nothing of this project, judged on the real engine: every planted fault is found, and nothing else."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.engine import rehearsal
from tests.policies.programs.planted import PLANTED

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
pytestmark = pytest.mark.engine


def previewed(program: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[dict[str, Any]]]:
    """Exit code of a first preview with the pack, and every row of its report."""
    report = folder / "report.json"
    monkeypatch.setenv("MOORINGS_POLICY_REPORT", str(report))
    with rehearsal(folder / "run", HERE / program) as rehearsed:
        outcome = rehearsed.preview("--policy-pack", str(ROOT / "policies"))
    assert report.exists(), outcome.output
    return outcome.code, json.loads(report.read_text(encoding="utf-8"))["findings"]


def test_every_planted_fault_is_found_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code, rows = previewed("faulty", tmp_path, monkeypatch)
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["status"] == "fail":
            found[row["rule"]].add(row["resource"])
    assert code != 0
    assert len(PLANTED) >= 40
    assert dict(found) == PLANTED


def test_the_clean_twin_raises_no_alarm_and_leaves_nothing_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, rows = previewed("clean", tmp_path, monkeypatch)
    assert [(row["rule"], row["resource"]) for row in rows if row["status"] in {"fail", "undetermined"}] == []
    assert sum(row["status"] == "pass" for row in rows) > 100
    assert code == 0
