"""Reads the installed pulumi_azure_native sources and writes the catalogue of ARM types as plain JSON.

The package is never imported: its generated modules are large, and only the classes reachable from our resource
classes matter. Argument classes give what can be written, response classes what can be read. The SDK flattens
`properties` away, so the facts of `arm_facts` say which nested classes have lost that container [SDK-FLATTEN].
"""

from __future__ import annotations

import ast
import importlib.util
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_azure.arm_facts import FACTS, READ_ONLY_ANYWHERE, TOP_LEVEL_NESTED, TOP_LEVEL_ROOT
from local_azure.arm_family import TypeRow
from local_azure.plugin import sdk_source
from local_azure.plugin.sdk_source import GETTER, Source, head, without_wrappers

Json = dict[str, Any]

_VERSIONS = re.compile(r"Uses Azure REST API version ([\w-]+)\.")
_OTHERS = re.compile(r"Other available API versions: ([\w, -]+)\.")
_EXPECTED = re.compile(r"Expected value is '([^']+)'")
_STANDALONE = "These are also available as standalone resources."
_DEFAULT = re.compile(r"^        if (\w+) is None:\n            \1 = (.+)$", re.MULTILINE)
_SCALARS = {"str": "string", "int": "int", "float": "number", "bool": "bool"}


def package_folder() -> Path:
    """The folder of the installed pulumi_azure_native package, found without importing it."""
    spec = importlib.util.find_spec("pulumi_azure_native")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("pulumi_azure_native is not installed: run `make setup`")
    return Path(spec.submodule_search_locations[0])


def package_version(folder: Path) -> str:
    """The version of the installed package, such as `3.29.0`."""
    return json.loads((folder / "pulumi-plugin.json").read_text())["version"]


def _members(source: Source, cls: str) -> dict[str, tuple[ast.expr, str]]:
    """Members of a class: wire-side camelCase name → (annotation, docstring)."""
    return {
        wire or python: (ast.parse(annotation, mode="eval").body, doc.strip())
        for wire, python, annotation, doc in GETTER.findall(source.class_text(cls))
    }


def _defaults(source: Source, cls: str) -> dict[str, Any]:
    """Values that the constructor of an argument class fills in: wire-side camelCase name → value."""
    text = source.class_text(cls)
    names = {python: wire or python for wire, python, _, _ in GETTER.findall(text)}
    return {names[python]: ast.literal_eval(value) for python, value in _DEFAULT.findall(text)}


@dataclass(frozen=True)
class Nesting:
    """What is known of where `properties` stands beyond `arm_facts`: classes of a module, and members by place."""

    flattened: frozenset[str] = frozenset()
    top: Mapping[str, frozenset[str]] = field(default_factory=dict)


class Module:
    """One SDK module (`network`, `containerregistry`, …) and the definitions built from it."""

    def __init__(self, folder: Path, name: str, defs: Json, nesting: Nesting = Nesting()) -> None:
        self.name = name
        self._nesting = nesting
        self._sdk = sdk_source.Module(folder, name)
        self.inputs, self.outputs, self.enums = self._sdk.inputs, self._sdk.outputs, self._sdk.enums
        self.defs = defs

    def resource(self, row: TypeRow) -> Json:
        """Definition of a resource class: root key and versions."""
        cls = row.cls
        source = self._sdk.resource(cls)
        default = _VERSIONS.search(source.text)
        others = _OTHERS.search(source.text)
        versions = [v.strip() for v in others.group(1).split(",")] if others else []
        if default is None:
            raise ValueError(f"{self.name}/{cls} names no API version")
        arguments = next(name for name in (f"{cls}InitArgs", f"{cls}Args") if name in source)
        in_query = FACTS.query.get(f"{self.name}/{cls}", frozenset())
        scope = {"scope"} if row.scope == "extension" else set[str]()
        in_path = {*row.parameters, "resourceGroupName", *scope, *(row.selector or ())[:1], *in_query}
        writable = {name: value for name, value in _members(source, arguments).items() if name not in in_path}
        key = f"{self.name}/{cls}"
        self._define(key, cls, writable, _members(source, cls), root=True)
        for name, value in _defaults(source, arguments).items():
            if name in self.defs[key]:
                self.defs[key][name]["default"] = value
        return {
            "root": key,
            "version": default.group(1),
            "versions": sorted({default.group(1), *versions}),
            "maintained": self._maintained(key, frozenset()),
        }

    def _maintained(self, key: str, above: frozenset[str]) -> list[str]:
        """Wire paths, outside lists, of what is made of resources of their own [SDK-CHILDREN]."""
        found: list[str] = []
        for prop in self.defs[key].values():
            below = prop["type"].get("ref")
            if prop.get("standalone"):
                found.append(prop["wire"])
            elif below and below not in above and not prop.get("readOnly"):
                found += [f"{prop['wire']}.{path}" for path in self._maintained(below, above | {key})]
        return found

    def _define(self, key: str, stem: str, writable: Json, readable: Json, *, root: bool) -> None:
        if key in self.defs:
            return
        definition: Json = {}
        self.defs[key] = definition
        stem = re.sub(r"V\d+$", "", stem)
        place = f"{self.name}/{stem}" if root else f"{self.name}:{stem}"
        flat = root and "properties" not in writable and "properties" not in readable
        # A class may take `properties` and show what is in them beside the id, such as a key of a key vault [SDK-FLATTEN].
        shown_flat = root and "properties" in writable and "properties" not in readable
        nested = FACTS.flattened.get(self.name, frozenset()) | self._nesting.flattened
        flat = flat or (not root and stem in nested)
        keep = TOP_LEVEL_ROOT if root else TOP_LEVEL_NESTED
        keep = keep | FACTS.top_level.get(place, frozenset()) | self._nesting.top.get(place, frozenset())
        for name in {**writable, **readable}:
            prop = self._property(place, name, writable.get(name), readable.get(name))
            wire = FACTS.renames.get(place, {}).get(name)
            if wire is None:
                below = flat or (shown_flat and name not in writable)
                wire = f"properties.{name}" if below and name not in keep else name
            prop["wire"] = wire
            definition[name] = prop
        if root:
            definition.pop("azureApiVersion", None)

    def _property(self, place: str, name: str, writable: Any, readable: Any) -> Json:
        prop: Json = {}
        if writable is not None:
            annotation, doc = without_wrappers(writable[0]), writable[1]
            optional = _is_optional(annotation)
            prop["type"] = self._type(without_wrappers(_inner(annotation)) if optional else annotation, readable)
            if not optional:
                prop["required"] = True
            if _STANDALONE in doc:
                prop["standalone"] = True
            expected = _EXPECTED.search(doc)
            if expected:
                prop["const"] = expected.group(1)
        else:
            annotation = without_wrappers(readable[0])
            prop["type"] = self._type(_inner(annotation) if _is_optional(annotation) else annotation, readable)
        if writable is None or name in READ_ONLY_ANYWHERE | FACTS.read_only.get(place, frozenset()):
            prop["readOnly"] = True
            prop.pop("required", None)
        more = FACTS.values.get(place, {}).get(name)
        if more:
            prop["type"] = _with_values(prop["type"], more)
        since = FACTS.since.get(place, {}).get(name)
        if since:
            prop["since"] = since
        if name in FACTS.required.get(place, frozenset()):
            prop["required"] = True
        return prop

    def _type(self, annotation: ast.expr, readable: Any) -> Json:
        response = None
        if readable is not None:
            response = without_wrappers(readable[0])
            response = _inner(response) if _is_optional(response) else response
        return self._shape(without_wrappers(annotation), response)

    def _shape(self, node: ast.expr, response: ast.expr | None) -> Json:
        node = without_wrappers(node)
        if isinstance(node, ast.Subscript):
            return self._container(node, response)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._named(node.value, response)
        name = head(node)
        return {"k": _SCALARS[name]} if name in _SCALARS else {"k": "any"}

    def _container(self, node: ast.Subscript, response: ast.expr | None) -> Json:
        container = head(node)
        if container == "Union":
            return self._union(node, response)
        if container == "Sequence":
            if isinstance(response, ast.Subscript) and head(response) == "Mapping":
                return {"k": "set"}
            return {"k": "array", "of": self._shape(_inner(node), _element(response))}
        if container == "Mapping" and isinstance(node.slice, ast.Tuple):
            return {"k": "map", "of": self._shape(node.slice.elts[1], _element(response))}
        if container == "Optional":
            return self._shape(_inner(node), response)
        raise ValueError(f"annotation not understood: {ast.unparse(node)}")

    def _union(self, node: ast.Subscript, response: ast.expr | None) -> Json:
        assert isinstance(node.slice, ast.Tuple)
        shapes = [self._shape(without_wrappers(part), response) for part in node.slice.elts]
        enums = [shape for shape in shapes if shape["k"] == "enum"]
        if enums and len(shapes) == 2:
            return {**enums[0], "open": True}
        return {"k": "union", "of": shapes}

    def _named(self, reference: str, response: ast.expr | None) -> Json:
        reference = reference.removeprefix("outputs.")
        if self.enums is not None and reference in self.enums:
            return {"k": "enum", "values": [value for value, _ in self.enums.enum(reference)]}
        answer = _response_name(response)
        if reference.endswith("Args"):
            stem = reference.removesuffix("Args")
            if self.outputs is None or (answer is not None and answer not in self.outputs):
                answer = None
            same = answer is None or answer == f"{stem}Response"
            key = f"{self.name}:{stem}" if same else f"{self.name}:{stem}~{answer}"
            if answer is None and self.outputs is not None and f"{stem}Response" in self.outputs:
                answer = f"{stem}Response"
        else:
            answer, stem = reference, re.sub(r"Response(V\d+)?$", r"\1", reference)
            key = f"{self.name}:{reference}"
        if key not in self.defs:
            writable = _members(self.inputs, reference) if self.inputs and reference.endswith("Args") else {}
            readable = _members(self.outputs, answer) if self.outputs and answer else {}
            self._define(key, stem, writable, readable, root=False)
        return {"k": "ref", "ref": key}


def _with_values(shape: Json, more: Iterable[str]) -> Json:
    if "of" in shape:
        return {**shape, "of": _with_values(shape["of"], more)}
    return {**shape, "more": sorted(more)}


def _inner(node: ast.expr) -> ast.expr:
    assert isinstance(node, ast.Subscript)
    return node.slice


def _is_optional(node: ast.expr) -> bool:
    return isinstance(node, ast.Subscript) and head(node) == "Optional"


def _element(response: ast.expr | None) -> ast.expr | None:
    if not isinstance(response, ast.Subscript):
        return None
    if isinstance(response.slice, ast.Tuple):
        return response.slice.elts[-1]
    return response.slice


def _response_name(response: ast.expr | None) -> str | None:
    if isinstance(response, ast.Constant) and isinstance(response.value, str):
        return response.value.removeprefix("outputs.")
    return None


def _apply_overlays(defs: Json) -> None:
    for key, (base, changes) in FACTS.derived.items():
        definition = {name: dict(prop) for name, prop in defs.get(base, {}).items()}
        for name, change in changes.items():
            if change is None:
                definition.pop(name, None)
                continue
            place = f"properties.{name}" if "/" in key else name
            definition[name] = {"wire": place, **definition.get(name, {}), **change}
        defs[key] = definition


def build() -> Json:
    """Build the whole catalogue: `{"types": [...], "defs": {...}}`, ready for JSON."""
    folder = package_folder()
    defs: Json = {}
    modules: dict[str, Module] = {}
    types: list[Json] = []
    for row in FACTS.types:
        module = modules.setdefault(row.module, Module(folder, row.module, defs))
        types.append({"name": row.name, **module.resource(row)})
    _apply_overlays(defs)
    return {"types": types, "defs": defs}
