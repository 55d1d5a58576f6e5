"""What the journal masks: all that Azure's published types mark as secret, and what is secret by its name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local_azure.masking import MARKED, masked
from tools.published_types import FOLDER

NOT_SECRET = {
    "Microsoft.KeyVault/vaults": {"properties.createMode"},
    "Microsoft.Web/sites": {"properties.cloningInfo", "properties.siteConfig"},
}
"""Members that are only written, without being secrets."""


def marks(definition: Any, definitions: dict[str, Any], path: tuple[str, ...], above: frozenset[str]) -> Iterator[str]:
    reference = definition.get("$ref", "").rpartition("/")[2]
    if reference in above:
        return
    found = definitions[reference] if reference else definition
    inside = above | {reference} if reference else above
    for name, member in found.get("properties", {}).items():
        if member.get("writeOnly"):
            yield ".".join((*path, name))
        yield from marks(member, definitions, (*path, name), inside)
    for each in (found.get("items"), found.get("additionalProperties")):
        if isinstance(each, dict):
            yield from marks(each, definitions, (*path, "*"), inside)
    for each in (*found.get("allOf", ()), *found.get("anyOf", ())):
        yield from marks(each.get("then", each), definitions, path, inside)


def published() -> dict[str, set[str]]:
    """Return the members that the published types mark, by type without its version."""
    found: dict[str, set[str]] = {}
    for file in FOLDER.glob("*.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        for name, key in content["types"].items():
            kind = name.partition("@")[0]
            paths = set(marks({"$ref": f"#/$defs/{key}"}, content["$defs"], (), frozenset()))
            found[kind] = found.get(kind, set()) | paths - NOT_SECRET.get(kind, set())
    return found


PUBLISHED = [(kind, path) for kind, paths in published().items() for path in sorted(paths)]


def body_with(path: str, value: Any) -> dict[str, Any]:
    """Return a body that holds a value at a path and nothing else."""
    for key in reversed(path.split(".")):
        value = [value] if key == "*" else {key: value}
    return value


@pytest.mark.parametrize(("kind", "path"), PUBLISHED)
def test_what_is_published_as_secret_is_masked(kind: str, path: str) -> None:
    for value in ("hunter2", {"a": "hunter2"}, [{"name": "a", "value": "hunter2"}]):
        assert "hunter2" not in json.dumps(masked(body_with(path, value), kind))


def test_the_marks_of_the_published_types_are_read() -> None:
    assert ("Microsoft.App/managedEnvironments", "properties.daprAIInstrumentationKey") in PUBLISHED
    assert ("Microsoft.App/managedEnvironments", "properties.daprAIConnectionString") in PUBLISHED
    assert len(PUBLISHED) > 20
    assert {kind.lower() for kind, _ in PUBLISHED} <= set(MARKED)


@pytest.mark.parametrize(
    "name",
    [
        "adminPassword",
        "secret",
        "serverAppSecret",
        "connectionString",
        "primaryKey",
        "daprAIInstrumentationKey",
        "accessToken",
    ],
)
def test_a_name_of_a_secret_is_masked_at_any_depth_of_any_type(name: str) -> None:
    body = {"properties": {"list": [{name: "hunter2", "user": "me"}]}}
    assert masked(body, "Microsoft.Unknown/things") == {"properties": {"list": [{name: "***", "user": "me"}]}}


def test_a_masked_value_keeps_its_shape_and_all_else_is_as_it_came() -> None:
    body = {"location": "eastus", "properties": {"customHeaders": {"X": "hunter2"}, "status": "enabled", "scope": None}}
    assert masked(body, "Microsoft.ContainerRegistry/registries/webhooks") == {
        "location": "eastus",
        "properties": {"customHeaders": {"X": "***"}, "status": "enabled", "scope": None},
    }


def test_references_to_secrets_are_not_masked() -> None:
    secrets = [{"name": "db", "keyVaultUrl": "https://v/secrets/db", "identity": "system"}]
    body = {"properties": {"configuration": {"secrets": secrets}}}
    assert masked(body, "Microsoft.App/containerApps") == body
