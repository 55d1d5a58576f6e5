"""The files of a fleet on disk: all or none, and nothing that somebody else wrote."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from planning.problems import SpecError
from stacks.order import Order
from tools.fleet.files import MARK, files
from tools.fleet.settings import Settings
from tools.fleet.write import write


def fleet(*stacks: str, **settings: object) -> dict[str, str]:
    stated = Settings.model_validate({"repository": "https://github.com/contoso/infra", **settings})
    return files("operator", Order(dict.fromkeys(stacks, ()), {}), "moorings", stated, Path())


def contents(folder: Path) -> dict[str, str]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_a_second_run_replaces_what_changed_and_removes_what_is_gone(tmp_path: Path) -> None:
    first, second = fleet("dev", "prod", source="flux"), fleet("prod")
    assert write(first, tmp_path) == list(first)
    (tmp_path / "own.yaml").write_text("kind: Secret\n", encoding="utf-8")
    (tmp_path / "stacks" / "own.yaml").write_text("kind: Stack\n", encoding="utf-8")
    assert write(second, tmp_path) == [*second, "-source.yaml", "-stacks/dev.yaml"]
    assert contents(tmp_path) == {**second, "own.yaml": "kind: Secret\n", "stacks/own.yaml": "kind: Stack\n"}


def test_a_workflow_in_the_same_folder_leaves_the_resources(tmp_path: Path) -> None:
    resources = fleet("dev")
    write(resources, tmp_path)
    assert write({"deploy-all.yaml": MARK}, tmp_path) == ["deploy-all.yaml"]
    assert contents(tmp_path) == {**resources, "deploy-all.yaml": MARK}


@pytest.mark.parametrize("taken", ["kustomization.yaml", "stacks/dev.yaml"])
def test_a_file_of_somebody_else_is_refused_and_nothing_is_written(tmp_path: Path, taken: str) -> None:
    (tmp_path / taken).parent.mkdir(exist_ok=True)
    (tmp_path / taken).write_text("kind: Mine\n", encoding="utf-8")
    with pytest.raises(SpecError, match="was not written by"):
        write(fleet("dev"), tmp_path)
    assert contents(tmp_path) == {taken: "kind: Mine\n"}
    (tmp_path / taken).unlink()
    assert write(fleet("dev"), tmp_path)


def test_a_symbolic_link_is_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    elsewhere, out = tmp_path / "elsewhere", tmp_path / "out"
    elsewhere.mkdir()
    out.mkdir()
    (out / "stacks").symlink_to(elsewhere)
    with pytest.raises(SpecError, match="is a symbolic link"):
        write(fleet("dev"), out)
    assert list(elsewhere.iterdir()) == []
    (tmp_path / "link").symlink_to(elsewhere)
    assert write(fleet("dev"), tmp_path / "link")


def test_a_full_disk_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(fleet("dev"), tmp_path)
    before = contents(tmp_path)
    original = Path.write_text

    def full(self: Path, text: str, encoding: str | None = None) -> int:
        if self.name.startswith("prod"):
            original(self, text[:10], encoding=encoding)
            raise OSError(errno.ENOSPC, "No space left on device")
        return original(self, text, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        write(fleet("prod", source="flux"), tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", ["${{ github.token }}", "a b", "ü", "x" * 101])
def test_a_file_whose_name_makes_no_stack_is_refused(name: str) -> None:
    # GitHub would evaluate an expression in a name [GH-EXPRESSION].
    for form in ("operator", "github"):
        with pytest.raises(SpecError, match="is no name of a stack"):
            files(form, Order({name: ()}, {}), "moorings", Settings(repository="https://example.com"), Path())


def test_stacks_that_are_named_in_another_organization_are_refused(tmp_path: Path) -> None:
    found = Order({"dev": ("hub",), "hub": ()}, {}, {"dev": ("contoso",), "hub": ()})
    url = "https://example.com"
    with pytest.raises(SpecError, match=r"Pulumi\.dev\.yaml.*organization contoso.*state organization: contoso"):
        files("operator", found, "moorings", Settings(repository=url), tmp_path)
    assert files("operator", found, "moorings", Settings(repository=url, organization="contoso"), tmp_path)
    # A workflow takes the full names of the backend.
    assert files("github", found, "moorings", Settings(), tmp_path)


def test_a_workflow_needs_a_stack() -> None:
    # GitHub refuses a workflow without jobs.
    with pytest.raises(SpecError, match="has no stack to deploy"):
        files("github", Order({}, {}), "moorings", Settings(), Path())
