"""The order of stacks: by the outputs that their files refer to."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from stacks.files import stack_names
from stacks.order import Order, order

ENTERPRISE = Path(__file__).parents[1] / "up" / "enterprise" / "files"
STACK = "config:\n  moorings:stack:\n    name: contoso\n    environment: {name}\n    location: westeurope\n"


def ordered(folder: Path, **needs: str) -> Order:
    """The order of stacks that have a network of each stack that they need, named by full name."""
    for name, full_names in needs.items():
        text = STACK.format(name=name)
        for index, full in enumerate(full_names.split()):
            text += "    networks:\n" if index == 0 else ""
            text += f"      n{index}: {{id: {{stack: {full}, output: networks.main}}, location: westeurope}}\n"
        (folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    return order(list(needs), "moorings", folder)


def test_a_stack_follows_the_stacks_whose_outputs_it_refers_to() -> None:
    # As docs/enterprise.md deploys them.
    found = order(stack_names(ENTERPRISE), "moorings", ENTERPRISE)
    assert found.waves == [["hub"], ["dev", "shared", "test"], ["work"]]
    assert found.names == ["hub", "dev", "shared", "test", "work"]


def test_a_stack_that_is_needed_twice_is_named_once(tmp_path: Path) -> None:
    found = ordered(tmp_path, hub="", dev="contoso/moorings/hub organization/moorings/hub")
    assert found.needs == {"hub": (), "dev": ("hub",)}


def test_stacks_of_other_projects_and_unknown_stacks_have_no_place_in_the_order(tmp_path: Path) -> None:
    found = ordered(tmp_path, hub="", dev="contoso/network/hub contoso/moorings/old")
    assert found.waves == [["dev", "hub"]]
    assert found.outside["dev"] == ("contoso/network/hub", "contoso/moorings/old")


def test_dependents_are_found_through_other_stacks_and_without_the_changed_ones(tmp_path: Path) -> None:
    chain = {"a": "", "b": "o/moorings/a", "c": "o/moorings/b", "d": ""}
    found = ordered(tmp_path, **chain)
    assert found.dependents({"a"}) == {"b", "c"}
    assert found.dependents({"a", "b"}) == {"c"}
    assert found.dependents({"d"}) == set()


def test_stacks_that_need_one_another_are_refused_at_each_reference(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        ordered(tmp_path, hub="o/moorings/dev", dev="o/moorings/hub", other="")
    places = {(problem.place or ("",))[0].rpartition("/")[2] for problem in refused.value.problems}
    assert places == {"Pulumi.hub.yaml", "Pulumi.dev.yaml"}
    assert all(problem.place and problem.place[1] == 7 for problem in refused.value.problems)
    assert all("networks.n0.id" in line and "write the ARM id here" in line for line in refused.value.lines)

    file = tmp_path / "Pulumi.hub.yaml"
    written = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/dev"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("{stack: o/moorings/dev, output: networks.main}", written), encoding="utf-8")
    assert order(["hub", "dev", "other"], "moorings", tmp_path).waves == [["hub", "other"], ["dev"]]


def test_a_stack_that_needs_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="refers to stack dev"):
        ordered(tmp_path, dev="o/moorings/dev")


def test_every_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text("config: {}\n", encoding="utf-8")
    with pytest.raises(SpecError) as refused:
        order(["a", "b"], "moorings", tmp_path)
    assert len(refused.value.problems) == 2
