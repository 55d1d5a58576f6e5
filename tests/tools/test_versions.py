"""Reading and comparing the versions of tools."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.provision import versions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.250.0", (3, 250, 0)),
        ("3.250.1\n", (3, 250, 1)),
        ("go1.26.8", (1, 26, 8)),
        ("go version go1.26 linux/amd64", (1, 26, 0)),
        ("v3.251.0-alpha.1", (3, 251, -1)),
        ("devel", None),
        ("", None),
    ],
)
def test_a_version_is_found_in_what_a_tool_prints(text: str, expected: versions.Version | None) -> None:
    assert versions.parse(text) == expected


def test_a_pre_release_does_not_satisfy_its_release() -> None:
    pre_release = versions.parse("3.250.0-rc.1")
    assert pre_release is not None
    assert pre_release < (3, 250, 0)


@pytest.mark.parametrize("line", ['requiredPulumiVersion: ">=3.250.0"', "requiredPulumiVersion: '>= 3.250.0'"])
def test_the_required_version_comes_from_the_project_file(tmp_path: Path, line: str) -> None:
    (tmp_path / "Pulumi.yaml").write_text(f"name: x\n{line}\n")
    assert versions.required(tmp_path / "Pulumi.yaml") == (3, 250, 0)


def test_a_project_without_a_required_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: x\n")
    with pytest.raises(ValueError, match="requiredPulumiVersion"):
        versions.required(tmp_path / "Pulumi.yaml")


def test_the_version_to_build_is_the_one_that_go_mod_requires(tmp_path: Path) -> None:
    (tmp_path / "go.mod").write_text("module x\n\nrequire example.com/a/v3 v3.250.0\n")
    assert versions.module_version(tmp_path / "go.mod", "example.com/a/v3") == (3, 250, 0)
    with pytest.raises(ValueError, match="does not require"):
        versions.module_version(tmp_path / "go.mod", "example.com/b")
