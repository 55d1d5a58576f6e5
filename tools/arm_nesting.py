"""Nested classes of the SDK that flatten the `properties` container of their ARM objects."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from local_azure.arm_facts import TOP_LEVEL_NESTED, TOP_LEVEL_ROOT
from local_azure.plugin.sdk_source import Property, Source
from tools.published_arm import Class, Published

Json = dict[str, Any]


class Nesting:
    """Compares classes with request bodies and collects the differences that names do not show [SDK-FLATTEN]."""

    def __init__(self, folder: Path) -> None:
        """Take the folder of the installed SDK."""
        self._folder = folder
        self._inputs: dict[str, Source | None] = {}
        self._seen: set[tuple[str, str]] = set()
        self._flattened: dict[str, set[str]] = {}
        self._top: dict[str, set[str]] = {}

    def flattened(self) -> dict[str, list[str]]:
        """Return nested classes without the container, by module."""
        return {module: sorted(names) for module, names in sorted(self._flattened.items())}

    def top(self) -> dict[str, list[str]]:
        """Return members outside the container that names do not show, by `module/Class` or `module:Class`."""
        return {key: sorted(names) for key, names in sorted(self._top.items())}

    def add(self, cls: Class, published: Published) -> None:
        """Compare the body of one resource class."""
        names = {item.name for item in cls.inputs} | cls.outputs
        top = published.members(published.body)
        self._note(f"{cls.module}/{cls.name}", names, set(top), TOP_LEVEL_ROOT)
        self._below(cls.module, cls.inputs, published, published.body, flat="properties" not in names)

    def _note(self, key: str, names: set[str], top: set[str], usual: frozenset[str]) -> None:
        beside = {name for name in names & top if name not in usual and name != "properties"}
        if beside and "properties" not in names:
            self._top.setdefault(key, set()).update(beside)

    def _below(self, module: str, items: tuple[Property, ...], published: Published, body: Json, *, flat: bool) -> None:
        members = published.members(body)
        if flat and "properties" in members:
            members = {**published.members(published.at(members["properties"]["type"])), **members}
        for item in items:
            if item.name in members:
                target = _element(published, published.at(members[item.name]["type"]))
                for name in re.findall(r"'(\w+)Args'", ast.unparse(item.annotation)):
                    self._class(module, name, published, target)

    def _class(self, module: str, name: str, published: Published, body: Json) -> None:
        source = self._source(module)
        if body.get("$type") not in ("ObjectType", "DiscriminatedObjectType") or source is None:
            return
        if (module, name) in self._seen or f"{name}Args" not in source:
            return
        self._seen.add((module, name))
        items = source.properties(f"{name}Args")
        names, members = {item.name for item in items}, published.members(body)
        inner = published.at(members["properties"]["type"]) if "properties" in members else {}
        flat = "properties" not in names and bool(inner.get("properties"))
        if flat:
            stem = re.sub(r"V\d+$", "", name)
            self._flattened.setdefault(module, set()).add(stem)
            self._note(f"{module}:{stem}", names, set(members), TOP_LEVEL_NESTED)
        self._below(module, items, published, body, flat=flat)

    def _source(self, module: str) -> Source | None:
        if module not in self._inputs:
            path = self._folder / module / "_inputs.py"
            self._inputs[module] = Source(path) if path.is_file() else None
        return self._inputs[module]


def _element(published: Published, entry: Json) -> Json:
    """Return the element type of nested arrays and maps."""
    while True:
        if entry.get("$type") == "ArrayType":
            entry = published.at(entry["itemType"])
        elif entry.get("$type") == "ObjectType" and not entry.get("properties") and "additionalProperties" in entry:
            entry = published.at(entry["additionalProperties"])
        else:
            return entry
