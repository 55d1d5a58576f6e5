"""One field of a stack file, changed as text: comments stay, and the opposite change restores every byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from stacks.files import DIRECTORY
from tools.stack_edit import NotEditableError, drained, with_drained

BLOCK = """\
# A comment.
config:
  moorings:stack:
    name: contoso # a name
    registry:
      # Above the first field.
      name: contosotest   # odd spaces stay
      replicas: {westeurope: {}}
    networks: {}
"""
FLOW = "config:\n  moorings:stack:\n    registry: {name: contosotest, sku: Premium} # here\n"
NONE = "config:\n  moorings:stack:\n    name: contoso\n    tags: {a: b}\n"
EMPTY = "config:\n  moorings:stack:\n    name: contoso\n    registry: {}\n"


@pytest.mark.parametrize("text", [BLOCK, FLOW, NONE, EMPTY], ids=["block", "flow", "none", "empty"])
def test_draining_and_undraining_restores_every_byte(text: str) -> None:
    out = with_drained(text, ["eastus"])
    assert drained(out) == ["eastus"]
    both = with_drained(out, ["eastus", "westeurope"])
    assert drained(both) == ["eastus", "westeurope"]
    assert with_drained(both, ["eastus"]) == out
    assert drained(text) == []
    assert with_drained(out, []) == text


def test_the_field_is_one_line_of_its_own_in_a_block() -> None:
    out = with_drained(BLOCK, ["eastus"])
    assert [line for line in out.splitlines() if line not in BLOCK.splitlines()] == ["      drained: [eastus]"]


def test_the_field_is_taken_out_of_the_middle_and_the_end_of_a_flow_mapping() -> None:
    ends = FLOW.replace("sku: Premium}", "drained: [eastus]}")
    assert with_drained(ends, []) == FLOW.replace(", sku: Premium}", "}")
    middle = FLOW.replace("sku", "drained: [eastus], sku")
    assert with_drained(middle, []) == FLOW


@pytest.mark.parametrize("file", sorted(DIRECTORY.glob("Pulumi.*.yaml")), ids=lambda file: file.name)
def test_every_stack_file_of_the_project_is_restored(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    out = with_drained(text, ["eastus"])
    assert drained(out) == ["eastus"]
    assert with_drained(out, []) == text


def test_a_list_in_lines_is_replaced_and_what_follows_stays() -> None:
    lines = BLOCK.replace("      # Above", "      drained:\n        - eastus\n      # Above")
    assert drained(lines) == ["eastus"]
    assert with_drained(lines, ["westeurope"]) == BLOCK.replace(
        "      # Above", "      drained:\n        [westeurope]\n      # Above"
    )
    assert with_drained(lines, []) == BLOCK


def test_a_file_of_another_program_is_refused() -> None:
    with pytest.raises(NotEditableError, match="no mapping at config > moorings:stack"):
        with_drained("config: {other: 1}\n", ["eastus"])
