"""Writes the manifests of clusters into a folder, and removes obsolete files of an earlier run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stacks.manifests.render import MARK

OURS = {"policy/azure-policy.json"}
"""Files that cannot contain the mark, identified by their path."""


def write(files: Mapping[str, str], folder: Path, mark: str = MARK) -> list[str]:
    """Write the files and return their paths, removed ones with a leading ``-``.

    Files without the mark, the first line of every file, are kept.
    """
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    gone = [path for path in _written_before(folder, mark) if path not in files]
    for path in gone:
        (folder / path).unlink()
    return [*files, *(f"-{path}" for path in gone)]


def _written_before(folder: Path, mark: str) -> list[str]:
    found = []
    for path in sorted(folder.glob("*/**/*")):
        relative = path.relative_to(folder)
        if not path.is_file():
            continue
        ours = "/".join(relative.parts[1:]) in OURS
        if ours or (path.suffix in {".yaml", ".toml"} and path.read_bytes().startswith(mark.encode())):
            found.append(relative.as_posix())
    return found
