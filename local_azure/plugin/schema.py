"""The schema of azure-native and of its parameterized packages, as the engine asks for it [SDK-SCHEMA].

It describes what the local Azure serves: the resources of the catalogue and the functions that `invoke` answers. Names,
types, defaults and descriptions are those of the installed SDK. The text is built on first request and cached on disk,
because ordinary programs never ask for it.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from local_azure import arm_generic
from local_azure.arm_facts import FACTS
from local_azure.arm_types import catalogue
from local_azure.arm_types_build import package_folder
from local_azure.arm_types_catalogue import ArmType, default_cache_folder, write_cache
from local_azure.plugin import generic
from local_azure.plugin.invoke import CLIENT_FUNCTIONS, action_of
from local_azure.plugin.parameterize import BASE, parameter_of, parts_of
from local_azure.plugin.schema_types import Types, filled
from local_azure.plugin.sdk_source import Module, Property, Source, snake

Json = dict[str, Any]

_ABOUT: Final[Json] = {
    "displayName": "Azure Native",
    "description": "Resources and functions of azure-native that the local Azure serves.",
    "keywords": ["pulumi", "azure", "azure-native", "category/cloud", "kind/native"],
    "homepage": "https://pulumi.com",
    "license": "Apache-2.0",
    "repository": "https://github.com/pulumi/pulumi-azure-native",
    "publisher": "Pulumi",
}
_LANGUAGES: Final[Json] = {
    "csharp": {"respectSchemaVersion": True, "packageReferences": {"Pulumi": "3.*"}},
    "go": {
        "respectSchemaVersion": True,
        "importBasePath": "github.com/pulumi/pulumi-azure-native-sdk/v3",
        "importPathPattern": "github.com/pulumi/pulumi-azure-native-sdk/{module}/v3",
        "disableInputTypeRegistrations": True,
    },
    "nodejs": {"respectSchemaVersion": True, "dependencies": {"@pulumi/pulumi": "^3.142.0"}},
    "python": {
        "respectSchemaVersion": True,
        "requires": {"pulumi": ">=3.165.0,<4.0.0"},
        "inputTypes": "classes-and-dicts",
        "pyproject": {"enabled": True},
    },
}
_ABOUT_VERSIONS: Final = ("Uses Azure REST API version", "Other available API versions")


def schema_text(package: str, version: str, folder: Path | None = None) -> str:
    """The schema of a package as JSON text.

    Args:
        package: `azure-native`, or a parameterized package such as `azure-native_web_v20250301`.
        version: the provider's version.
        folder: where the text is cached; default: beside the catalogue.

    Raises ValueError when there is no such package.
    """
    _parts(package)
    path = (folder or default_cache_folder()) / f"schema-{package}-{_fingerprint(version)}.json"
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        text = json.dumps(build(package, version), separators=(",", ":"), sort_keys=True)
        write_cache(path, text)
        return text


def build(package: str, version: str) -> Json:
    """Build the schema of a package; arguments and errors are those of `schema_text`."""
    module, api_version = _parts(package)
    types = Types(package_folder(), package, api_version)
    spec: Json = {"name": package, "version": version, **_ABOUT, "language": _LANGUAGES, **_provider(types)}
    spec |= {"resources": {}, "functions": {}}
    for member in served(module, api_version):
        spec["resources"][types.token(*member)] = _resource(types, *member)
    for owner, function in functions(module, api_version):
        found = _function(types, owner, function)
        if found is not None:
            spec["functions"][types.token(owner, function)] = found
    spec["types"] = types.specs
    if api_version:
        value = base64.b64encode(parameter_of(package)).decode()
        spec["parameterization"] = {"baseProvider": {"name": BASE, "version": version}, "parameter": value}
    return spec


def _parts(package: str) -> tuple[str, str]:
    return ("", "") if package == BASE else parts_of(package)


def served(module: str = "", api_version: str = "") -> Iterator[tuple[str, str]]:
    """Module and class of each resource that a package holds, each once.

    Without arguments those of `azure-native`; with a module and an API version those of its parameterized package.
    This alone decides what a schema describes.
    """
    tokens = {
        arm.token
        for arm in catalogue().types.values()
        if not module or (arm.token.split(":")[1] == module and api_version in arm.versions)
    }
    for token in sorted(tokens if module else {*tokens, arm_generic.TOKEN}):
        _, owner, cls = token.split(":")
        yield owner, cls


def functions(module: str = "", api_version: str = "") -> Iterator[tuple[str, str]]:
    """Module and name of each function that may be called on the resources of a package."""
    members = set(served(module, api_version))
    yield from ((owner, f"get{cls}") for owner, cls in sorted(members))
    for owner in sorted({owner for owner, _ in members}):
        for name in Module(package_folder(), owner).function_names():
            action = action_of(owner, name)
            if action is not None and any(
                (owner, row.cls) in members for row in FACTS.types if row.name == action.type
            ):
                yield owner, name
    if not module:
        yield from CLIENT_FUNCTIONS


def _arms(module: str, cls: str) -> list[ArmType]:
    """The ARM types behind a class; the generic resource's own for that."""
    token = f"{BASE}:{module}:{cls}"
    if token == arm_generic.TOKEN:
        return [generic.bound({}).arm]
    return [arm for arm in catalogue().types.values() if arm.token == token]


def _resource(types: Types, module: str, cls: str) -> Json:
    source = types.module(module).resource(cls)
    arms = _arms(module, cls)
    root, arguments = _root(types, arms), _arguments(source, cls)
    written = types.written(module, arguments, root)
    read = types.read(module, source.properties(cls), root, arguments)
    for arm in arms:
        for path in (*arm.path_inputs, *sorted(arm.marks.replacing(nested=True))):
            _mark_replacing(types, written["properties"], path.replace("[]", "").split("."))
    # A program that moves from the default class to one at another API version keeps its resources.
    before = [f"{BASE}:{module}:{cls}", *source.aliases()] if types.api_version else source.aliases()
    spec = {
        "description": _described(types, source.description(cls)),
        "type": "object",
        **read,
        "inputProperties": written["properties"],
        "requiredInputs": written["required"],
        "aliases": [{"type": token} for token in before],
    }
    return filled(spec)


def _mark_replacing(types: Types, properties: Json, path: list[str]) -> None:
    """Mark the input at a dotted path, through the types of its containers; one that the class does not have is none."""
    spec = properties.get(path[0], {})
    if len(path) == 1:
        spec |= {"willReplaceOnChanges": True} if spec else {}
        return
    inner = spec.get("items") or spec.get("additionalProperties") or spec
    target = types.specs.get(inner.get("$ref", "").removeprefix("#/types/"), {})
    _mark_replacing(types, target.get("properties", {}), path[1:])


def _arguments(source: Source, cls: str) -> tuple[Property, ...]:
    """The inputs of a resource class."""
    return source.properties(next(name for name in (f"{cls}InitArgs", f"{cls}Args") if name in source))


def _function(types: Types, module: str, name: str) -> Json | None:
    source = types.module(module).function(name)
    if source is None:
        return None
    python, result, cls = snake(name), f"{name[0].upper()}{name[1:]}Result", name.removeprefix("get")
    arms = _arms(module, cls)
    written = _arguments(types.module(module).resource(cls), cls) if arms else ()
    inputs = types.written(module, source.arguments(python), "")
    outputs = types.read(module, source.properties(result), _root(types, arms), written)
    return filled(
        {
            "description": _described(types, source.function_description(python)),
            "inputs": {"type": "object", **filled(inputs)} if inputs["properties"] else None,
            "outputs": filled({"type": "object", "description": source.description(result), **outputs}),
        }
    )


def _root(types: Types, arms: list[ArmType]) -> str:
    """The definition of a body at the package's API version; empty where there is no resource behind it."""
    if not arms:
        return ""
    return arms[0].root_for(types.api_version) if types.api_version else arms[0].root


def _described(types: Types, text: str) -> str:
    """What the SDK says; a parameterized package has its own API version in the place of the SDK's."""
    if not types.api_version:
        return text
    said = [part for part in text.split("\n\n") if not part.startswith(_ABOUT_VERSIONS)]
    return "\n\n".join([*said, f"Uses Azure REST API version {types.api_version}."])


def _provider(types: Types) -> Json:
    """Configuration of the provider, which programs give as stack configuration or to a provider resource."""
    source = Source(types.sdk / "provider.py")
    settings = types.written("", source.properties("ProviderArgs"), "")["properties"]
    return {
        "config": {"variables": {name: filled({**spec, "default": None}) for name, spec in settings.items()}},
        "provider": {
            "description": source.description("Provider"),
            "type": "object",
            "inputProperties": settings,
        },
    }


@cache
def _fingerprint(version: str) -> str:
    """Changes with all that a schema is built from: the SDK, the facts and the code."""
    digest = hashlib.sha256(version.encode())
    here = Path(__file__).parent
    ours = ("schema.py", "schema_types.py", "sdk_source.py", "parameterize.py")
    files = [here / name for name in ours]
    files += sorted(here.parent.glob("arm_*.py")) + sorted((here.parent / "facts").glob("*.py"))
    for path in (*files, package_folder() / "pulumi-plugin.json"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
