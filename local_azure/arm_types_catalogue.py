"""The catalogue of ARM types in memory: definitions, types, SDK tokens, and the cache they are loaded from.

A definition lists members by SDK name; each member says where it stands on the wire, so one record serves both the
check of a request body and the translation between SDK inputs and ARM bodies. Definitions refer to each other by key,
because ARM's shapes are recursive (a subnet names its NSG, an NSG its subnets).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
import tempfile
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from local_azure import arm_generic
from local_azure.arm_facts import FACTS
from local_azure.arm_family import UNREAD, Marks, Shape

Json = dict[str, Any]

_PARAMETERIZED = re.compile(r"^azure-native_(?P<module>\w+)_v(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)(?P<tail>\w*)$")


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a definition.

    `sdk` is the SDK's camelCase name, `wire` the path below the object on the wire. `shape` is one of
    `{"k": "string"|"int"|"number"|"bool"|"any"}`, `{"k": "enum", "values", "open"}`, `{"k": "array"|"map", "of"}`,
    `{"k": "set"}` (a list of strings in the SDK, an object with empty values on the wire),
    `{"k": "ref", "ref"}`, `{"k": "union", "of"}`.
    `since` is the first API version that publishes the member, empty when the SDK's own version does. `default` is the
    value that the SDK fills in for a member of a resource itself, and that the provider takes for unchanged [AN-DIFF].
    """

    sdk: str
    wire: tuple[str, ...]
    shape: Json
    required: bool = False
    read_only: bool = False
    since: str = ""
    const: str | None = None
    default: Any = None


def _steps(wire: str) -> tuple[str, ...]:
    """The path below an object; a dot that is part of a name has a backslash before it."""
    return tuple(step.replace("\0", ".") for step in wire.replace("\\.", "\0").split("."))


class Definition:
    """An object's members, by SDK name and as a tree by wire name."""

    def __init__(self, key: str, raw: Json) -> None:
        self.key = key
        self.members: dict[str, Member] = {
            name: Member(
                sdk=name,
                wire=_steps(prop["wire"]),
                shape=prop["type"],
                required=prop.get("required", False),
                read_only=prop.get("readOnly", False),
                since=prop.get("since", ""),
                const=prop.get("const"),
                default=prop.get("default"),
            )
            for name, prop in raw.items()
        }

    @cached_property
    def tree(self) -> dict[str, Any]:
        """Wire name → member, or → a tree of the same form where the SDK flattened a container.

        What is in a container that is a member itself is described by the container's own definition.
        """
        tree: dict[str, Any] = {}
        whole = {member.wire for member in self.members.values()}
        for member in self.members.values():
            if any(member.wire[:length] in whole for length in range(1, len(member.wire))):
                continue
            node = tree
            for step in member.wire[:-1]:
                node = node.setdefault(step, {})
            node[member.wire[-1]] = member
        return tree


@dataclass(frozen=True)
class ArmType:
    """One ARM type: its name in ARM's own case, the API versions accepted on the wire, and its body's definition.

    `sdk_version` is the version that the SDK's default class speaks. `parameters` are the SDK's names of the path
    segments, `scope` is `group`, `subscription` or `extension`. `marks` say what a change of an input means;
    `maintained` are wire paths of child arrays that an update must not lose.
    """

    name: str
    versions: frozenset[str]
    sdk_version: str
    token: str
    root: str
    parameters: tuple[str, ...] = ()
    scope: str = "group"
    selector: tuple[str, str] | None = None
    marks: Marks = UNREAD
    maintained: tuple[tuple[str, ...], ...] = ()
    variants: dict[str, str] = field(default_factory=dict, compare=False)

    def root_for(self, api_version: str) -> str:
        """Key of the body's definition at an API version: the newest variant not newer than it."""
        best = self.root
        for version, key in sorted((self.variants or FACTS.variants.get(self.name, {})).items()):
            if version <= api_version:
                best = key
        return best

    @cached_property
    def path(self) -> str:
        """The resource's URL with `{parameter}` places, as the SDK names the parameters."""
        if self.scope == "subscription":
            return "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
        namespace, *segments = self.name.split("/")
        if self.selector is not None:
            segments[-1] = "{" + self.selector[0] + "}"
        own = self.parameters[-len(segments) :]
        places = (name[1:] if name.startswith("=") else f"{{{name}}}" for name in own)
        pairs = "".join(f"/{kind}/{place}" for kind, place in zip(segments, places, strict=True))
        if self.scope == "extension":
            return f"/{{{self.scope_input}}}/providers/{namespace}{pairs}"
        return f"/subscriptions/{{subscriptionId}}/resourceGroups/{{resourceGroupName}}/providers/{namespace}{pairs}"

    @property
    def scope_input(self) -> str:
        """The SDK's name of an extension resource's scope: the parameter beyond those of the type's own names, if any."""
        return "scope" if len(self.parameters) < self.name.count("/") + 1 else self.parameters[0]

    @property
    def sub_paths(self) -> frozenset[str]:
        """The path inputs that hold slashes, which lose outer ones and are not encoded [SDK-PATH]."""
        return frozenset({self.scope_input}) if self.scope == "extension" else frozenset()

    @property
    def version_inputs(self) -> tuple[str, ...]:
        """The input that says the API version, where the program has to; in no URL path and in no body."""
        return ()

    def parts(self, arm_id: str) -> dict[str, str]:
        """Return the path inputs read back from an ARM id, whose fixed parts are compared without regard to case.

        A scope has its leading slash again [AN-IMPORT].

        Raises ValueError when the id is not one of this type.
        """
        pieces = re.split(r"{(\w+)}", self.path)
        pattern = "".join(
            f"(?P<{piece}>{'.+' if piece in self.sub_paths else '[^/]+'})" if index % 2 else re.escape(piece)
            for index, piece in enumerate(pieces)
        )
        match = re.fullmatch(pattern, arm_id, re.IGNORECASE)
        if match is None:
            raise ValueError(f"'{arm_id}' is not the id of a {self.name}: expected the form {self.path}")
        found = {name: unquote(value) for name, value in match.groupdict().items() if name != "subscriptionId"}
        return {name: f"/{value.strip('/')}" if name in self.sub_paths else value for name, value in found.items()}

    @property
    def path_inputs(self) -> tuple[str, ...]:
        """The SDK inputs that make up the URL; changing one replaces the resource [SDK-PATH]."""
        return tuple(name for name in re.findall(r"{(\w+)}", self.path) if name != "subscriptionId")


@dataclass(frozen=True, slots=True)
class SdkType:
    """An SDK type token bound to an ARM type at one API version."""

    token: str
    arm: ArmType
    version: str
    root: str

    @property
    def class_version(self) -> str:
        """The API version of the SDK's class, which `azureApiVersion` states; requests may be made at an input's [AN-VERSION].

        Empty for a class that has none, because it stands for nothing that ARM has.
        """
        return self.version if self.in_arm and not self.arm.version_inputs else self.arm.sdk_version

    @property
    def in_arm(self) -> bool:
        """Whether ARM has the type; azure-native writes some to a data plane [AN-STORAGE]."""
        return bool(self.arm.sdk_version)


class Catalogue:
    """All types and definitions known, with definitions unpacked only when asked for.

    `raw` are the definitions as the cache has them; types of the table of paths add theirs.
    """

    def __init__(self, raw: Json) -> None:
        self.raw: Json = {**raw["defs"], **arm_generic.definitions(FACTS.shapes)}
        self._definitions: dict[str, Definition] = {}
        self.types: dict[str, ArmType] = {}
        self._by_token: dict[str, list[ArmType]] = {}
        for row, built in zip(FACTS.types, raw["types"], strict=True):
            arm = ArmType(
                name=row.name,
                versions=frozenset(built["versions"]) | _extra_versions(row.name),
                sdk_version=built["version"],
                token=f"azure-native:{row.module}:{row.cls}",
                root=built["root"],
                parameters=row.parameters,
                scope=row.scope,
                selector=row.selector,
                marks=FACTS.marks.get(row.name, UNREAD),
                maintained=tuple(tuple(path.split(".")) for path in built["maintained"]),
            )
            self.types[row.name.lower()] = arm
            self._by_token.setdefault(arm.token, []).append(arm)
        self.shapes: dict[str, ArmType] = {shape.name.lower(): _of_shape(shape) for shape in FACTS.shapes}
        for name in self.types.keys() & self.shapes.keys():
            self.types[name] = _with_shape(self.types[name], self.shapes[name])

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all definitions."""
        return tuple(self.raw)

    def definition(self, key: str) -> Definition:
        """The definition under a key."""
        found = self._definitions.get(key)
        if found is None:
            found = self._definitions[key] = Definition(key, self.raw[key])
        return found

    def token(self, token: str, selector: str = "") -> SdkType | None:
        """The type that a token names, or None. `selector` decides where one class serves several ARM types."""
        parts = token.split(":")
        if len(parts) != 3:
            return None
        package, module, cls = parts
        rows = self._by_token.get(f"azure-native:{module.split('/')[0]}:{cls}")
        if not rows:
            return None
        arm = next((row for row in rows if row.selector and row.selector[1].lower() == selector.lower()), rows[0])
        if package == "azure-native":
            return SdkType(token, arm, arm.sdk_version, arm.root)
        version = package_api_version(package)
        if version is None or version not in arm.versions:
            return None
        return SdkType(token, arm, version, arm.root_for(version))


def _of_shape(shape: Shape) -> ArmType:
    """The ARM type of a hand-kept shape; its parameters are those of the generic resource [SDK-GENERIC]."""
    roots = {version: arm_generic.root(shape.name, version) for version in shape.versions}
    oldest = min(roots)
    return ArmType(
        name=shape.name,
        versions=frozenset(roots),
        sdk_version=oldest,
        token=arm_generic.TOKEN,
        root=roots[oldest],
        variants=roots,
    )


def _with_shape(arm: ArmType, shape: ArmType) -> ArmType:
    """A type of the SDK that programs reach by the generic resource too, at versions that the SDK does not know."""
    variants = {**shape.variants, arm.sdk_version: arm.root, **arm.variants}
    return replace(arm, versions=arm.versions | shape.versions, variants=variants)


def _extra_versions(name: str) -> frozenset[str]:
    return next((v for prefix, v in FACTS.extra_versions.items() if f"{name}/".startswith(f"{prefix}/")), frozenset())


def package_api_version(package: str) -> str | None:
    """`azure-native_containerregistry_v20260301preview` → `2026-03-01-preview`; None for other names."""
    match = _PARAMETERIZED.match(package)
    if match is None:
        return None
    tail = f"-{match['tail']}" if match["tail"] else ""
    return f"{match['y']}-{match['m']}-{match['d']}{tail}"


def default_cache_folder() -> Path:
    """Where the catalogue is kept when the caller names no place: inside the Python environment it was read from."""
    return Path(sys.prefix) / "share" / "moorings"


def load(folder: Path | None = None) -> Catalogue:
    """Load the catalogue from its cache, building it first when the SDK or the facts have changed."""
    folder = folder or default_cache_folder()
    path = folder / f"arm-types-{_fingerprint()}.json"
    try:
        return Catalogue(json.loads(path.read_bytes()))
    except (OSError, ValueError):
        from local_azure import arm_types_build  # noqa: PLC0415 - only needed when the cache is missing

        raw = arm_types_build.build()
        write_cache(path, json.dumps(raw, separators=(",", ":")))
        return Catalogue(raw)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    here = Path(__file__).parent
    sources = ("arm_facts.py", "arm_family.py", "arm_types_build.py", "plugin/sdk_source.py")
    for path in (*(here / name for name in sources), *sorted((here / "facts").glob("*.py"))):
        digest.update(path.read_bytes())
    for entry in sys.path:
        plugin = Path(entry) / "pulumi_azure_native" / "pulumi-plugin.json"
        if plugin.is_file():
            digest.update(plugin.read_bytes())
            break
    return digest.hexdigest()[:16]


def write_cache(path: Path, text: str) -> None:
    """Write by rename, so that readers never see half a file; a folder that cannot be written is not an error."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
        os.replace(temporary, path)
    except OSError:
        return
