"""Converts pydantic's errors into one line per problem: path, problem, value, allowed values, remedy."""

from __future__ import annotations

import datetime
import re
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from components.spec import REFUSED, Spec
from planning.problems import Path, Problem, closest
from stacks.clear_text import may_hold_a_secret
from stacks.document import Document, Place


def problems_of(error: ValidationError, model: type[BaseModel], document: Document) -> list[Problem]:
    """Return every problem of a failed validation, in the order of the description.

    Args:
        error: pydantic's error.
        model: the root model that was validated.
        document: the document that was read, for the text of values.
    """
    found = [problem for detail in error.errors() for problem in _problems(detail, model, document)]
    order = {path: position for position, path in enumerate(document.places)}
    return sorted(found, key=lambda problem: order.get(problem.path, len(order)))


def _problems(detail: Mapping[str, Any], model: type[BaseModel], document: Document) -> Iterator[Problem]:
    path = _path(detail["loc"], document)
    context = detail.get("ctx", {})
    if detail["type"] == REFUSED:
        for below, message in context["problems"]:
            yield Problem((*path, *below), _concealed(message, (*path, *below), document))
    else:
        yield Problem(path, _concealed(_message(detail, context, path, model, document), path, document))


def _concealed(message: str, path: Path, document: Document) -> str:
    """Return a message without the value at its path if that may be a secret."""
    place = document.places.get(path)
    text = place.text if place else None
    if not text or text not in message or not may_hold_a_secret(path, text):
        return message
    return re.sub(rf"(?<!\w){re.escape(repr(text))}(?!\w)|(?<!\w){re.escape(text)}(?!\w)", _HIDDEN, message)


def _path(loc: tuple[str | int, ...], document: Document) -> Path:
    """The path in the file, without pydantic's markers of unions and map keys."""
    path: Path = ()
    for part in loc:
        if part == "[key]":
            continue
        longer = (*path, str(part))
        if longer in document.places or isinstance(part, int) or part == loc[-1]:
            path = longer
    return path


_EXPECTED = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "float_type": "a number",
    "finite_number": "a number",
    "is_instance_of": "an IPv4 address",
    "bool_type": "true or false",
    "list_type": "a list",
    "string_type": "a string",
}
"""The expected kind, by pydantic's error type."""


_UNQUOTED = {
    "bool_type": re.compile("true|false"),
    "int_type": re.compile(r"-?\d+"),
    "float_type": re.compile(r"-?\d+(\.\d+)?"),
}
"""Strings that would have the expected kind without quotes."""

_LONGEST_SHOWN = 80
_HIDDEN = "(not shown)"

_BOUNDS = {
    "greater_than_equal": "is too small; write {ge} or more",
    "greater_than": "is too small; write more than {gt}",
    "less_than_equal": "is too large; write {le} or less",
    "less_than": "is too large; write less than {lt}",
    "string_too_short": "is too short; write {min_length} characters or more",
    "string_too_long": "is too long; write {max_length} characters or less",
    "string_pattern_mismatch": "does not match {pattern}; write a value that does",
}
"""Messages for values outside their bounds."""

_LENGTHS = {
    "too_short": "{actual_length} stated, {min_length} at least; add some",
    "too_long": "{actual_length} stated, {max_length} at most; remove some",
}
"""Messages for lists and maps of the wrong length."""


def _message(detail: Mapping[str, Any], context: Mapping[str, Any], path: Path, model: type, document: Document) -> str:
    kind, value = detail["type"], detail["input"]
    place = document.places.get(path)
    text = _one_line(place.text) if place and place.text is not None else _shown(value)
    if may_hold_a_secret(path, text):
        text = _HIDDEN
    if kind == "missing":
        message = "is missing; state it"
    elif kind == "extra_forbidden":
        message = _unknown_key(path, model)
    elif isinstance(value, SecretStr):
        message = "is a secure value where plain text would be stored; write it in plain text, or remove it"
    elif kind == "value_error":
        message = str(context["error"])
    elif kind == "literal_error":
        message = f"{text} is not allowed; write one of {context['expected'].replace(' or ', ', ')}"
    elif kind == "string_type" and isinstance(value, bool | int | float | datetime.date):
        message = f'{text} is read as {_read_as(value)}, which changes its text; quote it: "{text}"'
    elif kind in _EXPECTED:
        message = _wrong_kind(kind, text, value, place, path, model)
    elif kind in _BOUNDS:
        message = f"{text} {_BOUNDS[kind].format(**context)}"
    elif kind in _LENGTHS:
        message = _LENGTHS[kind].format(**context)
    else:
        message = f"{text}: {detail['msg'][0].lower()}{detail['msg'][1:]}"
    return message


def _wrong_kind(kind: str, text: str, value: object, place: Place | None, path: Path, model: type) -> str:
    """Describe the expected kind: the value without quotes, or the keys of the mapping."""
    form = _UNQUOTED.get(kind)
    if form and place and place.quoted and isinstance(value, str) and form.fullmatch(value):
        return f"{text} is a string because of its quotes; remove them"
    owner = model_at(model, path) if kind.startswith("model_") else None
    known = f"; known keys: {', '.join(owner.model_fields)}" if owner and place and place.text else ""
    return f"expected {_EXPECTED[kind]}, got {text}{known}"


def _read_as(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a date" if isinstance(value, datetime.date) else "a number"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "a mapping" if isinstance(value, Mapping) else "a list"
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else _one_line(repr(value))


def _one_line(text: str) -> str:
    """A value as written, in one line: "nothing" if empty, line breaks as escapes."""
    if not text:
        return "nothing"
    if len(text) > _LONGEST_SHOWN:
        return f"{text[:_LONGEST_SHOWN]!r} … ({len(text)} characters)"
    return text if text.isprintable() else repr(text)


def _unknown_key(path: Path, model: type) -> str:
    key = path[-1]
    owner = model_at(model, path[:-1])
    if owner is None:
        return "is not a known key; remove it"
    if issubclass(owner, Spec) and key in owner.retired_names:
        return owner.retired_names[key]
    known = [*owner.model_fields, *(owner.short_forms if issubclass(owner, Spec) else ())]
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in key)
    close = snake if snake in known else closest(key, known)
    meant = f"write {close}" if close else f"known keys: {', '.join(known)}"
    return f"is not a known key; {meant}, or remove it"


def model_at(model: type, path: Path) -> type[BaseModel] | None:
    """Return the spec class of the map at a path, or None."""
    annotation: Any = model
    for key in path:
        annotation = _step(annotation, key)
    owner = _spec_in(annotation)
    return owner if isinstance(owner, type) and issubclass(owner, BaseModel) else None


def _step(annotation: Any, key: str) -> Any:
    """The type of the values of a map or a list type."""
    owner = _spec_in(annotation)
    if isinstance(owner, type) and issubclass(owner, BaseModel):
        found = owner.model_fields.get(key)
        return found.annotation if found else None
    arguments = typing.get_args(owner)
    return arguments[-1] if arguments else None


def _spec_in(annotation: Any) -> Any:
    """The annotation without ``Annotated`` and ``| None``."""
    while typing.get_origin(annotation) in (typing.Annotated, typing.Union, types.UnionType):
        alternatives = [item for item in typing.get_args(annotation) if item is not type(None)]
        annotation = alternatives[0]
    return annotation
