"""States in the shape in which azure-native 3.29 writes them, made of states that the local Azure's bridge wrote.

Nothing that the bridge adds to a program's inputs is kept: the additions are the provider's. The shape is that of the states
recorded in pulumi/pulumi-azure-native below provider/pkg/provider/testdata/recorded/TestProviderUpgrade (inputs with
`__createBeforeDelete`, outputs with `azureApiVersion` and a secret `__inputs`), with the input `azureApiVersion` of its pull
request 4015. Versions are those that the documentation of each class of the SDK states.
"""

from __future__ import annotations

import importlib
import inspect
import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
"""The subscription of these states, which is not the local Azure's own."""

_SECRET = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    "ciphertext": "v1:AAAAAAAAAAAAAAAA:AAAA",
}
_DATED = re.compile(r"_v(\d{4})(\d{2})(\d{2})(preview)?:")
_STATED = re.compile(r"Uses Azure REST API version ([\w-]+)\.")


def written_by_azure_native(checkpoint: Path, added: Mapping[str, Mapping[str, str]] | None = None) -> Json:
    """Return what `pulumi stack export` would print had azure-native made the resources of a stack.

    Args:
        checkpoint: the stack's file in the engine's file backend.
        added: inputs that the provider filled in beside the version, by logical name: input → output of that value.
    """
    text = checkpoint.read_text(encoding="utf-8").replace("00000000-0000-0000-0000-000000000001", SUBSCRIPTION)
    document = {"version": 3, "deployment": json.loads(text)["checkpoint"]["latest"]}
    for resource in resources(document):
        stated, outputs = resource.get("propertyDependencies") or {}, resource["outputs"]
        inputs = {key: value for key, value in resource["inputs"].items() if key in stated}
        filled = (added or {}).get(logical(resource)) or {}
        inputs |= {name: outputs[source] for name, source in filled.items()}
        inputs |= {"azureApiVersion": version_of(resource["type"])}
        resource["inputs"] = inputs
        resource["outputs"] |= {"azureApiVersion": inputs["azureApiVersion"], "__inputs": _SECRET}
    return document


def created_before_deleted(names: Collection[str], document: Json) -> Json:
    """Return a state in which the names of these resources were made at random, so that they carry the provider's mark."""
    marked = json.loads(json.dumps(document))
    for resource in resources(marked):
        if logical(resource) in names:
            resource["inputs"]["__createBeforeDelete"] = True
    return marked


def last_written_at(version: str, name: str, document: Json) -> Json:
    """Return a state whose resource of that logical name was last written at another version."""
    moved = json.loads(json.dumps(document))
    resource = next(each for each in resources(moved) if logical(each) == name)
    resource["inputs"]["azureApiVersion"] = resource["outputs"]["azureApiVersion"] = version
    return moved


def without_version_inputs(document: Json) -> Json:
    """Return a state as version 2 of azure-native writes it: only outputs hold the API version."""
    older = json.loads(json.dumps(document))
    for resource in resources(older):
        del resource["inputs"]["azureApiVersion"]
    return older


def resources(document: Json) -> Iterator[Json]:
    """The resources of a state that azure-native makes."""
    return (each for each in document["deployment"]["resources"] if each["type"].startswith("azure-native"))


def logical(resource: Json) -> str:
    """The logical name of a resource."""
    return resource["urn"].rpartition("::")[2]


def version_of(token: str) -> str:
    """The API version that a type's class speaks, as its package or its documentation states it."""
    dated = _DATED.search(token)
    if dated:
        year, month, day, preview = dated.groups()
        return f"{year}-{month}-{day}" + ("-preview" if preview else "")
    _, module, cls = token.split(":")
    source = inspect.getsource(getattr(importlib.import_module(f"pulumi_azure_native.{module}"), cls))
    stated = _STATED.search(source)
    assert stated, token
    return stated[1]
