"""The order in which stacks on the local Azure are deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from tools.engine import Workspace
from tools.fleet.deletion import deletion_order

STACK = "config:\n  moorings:stack:\n    name: contoso\n    environment: {name}\n    location: westeurope\n"
NETWORKS = "    networks:\n      n: {{id: {{stack: o/moorings/{need}, output: networks.main}}, location: westeurope}}\n"


def local(folder: Path, **needs: str) -> Workspace:
    """A workspace with the state and the copy of the file of each stack, which uses an output of another one or none."""
    states = folder / "state" / ".pulumi" / "stacks" / "moorings"
    states.mkdir(parents=True)
    (folder / "Pulumi.yaml").write_text("name: moorings\n", encoding="utf-8")
    for name, need in needs.items():
        (states / f"{name}.json").write_text("{}", encoding="utf-8")
        (states / f"{name}.json.bak").write_text("{}", encoding="utf-8")
        text = STACK.format(name=name) + (NETWORKS.format(need=need) if need else "")
        (folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    return Workspace(folder, folder / "stacks", folder, folder / "pulumi")


def test_a_stack_waits_for_the_stacks_that_use_its_outputs(tmp_path: Path) -> None:
    found = deletion_order(local(tmp_path, hub="", dev="hub", work="dev", alone=""))
    assert found.needs == {"alone": (), "dev": ("work",), "hub": ("dev",), "work": ()}


def test_only_stacks_on_the_local_azure_are_deleted(tmp_path: Path) -> None:
    workspace = local(tmp_path, hub="", dev="hub")
    (tmp_path / "state" / ".pulumi" / "stacks" / "moorings" / "hub.json").unlink()
    assert deletion_order(workspace).needs == {"dev": ()}
    assert deletion_order(Workspace(tmp_path, tmp_path, tmp_path / "none", tmp_path)).needs == {}


def test_a_stack_without_a_readable_copy_is_deleted_first(tmp_path: Path) -> None:
    workspace = local(tmp_path, hub="", dev="hub", old="hub")
    (tmp_path / "Pulumi.old.yaml").write_text("config: [\n", encoding="utf-8")
    assert deletion_order(workspace).needs == {"dev": ("old",), "hub": ("dev", "old"), "old": ()}


def test_copies_in_a_circle_have_no_order(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="in a circle"):
        deletion_order(local(tmp_path, hub="dev", dev="hub"))
