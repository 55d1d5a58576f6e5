"""Every source id that the code names is in docs/sources.md."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GROUP = re.compile(r"\[([A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+(?:, [A-Z][A-Z0-9]+(?:-[A-Z0-9]+)+)*)\]")
ROW = re.compile(r"^\| ([A-Z][A-Z0-9-]*) \|", re.MULTILINE)


def test_every_source_id_in_the_code_is_explained() -> None:
    explained = set(ROW.findall((ROOT / "docs" / "sources.md").read_text(encoding="utf-8")))
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    named: dict[str, str] = {}
    for file in listed.splitlines():
        if file.startswith("tests/"):
            continue
        for group in GROUP.findall((ROOT / file).read_text(encoding="utf-8")):
            named |= dict.fromkeys(group.split(", "), file)
    assert len(named) > 50, "the pattern finds next to nothing: it no longer fits how ids are written"
    assert {source: file for source, file in named.items() if source not in explained} == {}


def test_an_id_represents_one_fact() -> None:
    rows = ROW.findall((ROOT / "docs" / "sources.md").read_text(encoding="utf-8"))
    assert {source for source in rows if rows.count(source) > 1} == set()
