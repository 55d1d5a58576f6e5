"""What a branch is rehearsed from: the tree of its base, and an exported state."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools.pull_request import check as command
from tools.pull_request.base import BaseError, extract, importable


def repository(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "file").write_text("base")
    who = ("-c", "user.name=t", "-c", "user.email=t@contoso.example")
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-q", "-m", "base")):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def test_the_base_is_laid_out_beside_and_gits_own_data_stay_as_they_were(tmp_path: Path) -> None:
    root = repository(tmp_path / "root")
    (root / "file").write_text("branch")
    before = sorted(path.relative_to(root) for path in (root / ".git").rglob("*"))
    tree = extract(root, None, tmp_path / "base")
    assert (tree.folder / "file").read_text() == "base"
    assert tree.name.endswith(" of main")
    assert sorted(path.relative_to(root) for path in (root / ".git").rglob("*")) == before
    extract(root, "main", tmp_path / "base")


def test_a_base_that_git_does_not_know_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BaseError, match="git knows no commit 'elsewhere'"):
        extract(repository(tmp_path / "root"), "elsewhere", tmp_path / "base")


def exported(urn: str = "urn:pulumi:prod::moorings::a::b", **more: Any) -> dict[str, Any]:
    return {"version": 3, "deployment": {"resources": [{"urn": urn, **more}], "secrets_providers": {"type": "cloud"}}}


@pytest.mark.parametrize("held", [{"ciphertext": "x"}, {"plaintext": '"opened"'}])
def test_a_state_is_taken_over_without_its_secrets_and_who_can_open_them(held: dict[str, str]) -> None:
    key = "4dabf18193072939515e22adb298388d"
    taken = importable(exported(inputs={"a": [{key: "1b47061264138c4ac30d75fd1eb44270", **held}]}), "moorings", "prod")
    assert set(taken["deployment"]) == {"resources"}
    assert taken["deployment"]["resources"][0]["inputs"]["a"][0]["plaintext"] == '"[secret]"'
    assert not [word for word in ("ciphertext", "opened") if word in json.dumps(taken)]


@pytest.mark.parametrize(
    ("state", "said"),
    [(exported("urn:pulumi:dev::moorings::a::b"), "of stack dev of moorings, not of prod"), ({}, "no 'deployment'")],
)
def test_the_state_of_something_else_is_refused(state: dict[str, Any], said: str) -> None:
    with pytest.raises(BaseError, match=said):
        importable(state, "moorings", "prod")


@pytest.mark.parametrize("resource", [{"urn": "a"}, {}, "text"])
def test_a_state_that_holds_something_else_than_resources_is_refused(resource: Any) -> None:
    with pytest.raises(BaseError, match="has a resource with the URN"):
        importable({"deployment": {"resources": [resource]}}, "moorings", "prod")


def test_a_project_without_a_base_is_rehearsed_from_nothing_unless_the_base_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "ROOT", repository(tmp_path / "root"))
    tree, reason = command._tree(tmp_path / "local", None)
    assert tree is None
    assert "contains no Pulumi project" in reason
    with pytest.raises(BaseError, match="elsewhere"):
        command._tree(tmp_path / "local", "elsewhere")


def test_a_link_that_leads_out_of_the_base_is_left_out(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "far").symlink_to("/etc/hosts")
    (root / "near").symlink_to("file")
    tree = extract(repository(root), None, tmp_path / "base")
    assert not (tree.folder / "far").is_symlink()
    assert (tree.folder / "near").read_text() == "base"
