"""What ends a verb early, as lines for people: the exceptions by which the parts of this project refuse."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from planning.problems import SpecError, one_line


class RefusedError(Exception):
    """A verb cannot do what it is asked; the message says why and what to do."""


def lines_of(error: BaseException) -> list[str] | None:
    """Return what to print for an exception, or None where it is a fault of this program."""
    if isinstance(error, SpecError):
        return _errors(error.lines)
    if isinstance(error, RefusedError):
        return _errors([str(error)])
    if isinstance(error, KeyboardInterrupt):
        return _errors(["stopped"])
    if isinstance(error, OSError) and error.filename and error.errno != errno.EPIPE:
        return _errors([f"{error.filename}: {error.strerror}"])
    return _of_a_run(error)


def _of_a_run(error: BaseException) -> list[str] | None:
    # Imported here, where the modules are loaded already if the exception is one of theirs.
    from local_azure.loading import StateError
    from tools.engine import EngineError
    from tools.processes import ServiceError
    from tools.pull_request.base import BaseError
    from tools.recovery import LockedError
    from tools.stack import BusyError
    from tools.stack_file import StackFileError

    if isinstance(error, EngineError):
        return [*error.output.splitlines(), *_errors([str(error)])]
    if isinstance(error, StackFileError | ServiceError | LockedError | BusyError | BaseError | StateError):
        return _errors(str(error.args[0]).splitlines())
    return None


def _errors(lines: Sequence[str]) -> list[str]:
    return [f"error: {one_line(line)}" for line in lines]
