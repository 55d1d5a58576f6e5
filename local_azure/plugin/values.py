"""Values as the engine sends them, turned into plain Python and back.

Inside the bridge a value is plain JSON, with two additions: `UNKNOWN` for what is not known during preview, and
`Secret` around what must stay encrypted in the state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that marks a special object [PULUMI-WIRE]."""
SECRET_SIGNATURE: Final = "1b47061264138c4ac30d75fd1eb44270"
OUTPUT_SIGNATURE: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
FILES: Final = frozenset({"c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"})
"""Signatures of an asset and of an archive, which stay as they came [PULUMI-WIRE]."""
UNKNOWN_STRINGS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_UNKNOWN_WIRE: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


class Unknown:
    """The type of the one value that stands for anything not known yet."""

    _instance: Unknown | None = None

    def __new__(cls) -> Unknown:
        """Return the one instance."""
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that must never be shown; its representation hides it."""

    value: Any

    def __repr__(self) -> str:
        return "Secret(***)"


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """Read an engine object: nulls are dropped, whole numbers become int, secrets and unknowns are marked."""
    read = {name: _from_value(value) for name, value in struct.fields.items()}
    return {name: value for name, value in read.items() if value is not None}


def _from_value(value: struct_pb2.Value) -> Any:
    match value.WhichOneof("kind"):
        case "string_value":
            text = value.string_value
            return UNKNOWN if text in UNKNOWN_STRINGS else text
        case "number_value":
            number = value.number_value
            return int(number) if number.is_integer() else number
        case "bool_value":
            return value.bool_value
        case "list_value":
            return [_from_value(item) for item in value.list_value.values]
        case "struct_value":
            return _from_object(from_struct(value.struct_value))
        case _:
            return None


def _from_object(found: dict[str, Any]) -> Any:
    match found.get(SIGNATURE):
        case None:
            return found
        case signature if signature == SECRET_SIGNATURE:
            inner = found.get("value")
            return inner if isinstance(inner, Secret) else Secret(inner)
        case signature if signature == OUTPUT_SIGNATURE:
            inner = found.get("value", UNKNOWN)
            return Secret(inner) if found.get("secret") else inner
        case signature if signature in FILES:
            return found
        case signature:
            raise ValueError(f"values of kind {signature} (resource references) do not occur in ARM inputs")


def to_struct(values: dict[str, Any]) -> struct_pb2.Struct:
    """Write an object for the engine; None is left out, `UNKNOWN` and `Secret` get their wire forms."""
    struct = struct_pb2.Struct()
    _fill(struct, values)
    return struct


def _fill(struct: struct_pb2.Struct, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if value is not None:
            _fill_value(struct.fields[name], value)


def _fill_value(target: struct_pb2.Value, value: Any) -> None:
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, int | float):
        target.number_value = value
    elif isinstance(value, Unknown):
        target.string_value = _UNKNOWN_WIRE
    elif isinstance(value, Secret):
        _fill(target.struct_value, {SIGNATURE: SECRET_SIGNATURE, "value": value.value})
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        _fill(target.struct_value, value)
    elif isinstance(value, list | tuple):
        target.list_value.SetInParent()
        for item in value:
            _fill_value(target.list_value.values.add(), item)
    else:
        target.null_value = struct_pb2.NULL_VALUE


def reveal(value: Any) -> Any:
    """The value without secret marks, at any depth."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, dict):
        return {name: reveal(item) for name, item in value.items()}
    if isinstance(value, list):
        return [reveal(item) for item in value]
    return value


def secret_texts(value: Any, *, inside: bool = False) -> set[str]:
    """All texts that stand below a secret mark, to be kept out of messages."""
    if isinstance(value, Secret):
        return secret_texts(value.value, inside=True)
    if isinstance(value, dict):
        return set().union(*(secret_texts(item, inside=inside) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(secret_texts(item, inside=inside) for item in value))
    return {value} if inside and isinstance(value, str) and value else set()


def keep_secret(inputs: Any, outputs: Any) -> Any:
    """Mark in the outputs what was secret in the inputs at the same place.

    A list is marked element by element when both have the same length, as a whole otherwise.
    """
    if isinstance(inputs, Secret):
        return outputs if isinstance(outputs, Secret) else Secret(outputs)
    if isinstance(inputs, dict) and isinstance(outputs, dict):
        return {name: keep_secret(inputs.get(name), value) for name, value in outputs.items()}
    if isinstance(inputs, list) and secret_texts(inputs):
        if isinstance(outputs, list) and len(outputs) == len(inputs):
            return [keep_secret(old, new) for old, new in zip(inputs, outputs, strict=True)]
        return Secret(outputs)
    return outputs


def has_unknown(value: Any) -> bool:
    """Whether anything below is not known yet."""
    if isinstance(value, Secret):
        return has_unknown(value.value)
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return isinstance(value, Unknown)
