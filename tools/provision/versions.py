"""Parses and compares versions of tools."""

from __future__ import annotations

import re
from pathlib import Path

Version = tuple[int, int, int]


def parse(text: str) -> Version | None:
    """Return the first dotted version in `text`, such as `v3.250.0` or `go1.26.8`, or None; a missing patch is 0.

    A pre-release such as `3.250.0-alpha.1` is older than its release, and is treated as the previous patch (-1 below
    `.0`), so that it never satisfies a requirement for the release itself.
    """
    found = re.search(r"(?<![\d.])v?(\d+)\.(\d+)(?:\.(\d+))?(-[0-9A-Za-z])?", text.replace("go", " "))
    if found is None:
        return None
    major, minor, patch = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        patch -= 1
    return major, minor, patch


def show(version: Version) -> str:
    """Return a version as text."""
    return ".".join(str(part) for part in version)


def required(project_file: Path) -> Version:
    """Return the oldest CLI that the project accepts, from its `requiredPulumiVersion`.

    Raises:
        ValueError: the file does not contain it in the form `>=X.Y.Z`.
    """
    found = re.search(
        r"^requiredPulumiVersion:\s*[\"']?>=\s*(\S+?)[\"']?\s*$", project_file.read_text(encoding="utf-8"), re.M
    )
    version = parse(found[1]) if found else None
    if version is None:
        raise ValueError(f"{project_file}: requiredPulumiVersion must be '>=X.Y.Z'")
    return version


def module_version(go_mod: Path, module: str) -> Version:
    """Return the version of a module that a go.mod requires.

    Raises:
        ValueError: the file does not require it.
    """
    found = re.search(rf"{re.escape(module)}\s+v(\S+)", go_mod.read_text(encoding="utf-8"))
    version = parse(found[1]) if found else None
    if version is None:
        raise ValueError(f"{go_mod} does not require {module}")
    return version
