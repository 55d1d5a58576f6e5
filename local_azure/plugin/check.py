"""Checks and defaults before anything is sent: types, limits, required inputs, names, location, API version [AN-CHECK]."""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from local_azure.arm_bounds import bounds
from local_azure.arm_facts import FACTS
from local_azure.arm_family import Bound
from local_azure.arm_types import catalogue
from local_azure.arm_types_catalogue import Definition, SdkType
from local_azure.plugin.diff import API_VERSION, CREATE_FIRST
from local_azure.plugin.translate import pick, query_inputs
from local_azure.plugin.values import UNKNOWN, Secret, Unknown

_TYPES = {
    "string": "string",
    "enum": "string",
    "bool": "boolean",
    "int": "integer",
    "number": "number",
    "ref": "object",
    "map": "object",
    "array": "array",
    "set": "array",
}
"""Kind of a shape → the type that the provider names in its messages."""
_FITTING = {
    "string": str,
    "boolean": bool,
    "integer": (int, float),
    "number": (int, float),
    "object": dict,
    "array": list,
}
_NO_LOCATION = ". Either set it explicitly or configure it with 'pulumi config set azure-native:location <value>'."


def failures(sdk: SdkType, inputs: Mapping[str, Any]) -> list[str]:
    """Everything wrong with the inputs of a resource, a sentence each; values not known yet are accepted."""
    check = _Check(bounds(sdk.arm, sdk.version))
    needed = (*sdk.arm.path_inputs, *sdk.arm.version_inputs)
    in_url = {*needed, *query_inputs(sdk)}
    found = [f"missing required property '{name}'" for name in needed if inputs.get(name) is None]
    for name in sorted(in_url & inputs.keys()):
        found += check.value(inputs[name], {"k": "string"}, name)
    body = {name: value for name, value in inputs.items() if name not in in_url and not _is_providers(name)}
    return [*found, *check.object(body, catalogue().definition(sdk.root), "")]


def _is_providers(name: str) -> bool:
    """Whether an input is one that the provider keeps for itself."""
    return name == API_VERSION or name.startswith("__")


class _Check:
    """The check of one resource's inputs against its definition and its limits, by path without indexes."""

    def __init__(self, limits: Mapping[str, Bound]) -> None:
        self._limits = limits

    def object(self, value: Mapping[str, Any], definition: Definition, path: str) -> Iterator[str]:
        """What is wrong with an object's members; unknown ones are refused, but beside an id where nothing else is asked for.

        There programs give whole objects such as `SubnetArgs(id=…)`, to which the SDK adds defaults [AN-CHECK].
        """
        if definition.members.keys() == {"id"} and "id" in value:
            value = {"id": value["id"]}
        for member in definition.members.values():
            if member.required and value.get(member.sdk) is None:
                here = f"{path}.{member.sdk}" if path else member.sdk
                hint = _NO_LOCATION if here == "location" else ""
                yield f"missing required property '{here}'{hint}"
        for name, item in value.items():
            here = f"{path}.{name}" if path else name
            member = definition.members.get(name)
            if member is None:
                yield f"unknown property '{here}'{_hint(name, definition)}"
            else:
                yield from self.value(item, member.shape, here)

    def value(self, value: Any, shape: dict[str, Any], path: str) -> Iterator[str]:
        """What is wrong with one value and all below it."""
        if isinstance(value, Secret):
            value = value.value
        kind = shape["k"]
        if value is None or isinstance(value, Unknown) or kind == "any":
            return
        if kind == "union":
            yield from self.value(value, pick(shape, value), path)
            return
        wanted = _TYPES[kind]
        if not _fits(value, wanted):
            yield f"'{path}' should be of type '{wanted}' but got {_found(value)}"
        elif kind == "ref":
            yield from self.object(value, catalogue().definition(shape["ref"]), path)
        elif kind == "map":
            for name, item in value.items():
                yield from self.value(item, shape["of"], f"{path}.{name}")
        elif wanted == "array":
            for index, item in enumerate(value):
                yield from self.value(item, shape.get("of", {"k": "string"}), f"{path}[{index}]")
        else:
            if kind == "int" and isinstance(value, float):
                yield f"'{path}' must be an integer but got {value:f}"
            yield from self._limited(value, path)

    def _limited(self, value: Any, path: str) -> Iterator[str]:
        limit = self._limits.get(re.sub(r"\[\d+\]", "[]", path))
        if limit is None:
            return
        reasons = _text_reasons(value, limit) if isinstance(value, str) else _number_reasons(value, limit)
        for reason in reasons:
            yield f"'{path}' {reason}"


def _text_reasons(value: str, limit: Bound) -> Iterator[str]:
    length = len(value.encode())
    if limit.min_length is not None and length < limit.min_length:
        yield f"is too short ({length}): at least {limit.min_length} characters required"
    if limit.max_length is not None and length > limit.max_length:
        yield f"is too long ({length}): at most {limit.max_length} characters allowed"
    # RE2, which the provider uses, knows ASCII classes only and ends a text where it ends, not before a last newline.
    if limit.pattern and not re.search(limit.pattern.replace("$", r"\Z"), value, re.ASCII):
        yield f"does not match expression '{limit.pattern}'"


def _number_reasons(value: float, limit: Bound) -> Iterator[str]:
    if limit.minimum is not None and value < limit.minimum:
        yield f"is too low ({value:f} < {limit.minimum:f})"
    if limit.maximum is not None and value > limit.maximum:
        yield f"is too high ({value:f} > {limit.maximum:f})"


def _fits(value: Any, wanted: str) -> bool:
    return isinstance(value, _FITTING[wanted]) and (wanted == "boolean" or not isinstance(value, bool))


def _found(value: Any) -> str:
    """The type of a value; never the value, which may be secret."""
    if isinstance(value, bool):
        return "a boolean"
    return {dict: "an object", list: "an array", str: "a string", int: "a number", float: "a number"}[type(value)]


def _hint(name: str, definition: Definition) -> str:
    near = next((known for known in definition.members if known.lower() == name.lower()), None)
    return f", did you mean '{near}'?" if near else ""


@dataclass(frozen=True, slots=True)
class Naming:
    """What `pulumi:autonaming` of a stack asks for: a name, and whether it is proposed, enforced or forbidden [AN-NAME]."""

    mode: Literal["PROPOSE", "ENFORCE", "DISABLE"]
    proposed: str

    @classmethod
    def of(cls, options: Any) -> Naming:
        """The options of a CheckRequest."""
        return cls(options.Mode.Name(options.mode), options.proposed_name)


def with_name(
    sdk: SdkType,
    inputs: dict[str, Any],
    olds: Mapping[str, Any],
    logical: str,
    seed: bytes,
    naming: Naming | None = None,
) -> dict[str, Any]:
    """The inputs with the resource's own name filled in when the program gave none [AN-NAME].

    The old name is kept. Else the stack's `pulumi:autonaming` decides; without it the name is a GUID for role
    assignments, the logical name for children, and the logical name with eight hexadecimal digits of the engine's seed
    for others. A generated name marks the resource as one whose replacement is created before it is deleted.
    """
    own = sdk.arm.parameters[-1]
    if inputs.get(own) is not None or own.startswith("="):
        return inputs
    if isinstance(olds.get(own), str):
        name, generated = olds[own], olds.get(CREATE_FIRST) is True
    elif naming is not None and naming.mode == "DISABLE":
        return inputs
    else:
        name, generated = _new_name(sdk, logical, seed, naming)
    return {**inputs, own: name, **({CREATE_FIRST: True} if generated else {})}


def _new_name(sdk: SdkType, logical: str, seed: bytes, naming: Naming | None) -> tuple[str, bool]:
    """A new name, and whether it is one that no other resource has."""
    as_guid = sdk.arm.name in FACTS.named_by_guid
    if naming is not None and (naming.mode == "ENFORCE" or not as_guid):
        return naming.proposed, True
    digest = hashlib.sha256(seed or secrets.token_bytes(16)).hexdigest()
    if as_guid:
        return str(uuid.UUID(digest[:32])), True
    if len(sdk.arm.parameters) > 1:
        return logical, False
    return f"{logical}{digest[:8]}", True


def with_api_version(sdk: SdkType, inputs: dict[str, Any]) -> dict[str, Any]:
    """The inputs with the API version of the resource's class, so that a new default version is a difference [AN-VERSION].

    One that the program gives is kept; requests are made at the type's own version all the same.
    """
    if inputs.get(API_VERSION) is not None or not sdk.class_version:
        return inputs
    return {**inputs, API_VERSION: sdk.class_version}


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
