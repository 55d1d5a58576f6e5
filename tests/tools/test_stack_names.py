"""Stacks under another name: what the state becomes, what refers to it, and that nothing changes in Azure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tools.branches import project_of
from tools import stack, stack_names
from tools.engine import Engine, Workspace
from tools.local_services import ROOT, resource_ids
from tools.stack_file import NoStackFileError
from tools.stack_names import StackNameError, references, remove, rename, renamed

DESCRIPTION = """\
config:
  moorings:stack:
    name: contoso
    environment: first
    location: eastus
    networks:
      eastus:
        address_space: [10.50.0.0/16]
        subnets:
          registry: {prefix: 10.50.0.0/26, purpose: private_endpoints}
    registry:
      name: contosofirst
      private_endpoints: {eastus: {network: eastus, subnet: registry}}
"""
OURS = {"PYTHONPATH": str(ROOT)}
"""Where the program of the tests finds the toolkit."""
USER = """\
config:
  moorings:stack:
    networks:
      hub: {id: {stack: organization/moorings/first, output: networks.eastus}, location: eastus}
      other: {id: {stack: organization/elsewhere/first, output: networks.eastus}, location: eastus}
"""


@pytest.fixture
def files(tmp_path: Path) -> Workspace:
    """A project with two stack files, one of which refers to the other, and no engine."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("name: moorings\n")
    (tmp_path / "stacks" / "Pulumi.first.yaml").write_text(DESCRIPTION)
    (tmp_path / "stacks" / "Pulumi.user.yaml").write_text(USER)
    return Workspace(tmp_path, tmp_path / "stacks", tmp_path / "local", tmp_path / "pulumi")


def deployed(files: Workspace, name: str, resources: list[dict[str, object]]) -> None:
    """Leave what an `up` of a stack leaves: its state, and a copy of its file."""
    engine = Engine(files, name)
    engine.state_file.parent.mkdir(parents=True)
    engine.state_file.write_text(json.dumps({"checkpoint": {"latest": {"resources": resources}}}))
    (files.local / f"Pulumi.{name}.yaml").write_text(DESCRIPTION)


RESOURCE = {"urn": "urn:pulumi:first::moorings::a:b:C::d", "custom": True, "id": "/subscriptions/s", "type": "a:b:C"}


def test_a_file_that_was_renamed_by_hand_makes_no_second_stack(files: Workspace) -> None:
    deployed(files, "first", [RESOURCE])
    stack_names.require_own_names(files, "user")
    (files.stacks / "Pulumi.first.yaml").rename(files.stacks / "Pulumi.second.yaml")
    with pytest.raises(StackNameError, match=r"run \./moorings rename first second; otherwise"):
        stack.run("up", files, "second")
    # Other names in Azure, and a file that cannot be read, are no reason.
    (files.stacks / "Pulumi.second.yaml").write_text(DESCRIPTION.replace("environment: first", "environment: second"))
    stack_names.require_own_names(files, "second")
    (files.stacks / "Pulumi.second.yaml").write_text("config: [")
    stack_names.require_own_names(files, "second")


def test_a_stack_without_resources_is_no_obstacle(files: Workspace) -> None:
    deployed(files, "first", [])
    (files.stacks / "Pulumi.first.yaml").rename(files.stacks / "Pulumi.second.yaml")
    stack_names.require_own_names(files, "second")


def test_every_urn_of_a_state_gets_the_new_name_and_the_stack_too() -> None:
    root = "urn:pulumi:dev::moorings::pulumi:pulumi:Stack::moorings-dev"
    child = "urn:pulumi:dev::moorings::a:b:C$d:e:F::moorings-dev"
    provider = "urn:pulumi:dev::moorings::pulumi:providers:azure-native::default::1f"
    state = {
        "deployment": {
            "resources": [
                {"urn": root, "outputs": {"text": "dev", "other": "urn:pulumi:dev::else::x:y:Z::n"}},
                {"urn": child, "parent": root, "provider": provider, "replaceWith": [root], "deletedWith": child},
            ],
            "pending_operations": [{"resource": {"urn": child}}],
        }
    }
    new_root = "urn:pulumi:live::moorings::pulumi:pulumi:Stack::moorings-live"
    new_child = "urn:pulumi:live::moorings::a:b:C$d:e:F::moorings-dev"
    assert renamed(state, "moorings", "dev", "live") == {
        "deployment": {
            "resources": [
                {"urn": new_root, "outputs": {"text": "dev", "other": "urn:pulumi:dev::else::x:y:Z::n"}},
                {
                    "urn": new_child,
                    "parent": new_root,
                    "provider": "urn:pulumi:live::moorings::pulumi:providers:azure-native::default::1f",
                    "replaceWith": [new_root],
                    "deletedWith": new_child,
                },
            ],
            "pending_operations": [{"resource": {"urn": new_child}}],
        }
    }


def test_a_stack_that_was_never_up_is_a_file_only(files: Workspace) -> None:
    rename(files, "first", "second")
    assert sorted(path.name for path in files.stacks.iterdir()) == ["Pulumi.second.yaml", "Pulumi.user.yaml"]
    assert (files.stacks / "Pulumi.second.yaml").read_text() == DESCRIPTION


def test_references_of_other_stack_files_are_found_with_their_line(files: Workspace) -> None:
    assert list(references(files, "first")) == [("stacks/Pulumi.user.yaml:4", "organization/moorings/first")]
    assert list(references(files, "user")) == []


@pytest.mark.parametrize("new", ["user", "Live", "a-b"])
def test_a_name_that_is_taken_or_is_none_is_refused(files: Workspace, new: str) -> None:
    with pytest.raises(StackNameError):
        rename(files, "first", new)
    assert (files.stacks / "Pulumi.first.yaml").exists()


def test_a_stack_that_others_refer_to_is_not_removed(files: Workspace) -> None:
    with pytest.raises(StackNameError, match=r"stacks/Pulumi\.user\.yaml:4 refers to stack first"):
        remove(files, "first")
    remove(files, "user")
    remove(files, "first")
    assert list(files.stacks.iterdir()) == []


def test_a_stack_that_does_not_exist_is_refused(files: Workspace) -> None:
    with pytest.raises(NoStackFileError):
        rename(files, "gone", "new")
    with pytest.raises(NoStackFileError):
        remove(files, "gone")


@pytest.mark.engine
def test_nothing_changes_under_another_name_and_everything_goes_without_a_file(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    here = project_of(tmp_path, "first", DESCRIPTION)
    assert stack.run("up", here, "first", variables=OURS) == 0
    before = resource_ids(here.local / "azure")
    with pytest.raises(StackNameError, match=r"run \./moorings down first first"):
        remove(here, "first")

    rename(here, "first", "second")
    assert not Engine(here, "first").state_file.exists()
    assert json.loads(stack.outputs_file(here, "second").read_text())["registry_id"]
    capfd.readouterr()
    assert stack.run("up", here, "second", variables=OURS) == 0
    assert [line.split()[1] for line in capfd.readouterr().out.splitlines() if " unchanged" in line] == ["unchanged"]
    assert resource_ids(here.local / "azure") == before

    (here.stacks / "Pulumi.second.yaml").rename(here.stacks / "Pulumi.third.yaml")
    with pytest.raises(StackNameError, match=r"run \./moorings rename second third"):
        stack.run("up", here, "third", variables=OURS)
    rename(here, "second", "third")
    assert stack.run("preview", here, "third", arguments=["--expect-no-changes"], variables=OURS) == 0

    (here.stacks / "Pulumi.third.yaml").unlink()
    assert stack.run("down", here, "third") == 0
    assert "stacks/Pulumi.third.yaml is missing" in capfd.readouterr().out
    assert resource_ids(here.local / "azure") == []
    remove(here, "third")
    assert not Engine(here, "third").state_file.exists()


@pytest.mark.engine
def test_a_state_that_cannot_be_taken_over_keeps_file_and_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = project_of(tmp_path, "first", DESCRIPTION)
    assert stack.run("up", here, "first", variables=OURS) == 0

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stack_names.Engine, "replace_state", fail)
    with pytest.raises(KeyboardInterrupt):
        rename(here, "first", "second")
    assert [path.name for path in here.stacks.iterdir()] == ["Pulumi.first.yaml"]
    assert Engine(here, "first").resources()
    assert not Engine(here, "second").state_file.exists()
