"""Files that are written whole or not at all, and never in the place of others unasked."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


class FileThereError(Exception):
    """A file is there already; the message is one line."""


def write_all(texts: Mapping[Path, str], *, force: bool) -> None:
    """Write files: first all of them beside their places, then each to its place.

    Args:
        texts: content by path.
        force: whether files that are there are replaced.

    Raises:
        FileThereError: one is there, and `force` is off; nothing is written.
        OSError: the system refuses; nothing half written stays.
    """
    there = [path for path in texts if path.exists()]
    if there and not force:
        raise FileThereError(f"{', '.join(map(str, there))} exists; state --force to replace it, or move it away")
    drafts: dict[Path, Path] = {}
    try:
        for path, text in texts.items():
            drafts[path] = _draft(path, text)
        for path, draft in drafts.items():
            draft.replace(path)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def _draft(path: Path, text: str) -> Path:
    """A complete file beside a path, readable as a new file of the user is."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        draft.chmod(0o666 & ~mask)
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise
    return draft
