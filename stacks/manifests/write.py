"""Write the files of clusters into a folder, and take away what an earlier run wrote and this one does not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stacks.manifests.render import MARK

OURS = {"policy/azure-policy.json"}
"""Files that cannot hold the mark; by their place they are ours."""


def write(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write the files and return their paths, those that were taken away with a leading ``-``.

    A file without the mark of an earlier run is somebody's own and stays.
    """
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    gone = [path for path in _written_before(folder) if path not in files]
    for path in gone:
        (folder / path).unlink()
    return [*files, *(f"-{path}" for path in gone)]


def _written_before(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.glob("*/**/*")):
        relative = path.relative_to(folder)
        if not path.is_file():
            continue
        ours = "/".join(relative.parts[1:]) in OURS
        if ours or (path.suffix == ".yaml" and path.read_bytes().startswith(MARK.encode())):
            found.append(relative.as_posix())
    return found
