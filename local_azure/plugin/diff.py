"""What a change of inputs means, as azure-native 3.29 decides it [AN-DIFF].

Old and new inputs are compared member by member; each difference is a property path with the kind of its change. A
second pass takes back what is no change after all, and says which paths replace the resource.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from local_azure.arm_family import Marks
from local_azure.arm_types import catalogue
from local_azure.arm_types_catalogue import SdkType
from local_azure.plugin.values import reveal

Kind = Literal["ADD", "ADD_REPLACE", "DELETE", "DELETE_REPLACE", "UPDATE", "UPDATE_REPLACE"]
Changes = dict[str, Kind]

API_VERSION: Final = "azureApiVersion"
"""The input in which azure-native keeps the API version of every resource [AN-VERSION]."""
CREATE_FIRST: Final = "__createBeforeDelete"
"""The input that marks a resource whose name the provider made: its replacement is created first [AN-NAME]."""
SUBTYPES: Final = "PULUMI_FORCE_NEW_FROM_SUBTYPES"
"""Environment variable; `false` ignores the create-only marks of nested types, as azure-native 2 did [AN-FORCENEW]."""

_TRUE = frozenset({"1", "t", "T", "TRUE", "True", "true"})
_ARM_ID = re.compile(r"(/subscriptions/.+?/resourcegroups/.+?/providers/microsoft.+?/)(.*)", re.IGNORECASE)


@dataclass(slots=True)
class Difference:
    """What the provider answers to Diff.

    Attributes:
        detailed: property path → kind of change; holds also what turned out to be no change.
        changes: top-level names whose change is sent, in the order found; empty means that nothing is to be done.
        replaces: property paths whose change replaces the resource.
        delete_first: whether a replacement deletes the old resource first.
        inputs: paths that are changes of inputs.
    """

    detailed: Changes
    changes: list[str] = field(default_factory=list)
    replaces: list[str] = field(default_factory=list)
    delete_first: bool = False
    inputs: set[str] = field(default_factory=set)


def difference(
    sdk: SdkType, old: Mapping[str, Any], new: Mapping[str, Any], old_outputs: Mapping[str, Any]
) -> Difference:
    """Compare old and new inputs of a resource; secret marks are ignored.

    Old inputs of a state that knows no `azureApiVersion` take it from the old outputs, so that a new default version
    is one difference and not every resource's.
    """
    before, after, outputs = reveal(dict(old)), reveal(dict(new)), reveal(dict(old_outputs))
    migrated = API_VERSION not in before and API_VERSION in outputs
    if migrated:
        before[API_VERSION] = outputs[API_VERSION]
    found = Difference(_Comparison(sdk).resource(before, after))
    for path in found.detailed:
        if _judge(sdk, found, path, before, after, outputs):
            found.changes.append(top_level(path))
            found.inputs.add(path)
    if migrated:
        found.inputs.discard(API_VERSION)
    flag = before.get(CREATE_FIRST)
    found.delete_first = not flag if isinstance(flag, bool) else bool(found.replaces)
    return found


def _judge(
    sdk: SdkType, found: Difference, path: str, before: Mapping[str, Any], after: Mapping[str, Any], outputs: Any
) -> bool:
    """Settle one path: note what replaces, and return whether the path is a change at all.

    A new member is no change where it has its schema default, and does not replace where the resource has that value
    already. A create-only member that left the inputs is no longer the program's concern and never replaces.
    """
    added = path not in before and path in after
    match found.detailed[path]:
        case "ADD_REPLACE" if added and path in outputs and _same(after[path], outputs[path]):
            found.detailed[path] = "ADD"
        case "ADD_REPLACE" if added and path not in outputs and _is_default(sdk, path, after[path]):
            found.detailed[path] = "ADD"
            return False
        case "ADD" if added and _is_default(sdk, path, after[path]):
            return False
        case "DELETE_REPLACE":
            found.detailed[path] = "DELETE"
            return False
        case "ADD_REPLACE" | "UPDATE_REPLACE":
            found.replaces.append(path)
        case _:
            pass
    return True


def _is_default(sdk: SdkType, name: str, value: Any) -> bool:
    """Whether a value is a member's schema default; a boolean without one has false."""
    member = catalogue().definition(sdk.root).members.get(name)
    if member is None:
        return False
    default = False if member.default is None and member.shape["k"] == "bool" else member.default
    return default is not None and _same(value, default)


class _Comparison:
    """One comparison of inputs; `replacing` holds property paths whose change replaces, `[]` for elements."""

    def __init__(self, sdk: SdkType) -> None:
        self._marks: Marks = sdk.arm.marks
        setting = os.environ.get(SUBTYPES)
        nested = setting is None or setting in _TRUE
        self._replacing = self._marks.replacing(nested=nested) | set(sdk.arm.path_inputs)

    def resource(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Changes:
        """The differences of a resource's inputs, with what Azure spells in more than one way taken for equal."""
        equal = {name for name in old.keys() & new.keys() if _equivalent(name, old[name], new[name])}
        return self._object(_without(old, equal), _without(new, equal), "", "", "")

    def _object(self, old: Mapping[str, Any], new: Mapping[str, Any], place: str, at: str, key: str) -> Changes:
        """Differences of two objects: `place` in the schema, `at` in the answer, `key` among what replaces."""
        found: Changes = {}
        for name in {**old, **new}:
            if name.startswith("__"):
                continue
            path, forced = f"{at}{_quoted(name)}", f"{key}{name}" in self._replacing
            if name not in new:
                found[path] = "DELETE_REPLACE" if forced else "DELETE"
            elif name not in old:
                found[path] = "ADD_REPLACE" if forced else "ADD"
            else:
                here = f"{place}.{name}" if place else name
                found |= self._value(old[name], new[name], here, path, f"{key}{name}")
        return found

    def _value(self, old: Any, new: Any, place: str, at: str, key: str) -> Changes:
        if isinstance(old, list) and isinstance(new, list):
            return self._array(old, new, place, at, key)
        forced = key in self._replacing
        if isinstance(old, dict) and isinstance(new, dict):
            found = self._object(old, new, place, f"{at}.", f"{key}.")
            if not forced:
                return found
            # A member that comes or goes below a create-only object replaces, as one that changes does.
            moved = any(kind in ("ADD", "DELETE") for kind in found.values())
            raised: Changes = {p: "UPDATE_REPLACE" if kind == "UPDATE" else kind for p, kind in found.items()}
            return {**raised, at: "UPDATE_REPLACE"} if moved else raised
        if _same(old, new) or self._same_text(old, new, place):
            return {}
        return {at: "UPDATE_REPLACE" if forced else "UPDATE"}

    def _same_text(self, old: Any, new: Any, place: str) -> bool:
        if not (isinstance(old, str) and isinstance(new, str)):
            return False
        return normal_id(old) == normal_id(new) or (
            place in self._marks.ignore_case and old.casefold() == new.casefold()
        )

    def _array(self, old: Sequence[Any], new: Sequence[Any], place: str, at: str, key: str) -> Changes:
        keys = self._marks.keyed.get(place)
        pairs = _by_key(keys, old, new) if keys else None
        if pairs is None:
            pairs = [(i if i < len(old) else None, i if i < len(new) else None) for i in range(max(len(old), len(new)))]
        found: Changes = {}
        moved = False
        for was, now in pairs:
            if was is not None and now is not None:
                found |= self._value(old[was], new[now], place, f"{at}[{now}]", f"{key}[]")
            else:
                moved = True
                found[f"{at}[{was if now is None else now}]"] = "DELETE" if now is None else "ADD"
        if moved and f"{key}[]" in self._replacing:
            found[at] = "UPDATE_REPLACE"
        return found


def _by_key(keys: Sequence[str], old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int | None, int | None]] | None:
    """Pairs of places of elements with the same keys: both where an element stays, one where it comes or goes.

    None where the elements cannot be told apart by their keys: they are compared by position then [AN-KEYED].
    """
    places: dict[str, int] = {}
    for index, item in enumerate(old):
        identity = _identity(keys, item)
        if identity is None:
            return None
        places[identity] = index
    pairs: list[tuple[int | None, int | None]] = []
    seen: set[str] = set()
    for index, item in enumerate(new):
        identity = _identity(keys, item)
        if identity is None or identity in seen:
            return None
        seen.add(identity)
        pairs.append((places.get(identity), index))
    return pairs + [(index, None) for identity, index in places.items() if identity not in seen]


def _identity(keys: Sequence[str], item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    values = [item[key] for key in keys if key in item]
    plain = [normal_id(value) if isinstance(value, str) else value for value in values]
    return json.dumps(plain, sort_keys=True, default=repr) if plain else None


def _equivalent(name: str, old: Any, new: Any) -> bool:
    """Whether two spellings of a top-level input are one: names of groups, places, SKUs of managed clusters."""
    if isinstance(old, str) and isinstance(new, str):
        if name == "resourceGroupName":
            return old.casefold() == new.casefold()
        return name == "location" and normal_location(old) == normal_location(new)
    return name == "sku" and isinstance(old, dict) and isinstance(new, dict) and _same_cluster_sku(old, new)


def _same_cluster_sku(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """SKUs that AKS renamed: Basic is Base, the tier Paid is Standard; for objects of name and tier only."""
    if old.keys() != {"name", "tier"} or new.keys() != {"name", "tier"}:
        return False
    renamed = {"name": {"Basic", "Base"}, "tier": {"Paid", "Standard"}}
    return all(
        isinstance(old[key], str)
        and isinstance(new[key], str)
        and (old[key] == new[key] or {old[key], new[key]} == two)
        for key, two in renamed.items()
    )


def _without(value: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: item for name, item in value.items() if name not in names}


def _same(old: Any, new: Any) -> bool:
    """Equality that keeps booleans and numbers apart, at any depth."""
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(_same(item, new[name]) for name, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(_same(a, b) for a, b in zip(old, new, strict=True))
    return old == new and isinstance(old, bool) == isinstance(new, bool)


def normal_location(location: str) -> str:
    """`West US 2` and `westus2` are one place."""
    return location.replace(" ", "").lower()


def normal_id(text: str) -> str:
    """An ARM id with the part up to its provider's namespace in lower case; other texts are left as they are."""
    match = _ARM_ID.search(text)
    return f"{match[1].lower()}{match[2]}" if match else text


def _quoted(name: str) -> str:
    return f'["{name}"]' if "." in name else name


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
        elif old[name] != value and not (name == "location" and _equivalent(name, old[name], value)):
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
