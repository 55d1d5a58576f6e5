"""`./moorings adopt` as a verb: its arguments, what it writes, and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stacks import files
from tests.tools.adopt import estates
from tests.verbs.asking import answer, run


@pytest.fixture
def listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of what Azure shows, in an empty project."""
    (tmp_path / "stacks").mkdir()
    monkeypatch.setattr(files, "DIRECTORY", tmp_path / "stacks")
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "arm.json"
    file.write_text(json.dumps({"data": list(estates.bodies().values())}), encoding="utf-8")
    return file


def test_it_writes_a_stack_file_and_an_import_file(listing: Path) -> None:
    result = run("adopt", "corp", "--from-arm", listing)
    assert result.exit_code == 0, result.stdout
    assert (
        result.stdout.splitlines()[-1]
        == "5 resources are described; 0 not expressed, 0 would change, 0 would be created"
    )
    assert "name: corpimages" in (listing.parent / "stacks" / "Pulumi.corp.yaml").read_text(encoding="utf-8")
    imports = json.loads((listing.parent / "corp-imports.json").read_text(encoding="utf-8"))["resources"]
    assert {each["id"] for each in imports if "id" in each} == set(estates.bodies()) - {estates.INTERFACE}


def test_it_fails_where_the_first_update_would_change_something(listing: Path) -> None:
    bodies = estates.bodies()
    bodies[estates.NETWORK]["properties"]["enableDdosProtection"] = True
    listing.write_text(json.dumps(list(bodies.values())), encoding="utf-8")
    shown = answer("adopt", "corp", "--from-arm", listing, code=1)
    assert [(each["id"], each["property"]) for each in shown["would_change"]] == [
        (estates.NETWORK, "enableDdosProtection")
    ]


def test_it_keeps_a_stack_file_that_exists(listing: Path) -> None:
    there = listing.parent / "stacks" / "Pulumi.corp.yaml"
    there.write_text("config: {}\n", encoding="utf-8")
    result = run("adopt", "corp", "--from-arm", listing)
    assert result.exit_code == 1
    assert "exists; state --force to replace it" in result.stderr
    assert there.read_text(encoding="utf-8") == "config: {}\n"
    assert not (listing.parent / "corp-imports.json").exists()


@pytest.mark.parametrize("words", [(), ("--local", "--subscription", "x")])
def test_it_reads_from_one_place(listing: Path, words: tuple[str, ...]) -> None:
    del listing
    result = run("adopt", "corp", *words)
    assert result.exit_code == 1
    assert "state one of --from-arm, --subscription and --local" in result.stderr


def test_a_file_that_is_no_answer_of_azure_is_refused(listing: Path) -> None:
    listing.write_text("[1]", encoding="utf-8")
    result = run("adopt", "corp", "--from-arm", listing)
    assert (result.exit_code, "1 is no resource" in result.stderr) == (1, True)


def test_the_state_after_the_import_gets_a_successor(listing: Path) -> None:
    assert run("adopt", "corp", "--from-arm", listing).exit_code == 0
    state = listing.parent / "state.json"
    state.write_text(json.dumps({"deployment": {"resources": []}}), encoding="utf-8")
    result = run("adopt", "corp", "--from-arm", listing, "--state", state)
    assert result.exit_code == 0, result.stderr
    assert json.loads((listing.parent / "state-adopted.json").read_text(encoding="utf-8")) == {
        "deployment": {"resources": []}
    }


def test_it_prints_what_to_read_besides_the_answer_of_a_query(listing: Path) -> None:
    result = run("adopt", "corp", "--from-arm", listing, "--reads")
    azure = "https://management.azure.com"
    assert result.stdout.splitlines()[:2] == [
        f"{azure}{estates.REGISTRY}?api-version=2026-03-01-preview",
        f"{azure}{estates.REGISTRY}/replications?api-version=2026-03-01-preview",
    ]
    assert any("privateDnsZoneGroups" in each for each in result.stdout.splitlines())
    assert not (listing.parent / "corp-imports.json").exists()


def test_a_changed_stack_file_is_kept_and_its_imports_are_written(listing: Path) -> None:
    assert run("adopt", "corp", "--from-arm", listing).exit_code == 0
    there = listing.parent / "stacks" / "Pulumi.corp.yaml"
    changed = there.read_text(encoding="utf-8").replace("protect: true", "protect: false")
    there.write_text(changed, encoding="utf-8")
    (listing.parent / "corp-imports.json").unlink()
    result = run("adopt", "corp", "--from-arm", listing, "--keep")
    assert result.exit_code == 0, result.stdout
    assert there.read_text(encoding="utf-8") == changed
    assert (listing.parent / "corp-imports.json").exists()
