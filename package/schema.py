"""The schema of the package, by which Pulumi generates its SDKs. `./moorings schema` writes it to package/schema.json."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from package.casing import pascal
from package.faces import FACES
from package.functions import FUNCTIONS
from package.platform import PLATFORM
from package.spec_types import NAME, Types

FOLDER = Path(__file__).parent
FILE = FOLDER / "schema.json"
"""Path of the generated schema."""

_FETCHED = re.compile(r"resource-.+-v(\d+\.\d+\.\d+.*)")


def _languages(tokens: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The names in each language, which are the same wherever the package comes from; modules as the language writes them."""
    modules = sorted({token.split(":")[1] for token in tokens if "_" in token.split(":")[1]})
    joined = {each: each.replace("_", "") for each in modules}
    settings: dict[str, dict[str, Any]] = {
        "csharp": {"rootNamespace": "Pulumi", "namespaces": {each: pascal(each) for each in modules}},
        "go": {
            "importBasePath": f"example.com/pulumi-{NAME}/sdk/go/{NAME}",
            "moduleToPackage": joined,
            # Otherwise the generator leaves out the arguments of a type that is used only as a value of maps.
            "generateExtraInputTypes": True,
        },
        "java": {"basePackage": "com.pulumi", "packages": joined},
        "nodejs": {"packageName": f"pulumi-{NAME}", "moduleToPackage": joined},
        "python": {"packageName": f"pulumi_{NAME}"},
    }
    return {language: {**each, "respectSchemaVersion": True} for language, each in settings.items()}


def version() -> str:
    """Return the version of the package, which is that of the project."""
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def installed_version(folder: Path = FOLDER.parent) -> str:
    """Return the version by which the engine knows the package, and which SDKs must ask for.

    A package that the engine fetched from git is in a folder such as ``resource-github.com_owner_repository-v0.0.0-x1a2b3c``,
    which names the tag or the commit. Otherwise the version is that of the project.

    Args:
        folder: the folder of the repository.
    """
    fetched = _FETCHED.fullmatch(folder.name)
    return fetched[1] if fetched else version()


def served() -> str:
    """Return the schema as the provider serves it: the file, with the version by which the engine knows the package."""
    stored = FILE.read_text(encoding="utf-8")
    known = installed_version()
    return stored if known == version() else json.dumps({**json.loads(stored), "version": known})


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema: every component, every function, and the types that they refer to."""
    types = Types()
    resources = {each.token: each.resource(types) for each in (*FACES, PLATFORM)}
    functions = {each.token: each.schema(types) for each in FUNCTIONS}
    return {
        "name": NAME,
        "displayName": "Moorings",
        "version": version(),
        "description": "Geo-replicated Azure container registries, and what pulls from them.",
        "license": "Apache-2.0",
        "keywords": ["azure", "container-registry", "kind/component", "category/infrastructure"],
        "meta": {"moduleFormat": "(.*)"},
        "language": _languages([*resources, *functions, *types.made]),
        "provider": {},
        "resources": resources,
        "functions": functions,
        "types": types.made,
    }
