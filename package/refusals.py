"""Inputs that a component refuses, each by its path in the package."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from package.casing import Node, camel_path
from package.values import unknown_paths
from planning.problems import Path, Problem

_UNKNOWN = "is an output that is not known during a preview; state a plain value, because what is made follows from it"


class RefusedError(ValueError):
    """Inputs that are not valid; nothing has been registered.

    Attributes:
        problems: path and message of each.
    """

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        super().__init__("\n".join(f"{path}: {message}" if path else message for path, message in problems))
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Iterable[Problem], schema: Node) -> RefusedError:
        """Return the error for the problems of a spec, with the JSON schema of which their paths are translated."""
        definitions = schema.get("$defs", {})
        errors = [each for each in problems if each.severity == "error"]
        return cls([(camel_path(each.path, schema, definitions), each.message) for each in errors])


def refuse_unknown(stated: Any, path_of: Callable[[Path], str] = ".".join) -> None:
    """Refuse values that a preview does not know.

    Args:
        stated: plain data.
        path_of: how a path reads in the package.

    Raises:
        RefusedError: there are such values.
    """
    found = [(path_of(path), _UNKNOWN) for path in unknown_paths(stated)]
    if found:
        raise RefusedError(found)
