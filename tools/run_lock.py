"""One run at a time in a folder of local state, whose files only their owner reads. Standard library only."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

_OTHERS = 0o077
"""Permissions of everybody but the owner: a state holds what a stack holds, secrets among it."""


class BusyError(Exception):
    """Another run works in this folder; the message is one line."""


@contextlib.contextmanager
def one_run(local: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system takes back when its holder dies.

    What is written meanwhile, by this process or one that it starts, is for the user alone.

    Raises:
        BusyError: another run holds it.
    """
    before = os.umask(_OTHERS)
    try:
        local.mkdir(parents=True, exist_ok=True)
        local.chmod(0o700)
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
