"""A resource in the form that rules use: ARM type, plain properties, dependencies, and a marker for unknown values."""

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
        raise TypeError("an unknown value is neither true nor false; read it with Resource.value")


UNKNOWN: Final = _Unknown()
"""Marks a value that the engine does not know yet, such as the id of a resource that is not created."""


class Undetermined(Exception):  # noqa: N818 - it carries a verdict, not an error
    """A value that would decide is not known yet.

    Attributes:
        path: dotted path of the unknown value.
        reason: the message, where it is more than that the path is not known.
    """

    def __init__(self, path: str, reason: str = "") -> None:
        super().__init__(reason or f"{path} is not known yet")
        self.path = path
        self.reason = reason


class PartlyUnknown(dict[str, Any]):
    """An object with some known members; all other members are unknown, not absent."""

    def get(self, key: str, default: Any = None) -> Any:
        """Return a member, or `UNKNOWN` for one that is not known, whatever the default."""
        del default
        return super().get(key, UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource of a program, whatever form of type token it was written with.

    Attributes:
        urn: URN.
        name: its logical name.
        token: the type token.
        type: ARM type in ARM's case, such as `Microsoft.ContainerRegistry/registries`; empty for other providers.
        api_version: the API version that the token or the generic `apiVersion` names; None for the default of the SDK.
        properties: inputs in the SDK's flattened camelCase, as plain dicts and lists that may hold `UNKNOWN`;
            the members of `properties` of a generic resource are at the top level.
        parent: URN of the parent in the component tree.
        dependencies: URNs that a property depends on, by property name; explicit dependencies under "".
        protect: whether the engine refuses to delete it.
        id: ARM id, or None while it is not known.
        secrets: dotted paths of values that are Pulumi secrets.
        external: whether the program only reads it; rules can look it up but do not judge it.
        source: `file#line` of its registration, relative to the project, where it is known.
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

        An absent value or null gives the default. The returned value may itself contain `UNKNOWN`.

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
        """Yield the dotted path and the value of every element of the list at a path; nothing where there is no list.

        Raises:
            Undetermined: the list, or an element of it, is not known yet.
        """
        for position, element in enumerate(self.value(path, ())):
            place = f"{path}.{position}"
            if element is UNKNOWN:
                raise Undetermined(place)
            yield place, element

    def has_unknown(self, path: str = "") -> bool:
        """Return whether the value at a path, one above it or one below it is unknown."""
        try:
            found = self.value(path) if path else self.properties
        except Undetermined:
            return True
        return holds_unknown(found)

    def is_secret(self, path: str) -> bool:
        """Return whether the value at a path, or one above it, is a Pulumi secret."""
        keys = path.split(".")
        return any(".".join(keys[:end]) in self.secrets for end in range(1, len(keys) + 1))


def holds_unknown(value: Any) -> bool:
    """Return whether a plain value is unknown or contains an unknown value at any depth."""
    if value is UNKNOWN:
        return True
    if isinstance(value, Mapping):
        return any(holds_unknown(inner) for inner in value.values())
    if isinstance(value, list | tuple):
        return any(holds_unknown(inner) for inner in value)
    return False
