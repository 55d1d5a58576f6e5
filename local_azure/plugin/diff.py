"""What a change of inputs means: which paths differ, and which of them replace the resource [AN-DIFF]."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Literal

from local_azure.plugin.values import reveal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from local_azure.arm_types_catalogue import SdkType

Kind = Literal["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"]
_REPLACING: Final[dict[Kind, Kind]] = {"ADD": "ADD_REPLACE", "DELETE": "DELETE_REPLACE", "UPDATE": "UPDATE_REPLACE"}
_PLAIN_KEY = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")


def normal_location(location: str) -> str:
    """`West US 2` and `westus2` are one place."""
    return location.replace(" ", "").lower()


def detailed_diff(
    sdk: SdkType, old: Mapping[str, Any], new: Mapping[str, Any], old_outputs: Mapping[str, Any]
) -> dict[str, Kind]:
    """Property path → kind of change between old and new inputs, secret marks ignored.

    A path input, a force-new input, or anything below one replaces; adding one that the resource already has in its
    outputs does not.
    """
    replacing = sdk.arm.force_new | set(sdk.arm.path_inputs)
    before, after = reveal(dict(old)), reveal(dict(new))
    result: dict[str, Kind] = {}
    for name in {**before, **after}:
        if name == "location" and _same_location(before.get(name), after.get(name)):
            continue
        for path, kind in _changes(_key("", name), before.get(name), after.get(name)):
            already = kind == "ADD" and path == name and reveal(old_outputs.get(name)) == after.get(name)
            result[path] = _REPLACING[kind] if _forced(path, replacing) and not already else kind
    return result


def _forced(path: str, replacing: Iterable[str]) -> bool:
    """Whether a change at a path replaces: a name covers all below it, a dotted one a member of an object."""
    return any(path == name or path.startswith((f"{name}.", f"{name}[")) for name in replacing)


def _same_location(old: Any, new: Any) -> bool:
    return isinstance(old, str) and isinstance(new, str) and normal_location(old) == normal_location(new)


def _changes(path: str, old: Any, new: Any) -> Iterator[tuple[str, Literal["ADD", "DELETE", "UPDATE"]]]:
    if old is None or new is None:
        if old is not new:
            yield path, "ADD" if old is None else "DELETE"
    elif isinstance(old, dict) and isinstance(new, dict):
        for name in {**old, **new}:
            yield from _changes(_key(path, name), old.get(name), new.get(name))
    elif isinstance(old, list) and isinstance(new, list):
        for index in range(max(len(old), len(new))):
            was = old[index] if index < len(old) else None
            now = new[index] if index < len(new) else None
            yield from _changes(f"{path}[{index}]", was, now)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        yield path, "UPDATE"


def _key(path: str, name: str) -> str:
    if _PLAIN_KEY.match(name):
        return f"{path}.{name}" if path else name
    return f'{path}["{name}"]'


def top_level(path: str) -> str:
    """The first name of a property path."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


def apply_drift(inputs: dict[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """The inputs with what changed between two projections of the outputs written in [AN-REFRESH].

    Only what differs is taken over, so defaults that the service filled in never become inputs.
    """
    result = {name: value for name, value in inputs.items() if name in new or name not in old}
    for name, value in new.items():
        if name not in old:
            result[name] = value
        elif old[name] != value and not (name == "location" and _same_location(old[name], value)):
            result[name] = _drifted(inputs[name], old[name], value) if name in inputs else value
    return result


def _drifted(base: Any, old: Any, new: Any) -> Any:
    if isinstance(base, dict) and isinstance(old, dict) and isinstance(new, dict):
        return apply_drift(base, old, new)
    if isinstance(base, list) and isinstance(old, list) and isinstance(new, list):
        known = min(len(base), len(old))
        return [
            _drifted(base[i], old[i], item) if i < known and old[i] != item else base[i] if i < known else item
            for i, item in enumerate(new)
        ]
    return new
