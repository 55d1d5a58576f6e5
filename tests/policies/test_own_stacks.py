"""Our own stacks before the policies: a first preview, when nothing exists and no id is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stacks.files import DIRECTORY
from tests.engine import rehearsal

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = "from stacks.program import main\n\nmain()\n"
pytestmark = pytest.mark.engine


def previewed(stack: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[dict[str, Any]], str]:
    """Exit code, rows of the report, and what the engine printed."""
    report = folder / "report.json"
    monkeypatch.setenv("MOORINGS_POLICY_REPORT", str(report))
    text = (DIRECTORY / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("secretsprovider:"))
    with rehearsal(folder / "run", PROGRAM, kept, stack=stack) as rehearsed:
        outcome = rehearsed.preview("--policy-pack", str(ROOT / "policies"))
    assert report.exists(), outcome.output
    return outcome.code, json.loads(report.read_text(encoding="utf-8"))["findings"], outcome.output


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_a_stack_passes_its_profile_and_nearly_every_rule_decides(
    stack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, rows, output = previewed(stack, tmp_path, monkeypatch)
    applying = [row for row in rows if row["status"] != "not_applicable"]
    waiting = [row for row in applying if row["status"] == "undetermined"]
    share = len(waiting) / len(applying)
    print(f"{stack}: {len(applying)} verdicts, {share:.1%} undetermined")
    loud = [row for row in rows if row["status"] == "fail" and row["level"] == "mandatory" and not row["exemption"]]
    assert [(row["rule"], row["resource"]) for row in loud] == []
    assert code == 0, output
    assert share < 0.02, sorted({(row["rule"], row["message"]) for row in waiting})
