"""The JSON schema of a stack file, generated from the specs, for completion and validation in editors."""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema
from typing_extensions import override

from stacks.descriptions import description
from stacks.files import CONFIG_KEY, DIRECTORY
from stacks.spec import StackSpec

FILE = DIRECTORY / "schema.json"
"""Path of the generated schema."""

MODELINE = "# yaml-language-server: $schema=./schema.json"
"""First line of every stack file, which names its schema for editors."""

_ENGINE_KEYS = {
    "secretsprovider": "Secrets provider of the stack, such as azurekeyvault://vault.vault.azure.net/keys/key.",
    "encryptionsalt": "Written by the engine for a passphrase.",
    "encryptedkey": "Written by the engine for a key vault.",
}


class _Described(GenerateJsonSchema):
    """Gives each property a description: that of its field, else that of the table."""

    @override
    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        section = schema["cls"]
        made = super().model_schema(schema)
        for name, node in made.get("properties", {}).items():
            text = description(section.__module__, section.__name__, name)
            if text and "description" not in node:
                node["description"] = text
        return made


def text() -> str:
    """Return the schema as the text of its file."""
    return json.dumps(schema(), indent=2, sort_keys=True) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema of a whole stack file.

    It requires nothing: a file is one layer of a description, and another layer may state the rest. The loader reports
    missing fields.
    """
    description = StackSpec.model_json_schema(schema_generator=_Described)
    definitions = description.pop("$defs", {})
    return _without_required(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Moorings stack file",
            "type": "object",
            "additionalProperties": False,
            "properties": {
                **{key: {"type": "string", "description": text} for key, text in _ENGINE_KEYS.items()},
                "environment": {"description": "Read by the engine only."},
                "config": {
                    "type": "object",
                    "description": "The engine's configuration; the description of the environment is one key of it.",
                    "properties": {CONFIG_KEY: {"anyOf": [description]}},
                },
            },
            "$defs": definitions,
        }
    )


def _without_required(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if not (key == "required" and isinstance(value, list))}
        return {key: _without_required(value) for key, value in kept.items()}
    return [_without_required(item) for item in node] if isinstance(node, list) else node
