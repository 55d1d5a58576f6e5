"""The form in which a provider's types are described: rows of types, and what introspection of the SDK cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

READ_ON = "2026-11-28"
"""Day on which the specifications and packages that rows name as their sources were read."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a published specification marks in one type's body, and what azure-native adds to that [AN-FORCENEW].

    Names are SDK paths without the indexes of arrays.

    Attributes:
        source: path in Azure/azure-rest-api-specs below `specification/`, or a management package, whose classes repeat
            the marks; `chosen: …` where none was read.
        create_only: members of the resource that `x-ms-mutability` lets be set on create and not on update.
        nested: the same of members one object or array (`name[].`) below. azure-native looks no deeper, and takes no
            such mark from an enum.
        forced: what azure-native's own list adds. `name[]` says that a change of one element counts too, which holds
            for listed arrays and for no array that the specification marks.
        keyed: arrays that `x-ms-identifiers` tells to compare by these members [AN-KEYED]. A key that the SDK's items
            do not have is left out: such an array is compared by position.
        ignore_case: texts that azure-native compares without case.
        read_on: day on which the source was read.
    """

    source: str
    create_only: frozenset[str] = frozenset()
    nested: frozenset[str] = frozenset()
    forced: frozenset[str] = frozenset()
    keyed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignore_case: frozenset[str] = frozenset()
    read_on: str = READ_ON

    def replacing(self, *, nested: bool) -> frozenset[str]:
        """Paths whose change replaces the resource; `nested` includes the marks of nested types."""
        listed = self.forced | {name.removesuffix("[]") for name in self.forced}
        return self.create_only | listed | (self.nested if nested else frozenset())


UNREAD = Marks("chosen: no marks")
"""The row of a type whose specification was not read."""


@dataclass(frozen=True, slots=True)
class Bound:
    """Limits of one input, as a specification states them [AN-BOUNDS].

    Lengths are in bytes of UTF-8. `pattern` may match anywhere in the text. A limit holds at API versions from `since`
    on and before `until`; empty is no limit.
    """

    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    since: str = ""
    until: str = ""

    def holds(self, api_version: str) -> bool:
        """Whether the specification of an API version states it."""
        return self.since <= api_version and (not self.until or api_version < self.until)


@dataclass(frozen=True)
class TypeRow:
    """One ARM type and the SDK class that speaks it.

    `parameters` are the SDK's names of the path segments, outermost first, without `resourceGroupName` and
    `subscriptionId` [SDK-PATH]; one that starts with `=` is a segment that never differs, such as `=default`.
    `scope` is `group`, `subscription` or `extension` (the class takes `scope`; where it calls that otherwise, such as
    `resourceUri`, the name comes first in `parameters`).
    `selector` picks a row where one class serves several types.
    """

    name: str
    module: str
    cls: str
    parameters: tuple[str, ...]
    scope: str = "group"
    selector: tuple[str, str] | None = None


@dataclass(frozen=True)
class Shape:
    """An ARM type, or versions of one, for which the SDK has no class, kept by hand for the generic resource.

    `versions` gives the members of the body at each API version, by wire path such as `properties.subnetId`:
    `{"type": shape}` with `required` and `readOnly` where they hold. `objects` are the nested definitions that a
    `{"k": "ref", "ref": "<type name>:<object>"}` names.
    """

    name: str
    versions: Mapping[str, Mapping[str, dict[str, Any]]]
    objects: Mapping[str, Mapping[str, dict[str, Any]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Action:
    """An action that an SDK function calls by POST.

    `path` follows the id of the resource. `body` and `query` give the wire's name of arguments that the SDK names
    otherwise; an argument in neither goes into the body under its own name.
    """

    type: str
    path: str
    body: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Family:
    """The types of one resource provider with their facts; each member joins the table of that name in `arm_facts`.

    Keys are `<module>/<class>` for a resource, `<module>:<class>` for a nested object and ARM's name for a type.
    """

    types: tuple[TypeRow, ...] = ()
    shapes: tuple[Shape, ...] = ()
    file_names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    top_level: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flattened: Mapping[str, frozenset[str]] = field(default_factory=dict)
    read_only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: Mapping[str, dict[str, str]] = field(default_factory=dict)
    values: Mapping[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    renames: Mapping[str, dict[str, str]] = field(default_factory=dict)
    query: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required_containers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    derived: Mapping[str, tuple[str, dict[str, dict[str, Any] | None]]] = field(default_factory=dict)
    variants: Mapping[str, dict[str, str]] = field(default_factory=dict)
    extra_versions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    marks: Mapping[str, Marks] = field(default_factory=dict)
    synchronous_put: frozenset[str] = frozenset()
    synchronous_delete: frozenset[str] = frozenset()
    named_by_guid: frozenset[str] = frozenset()
    singletons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    read_parts: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    delete_query: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
