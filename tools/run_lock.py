"""Locks a folder of local state for one run at a time, with files that only their owner can read. Standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

_OTHERS = 0o077
"""Permissions of group and others, which are removed because a state may contain secrets."""


class BusyError(Exception):
    """Another run uses this folder; the message is one line."""


@contextlib.contextmanager
def one_run(local: Path) -> Iterator[None]:
    """Hold the lock of a folder, which the system releases when the process ends.

    Files that this process or its children write meanwhile are readable by the user only.

    Raises:
        BusyError: another run holds the lock.
    """
    before = os.umask(_OTHERS)
    try:
        local.mkdir(parents=True, exist_ok=True)
        local.chmod(0o700)
        # Append mode does not truncate the file, which contains the process id of another owner.
        with (local / "lock").open("a+", encoding="utf-8") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                stream.seek(0)
                raise BusyError(
                    f"another run is active in this folder (process {stream.read().strip()}): wait for it to end"
                ) from None
            stream.truncate(0)
            stream.write(str(os.getpid()))
            stream.flush()
            yield
    finally:
        os.umask(before)
