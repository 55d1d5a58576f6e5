"""Writes tests/published/types: JSON Schemas of the ARM request bodies that this project sends, from Azure's published types.

Needs a checkout of https://github.com/Azure/bicep-types-az, which Microsoft generates from the REST API specifications of Azure:

    ./moorings types ../bicep-types-az
    ./moorings types ../bicep-types-az --add Microsoft.App/jobs@2026-01-01

A schema contains what determines whether a body is valid: names, JSON types, required and read-only members, enums, bounds and
patterns, and which members are secret (`writeOnly`). Values of an enum that also accepts any string are listed under `examples`.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from local_azure.arm_facts import FACTS
from local_azure.arm_types_build import package_folder

Json = dict[str, Any]

FOLDER: Final = Path(__file__).resolve().parents[1] / "tests" / "published" / "types"
REPOSITORY: Final = "https://github.com/Azure/bicep-types-az"
_REQUIRED, _READ_ONLY, _WRITE_ONLY = 1, 2, 4
_BOUNDS: Final = {
    "StringType": {"minLength": "minLength", "maxLength": "maxLength", "pattern": "pattern"},
    "IntegerType": {"minValue": "minimum", "maxValue": "maximum"},
    "ArrayType": {"minLength": "minItems", "maxLength": "maxItems"},
}
_PLAIN: Final[Mapping[str, Json]] = {
    "StringType": {"type": "string"},
    "IntegerType": {"type": "integer"},
    "BooleanType": {"type": "boolean"},
    "AnyType": {},
}
_FRACTIONAL = re.compile(r'@pulumi\.getter(?:\(name="(\w+)"\))?\n    def (\w+)\(self\) -> .*\bfloat\b')


class Converter:
    """Converts one `types.json` to definitions of JSON Schema.

    The published types have no fractional numbers: every number of a specification is an integer there. Members that the
    Python SDK declares as `float` become numbers.
    """

    def __init__(self, types: list[Json], fractional: frozenset[str]) -> None:
        self._types = types
        self._fractional = fractional
        self._keys: dict[int, str] = {}
        self.definitions: Json = {}

    def bodies(self) -> Iterator[tuple[str, int]]:
        """Yield each resource type of the file, such as `Microsoft.App/jobs@2026-01-01`, with the index of its body."""
        for entry in self._types:
            if entry["$type"] == "ResourceType":
                yield entry["name"], _place(entry["body"])

    def reference(self, place: int) -> Json:
        """Return a reference to the definition of an object type, which is converted with its nested types."""
        key = self._keys.get(place)
        if key is None:
            entry = self._types[place]
            key = self._keys[place] = _free(entry["name"], self.definitions)
            self.definitions[key] = {}
            self.definitions[key] = self._discriminated(entry) if "discriminator" in entry else self._object(entry)
        return {"$ref": f"#/$defs/{key}"}

    def _object(self, entry: Json) -> Json:
        extra = entry.get("additionalProperties")
        return {
            **self._members(entry["properties"]),
            "additionalProperties": self._schema(_place(extra)) if extra else False,
        }

    def _discriminated(self, entry: Json) -> Json:
        decides = entry["discriminator"]
        cases = {value: self._case(entry, value, _place(item)) for value, item in entry["elements"].items()}
        rules = [
            {"if": {"properties": {decides: {"const": value}}, "required": [decides]}, "then": case}
            for value, case in cases.items()
        ]
        return {"type": "object", "properties": {decides: {"enum": list(cases)}}, "required": [decides], "allOf": rules}

    def _case(self, entry: Json, value: str, place: int) -> Json:
        """Return a reference to the members of one case, combined with those that all cases share."""
        own = self._types[place]
        key = _free(own["name"], self.definitions)
        self.definitions[key] = {}
        self.definitions[key] = self._object({**own, "properties": {**entry["baseProperties"], **own["properties"]}})
        self.definitions[key]["properties"][entry["discriminator"]] = {"const": value}
        return {"$ref": f"#/$defs/{key}"}

    def _members(self, members: Mapping[str, Json]) -> Json:
        required = [name for name, member in members.items() if member["flags"] & _REQUIRED]
        properties = {
            name: {"readOnly": True}
            if member["flags"] & _READ_ONLY
            else self._schema(_place(member["type"]), fractional=name in self._fractional) | self._secret(member)
            for name, member in members.items()
        }
        return {"type": "object", "properties": properties, **({"required": required} if required else {})}

    def _secret(self, member: Json) -> Json:
        """Return the mark of a member that is secret or never returned by the service."""
        marked = member["flags"] & _WRITE_ONLY or self._types[_place(member["type"])].get("sensitive")
        return {"writeOnly": True} if marked else {}

    def _schema(self, place: int, *, fractional: bool = False) -> Json:
        entry = self._types[place]
        kind = entry["$type"]
        if kind in ("ObjectType", "DiscriminatedObjectType"):
            return self.reference(place)
        if kind == "UnionType":
            return self._union([_place(item) for item in entry["elements"]])
        bounds = {ours: entry[theirs] for theirs, ours in _BOUNDS.get(kind, {}).items() if theirs in entry}
        if kind == "ArrayType":
            items = self._schema(_place(entry["itemType"]), fractional=fractional)
            return {"type": "array", "items": items, **bounds}
        if kind == "StringLiteralType":
            return {"enum": [entry["value"]]}
        if kind not in _PLAIN:
            raise ValueError(f"unknown kind in the published types: {kind}")
        return {**_PLAIN[kind], **({"type": "number"} if fractional and kind == "IntegerType" else {}), **bounds}

    def _union(self, places: list[int]) -> Json:
        kinds = [self._types[place] for place in places]
        values = [entry["value"] for entry in kinds if entry["$type"] == "StringLiteralType"]
        others = [place for place, entry in zip(places, kinds, strict=True) if entry["$type"] != "StringLiteralType"]
        if not others:
            return {"enum": values}
        if values and all(self._types[place]["$type"] == "StringType" for place in others):
            return {"type": "string", "examples": values}
        return {"anyOf": [*([{"enum": values}] if values else []), *(self._schema(place) for place in others)]}


def _place(reference: Json) -> int:
    return int(reference["$ref"].rpartition("/")[2])


def _free(name: str, taken: Mapping[str, Any]) -> str:
    """Return an unused form of a name that is valid in a JSON pointer."""
    plain = re.sub(r"\W", "_", name)
    return next(key for key in (plain, *(f"{plain}{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def fractional_members(namespace: str) -> frozenset[str]:
    """Return the members that the installed SDK declares as `float` in the modules of a resource provider."""
    modules = {row.module for row in FACTS.types if row.name.startswith(f"{namespace}/")}
    texts = (package_folder() / module / "_inputs.py" for module in modules)
    found = (_FRACTIONAL.findall(path.read_text(encoding="utf-8")) for path in texts if path.exists())
    return frozenset(wire or plain for names in found for wire, plain in names)


def convert(checkout: Path, wanted: Iterable[str]) -> Json:
    """Return the content of the file of one resource provider: `{"source", "types", "$defs"}`.

    Raises:
        ValueError: a type is not published at its version; the message names it.
    """
    names = sorted(wanted)
    namespace = names[0].partition("/")[0]
    result: Json = {"source": f"{REPOSITORY} at {_revision(checkout)}", "types": {}, "$defs": {}}
    fractional = fractional_members(namespace)
    for version in sorted({name.partition("@")[2] for name in names}):
        of_version = {name.lower(): name for name in names if name.endswith(f"@{version}")}
        for path in sorted(checkout.glob(f"generated/*/{namespace.lower()}/{version}/types.json")):
            converter = Converter(json.loads(path.read_text(encoding="utf-8")), fractional)
            for published, place in converter.bodies():
                name = of_version.pop(published.lower(), None)
                if name is not None:
                    _merge(result, name, converter, place)
        if of_version:
            raise ValueError(f"not published: {', '.join(sorted(of_version.values()))}")
    return result


def _merge(result: Json, name: str, converter: Converter, place: int) -> None:
    """Add one type. Identical definitions are shared; a different definition of the same name is renamed."""
    root = converter.reference(place)["$ref"].rpartition("/")[2]
    needed = _below(root, converter.definitions)
    renamed = {
        key: key
        if result["$defs"].get(key, converter.definitions[key]) == converter.definitions[key]
        else f"{key}@{name.partition('@')[2]}"
        for key in needed
    }
    # A definition that refers to a renamed definition cannot be shared either.
    while True:
        moved = {
            key
            for key in needed
            if renamed[key] == key
            and key in result["$defs"]
            and any(renamed[other] != other for other in _named(converter.definitions[key]))
        }
        if not moved:
            break
        renamed |= {key: f"{key}@{name.partition('@')[2]}" for key in moved}
    for key in needed:
        text = json.dumps(converter.definitions[key])
        result["$defs"][renamed[key]] = json.loads(
            re.sub(r"#/\$defs/([\w]+)", lambda found: f"#/$defs/{renamed[found.group(1)]}", text)
        )
    result["types"][name] = renamed[root]


def _below(root: str, definitions: Mapping[str, Any]) -> list[str]:
    found = {root: None}
    for key in (waiting := [root]):
        new = [name for name in _named(definitions[key]) if name not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)


def _named(definition: Any) -> list[str]:
    return re.findall(r"#/\$defs/([\w]+)", json.dumps(definition))


def _revision(checkout: Path) -> str:
    command = ["git", "-C", str(checkout), "log", "-1", "--format=%h (%cs)", "--abbrev=12"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def text_of(converted: Json) -> str:
    """Return the text of a file, with one line per definition so that differences between versions are readable."""
    lines = [f' "source": {json.dumps(converted["source"])},', ' "types": {']
    lines += _lines(converted["types"])
    lines += [" },", ' "$defs": {', *_lines(converted["$defs"]), " }"]
    return "\n".join(["{", *lines, "}", ""])


def _lines(members: Mapping[str, Any]) -> list[str]:
    shown = [
        f"  {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in sorted(members.items())
    ]
    return [f"{line}," for line in shown[:-1]] + shown[-1:]


def rewrite(checkout: Path, added: Iterable[str] = ()) -> None:
    """Rewrite the files from a checkout, with additional types such as `Microsoft.App/jobs@2026-01-01`.

    Raises:
        ValueError: a type is not published.
        subprocess.CalledProcessError: the folder is not a checkout.
    """
    wanted: dict[str, set[str]] = {}
    kept = [name for path in FOLDER.glob("*.json") for name in json.loads(path.read_text(encoding="utf-8"))["types"]]
    for name in (*kept, *added):
        wanted.setdefault(name.partition("/")[0], set()).add(name)
    for namespace, names in sorted(wanted.items()):
        (FOLDER / f"{namespace}.json").write_text(text_of(convert(checkout, names)), encoding="utf-8")
