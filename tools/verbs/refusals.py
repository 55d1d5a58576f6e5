"""Converts the expected exceptions of the project to lines for the user."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from planning.problems import SpecError, one_line


class RefusedError(Exception):
    """A verb cannot run; the message is one line with reason and remedy."""


_REMEDIES = {
    errno.EACCES: "; grant your user read and write access",
    errno.EDQUOT: "; free some space, and run again",
    errno.EEXIST: "; a folder is expected there: move it away",
    errno.EISDIR: "; a file is expected there: move it away",
    errno.ENOSPC: "; free some space, and run again",
    errno.ENOTDIR: "; a parent folder is a file: move it away",
    errno.EPERM: "; grant your user read and write access",
    errno.EROFS: "; work in a copy of the project that can be written",
}
"""Remedies by the system's error code."""


def lines_of(error: BaseException) -> list[str] | None:
    """Return the lines to print for an exception; None for a bug in this project, which needs a traceback."""
    if isinstance(error, SpecError):
        return _errors(error.lines)
    if isinstance(error, RefusedError):
        return _errors([str(error)])
    if isinstance(error, KeyboardInterrupt):
        return _errors(["stopped"])
    if isinstance(error, OSError) and (error.filename or error.errno in _REMEDIES) and error.errno != errno.EPIPE:
        place = f"{error.filename}: " if error.filename else ""
        return _errors([f"{place}{error.strerror}{_REMEDIES.get(error.errno or 0, '')}"])
    return _run_error_lines(error)


def _run_error_lines(error: BaseException) -> list[str] | None:
    # If the exception is one of these, its module is loaded already.
    from local_azure.loading import ListingError, StateError
    from local_azure.store import StoreLockedError, StoreUnreadableError
    from tools.cost.table import TableError
    from tools.engine import EngineError, LostStateError
    from tools.foreign.programs import SettingsError
    from tools.processes import ServiceError
    from tools.pull_request.base import BaseError
    from tools.recovery import LockedError
    from tools.rollout.errors import RolloutError
    from tools.run_lock import BusyError
    from tools.stack_file import StackFileError
    from tools.stack_names import StackNameError

    if isinstance(error, EngineError):
        return [*error.output.splitlines(), *_errors([str(error)])]
    of_runs = (StackFileError, ServiceError, LockedError, BusyError, BaseError, StateError, ListingError, SettingsError)
    of_runs = (*of_runs, RolloutError, StackNameError, LostStateError, TableError)
    if isinstance(error, (*of_runs, StoreLockedError, StoreUnreadableError)):
        return _errors(str(error.args[0]).splitlines())
    return None


def _errors(lines: Sequence[str]) -> list[str]:
    return [f"error: {one_line(line)}" for line in lines]
