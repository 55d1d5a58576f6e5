"""Object and enum types of a package schema: what a program writes, what it reads, and what refers to what.

A type is built from the SDK's class when something refers to it. The tables of facts then say what an API version newer
than the SDK's own class adds to it (`FACTS.derived`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from local_azure.arm_facts import FACTS
from local_azure.plugin.sdk_source import Module, Property, Source, head, without_wrappers

Json = dict[str, Any]

_SCALARS: Final = {"str": "string", "int": "integer", "float": "number", "bool": "boolean"}
_SHAPES: Final = {"string": "string", "int": "integer", "number": "number", "bool": "boolean"}
_TEXT: Final[Json] = {"k": "string"}
_FILES: Final = {"Asset": "pulumi.json#/Asset", "Archive": "pulumi.json#/Archive"}
_ANYTHING: Final[Json] = {"$ref": "pulumi.json#/Any"}


@dataclass
class Types:
    """The types of one package, filled as properties refer to them.

    Attributes:
        sdk: folder of the installed SDK.
        package: the package's name, the first part of every token.
        api_version: the package's API version; empty for `azure-native`, whose classes have one each.
        specs: the finished types by token.
    """

    sdk: Path
    package: str
    api_version: str = ""
    specs: dict[str, Json] = field(default_factory=dict)
    _modules: dict[str, Module] = field(default_factory=dict)
    _origins: dict[str, str] = field(default_factory=dict)

    def module(self, name: str) -> Module:
        """The SDK's module of that name."""
        return self._modules.setdefault(name, Module(self.sdk, name))

    def token(self, module: str, name: str) -> str:
        """The token of a member of a module in this package."""
        return f"{self.package}:{module}:{name}"

    def written(self, module: str, properties: Sequence[Property], key: str) -> Json:
        """`properties` and `required` of an object that a program writes.

        Args:
            module: the SDK's module of the class.
            properties: the properties of the class.
            key: the object's definition in the catalogue, such as `containerregistry~2025:Policies`.
        """
        return self._members(module, properties, key, written=True)

    def read(self, module: str, properties: Sequence[Property], key: str, inputs: Sequence[Property]) -> Json:
        """`properties` and `required` of an object that a program reads; `inputs` are the same object as it is written."""
        known = {item.name: item for item in inputs}
        typed = [self._with_union(module, item, known.get(item.name)) for item in properties]
        return self._members(module, typed, key, written=False)

    def _with_union(self, module: str, item: Property, written: Property | None) -> Property:
        """The property with its union: Python reads any object there, and only what is written names the classes."""
        text = ast.unparse(item.annotation)
        if written is None or not text.endswith("Any" + "]" * text.count("]")):
            return item
        found = re.sub(r"'(\w+)Args'", r"'outputs.\1Response'", ast.unparse(written.annotation))
        classes = re.findall(r"'outputs.(\w+)'", found)
        if not classes or any(self._source(module, cls) is None for cls in classes):
            return item
        return replace(item, annotation=ast.parse(found, mode="eval").body)

    def _members(self, module: str, properties: Sequence[Property], key: str, *, written: bool) -> Json:
        known, changes = {item.name: item for item in properties}, _changes(key)
        found: Json = {}
        required = set()
        for name in (*known, *(name for name in changes if name not in known)):
            change, item = changes.get(name, {}), known.get(name)
            if change is None or self._hidden(change, written=written) or not (item or "type" in change):
                continue
            found[name] = self._member(module, item, change, written=written)
            if change.get("required") or (item is not None and not item.optional):
                required.add(name)
        return {"properties": found, "required": sorted(required)}

    def _hidden(self, change: Mapping[str, Any], *, written: bool) -> bool:
        later = bool(self.api_version) and change.get("since", "") > self.api_version
        return later or bool(written and change.get("readOnly"))

    def _member(self, module: str, item: Property | None, change: Mapping[str, Any], *, written: bool) -> Json:
        if "type" in change:
            spec = self._shape(module, change["type"], item, written=written)
        else:
            assert item is not None
            spec = self._type(module, item.annotation)
        if item is None:
            return spec
        said = {
            "description": item.description or None,
            "default": item.default,
            "const": item.const,
            "secret": item.secret or None,
        }
        return {**spec, **{name: value for name, value in said.items() if value is not None}}

    def _type(self, module: str, annotation: ast.expr) -> Json:
        node = without_wrappers(annotation)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._reference(module, node.value)
        if isinstance(node, ast.Subscript):
            return self._container(module, node)
        name = head(node)
        if name in _FILES:
            return {"$ref": _FILES[name]}
        return {"type": _SCALARS[name]} if name in _SCALARS else dict(_ANYTHING)

    def _container(self, module: str, node: ast.Subscript) -> Json:
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        match head(node):
            case "Optional":
                return self._type(module, parts[0])
            case "Sequence":
                return {"type": "array", "items": self._type(module, parts[0])}
            case "Mapping":
                return {"type": "object", "additionalProperties": self._type(module, parts[1])}
            case "Union":
                return self._union(module, parts)
        raise ValueError(f"annotation not understood: {ast.unparse(node)}")

    def _union(self, module: str, parts: Sequence[ast.expr]) -> Json:
        options = [self._type(module, part) for part in parts]
        if all(option.get("$ref", "") in _FILES.values() for option in options):
            # The schema's asset is either of the two.
            return {"$ref": _FILES["Asset"]}
        spec: Json = {"oneOf": options}
        discriminator = self._discriminator(module, parts, options)
        return {**spec, "discriminator": discriminator} if discriminator else spec

    def _discriminator(self, module: str, parts: Sequence[ast.expr], options: list[Json]) -> Json | None:
        """The property by whose constant the options differ, with the option of each value; None where there is none."""
        chosen: dict[str, dict[str, str]] = {}
        for part, option in zip(parts, options, strict=True):
            cls = ast.unparse(without_wrappers(part)).strip("'").removeprefix("outputs.")
            for item in self._properties(module, cls):
                if item.const is not None:
                    chosen.setdefault(item.name, {})[item.const] = option["$ref"]
        for name, mapping in chosen.items():
            if len(mapping) == len(options):
                return {"propertyName": name, "mapping": mapping}
        return None

    def _reference(self, module: str, name: str) -> Json:
        """A reference to a class, whose type is built now if it is not there yet."""
        source = self.module(module)
        if source.enums is not None and name in source.enums:
            token = self.token(module, name)
            self.specs.setdefault(token, _enum(source.enums, name))
            return {"$ref": f"#/types/{token}"}
        return self._object(module, name.removeprefix("outputs."), written=name.endswith("Args"))

    def _source(self, module: str, cls: str) -> Source | None:
        """The file of a class of nested objects; None where the SDK has no such class."""
        source = self.module(module).inputs if cls.endswith("Args") else self.module(module).outputs
        return source if source is not None and cls in source else None

    def _properties(self, module: str, cls: str) -> tuple[Property, ...]:
        source = self._source(module, cls)
        return source.properties(cls) if source else ()

    def _object(self, module: str, cls: str, *, written: bool, key: str = "") -> Json:
        """A reference to the type of a class; `key` is the derived definition that changes it, or makes it alone."""
        name = (cls.removesuffix("Args") if written else cls) or _name_of(key, written=written)
        token, origin = self.token(module, name), key or cls
        while self._origins.setdefault(token, origin) != origin:
            token += "Derived"
        if token not in self.specs:
            spec: Json = {"type": "object"}
            # Known from here on, because its members may refer to it.
            self.specs[token] = spec
            stem = cls.removesuffix("Args") if written else re.sub(r"Response(V\d+)?$", "", cls)
            place, properties = key or f"{module}:{stem}", self._properties(module, cls)
            source = self._source(module, cls)
            spec["description"] = source.description(cls) if source else ""
            if written:
                spec |= self.written(module, properties, place)
            else:
                spec |= self.read(module, properties, place, self._properties(module, f"{stem}Args"))
            self.specs[token] = filled(spec)
        return {"type": "object", "$ref": f"#/types/{token}"}

    def _shape(self, module: str, shape: Mapping[str, Any], item: Property | None, *, written: bool) -> Json:
        """The type of a shape of the catalogue; `item` is the same property of the SDK's class, where it has it."""
        kind = shape["k"]
        if kind == "ref":
            derived = shape["ref"] if shape["ref"] in FACTS.derived else ""
            return self._object(module, _class_of(shape["ref"], written=written), written=written, key=derived)
        if kind == "set" and item is not None and not written:
            return self._type(module, item.annotation)
        if kind in ("array", "set"):
            return {"type": "array", "items": self._shape(module, shape.get("of", _TEXT), None, written=written)}
        if kind == "map":
            value = self._shape(module, shape["of"], None, written=written)
            return {"type": "object", "additionalProperties": value}
        if kind == "enum":
            values = ", ".join(f"`{value}`" for value in shape["values"])
            return {"type": "string", "description": f"Possible values: {values}."}
        return {"type": _SHAPES[kind]} if kind in _SHAPES else dict(_ANYTHING)


def filled(members: Json) -> Json:
    """The members without those that are empty."""
    return {name: value for name, value in members.items() if value}


def _changes(key: str) -> Mapping[str, Mapping[str, Any] | None]:
    """What the facts say of the members of a definition, beyond the SDK's class: member → change; None removes it."""
    if key in FACTS.derived:
        base, changes = FACTS.derived[key]
        return {**_changes(base), **changes}
    return {name: {"since": since} for name, since in FACTS.since.get(key, {}).items()}


def _class_of(key: str, *, written: bool) -> str:
    """The SDK class behind a definition of the catalogue; empty where the facts alone make it."""
    while key in FACTS.derived:
        key = FACTS.derived[key][0]
    if not key:
        return ""
    stem, _, answer = key.rpartition(":")[2].partition("~")
    return f"{stem}Args" if written else answer or f"{stem}Response"


def _name_of(key: str, *, written: bool) -> str:
    stem = key.rpartition(":")[2].partition("~")[0]
    return stem if written else f"{stem}Response"


def _enum(source: Source, cls: str) -> Json:
    values = [{"value": value, "description": text} if text else {"value": value} for value, text in source.enum(cls)]
    spec: Json = {"type": "string", "enum": values}
    text = source.description(cls)
    return {**spec, "description": text} if text else spec
