"""Stacks whose files a branch removes or renames: what is reported, and what the rehearsal starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.local_services import ROOT
from tools.pull_request import check as command
from tools.pull_request.base import Tree
from tools.pull_request.check import Request
from tools.pull_request.rehearsal import Outcome

STACK = "config: {{moorings:stack: {{name: contoso, environment: {environment}, registry: {{name: {registry}}}}}}}\n"


def checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, now: dict[str, str], before: dict[str, str]) -> str:
    """Return the comment on a branch whose stack files, by name, were others before."""
    for folder, stacks in (("root", now), ("base", before)):
        (tmp_path / folder / "stacks").mkdir(parents=True)
        for stack, text in stacks.items():
            (tmp_path / folder / "stacks" / f"Pulumi.{stack}.yaml").write_text(text)
    tree = Tree(tmp_path / "base", "0123456789 of main")
    monkeypatch.setattr(command, "ROOT", tmp_path / "root")
    monkeypatch.setattr(command, "_tree", lambda local, base: (tree, ""))
    monkeypatch.setattr(command.cli, "chosen", lambda root: root / "pulumi")
    monkeypatch.setattr(command, "PACK", ROOT / "policies")
    monkeypatch.setattr(command.Rehearser, "rehearse", lambda self, stack: Outcome(stack, start=tree.name))
    outcomes = command.check(Request(output=tmp_path / "out"), tmp_path / "local")
    assert all(outcome.green for outcome in outcomes)
    return (tmp_path / "out" / "comment.md").read_text()


PROD = STACK.format(environment="prod", registry="contosoprod")
DEV = STACK.format(environment="dev", registry="contosodev")


def test_a_stack_whose_file_the_branch_removes_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = checked(tmp_path, monkeypatch, {"dev": DEV}, {"dev": DEV, "prod": PROD})
    assert "the branch removes stacks/Pulumi.prod.yaml" in text
    assert "pulumi destroy -s prod" in text
    assert "### dev" in text


def test_a_renamed_file_is_answered_with_a_rename_of_the_stack_and_no_destruction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = checked(tmp_path, monkeypatch, {"live": PROD, "dev": DEV}, {"dev": DEV, "prod": PROD})
    assert "the branch renames stacks/Pulumi.prod.yaml to Pulumi.live.yaml" in text
    assert "./moorings rename prod live --state state.json" in text
    assert "pulumi destroy" not in text
    assert (tmp_path / "base" / "stacks" / "Pulumi.live.yaml").read_text() == PROD


def test_a_new_file_of_other_resources_is_no_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = checked(tmp_path, monkeypatch, {"dev": DEV}, {"prod": PROD})
    assert "pulumi destroy -s prod" in text
    assert not (tmp_path / "base" / "stacks" / "Pulumi.dev.yaml").exists()
