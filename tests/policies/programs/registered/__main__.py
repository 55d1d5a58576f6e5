"""Registers what `resources.json` lists, by token and inputs alone; what one is made from becomes real dependencies.

Each entry has `name`, `token`, `inputs`, `made_from` (names of others by input, "" for explicit dependencies) and `protect`.
Unknown values with a source are outputs of that source, all others the engine's own word for unknown.
"""

import json
import re
from pathlib import Path
from typing import Any

import pulumi
from pulumi.runtime.rpc import UNKNOWN

from components.parameterized import Package

ENTRIES = {each["name"]: each for each in json.loads(Path("resources.json").read_text(encoding="utf-8"))}
MADE: dict[str, pulumi.CustomResource] = {}


def holds_unknown(value: Any) -> bool:
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value == UNKNOWN or any(holds_unknown(item) for item in items)


def linked(value: Any, sources: list[pulumi.CustomResource]) -> Any:
    if not holds_unknown(value):
        return pulumi.Output.all(*(each.urn for each in sources)).apply(lambda _: value)
    if isinstance(value, dict):
        return {key: linked(item, sources) if holds_unknown(item) else item for key, item in value.items()}
    if isinstance(value, list):
        return [linked(item, sources) if holds_unknown(item) else item for item in value]
    return pulumi.Output.all(*(each.id for each in sources)).apply(lambda ids: ids[0])


def package(token: str) -> Any:
    found = re.match(r"azure-native_(\w+)_v(\d{4})(\d\d)(\d\d)(\w*):", token)
    if found is None:
        return None
    module, *date, tail = found.groups()
    return Package(module, "-".join([*date, tail] if tail else date)).reference()


def create(name: str) -> pulumi.CustomResource:
    if name not in MADE:
        entry = ENTRIES[name]
        sources = {key: [create(other) for other in others] for key, others in entry["made_from"].items()}
        explicit = sources.pop("", [])
        inputs = {
            key: linked(value, sources[key]) if sources.get(key) else value for key, value in entry["inputs"].items()
        }
        options = pulumi.ResourceOptions(protect=entry["protect"], depends_on=explicit)
        reference = package(entry["token"])
        MADE[name] = pulumi.CustomResource(entry["token"], name, inputs, options, package_ref=reference)
    return MADE[name]


for each in ENTRIES:
    create(each)
