"""The page docs/reference/fields.md: every field of a stack file, generated from the schema of the specs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from stacks.files import CONFIG_KEY
from stacks.schema import schema
from tools.verbs.command import ROOT

FILE = ROOT / "docs" / "reference" / "fields.md"

_HEAD = """\
# Fields of a stack file

Every key of a stack file with its type, default and description, generated from the specs by `./moorings docs`.
[The stack file](../stack-file.md) explains the sections. A *map* has keys of your choice. A key without a default is
required; one with the default *none* may be left out.
"""
_REFERENCE = "#/$defs/"
_ENTRIES = {"array": "items", "object": "additionalProperties"}
_WORDS = {"array": "list", "boolean": "true or false", "integer": "number", "object": "map", "string": "text"}
"""Types of JSON in the words of the page."""
_NOT_SECTIONS = ("regions", "stamp")


def text() -> str:
    """Return the page: a table of the sections, and a table for each spec that they use, in the order of first use."""
    whole = schema()
    stack = whole["properties"]["config"]["properties"][CONFIG_KEY]["anyOf"][0]
    sections = {key: node for key, node in stack["properties"].items() if key not in _NOT_SECTIONS}
    parts = [_HEAD, "## moorings:stack\n", *_table(sections)]
    for name in _used(sections, whole["$defs"]):
        node = whole["$defs"][name]
        described = f"{node['description']}\n" if node.get("description") else ""
        parts += [f"\n## {_title(name)}\n", described, *_table(node.get("properties", {}))]
    return "\n".join(part for part in parts if part) + "\n"


def write() -> None:
    """Write the page."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")


def stale() -> list[str]:
    """Return the path of the page if it differs from the specs."""
    fresh = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
    return [] if fresh else [FILE.relative_to(ROOT).as_posix()]


def _title(definition: str) -> str:
    """Return the heading of a spec: its class, with the system for names that two systems use."""
    *system, name = definition.split("__")
    shown = name.removesuffix("Spec")
    return f"{shown} ({system[1]})" if len(system) > 1 else shown


def _anchor(definition: str) -> str:
    return "".join(
        letter for letter in _title(definition).lower().replace(" ", "-") if letter.isalnum() or letter in "-_"
    )


def _used(properties: Mapping[str, Any], definitions: Mapping[str, Any]) -> Iterator[str]:
    """Yield the specs that properties refer to, directly or through others."""
    seen: set[str] = set()
    waiting = list(_references(properties))
    while waiting:
        name = waiting.pop(0)
        if name not in seen and "properties" in definitions[name]:
            seen.add(name)
            yield name
            waiting += _references(definitions[name]["properties"])


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str):
            yield reference.removeprefix(_REFERENCE)
        for key in sorted(node):
            yield from _references(node[key])
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


def _table(properties: Mapping[str, Any]) -> Iterator[str]:
    yield "| key | type | default | description |"
    yield "|---|---|---|---|"
    for key, node in sorted(properties.items()):
        described = _escaped(str(node.get("description", "")))
        yield f"| `{key}` | {_type(node)} | {_default(node)} | {described} |"


def _default(node: Mapping[str, Any]) -> str:
    if "default" not in node:
        return ""
    value = node["default"]
    return "none" if value in (None, {}, [], "") else f"`{json.dumps(value)}`"


def _type(node: Mapping[str, Any]) -> str:
    """Return the type of a value in words, with links to the specs."""
    if "$ref" in node:
        name = node["$ref"].removeprefix(_REFERENCE)
        return f"[{_title(name)}](#{_anchor(name)})"
    if "anyOf" in node:
        return " or ".join(dict.fromkeys(_type(each) for each in node["anyOf"] if each.get("type") != "null"))
    if "enum" in node or "const" in node:
        return ", ".join(f"`{value}`" for value in node.get("enum", [node.get("const")]))
    kind = str(node.get("type", "any"))
    entry = node.get(_ENTRIES.get(kind, ""))
    word = _WORDS.get(kind, kind)
    return f"{word} of {_type(entry)}" if isinstance(entry, dict) else word


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")
