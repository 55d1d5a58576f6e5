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
from stacks.stamps import ADDRESS_SPACE, REGIONS, STAMP

FILE = DIRECTORY / "schema.json"
"""Path of the generated schema."""

MODELINE = "# yaml-language-server: $schema=./schema.json"
"""First line of every stack file, which names its schema for editors."""

_ENGINE_KEYS = {
    "secretsprovider": "Secrets provider of the stack, such as azurekeyvault://vault.vault.azure.net/keys/key.",
    "encryptionsalt": "Written by the engine for a passphrase.",
    "encryptedkey": "Written by the engine for a key vault.",
}

SIZES: dict[str, Any] = {
    "size": {
        "type": "string",
        "pattern": "^/[0-9]{1,2}$",
        "description": "Instead of a prefix: the prefix length, such as /26. The range is carved from the address space.",
    },
    "addresses": {
        "type": "integer",
        "minimum": 1,
        "description": "Instead of a size: for how many addresses the subnet is to have room.",
    },
    "reserved": {"type": "boolean", "description": "Keep the range, and make no subnet of it."},
}
"""What a subnet may state instead of its range, by the JSON schema of each."""

_NOT_REGIONAL = ("tags", "planning")
"""Maps of a description that have no entries of one region."""


class Described(GenerateJsonSchema):
    """Gives each property a description: that of its field, else that of the table."""

    @override
    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        """Return the JSON schema of a section."""
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
    description = StackSpec.model_json_schema(schema_generator=Described)
    definitions = description.pop("$defs", {})
    definitions["SubnetSpec"]["properties"] |= SIZES
    address_space = definitions["NetworkSpec"]["properties"][ADDRESS_SPACE]
    description["properties"] |= _stamps(description["properties"], address_space)
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


def _stamps(sections: dict[str, Any], address_space: dict[str, Any]) -> dict[str, Any]:
    """The sections of a stamp, and of what a region states itself, by the sections of a description."""
    regional = {
        key: section
        for key, section in sections.items()
        if section.get("type") != "string" and key not in _NOT_REGIONAL
    }
    stamp = {
        "type": "object",
        "additionalProperties": False,
        "properties": regional,
        "description": "The description of one region, in the sections of this file. <region> stands for the region's name.",
    }
    region = {
        "type": "object",
        "additionalProperties": False,
        "properties": {ADDRESS_SPACE: address_space, **regional},
        "description": "What is laid over the stamp in this region.",
    }
    listed = {
        "type": "object",
        "additionalProperties": region,
        "description": "The regions, by name, that have what the stamp describes.",
    }
    return {REGIONS: listed, STAMP: stamp}


def _without_required(node: Any) -> Any:
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if not (key == "required" and isinstance(value, list))}
        return {key: _without_required(value) for key, value in kept.items()}
    return [_without_required(item) for item in node] if isinstance(node, list) else node
