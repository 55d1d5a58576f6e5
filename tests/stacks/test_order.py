"""The order of stacks: by the outputs that their files refer to."""

from __future__ import annotations

from pathlib import Path

import pytest

from planning.problems import SpecError
from stacks.files import stack_names
from stacks.order import Order, order, readable

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


def test_a_reference_anywhere_in_a_file_or_in_the_base_is_found(tmp_path: Path) -> None:
    ordered(tmp_path, hub="", far="", base="", dev="")
    file = tmp_path / "Pulumi.dev.yaml"
    zones = "[{deep: [[{stack: o/moorings/far, output: zones.a}]]}]"
    file.write_text(f"{file.read_text(encoding='utf-8')}    anything: {zones}\n", encoding="utf-8")
    assert order(["base", "dev", "far"], "moorings", tmp_path).needs["dev"] == ("far",)
    text = STACK.replace("    environment: {name}\n", "")
    reference = "    anything: {n: {stack: o/moorings/hub, output: networks.main}}\n"
    (tmp_path / "_base.yaml").write_text(text + reference, encoding="utf-8")
    hub = tmp_path / "Pulumi.hub.yaml"
    hub.write_text(f"{hub.read_text(encoding='utf-8')}    anything: {{n: own}}\n", encoding="utf-8")
    assert order(["hub", "far"], "moorings", tmp_path).needs == {"hub": (), "far": ("hub",)}


def test_the_organizations_by_which_stacks_are_named_are_known(tmp_path: Path) -> None:
    found = ordered(tmp_path, hub="", dev="contoso/moorings/hub organization/moorings/hub fabrikam/network/hub")
    assert found.organizations == {"hub": (), "dev": ("contoso", "organization")}


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
    assert readable(["a", "b"], tmp_path) == []


def test_stacks_whose_files_can_be_read_have_an_order_without_the_others(tmp_path: Path) -> None:
    ordered(tmp_path, hub="", dev="o/moorings/hub")
    (tmp_path / "Pulumi.old.yaml").write_text("config: [\n", encoding="utf-8")
    assert readable(stack_names(tmp_path), tmp_path) == ["dev", "hub"]
