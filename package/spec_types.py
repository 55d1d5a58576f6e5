"""Types of the package's schema, made of the JSON schemas of specs.

Everything that a spec states is plain, except for secrets: a program gets those as outputs. A required field stays required. The
schema language of Pulumi has neither patterns nor ranges; the specs check these when a component is constructed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic_core.core_schema import ModelSchema
from typing_extensions import override

from package.casing import SECURE, Node, camel, pascal
from stacks.schema import Described

NAME = "moorings"
"""Name of the package, and first word of its tokens."""

ANY: Mapping[str, Any] = {"$ref": "pulumi.json#/Any"}

_OUTPUT = {"stack", "output"}
_PRIMITIVES = ("string", "integer", "number", "boolean")


class _Tokens(Described):
    """Adds the token of the type to the schema of each section, and what deprecates a field."""

    @override
    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        section = schema["cls"]
        made = super().model_schema(schema)
        made["x-token"] = token(section)
        for name, field in section.model_fields.items():
            if isinstance(field.deprecated, str) and name in made.get("properties", {}):
                made["properties"][name]["x-deprecated"] = field.deprecated
        return made


def token(section: type[BaseModel]) -> str:
    """Return the token of a section's type: ``moorings:registry:RegistrySpec``; sections of a stack are in ``platform``."""
    room, *rest = section.__module__.split(".")
    return f"{NAME}:{ {'components': rest[0], 'package': 'planning'}.get(room, 'platform') }:{section.__name__}"


def spec_schema(section: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON schema of a section, with the token of each type."""
    return section.model_json_schema(schema_generator=_Tokens)


class Types:
    """The types that properties refer to; each is added when it is first needed."""

    def __init__(self) -> None:
        self.made: dict[str, dict[str, Any]] = {}

    def properties(self, node: Node, definitions: Mapping[str, Node], owner: str) -> dict[str, dict[str, Any]]:
        """Return the properties of an object by their names in the package.

        Args:
            node: JSON schema of the object.
            definitions: the definitions that it refers to.
            owner: token of the object's type; names of enumerations start with it.
        """
        return {
            camel(name): self.property(field, definitions, f"{owner.removesuffix('Spec')}{pascal(name)}")
            for name, field in node.get("properties", {}).items()
        }

    def property(self, node: Node, definitions: Mapping[str, Node], name: str) -> dict[str, Any]:
        """Return one property: its type, text, default, and what deprecates it.

        Args:
            node: JSON schema of the field.
            definitions: the definitions that it refers to.
            name: token of its type, if it needs one of its own.
        """
        made = self._type(node, definitions, name)
        if node.get("description"):
            made["description"] = node["description"]
        default = node.get("default")
        if isinstance(default, str | int | float) and "oneOf" not in made:
            made["default"] = default
        if node.get("x-deprecated"):
            made["deprecationMessage"] = node["x-deprecated"]
        return made

    def _type(self, node: Node, definitions: Mapping[str, Node], name: str) -> dict[str, Any]:
        if "$ref" in node:
            return self._object(definitions[node["$ref"].rpartition("/")[2]], definitions)
        if "anyOf" in node:
            return self._union(node["anyOf"], definitions, name)
        if "enum" in node or "const" in node:
            return self._enumeration(node, name)
        if node.get("type") == "array":
            return {"type": "array", "items": self._type(node["items"], definitions, name), "plain": True}
        if node.get("type") in _PRIMITIVES:
            return {"type": node["type"], "plain": True}
        return self._map(node, definitions, name)

    def _map(self, node: Node, definitions: Mapping[str, Node], name: str) -> dict[str, Any]:
        """The type of a map, or of an object that no section describes."""
        properties = node.get("properties", {})
        if set(properties) == _OUTPUT:
            return self._stack_output(node, definitions, name)
        if SECURE in properties:
            others = {key: each for key, each in properties.items() if key != SECURE}
            secret = {"type": "string", "secret": True}
            inline = {"x-token": name, "properties": others}
            return (
                {"oneOf": [{"type": "string"}, self._object(inline, definitions)], "secret": True} if others else secret
            )
        if isinstance(node.get("additionalProperties"), Mapping):
            items = self._type(node["additionalProperties"], definitions, name)
            taken = {"secret": True} if items.pop("secret", False) else {"plain": True}
            return {"type": "object", "additionalProperties": items, **taken}
        if "type" in node or properties:
            raise ValueError(f"{name}: the package has no type for {dict(node)}")
        return {**ANY, "plain": True}

    def _object(self, section: Node, definitions: Mapping[str, Node]) -> dict[str, Any]:
        known = section["x-token"]
        if known not in self.made:
            # Before its properties, because a type may refer to itself.
            self.made[known] = {}
            self.made[known] |= {
                "type": "object",
                "description": section.get("description", ""),
                "properties": self.properties(section, definitions, known),
                "required": sorted(camel(each) for each in section.get("required", ())),
            }
        return {"$ref": f"#/types/{known}", "plain": True}

    def _union(self, choices: list[Node], definitions: Mapping[str, Node], name: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = []
        for each in _with_one_enumeration(choices):
            if each.get("type") == "null":
                continue
            made = self._type(each, definitions, name)
            found += [one for one in made.get("oneOf", [made]) if one not in found]
        kinds = {each.get("type") for each in found}
        if any(each.get("secret") for each in found):
            # A secret may be an output, and a union is plain as a whole or not at all.
            found = [{key: value for key, value in each.items() if key != "plain"} for each in found]
        if len(found) == 1:
            return found[0]
        if kinds == {"string"}:
            return {"type": "string", "plain": True}
        secret = {"secret": True} if any(each.pop("secret", False) for each in found) else {"plain": True}
        return {"oneOf": found, **secret}

    def _enumeration(self, node: Node, name: str) -> dict[str, Any]:
        values = node.get("enum", [node.get("const")])
        if not all(isinstance(each, str) for each in values):
            return {"type": node.get("type", "integer"), "plain": True}
        made = {"type": "string", "enum": [{"value": each, "name": _identifier(each)} for each in values]}
        if self.made.setdefault(name, made) != made:
            raise ValueError(f"two enumerations are named {name}")
        return {"$ref": f"#/types/{name}", "plain": True}

    def _stack_output(self, node: Node, definitions: Mapping[str, Node], name: str) -> dict[str, Any]:
        # One in each module: Go's generator imports the module of another type in a union, and does not use it.
        known = f"{name.rpartition(':')[0]}:StackOutput"
        self.made[known] = {
            "type": "object",
            "description": "An output of another stack that holds the id of something made there.",
            "properties": self.properties(node, definitions, known),
            "required": sorted(node["required"]),
        }
        return {"$ref": f"#/types/{known}", "plain": True}


def _with_one_enumeration(choices: list[Node]) -> list[Node]:
    """The choices with the values of all enumerations in one, whose type has one name."""
    values = [value for each in choices for value in each.get("enum", [each["const"]] if "const" in each else [])]
    others = [each for each in choices if not {"enum", "const"} & set(each)]
    return [*others, {"enum": values, "type": "string"}] if values else others


def _identifier(value: str) -> str:
    """The name of a value of an enumeration, which SDKs turn into an identifier."""
    words = re.findall(r"[A-Za-z0-9]+", value)
    text = "".join(word[:1].upper() + word[1:] for word in words) or "All"
    return text if text[0].isalpha() else f"V{text}"
