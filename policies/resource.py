"""One resource as a rule sees it: ARM type, plain properties, and what it depends on, with unknown values kept apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


class _Unknown:
    """The type of `UNKNOWN`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<unknown>"

    def __bool__(self) -> bool:
        raise TypeError("an unknown value is neither true nor false: read it through Resource.value")


UNKNOWN: Final = _Unknown()
"""Stands for a value that the engine does not know yet, such as the id of what is still to be made."""


class Undetermined(Exception):  # noqa: N818 - it is a verdict on its way, not an error
    """A value that would decide is not known yet.

    Attributes:
        path: dotted path of the unknown value.
        reason: what to say instead of naming the path; empty when the path says it.
    """

    def __init__(self, path: str, reason: str = "") -> None:
        super().__init__(reason or f"{path} is not known yet")
        self.path = path
        self.reason = reason


class PartlyUnknown(dict[str, Any]):
    """An object of which some members are known; every other one is unknown, not absent."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return a member; one that is not known here is `UNKNOWN`, whatever the default."""
        del default
        return super().get(key, UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of a program, whichever form of type token it was written with.

    Attributes:
        urn: the engine's name of it.
        name: its logical name.
        token: the type token, as written.
        type: ARM type in ARM's case, such as `Microsoft.ContainerRegistry/registries`; empty when it is none of Azure's.
        api_version: the version that the token or the generic `apiVersion` names; None is the SDK's default.
        properties: inputs in the SDK's flattened camelCase, as plain dicts and lists that may hold `UNKNOWN`;
            for the generic resource the contents of `properties` are lifted to the top.
        parent: urn of the parent in the tree of components.
        dependencies: urns that a property was made from, by property name; the key "" holds the explicit ones.
        protect: whether the engine refuses to delete it.
        id: ARM id, or None while it is not known.
        secrets: dotted paths of the values that are Pulumi secrets.
        external: whether the program only reads it; then it is looked up by rules and not judged.
        source: where the program registers it, `file#line` from the project's folder, where that is told.
    """

    urn: str
    name: str
    token: str
    type: str
    api_version: str | None
    properties: dict[str, Any]
    parent: str | None = None
    dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    protect: bool = False
    id: str | None = None
    secrets: frozenset[str] = frozenset()
    external: bool = False
    source: str | None = None

    def value(self, path: str, default: Any = None) -> Any:
        """Return the value at a dotted path such as `networkRuleSet.defaultAction` or `agentPoolProfiles.0.count`.

        A value that is not there, or null, is the default. What is returned may itself hold `UNKNOWN` further down.

        Raises:
            Undetermined: the value, or one above it, is not known yet.
        """
        found: Any = self.properties
        for key in path.split("."):
            if isinstance(found, dict):
                found = found.get(key)
            elif isinstance(found, list) and key.isdigit():
                found = found[int(key)] if int(key) < len(found) else None
            elif found is UNKNOWN:
                break
            else:
                return default
        if found is UNKNOWN:
            raise Undetermined(path)
        return default if found is None else found

    def each(self, path: str) -> Iterator[tuple[str, Any]]:
        """Yield the dotted path and the value of every element of the list at a path; nothing when there is no list.

        Raises:
            Undetermined: the list, or an element of it, is not known yet.
        """
        for position, element in enumerate(self.value(path, ())):
            place = f"{path}.{position}"
            if element is UNKNOWN:
                raise Undetermined(place)
            yield place, element

    def has_unknown(self, path: str = "") -> bool:
        """Say whether the value at a path, one above it or one below it is not known yet."""
        try:
            found = self.value(path) if path else self.properties
        except Undetermined:
            return True
        return holds_unknown(found)

    def is_secret(self, path: str) -> bool:
        """Say whether the value at a path, or one above it, is a Pulumi secret."""
        keys = path.split(".")
        return any(".".join(keys[:end]) in self.secrets for end in range(1, len(keys) + 1))


def holds_unknown(value: Any) -> bool:
    """Say whether a plain value is unknown or holds one that is, at any depth."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(holds_unknown(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(holds_unknown(inner) for inner in value)
    return False
