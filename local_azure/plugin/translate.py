"""Translation between SDK inputs, ARM bodies and SDK outputs, by the catalogue's definitions [SDK-BODY].

All functions are pure. Inputs are revealed (no secret marks) when they become a body; previews may hold `UNKNOWN`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from local_azure.arm_facts import FACTS
from local_azure.arm_types import catalogue
from local_azure.arm_types_catalogue import ArmType, Definition, SdkType
from local_azure.plugin.values import UNKNOWN, Secret

Json = dict[str, Any]


def resource_id(sdk: SdkType, inputs: Mapping[str, Any], subscription: str) -> str:
    """The resource's ARM id from its path inputs; `scope` goes in as it is, without outer slashes.

    Raises ValueError naming the input that is missing or not text.
    """
    values = {**inputs, "subscriptionId": subscription}

    def fill(match: re.Match[str]) -> str:
        name = match.group(1)
        value = values.get(name)
        if not isinstance(value, str) or (not value and name != "parentResourcePath"):
            raise ValueError(f"missing path input '{name}'")
        return value.strip("/") if name in sdk.arm.sub_paths else quote(value, safe="$&+=:@-._~")

    return re.sub(r"{(\w+)}", fill, sdk.arm.path)


def path_inputs(arm: ArmType, arm_id: str) -> dict[str, str]:
    """The path inputs read back from an ARM id; raises ValueError when the id is not one of this type."""
    return arm.parts(arm_id)


def query_inputs(sdk: SdkType) -> frozenset[str]:
    """The SDK inputs of a type that go into the query of its PUT."""
    module, cls = sdk.arm.token.split(":")[1:]
    return FACTS.query.get(f"{module}/{cls}", frozenset())


def to_body(sdk: SdkType, inputs: Mapping[str, Any], arm_id: str, previous: Mapping[str, Any] | None = None) -> Json:
    """The PUT body for revealed inputs.

    `previous` are the inputs of the last update: entries that left a string set are sent as null [SDK-SET].
    """
    body = _object_to_wire(catalogue().definition(sdk.root), inputs, arm_id, previous or {})
    for container in FACTS.required_containers.get(sdk.arm.root, ()):
        body.setdefault(container, {})
    return body


def _object_to_wire(definition: Definition, value: Mapping[str, Any], arm_id: str, previous: Any) -> Json:
    body: Json = {}
    old = previous if isinstance(previous, Mapping) else {}
    for name, item in value.items():
        member = definition.members.get(name)
        if member is None or member.read_only or item is None:
            continue
        target = body
        for step in member.wire[:-1]:
            target = target.setdefault(step, {})
        target[member.wire[-1]] = _to_wire(item, member.shape, arm_id, old.get(name))
    is_reference = definition.key.endswith(":SubResource")
    if is_reference and isinstance(body.get("id"), str) and body["id"].startswith("$self/"):
        body["id"] = arm_id + body["id"].removeprefix("$self")
    return body


def _to_wire(value: Any, shape: Json, arm_id: str, previous: Any) -> Any:
    match shape["k"]:
        case "ref" if isinstance(value, Mapping):
            return _object_to_wire(catalogue().definition(shape["ref"]), value, arm_id, previous)
        case "array" if isinstance(value, list):
            return [_to_wire(item, shape["of"], arm_id, None) for item in value]
        case "map" if isinstance(value, Mapping):
            return {name: _to_wire(item, shape["of"], arm_id, None) for name, item in value.items()}
        case "set" if isinstance(value, list):
            gone = [item for item in previous if item not in value] if isinstance(previous, list) else []
            return {item: {} for item in value} | dict.fromkeys(gone)
        case "union":
            return _to_wire(value, pick(shape, value), arm_id, previous)
        case _:
            return value


def along(
    value: Any,
    shape: Json,
    object_of: Callable[[Definition, Mapping[str, Any]], Json],
    again: Callable[[Any, Json], Any],
) -> Any:
    """Convert a value by its shape; scalars and what does not fit its shape stay as they are.

    Args:
        value: the value.
        shape: its shape in the catalogue.
        object_of: converts an object by its definition.
        again: converts what a list, a map or a union holds.
    """
    match shape["k"]:
        case "ref" if isinstance(value, Mapping):
            return object_of(catalogue().definition(shape["ref"]), value)
        case "array" if isinstance(value, list):
            return [again(item, shape["of"]) for item in value]
        case "map" if isinstance(value, Mapping):
            return {name: again(item, shape["of"]) for name, item in value.items()}
        case "union":
            return again(value, pick(shape, value))
        case _:
            return value


def pick(union: Json, value: Any) -> Json:
    """The member of a union that a value belongs to: the first whose constants match [SDK-UNION]."""
    for option in union["of"]:
        if option["k"] != "ref":
            continue
        members = catalogue().definition(option["ref"]).members
        constants = {name: member.const for name, member in members.items() if member.const is not None}
        fits = isinstance(value, Mapping) and all(value.get(name) == const for name, const in constants.items())
        if constants and fits:
            return option
    return union["of"][0]


def to_outputs(sdk: SdkType, response: Mapping[str, Any]) -> Json:
    """The SDK outputs for an ARM answer: flattened, known members only, nulls dropped, with `azureApiVersion`."""
    return {**_from_wire_object(catalogue().definition(sdk.root), response), **_class_version(sdk)}


def _class_version(sdk: SdkType) -> Json:
    return {"azureApiVersion": sdk.class_version} if sdk.class_version else {}


def _from_wire_object(definition: Definition, value: Mapping[str, Any]) -> Json:
    result: Json = {}
    for name, member in definition.members.items():
        found: Any = value
        for step in member.wire:
            found = found.get(step) if isinstance(found, Mapping) else None
        if found is not None:
            result[name] = _from_wire(found, member.shape)
    return result


def _from_wire(value: Any, shape: Json) -> Any:
    return along(value, shape, _from_wire_object, _from_wire)


def preview_outputs(sdk: SdkType, inputs: Mapping[str, Any]) -> Json:
    """The outputs promised during preview: inputs as they are, everything else `UNKNOWN` [SDK-PREVIEW]."""
    outputs = _preview_object(catalogue().definition(sdk.root), inputs)
    return {**outputs, **_class_version(sdk)}


def _preview_object(definition: Definition, value: Mapping[str, Any]) -> Json:
    return {
        name: _preview(value[name], member.shape) if name in value else UNKNOWN
        for name, member in definition.members.items()
    }


def _preview(value: Any, shape: Json) -> Any:
    if isinstance(value, Secret):
        return Secret(_preview(value.value, shape))
    return UNKNOWN if shape["k"] == "set" else along(value, shape, _preview_object, _preview)


def to_inputs(sdk: SdkType, outputs: Mapping[str, Any]) -> Json:
    """The part of the outputs that could have been inputs; string sets become lists again."""
    return _project(catalogue().definition(sdk.root), outputs)


def _project(definition: Definition, value: Mapping[str, Any]) -> Json:
    return {
        name: _project_shape(value[name], member.shape)
        for name, member in definition.members.items()
        if name in value and not member.read_only
    }


def _project_shape(value: Any, shape: Json) -> Any:
    if shape["k"] == "set" and isinstance(value, Mapping):
        return list(value)
    return along(value, shape, _project, _project_shape)


def imported_inputs(sdk: SdkType, arm_id: str, outputs: Mapping[str, Any]) -> Json:
    """The inputs that an import starts from: those of the id, and what was read without its id and empty collections.

    Raises ValueError when the id is not one of this type [AN-IMPORT].
    """
    read = {name: _without_empty(value) for name, value in to_inputs(sdk, outputs).items() if name != "id"}
    return {**{name: value for name, value in read.items() if value is not None}, **path_inputs(sdk.arm, arm_id)}


def _without_empty(value: Any) -> Any:
    """The value without empty collections at any depth; None when nothing is left."""
    if isinstance(value, Mapping):
        kept = {name: _without_empty(item) for name, item in value.items()}
        return {name: item for name, item in kept.items() if item is not None} or None
    if isinstance(value, list):
        return [item for item in map(_without_empty, value) if item is not None] or None
    return value


def maintained_inputs(sdk: SdkType) -> list[tuple[str, ...]]:
    """The inputs, by SDK path, that hold child arrays which an update must not lose [SDK-CHILDREN]."""
    return [_sdk_path(sdk.root, wire) for wire in sdk.arm.maintained]


def _sdk_path(definition: str, wire: tuple[str, ...]) -> tuple[str, ...]:
    for member in catalogue().definition(definition).members.values():
        below = wire[len(member.wire) :]
        if member.wire == wire:
            return (member.sdk,)
        if below and wire == (*member.wire, *below) and member.shape["k"] == "ref":
            return (member.sdk, *_sdk_path(member.shape["ref"], below))
    raise ValueError(f"{definition} has nothing at {'.'.join(wire)}")
