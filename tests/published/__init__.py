"""Azure's published types as the judge of request bodies: what they say, and what is wrong with a body.

The types are JSON Schemas under `types/`, one file a resource provider, written by `tools/published_types.py` from what Microsoft
generates of the REST API specifications; those under `types/by_hand/` have no published form, and each file names its sources.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError, validators
from referencing import Registry
from referencing.jsonschema import DRAFT202012

TYPES = Path(__file__).with_name("types")
ENVELOPE = ("id", "name", "type", "apiVersion")
"""Members that say which resource a body is of, and so stand beside it."""


def _read_only(_validator: Any, read_only: Any, _value: Any, _schema: Any) -> Iterator[ValidationError]:
    if read_only:
        yield ValidationError("read-only property set")


_Validator = validators.extend(Draft202012Validator, {"readOnly": _read_only})


@cache
def _published() -> Mapping[str, tuple[str, dict[str, Any]]]:
    """Type and version in lower case → key of its definition and the file that it is in."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(TYPES.rglob("*.json"))]
    return {name.lower(): (key, found) for found in files for name, key in found["types"].items()}


def known() -> frozenset[str]:
    """Every type known, as `microsoft.app/jobs@2026-01-01`, in lower case."""
    return frozenset(_published())


def definition(type_name: str, version: str) -> tuple[dict[str, Any], Mapping[str, Any]] | None:
    """The schema of a type's body and the definitions that it refers to; None where it is not known."""
    found = _published().get(f"{type_name}@{version}".lower())
    return None if found is None else (found[1]["$defs"][found[0]], found[1]["$defs"])


@cache
def _validator(name: str) -> Any:
    key, found = _published()[name]
    resource = DRAFT202012.create_resource({"$defs": found["$defs"]})
    return _Validator({"$ref": f"types#/$defs/{key}"}, registry=Registry().with_resource("types", resource))


def violations(bodies: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is wrong with request bodies, one line each; empty when all are right.

    Args:
        bodies: each with `type`, `apiVersion`, `name` (a path such as `registry/replica` for a child) and `body`, what was sent.
            A JSON null counts as absent, as ARM takes it.

    Raises:
        LookupError: a type is not known at that version: nothing would judge the body.
    """
    return [line for body in bodies for line in _of(body)]


def _of(sent: Mapping[str, Any]) -> Iterator[str]:
    name = f"{sent['type']}@{sent['apiVersion']}"
    if name.lower() not in _published():
        raise LookupError(f"{name} is not among the published types: add it as tools/published_types.py says")
    body = {key: value for key, value in _without_nulls(sent["body"]).items() if key not in ENVELOPE}
    for error in _validator(name.lower()).iter_errors({**body, "name": str(sent["name"]).rpartition("/")[2]}):
        for found in error.context or [error]:
            yield f"{name} {sent['name']}: {found.json_path.removeprefix('$.')}: {found.message}"


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value
