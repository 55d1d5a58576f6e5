"""Writes the files of a fleet into a folder: all or none, and nothing that somebody else wrote."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

from planning.problems import Problem, SpecError
from tools.fleet.files import MARK

_OBSOLETE: Final = ("source.yaml", "stacks/*.yaml")
"""Files of an earlier run that a later one may not have."""


def write(files: Mapping[str, str], folder: Path) -> list[str]:
    """Write the files and return their paths, those of removed files with a leading `-`.

    A file of an earlier run begins with the mark; only such files are replaced or removed. Removed are those of resources that
    the fleet no longer has, if its resources are written at all.

    Raises:
        SpecError: there is another file in the place of one of them, or a symbolic link.
        OSError: a file cannot be written; the folder is as it was before, except for new folders.
    """
    existing = list(_not_ours(files, folder))
    if existing:
        raise SpecError(existing)
    drafts = {path: folder / f"{path}.part" for path in files}
    try:
        for path, draft in drafts.items():
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(files[path], encoding="utf-8")
        for path, draft in drafts.items():
            draft.replace(folder / path)
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)
    gone = list(_obsolete(files, folder)) if "kustomization.yaml" in files else []
    for path in gone:
        (folder / path).unlink()
    return [*files, *(f"-{path}" for path in gone)]


def _not_ours(files: Mapping[str, str], folder: Path) -> Iterator[Problem]:
    for path in files:
        file = folder / path
        link = next((each for each in (file, *file.parents) if each.is_relative_to(folder) and each.is_symlink()), None)
        if link is not None and link != folder:
            yield Problem((), "is a symbolic link; remove it, or choose another folder", place=(str(link), None))
        elif file.exists() and not _is_ours(file):
            message = "exists and was not written by `./moorings fleet`; remove it, or choose another folder"
            yield Problem((), message, place=(str(file), None))


def _obsolete(files: Collection[str], folder: Path) -> Iterator[str]:
    for pattern in _OBSOLETE:
        for file in sorted(folder.glob(pattern)):
            path = file.relative_to(folder).as_posix()
            if path not in files and not file.is_symlink() and _is_ours(file):
                yield path


def _is_ours(file: Path) -> bool:
    return file.is_file() and file.read_bytes().startswith(MARK.encode())
