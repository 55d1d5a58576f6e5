"""A stack file with two settings that docs/reference/combinations.md excludes is refused; every other pair is accepted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml import YAML

from planning.problems import SpecError
from stacks.loader import load
from tests import registry_switches as switches
from tests.registry_switches import Switch

SOURCES = Path(__file__).parents[2] / "docs" / "sources.md"


def refusal(folder: Path, stated: Sequence[Switch]) -> str:
    """What the loader says to a stack file with some switches; empty where it accepts it."""
    head = {"name": "contoso", "environment": "test", "location": "eastus"}
    with (folder / "Pulumi.test.yaml").open("w", encoding="utf-8") as file:
        YAML().dump({"config": {"moorings:stack": {**head, **switches.fields(stated)}}}, file)
    try:
        load("test", directory=folder)
    except SpecError as refused:
        return str(refused)
    return ""


def test_each_switch_is_accepted_alone(tmp_path: Path) -> None:
    refused = {each.name: refusal(tmp_path, (each,)) for each in switches.SWITCHES}
    assert {name: text for name, text in refused.items() if text} == {}


def test_the_pairs_of_the_table_are_refused_and_no_others(tmp_path: Path) -> None:
    refused = {frozenset((one.name, other.name)): refusal(tmp_path, (one, other)) for one, other in switches.pairs()}
    found = {pair: text for pair, text in refused.items() if text}
    assert set(found) == {pair for pair, judges in switches.table().items() if switches.CHECK in judges}
    # Each refusal names its source and says what to change.
    unsourced = [text for text in found.values() if not re.search(r"\[[A-Z]+-[A-Z0-9-]+\]", text)]
    assert unsourced == []


def test_the_table_names_switches_and_known_sources() -> None:
    rows = switches.table()
    assert {name for pair in rows for name in pair} <= {each.name for each in switches.SWITCHES}
    known = SOURCES.read_text(encoding="utf-8")
    assert [each for each in switches.sources() if f"| {each} |" not in known] == []
    assert len(switches.sources()) == len(rows)
