"""The fields of the operator's Stack that a fleet uses, with their types: our own table, and a check of resources against it.

From the custom resource definition stacks.pulumi.com, version v1, of github.com/pulumi/pulumi-kubernetes-operator at 475dbc6c
(2026-08-21), read 2026-11-29. A leaf is the JSON type of a value, a list of allowed values, or for `config` no restriction. A key
with `!` must be present; `*` stands for any key.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

CONTAINER: dict[str, Any] = {"name!": "string"}
STACK: dict[str, Any] = {
    "stack!": "string",
    "serviceAccountName": "string",
    "projectRepo": "string",
    "branch": "string",
    "repoDir": "string",
    "shallow": "boolean",
    "fluxSource": {
        "sourceRef!": {"apiVersion!": "string", "kind!": "string", "name!": "string"},
        "dir": "string",
    },
    "refresh": "boolean",
    "expectNoRefreshChanges": "boolean",
    "destroyOnFinalize": "boolean",
    "retryOnUpdateConflict": "boolean",
    "continueResyncOnCommitMatch": "boolean",
    "resyncFrequencySeconds": "integer",
    "workspaceReclaimPolicy": ["Retain", "Delete"],
    "prerequisites": [{"name!": "string", "requirement": {"succeededWithinDuration": "string"}}],
    "environment": [{"": "string"}],
    "config": None,
    "backend": "string",
    "envRefs": {
        "*": {
            "type!": "string",
            "literal": {"value!": "string"},
            "secret": {"name!": "string", "key!": "string"},
        }
    },
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
