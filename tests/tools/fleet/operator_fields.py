"""The fields of the operator's Stack that a fleet uses, with their types: our own table, and a check of resources against it.

It says what is wrong where the operator's definitions cannot be had, and `test_judged.py` compares it with them where they can.
A leaf is the JSON type of a value, a list of allowed values, or None for no restriction. A key with `!` must be present; `*`
stands for any key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

RESOURCE_REF: dict[str, Any] = {
    "type!": "string",
    "literal": {"value!": "string"},
    "secret": {"name!": "string", "key!": "string"},
}
CONTAINER: dict[str, Any] = {"name!": "string"}
STACK: dict[str, Any] = {
    "stack!": "string",
    "serviceAccountName": "string",
    "projectRepo": "string",
    "branch": "string",
    "commit": "string",
    "repoDir": "string",
    "shallow": "boolean",
    "fluxSource": {
        "sourceRef!": {"apiVersion!": "string", "kind!": "string", "name!": "string"},
        "dir": "string",
    },
    "gitAuth": {"accessToken": RESOURCE_REF, "sshAuth": {"sshPrivateKey!": RESOURCE_REF}},
    "refresh": "boolean",
    "preview": "boolean",
    "destroyOnFinalize": "boolean",
    "useLocalStackOnly": "boolean",
    "secretsProvider": "string",
    "continueResyncOnCommitMatch": "boolean",
    "resyncFrequencySeconds": "integer",
    "workspaceReclaimPolicy": ["Retain", "Delete"],
    "prerequisites": [{"name!": "string"}],
    "environment": [{"": "string"}],
    "config": None,
    "backend": "string",
    "envRefs": {"*": RESOURCE_REF},
    "updateTemplate": {"spec": {"expectNoChanges": "boolean"}},
    "workspaceTemplate": {
        "spec": {
            "image": "string",
            "securityProfile": "string",
            "podTemplate": {
                "metadata": {"labels": {"*": "string"}, "annotations": {"*": "string"}},
                "spec": {"containers!": [CONTAINER], "terminationGracePeriodSeconds": "integer"},
            },
        }
    },
}

_TYPES = {"string": str, "boolean": bool, "integer": int}


def problems(value: Any, shape: Any = STACK, path: str = "spec") -> Iterator[str]:
    """Yield what a value has that the table does not allow, one line each."""
    if shape is None:
        return
    if isinstance(shape, str):
        if type(value) is not _TYPES[shape]:
            yield f"{path}: {value!r} is no {shape}"
    elif isinstance(shape, list) and isinstance(shape[0], str):
        if value not in shape:
            yield f"{path}: {value!r} is none of {shape}"
    elif isinstance(shape, list):
        item = shape[0].get("", shape[0])
        for index, each in enumerate(value if isinstance(value, list) else [value]):
            yield from problems(each, item, f"{path}[{index}]")
        if not isinstance(value, list):
            yield f"{path}: {value!r} is no list"
    elif isinstance(value, dict):
        yield from _of_object(value, shape, path)
    else:
        yield f"{path}: {value!r} is no object"


def _of_object(value: dict[str, Any], shape: dict[str, Any], path: str) -> Iterator[str]:
    known = {key.rstrip("!"): its for key, its in shape.items()}
    yield from (f"{path}: {key[:-1]} is missing" for key in shape if key.endswith("!") and key[:-1] not in value)
    for key, each in value.items():
        if key in known or "*" in known:
            yield from problems(each, known.get(key, known.get("*")), f"{path}.{key}")
        else:
            yield f"{path}: {key} is no field"


def disagreements(schema: dict[str, Any], shape: Any = STACK, path: str = "spec") -> Iterator[str]:
    """Yield where the table says something else than an OpenAPI schema, one line each."""
    if isinstance(shape, str):
        if schema.get("type") != shape:
            yield f"{path}: {shape} in the table, {schema.get('type')} in the schema"
    elif isinstance(shape, list) and isinstance(shape[0], str):
        if sorted(schema.get("enum", [])) != sorted(shape):
            yield f"{path}: {shape} in the table, {schema.get('enum')} in the schema"
    elif isinstance(shape, list):
        yield from disagreements(schema.get("items", {}), shape[0].get("", shape[0]), f"{path}[]")
    elif isinstance(shape, dict):
        yield from _of_properties(schema, shape, path)
    elif not schema.get("x-kubernetes-preserve-unknown-fields"):
        yield f"{path}: anything in the table, and restricted in the schema"


def _of_properties(schema: dict[str, Any], shape: dict[str, Any], path: str) -> Iterator[str]:
    required = {key[:-1] for key in shape if key.endswith("!")}
    if required != set(schema.get("required", [])):
        yield f"{path}: the table requires {sorted(required)}, and the schema {sorted(schema.get('required', []))}"
    for key, its in shape.items():
        name = key.rstrip("!")
        found = schema.get("additionalProperties") if name == "*" else schema.get("properties", {}).get(name)
        if found:
            yield from disagreements(found, its, f"{path}.{name}")
        else:
            yield f"{path}.{name}: is no field in the schema"
