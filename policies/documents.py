"""Reads policy files into pydantic models, with one line for each problem: file, line, value, what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from planning.problems import SpecError
from stacks.document import Document, read

Model = TypeVar("Model", bound=BaseModel)


def load(path: Path, kind: type[Model], under: str) -> tuple[list[Model], list[int]]:
    """Read a file that contains one list of entries under one key.

    Args:
        path: the file.
        kind: model of an entry.
        under: the key that holds the list.

    Returns:
        The entries, and the line of each.

    Raises:
        SpecError: every problem found, with its line.
    """
    document = read(path, path.name)
    data = document.data or {}
    if not isinstance(data, dict) or set(data) - {under} or not isinstance(data.get(under) or [], list):
        raise SpecError((), [f"{path.name}:1: expected one list under {under} and nothing else; write {under}: []"])
    entries: list[Model] = []
    problems: list[str] = []
    for position, entry in enumerate(data.get(under) or []):
        try:
            entries.append(kind.model_validate(entry))
        except ValidationError as error:
            problems += problem_lines(error, document, (under, str(position)))
    if problems:
        raise SpecError((), problems)
    places = (document.place((under, str(position))) for position in range(len(entries)))
    return entries, [place.line if place else 1 for place in places]


def problem_lines(error: ValidationError, document: Document, above: Sequence[str] = ()) -> list[str]:
    """Return one line for every problem of a failed validation, in the file's order.

    Args:
        error: what pydantic raised.
        document: what was validated.
        above: keys from the root of the file to what was validated.
    """
    found = []
    for detail in error.errors():
        path = (*above, *(str(part) for part in detail["loc"] if part != "[key]"))
        place = document.place(path)
        found.append((place.line if place else 0, f"{document.locate(path)} {'.'.join(path)}: {_message(detail)}"))
    return [line for _, line in sorted(found)]


def _message(detail: Mapping[str, Any]) -> str:
    if detail["type"] == "missing":
        return "is required"
    if detail["type"] == "extra_forbidden":
        return "unknown key; remove it or correct its spelling"
    if detail["type"] == "value_error":
        return str(detail["ctx"]["error"])
    text = detail["msg"]
    return f"{detail['input']!r}: {text[:1].lower()}{text[1:]}"
