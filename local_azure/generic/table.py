"""ARM types by the resource classes of the installed SDK, for all that `arm_facts` has no row for [SDK-PATHS].

`paths.json` says where in ARM each class lives. Bodies, enums and API versions are read from the SDK when a type is first
asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from typing_extensions import override

from local_azure.arm_facts import FACTS
from local_azure.arm_family import UNREAD, Marks, TypeRow
from local_azure.arm_types_build import Module, Nesting, package_folder
from local_azure.arm_types_catalogue import ArmType, Catalogue, SdkType, package_api_version

Json = dict[str, Any]

_GROUP: Final = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
_BASE: Final = "azure-native"
_PARTS: Final = 3
_LOCATED = Marks("chosen: location alone", create_only=frozenset({"location"}))
"""Marks of a type with a location, which common types of the specifications let be set on create only."""


@dataclass(frozen=True)
class PlacedType(ArmType):
    """An ARM type with its path as a template; nothing is known of it but its shape."""

    template: str = ""

    @cached_property
    @override
    def path(self) -> str:
        """The URL as the table has it."""
        return self.template

    @property
    @override
    def sub_paths(self) -> frozenset[str]:
        """The scope, where the path begins with one."""
        first = re.match(r"/{(\w+)}/", self.template)
        return frozenset({first[1]}) if first else frozenset()


@cache
def _table() -> Json:
    return json.loads((Path(__file__).parent / "paths.json").read_text(encoding="utf-8"))


def templates(module: str) -> Mapping[str, str]:
    """Class → path of every class of a module of the SDK."""
    found: Mapping[str, str] = _table()["paths"].get(module, {})
    return {name: path if path.startswith("/") else _GROUP + path for name, path in found.items()}


def modules() -> tuple[str, ...]:
    """The SDK's modules in the table."""
    return tuple(_table()["paths"])


def type_of(template: str) -> str:
    """The ARM type of a path: `…/providers/Microsoft.Web/sites/{name}/config/logs` → `Microsoft.Web/sites/config`."""
    namespace, *pairs = template.rpartition("/providers/")[2].split("/")
    return "/".join((namespace, *pairs[0::2]))


@cache
def _by_type() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Type in lower case → module and name of each class that speaks it."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for module in modules():
        for cls, template in templates(module).items():
            key = type_of(template).lower()
            found[key] = (*found.get(key, ()), (module, cls))
    return found


@cache
def fixed_names() -> Mapping[str, str]:
    """Type in lower case → its only name, where a path has a name in the place of an input: `fileServices/default`."""
    found: dict[str, str] = {}
    for module in modules():
        for template in templates(module).values():
            namespace, *pairs = template.rpartition("/providers/")[2].split("/")
            for end in range(2, len(pairs) + 1, 2):
                if not pairs[end - 1].startswith("{"):
                    found["/".join((namespace, *pairs[:end:2])).lower()] = pairs[end - 1]
    return found


def type_names() -> tuple[str, ...]:
    """Every ARM type in the table, as ARM spells it."""
    return tuple(type_of(templates(rows[0][0])[rows[0][1]]) for rows in _by_type().values())


def known_type(type_name: str) -> str | None:
    """The name of a type as ARM spells it, or None where the table does not have it."""
    rows = _by_type().get(type_name.lower())
    return type_of(templates(rows[0][0])[rows[0][1]]) if rows else None


def _without_parts(definition: Json) -> Json:
    """The members of several classes, where one of them has as a whole a container that another has flattened."""
    wholes = {member["wire"]: name for name, member in definition.items()}
    kept: Json = {}
    for name, member in definition.items():
        steps = member["wire"].split(".")
        enclosing = [whole for end in range(1, len(steps)) if (whole := wholes.get(".".join(steps[:end])))]
        for whole in enclosing:
            definition[whole] |= {"type": {"k": "any"}}
        if not enclosing:
            kept[name] = member
    return kept


def _later_versions(name: str) -> frozenset[str]:
    """API versions beyond the SDK's that any type of the provider is known to have [ARM-VERSIONS]."""
    namespace = f"{name.split('/', maxsplit=1)[0].lower()}/"
    found = (v for known, v in FACTS.extra_versions.items() if f"{known}/".lower().startswith(namespace))
    return frozenset(version for versions in found for version in versions)


class Table:
    """The types of the table, built on the definitions of a catalogue, which they join."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._modules: dict[str, Module] = {}
        self._classes: dict[tuple[str, str], PlacedType] = {}
        self._types: dict[str, ArmType] = {}

    def token(self, token: str) -> SdkType | None:
        """The type that a token names, at the API version of its package; None for what the table does not have."""
        parts = token.split(":")
        if len(parts) != _PARTS or parts[2] not in templates(parts[1]):
            return None
        package, module, cls = parts
        arm = self._class(module, cls)
        version = arm.sdk_version if package == _BASE else package_api_version(package)
        return SdkType(token, arm, version, arm.root) if version in arm.versions else None

    def type(self, type_name: str) -> ArmType | None:
        """The type of that name in any letter case; where several classes speak it, with the members of all."""
        key = type_name.lower()
        if key not in self._types:
            arms = [self._class(*row) for row in _by_type().get(key, ())]
            if not arms:
                return None
            self._types[key] = arms[0] if len(arms) == 1 else self._merged(arms)
        return self._types[key]

    def versions(self, module: str) -> frozenset[str]:
        """API versions of a module's classes."""
        return frozenset(version for cls in templates(module) for version in self._class(module, cls).versions)

    def _class(self, module: str, cls: str) -> PlacedType:
        found = self._classes.get((module, cls))
        if found is None:
            found = self._classes[module, cls] = self._built(module, cls)
        return found

    def _built(self, module: str, cls: str) -> PlacedType:
        template = templates(module)[cls]
        inputs = tuple(name for name in re.findall(r"{(\w+)}", template) if name != "subscriptionId")
        names = template.rpartition("/providers/")[2].split("/")[2::2]
        row = TypeRow(type_of(template), module, cls, inputs)
        built = self._module(module).resource(row)
        members = self._catalogue.raw[built["root"]]
        located = "location" in members and not members["location"].get("readOnly")
        return PlacedType(
            name=row.name,
            versions=frozenset(built["versions"]) | _later_versions(row.name),
            sdk_version=built["version"],
            token=f"{_BASE}:{module}:{cls}",
            root=built["root"],
            parameters=tuple(name[1:-1] if name.startswith("{") else f"={name}" for name in names),
            scope="group" if template.startswith(_GROUP) else "other",
            marks=_LOCATED if located else UNREAD,
            maintained=tuple(tuple(path.split(".")) for path in built["maintained"]),
            template=template,
        )

    def _module(self, name: str) -> Module:
        if name not in self._modules:
            table = _table()
            top = {key: frozenset(names) for key, names in table["top"].items()}
            nesting = Nesting(frozenset(table["flattened"].get(name, ())), top)
            self._modules[name] = Module(package_folder(), name, self._catalogue.raw, nesting)
        return self._modules[name]

    def _merged(self, arms: list[PlacedType]) -> ArmType:
        """One type for several classes: a body may be any of theirs."""
        key, first = f"{arms[0].name}@any", arms[0]
        raw = self._catalogue.raw
        definition: Json = {}
        for arm in arms:
            for name, member in raw[arm.root].items():
                before = definition.setdefault(name, dict(member))
                if before["type"] != member["type"] or before["wire"] != member["wire"]:
                    before["type"] = {"k": "any"}
                if not member.get("required") or not all(name in raw[other.root] for other in arms):
                    before.pop("required", None)
                if not member.get("readOnly"):
                    before.pop("readOnly", None)
        raw[key] = _without_parts(definition)
        versions = frozenset(version for arm in arms for version in arm.versions)
        newest = max(arm.sdk_version for arm in arms)
        return replace(first, versions=versions, sdk_version=newest, root=key, maintained=())
