"""The schema of the package, by which Pulumi generates its SDKs. `./moorings schema` writes it to package/schema.json."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from package.faces import FACES
from package.functions import FUNCTIONS
from package.platform import PLATFORM
from package.spec_types import NAME, Types

FOLDER = Path(__file__).parent
FILE = FOLDER / "schema.json"
"""Path of the generated schema."""

_LANGUAGES = ("csharp", "go", "java", "nodejs", "python")


def version() -> str:
    """Return the version of the package, which is that of the project."""
    project = tomllib.loads((FOLDER.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema: every component, every function, and the types that they refer to."""
    types = Types()
    resources = {each.token: each.resource(types) for each in (*FACES, PLATFORM)}
    return {
        "name": NAME,
        "displayName": "Moorings",
        "version": version(),
        "description": "Geo-replicated Azure container registries, and what pulls from them.",
        "license": "Apache-2.0",
        "keywords": ["azure", "container-registry", "kind/component", "category/infrastructure"],
        "meta": {"moduleFormat": "(.*)"},
        "language": {language: {"respectSchemaVersion": True} for language in _LANGUAGES},
        "provider": {},
        "resources": resources,
        "functions": {each.token: each.schema(types) for each in FUNCTIONS},
        "types": types.made,
    }
