"""ARM types as the installed SDK knows them: which versions, which bodies, what is read-only.

The shapes come from pulumi_azure_native's own classes, read once and cached, and from the facts of `arm_facts`.
A body is checked as the service would check it: unknown members, wrong JSON types, values outside enums and missing
members are refused; members that only the service sets are let through, because ARM ignores them on PUT [ARM-READONLY].
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure.arm_types_catalogue import ArmType, Catalogue, Definition, Member, SdkType, load
from local_azure.generic.table import Table

__all__ = [
    "ArmType",
    "Catalogue",
    "SdkType",
    "Violation",
    "catalogue",
    "lookup",
    "lookup_token",
    "spelled",
    "split_read_only",
    "table",
    "use_cache",
    "violations",
    "without_nulls",
]

_loaded: dict[str, Any] = {"folder": None, "catalogue": None, "table": None}
_JSON_TYPES = {"string": "string", "enum": "string", "bool": "bool", "int": "int", "number": "number"}


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing wrong with a body: `path` such as `properties.addressSpace.addressPrefixes[0]`, and the problem."""

    path: str
    problem: str


def use_cache(folder: Path) -> None:
    """Keep the catalogue's cache in this folder from now on."""
    _loaded.update(folder=folder, catalogue=None, table=None)


def catalogue() -> Catalogue:
    """The catalogue, loaded on first use."""
    if _loaded["catalogue"] is None:
        _loaded["catalogue"] = load(_loaded["folder"])
    return _loaded["catalogue"]


def table() -> Table:
    """The types that are known by their shape alone."""
    if _loaded["table"] is None:
        _loaded["table"] = Table(catalogue())
    return _loaded["table"]


def lookup(type_name: str) -> ArmType | None:
    """The ARM type of that name in any letter case, or None: of the facts, else of the table of paths."""
    known = catalogue()
    return known.types.get(type_name.lower()) or known.shapes.get(type_name.lower()) or table().type(type_name)


def lookup_token(token: str, selector: str = "") -> SdkType | None:
    """The SDK type behind a token such as `azure-native:network:VirtualNetwork`, or None.

    `selector` is the value of the input that decides between ARM types of one class (`recordType`).
    """
    return catalogue().token(token, selector) or table().token(token)


def violations(arm_type: ArmType, api_version: str, body: Mapping[str, Any]) -> list[Violation]:
    """Everything wrong with a PUT body at an API version, in the order of the body; empty when it is right.

    JSON null counts as absent, under unknown names too. `name`, `type` and `id` are always let through.
    """
    definition = catalogue().definition(arm_type.root_for(api_version))
    return list(_Check(api_version).object(body, definition, ""))


def spelled(arm_type: ArmType, api_version: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with names of members and values of enums in their published letter case, in which ARM keeps them [ARM-CASE]."""
    return _spell(body, catalogue().definition(arm_type.root_for(api_version)).tree, api_version)


def split_read_only(
    arm_type: ArmType, api_version: str, body: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The body without the members that only the service sets, and the paths that were taken out."""
    removed: list[str] = []
    definition = catalogue().definition(arm_type.root_for(api_version))
    return _strip(body, definition.tree, "", removed), tuple(removed)


def without_nulls(arm_type: ArmType, api_version: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without the members that are null, which ARM takes as absent; free-form values stay as they are."""
    return _drop(body, catalogue().definition(arm_type.root_for(api_version)).tree)


class _Check:
    def __init__(self, api_version: str) -> None:
        self.version = api_version

    def object(self, value: Any, definition: Definition, path: str) -> Iterator[Violation]:
        if not isinstance(value, Mapping):
            yield Violation(path or "$", f"expected object, got {_json_type(value)}")
            return
        yield from self._level(value, definition.tree, path)
        for member in definition.members.values():
            if member.required and self._published(member) and _at(value, member.wire) is None:
                yield Violation(_join(path, ".".join(member.wire)), "missing required property")

    def _published(self, member: Member) -> bool:
        return member.since <= self.version

    def _level(self, value: Mapping[str, Any], tree: Mapping[str, Any], path: str) -> Iterator[Violation]:
        for name, item in value.items():
            here = _join(path, name)
            node = tree.get(name)
            if isinstance(node, dict):
                if item is None:
                    continue
                if isinstance(item, Mapping):
                    yield from self._level(item, node, here)
                else:
                    yield Violation(here, f"expected object, got {_json_type(item)}")
            elif node is None and not path and name in ("id", "name", "type"):
                continue
            elif node is None or not self._published(node):
                if item is not None:
                    yield Violation(here, "unknown property" + _hint(name, tree))
            elif item is not None and not node.read_only:
                yield from self.value(item, node.shape, here)
                if node.const is not None and item != node.const:
                    yield Violation(here, f"{item!r} not one of {node.const!r}")

    def value(self, value: Any, shape: dict[str, Any], path: str) -> Iterator[Violation]:
        kind = shape["k"]
        if value is None or kind == "any":
            return
        if kind == "ref":
            yield from self.object(value, catalogue().definition(shape["ref"]), path)
        elif kind == "union":
            # The option with the fewest violations is the one that was most likely meant.
            attempts = [list(self.value(value, option, path)) for option in shape["of"]]
            yield from min(attempts, key=len)
        elif kind == "array":
            if not isinstance(value, list):
                yield Violation(path, f"expected array, got {_json_type(value)}")
                return
            for index, item in enumerate(value):
                here = f"{path}[{index}]"
                if item is None:
                    yield Violation(here, "null in a list")
                yield from self.value(item, shape["of"], here)
        elif kind in ("map", "set"):
            if not isinstance(value, Mapping):
                yield Violation(path, f"expected object, got {_json_type(value)}")
                return
            for name, item in value.items():
                yield from self.value(item, shape.get("of", {"k": "any"}), _join(path, name))
        elif _json_type(value) != _JSON_TYPES[kind] and not (kind == "number" and _json_type(value) == "int"):
            yield Violation(path, f"expected {_JSON_TYPES[kind]}, got {_json_type(value)}")
        elif kind == "enum" and _value_of(value, shape) != value:
            yield Violation(path, f"{value!r} not one of {', '.join(map(repr, shape['values']))}")


def _value_of(text: str, shape: dict[str, Any]) -> str | None:
    """The value of an enum that a text means, whatever its letter case and the spaces in it; None when there is none."""
    more = shape.get("more", ())
    known = {_plain(value): value for value in (*shape["values"], *more)}
    if "," in more and "," in text:
        parts = [known.get(_plain(part)) for part in text.split(",")]
        return ", ".join(part for part in parts if part) if all(parts) else None
    return known.get(_plain(text), text if "*" in more else None)


def _plain(text: str) -> str:
    return text.replace(" ", "").lower()


def _spell(value: Any, tree: Mapping[str, Any], version: str) -> Any:
    if not isinstance(value, Mapping):
        return value
    known = {name.lower(): name for name in tree}
    kept: dict[str, Any] = {}
    for written, item in value.items():
        name = written if written in tree else known.get(str(written).lower()) or str(written)
        node = tree.get(name)
        if isinstance(node, dict):
            kept[name] = _spell(item, node, version)
        elif isinstance(node, Member) and node.const is not None and isinstance(item, str):
            kept[name] = node.const if item.lower() == node.const.lower() else item
        else:
            kept[name] = _spell_shape(item, node.shape, version) if isinstance(node, Member) else item
    return kept


def _spell_shape(value: Any, shape: dict[str, Any], version: str) -> Any:
    kind = shape["k"]
    if kind == "ref":
        return _spell(value, catalogue().definition(shape["ref"]).tree, version)
    if kind == "array" and isinstance(value, list):
        return [_spell_shape(item, shape["of"], version) for item in value]
    if kind == "map" and isinstance(value, Mapping):
        return {name: _spell_shape(item, shape["of"], version) for name, item in value.items()}
    if kind == "enum" and isinstance(value, str):
        return _value_of(value, shape) or value
    if kind == "union":
        check = _Check(version)
        forms = [(_spell_shape(value, option, version), option) for option in shape["of"]]
        return min(forms, key=lambda form: len(list(check.value(form[0], form[1], ""))))[0]
    return value


def _strip(value: Any, tree: Mapping[str, Any], path: str, removed: list[str]) -> Any:
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for name, item in value.items():
        node, here = tree.get(name), _join(path, name)
        if isinstance(node, dict):
            kept[name] = _strip(item, node, here, removed)
        elif (isinstance(node, Member) and node.read_only) or (not path and name in ("id", "name", "type")):
            removed.append(here)
        else:
            kept[name] = _strip_shape(item, node.shape, here, removed) if isinstance(node, Member) else item
    return kept


def _strip_shape(value: Any, shape: dict[str, Any], path: str, removed: list[str]) -> Any:
    kind = shape["k"]
    if kind == "ref":
        return _strip(value, catalogue().definition(shape["ref"]).tree, path, removed)
    if kind == "array" and isinstance(value, list):
        return [_strip_shape(item, shape["of"], f"{path}[{index}]", removed) for index, item in enumerate(value)]
    if kind == "map" and isinstance(value, Mapping):
        return {name: _strip_shape(item, shape["of"], _join(path, name), removed) for name, item in value.items()}
    if kind == "set" and isinstance(value, Mapping):
        return {name: None if item is None else {} for name, item in value.items()}
    return value


def _drop(value: Any, tree: Mapping[str, Any]) -> Any:
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for name, item in value.items():
        node = tree.get(name)
        if isinstance(node, dict):
            kept[name] = _drop(item, node)
        else:
            kept[name] = _drop_shape(item, node.shape) if isinstance(node, Member) else item
    return {name: item for name, item in kept.items() if item is not None}


def _drop_shape(value: Any, shape: dict[str, Any]) -> Any:
    kind = shape["k"]
    if kind == "ref":
        return _drop(value, catalogue().definition(shape["ref"]).tree)
    if kind == "array" and isinstance(value, list):
        return [_drop_shape(item, shape["of"]) for item in value]
    if kind in ("map", "set") and isinstance(value, Mapping):
        kept = {name: _drop_shape(item, shape.get("of", {"k": "any"})) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not None}
    return value


def _at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(step)
    return value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _hint(name: str, tree: Mapping[str, Any]) -> str:
    found = next((known for known in tree if known.lower() == name.lower()), None)
    return f", did you mean {found!r}?" if found and found != name else ""


def _json_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, float):
        return "int" if value.is_integer() else "number"
    if isinstance(value, Mapping):
        return "object"
    return {list: "array", str: "string", int: "int"}.get(type(value), "null")
