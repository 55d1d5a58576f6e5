"""A resource type in Azure's published types, and a resource class of the installed SDK."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from local_azure.plugin.sdk_source import Property

Json = dict[str, Any]


@dataclass(frozen=True)
class Published:
    """One resource type at one version: its name, its body and nested types, and its writable scopes."""

    name: str
    types: list[Json] = field(repr=False, hash=False, compare=False)
    body: Json = field(repr=False, hash=False, compare=False)
    scopes: int
    fixed: str = ""

    @property
    def namespace(self) -> str:
        """Name of the resource provider in the form of an SDK module."""
        return re.sub(r"[^a-z0-9]", "", self.name.split("/")[0].lower().removeprefix("microsoft."))

    @property
    def words(self) -> list[str]:
        """Segments of the type without the namespace."""
        return self.name.split("/")[1:]

    def at(self, reference: Json) -> Json:
        """Return the type that a reference points to."""
        return self.types[int(reference["$ref"].rpartition("/")[2])]

    def members(self, entry: Json) -> dict[str, Json]:
        """Return the members of an object by name, including those of every variant."""
        found = {**entry.get("properties", {}), **entry.get("baseProperties", {})}
        for variant in entry.get("elements", {}).values() if isinstance(entry.get("elements"), dict) else ():
            found |= self.members(self.at(variant))
        return found

    @property
    def constant(self) -> str:
        """The fixed name of resources of the type; empty if the name is not fixed."""
        if self.fixed:
            return self.fixed
        name = self.members(self.body).get("name")
        entry = self.at(name["type"]) if name else {}
        return entry["value"] if entry.get("$type") == "StringLiteralType" else ""

    def flat(self) -> set[str]:
        """Return the names at the top level of the body and in `properties`."""
        top = self.members(self.body)
        inner = self.members(self.at(top["properties"]["type"])) if "properties" in top else {}
        return {*top, *inner} - {"id", "name", "type", "apiVersion", "properties"}


@dataclass(frozen=True)
class Class:
    """One resource class of the SDK."""

    module: str
    name: str
    version: str
    inputs: tuple[Property, ...]
    outputs: frozenset[str]
