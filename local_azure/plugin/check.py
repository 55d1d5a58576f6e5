"""Checks and defaults before anything is sent: types, unknown names, required inputs, names, location [AN-CHECK]."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local_azure import arm_facts
from local_azure.arm_types import catalogue
from local_azure.plugin.translate import pick, query_inputs
from local_azure.plugin.values import UNKNOWN, Secret, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from local_azure.arm_types_catalogue import Definition, SdkType

_EXPECTED = {"string": str, "enum": str, "bool": bool, "int": int, "number": (int, float)}
_NAMES = {"string": "a string", "enum": "a string", "bool": "a boolean", "int": "an integer", "number": "a number"}


@dataclass(frozen=True, slots=True)
class Failure:
    """One input that cannot be accepted: its property path and why."""

    path: str
    reason: str


def failures(sdk: SdkType, inputs: Mapping[str, Any]) -> list[Failure]:
    """Everything wrong with the inputs of a resource; values not known yet are accepted."""
    definition = catalogue().definition(sdk.root)
    needed = (*sdk.arm.path_inputs, *sdk.arm.version_inputs)
    in_url = {*needed, *query_inputs(sdk)}
    found = [Failure(name, f"missing required property '{name}'") for name in needed if inputs.get(name) is None]
    for name in sorted(in_url & inputs.keys()):
        found += _value(inputs[name], {"k": "string"}, name)
    found += _object({name: value for name, value in inputs.items() if name not in in_url}, definition, "")
    return found


def _object(value: Mapping[str, Any], definition: Definition, path: str) -> Iterator[Failure]:
    for member in definition.members.values():
        if member.required and value.get(member.sdk) is None:
            here = f"{path}.{member.sdk}" if path else member.sdk
            hint = ": set it, or `azure-native:location`" if here == "location" else ""
            yield Failure(here, f"missing required property '{here}'{hint}")
    for name, item in value.items():
        here = f"{path}.{name}" if path else name
        member = definition.members.get(name)
        if member is None:
            yield Failure(here, f"unknown property '{here}'{_hint(name, definition)}")
        else:
            yield from _value(item, member.shape, here)


def _value(value: Any, shape: dict[str, Any], path: str) -> Iterator[Failure]:
    if isinstance(value, Secret):
        value = value.value
    kind = shape["k"]
    if value is None or isinstance(value, Unknown) or kind == "any":
        return
    if kind == "union":
        yield from _value(value, pick(shape, value), path)
    elif kind in ("ref", "map"):
        if not isinstance(value, dict):
            yield Failure(path, f"'{path}' should be an object but is {_found(value)}")
        elif kind == "ref":
            yield from _object(value, catalogue().definition(shape["ref"]), path)
        else:
            for name, item in value.items():
                yield from _value(item, shape["of"], f"{path}.{name}")
    elif kind in ("array", "set"):
        if not isinstance(value, list):
            yield Failure(path, f"'{path}' should be a list but is {_found(value)}")
            return
        for index, item in enumerate(value):
            yield from _value(item, shape.get("of", {"k": "string"}), f"{path}[{index}]")
    elif not isinstance(value, _EXPECTED[kind]) or (isinstance(value, bool) and kind != "bool"):
        yield Failure(path, f"'{path}' should be {_NAMES[kind]} but is {_found(value)}")


def _found(value: Any) -> str:
    """The kind of a value; never the value, which may be secret."""
    if isinstance(value, bool):
        return "a boolean"
    return {dict: "an object", list: "a list", str: "a string", int: "a number", float: "a number"}[type(value)]


def _hint(name: str, definition: Definition) -> str:
    near = next((known for known in definition.members if known.lower() == name.lower()), None)
    return f", did you mean '{near}'?" if near else ""


def with_name(
    sdk: SdkType, inputs: dict[str, Any], olds: Mapping[str, Any], logical: str, seed: bytes
) -> dict[str, Any]:
    """The inputs with the resource's own name filled in when the program gave none [SDK-AUTONAME].

    The old name is kept; else a GUID for role assignments, the logical name for children, and the logical name with
    eight hexadecimal digits of the engine's seed for others.
    """
    own = sdk.arm.parameters[-1]
    if inputs.get(own) is not None or own.startswith("="):
        return inputs
    if isinstance(olds.get(own), str):
        return {**inputs, own: olds[own]}
    digest = hashlib.sha256(seed or secrets.token_bytes(16)).hexdigest()
    if sdk.arm.name in arm_facts.NAMED_BY_GUID:
        return {**inputs, own: str(uuid.UUID(digest[:32]))}
    if len(sdk.arm.parameters) > 1:
        return {**inputs, own: logical}
    return {**inputs, own: f"{logical}{digest[:8]}"}


def with_location(
    sdk: SdkType,
    inputs: dict[str, Any],
    olds: Mapping[str, Any],
    default: str | None,
    location_of_group: Callable[[str], str | None],
) -> dict[str, Any]:
    """The inputs with a location: as given, as before, the provider's, else the resource group's [SDK-LOCATION]."""
    members = catalogue().definition(sdk.root).members
    if inputs.get("location") is not None or "location" not in members or members["location"].read_only:
        return inputs
    if isinstance(olds.get("location"), str):
        return {**inputs, "location": olds["location"]}
    if default:
        return {**inputs, "location": default}
    group = inputs.get("resourceGroupName")
    if isinstance(group, Unknown):
        return {**inputs, "location": UNKNOWN}
    if sdk.arm.scope != "group" or not isinstance(group, str):
        return inputs
    found = location_of_group(group)
    return {**inputs, "location": found} if found else inputs
