"""The form in which a provider's types are described: rows of types, and what introspection of the SDK cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
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


Member = dict[str, Any]
TEXT: Member = {"type": {"k": "string"}}
TEXTS: Member = {"type": {"k": "array", "of": {"k": "string"}}}
COUNT: Member = {"type": {"k": "int"}}
SWITCH: Member = {"type": {"k": "bool"}}
TAGS: Member = {"type": {"k": "map", "of": {"k": "string"}}}
SHOWN: Member = {**TEXT, "readOnly": True}
REQUIRED_TEXT: Member = {**TEXT, "required": True}
STATE: dict[str, Member] = {
    "systemData": {"type": {"k": "any"}, "readOnly": True},
    "properties.provisioningState": SHOWN,
}
"""What every resource shows of itself."""

IDENTITY: dict[str, Member] = {
    "type": REQUIRED_TEXT,
    "principalId": SHOWN,
    "tenantId": SHOWN,
    "userAssignedIdentities": {"type": {"k": "set"}},
}
"""The managed identities of a resource."""


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
    """The types of one resource provider with their facts, or those of several providers (`|`).

    Keys are `<module>/<class>` for a resource, `<module>:<class>` for a nested object and ARM's name for a type; names
    of members are the SDK's camelCase names.

    Attributes:
        types: the types, outermost first.
        shapes: types that the SDK has no class for [SDK-GENERIC].
        file_names: files of the SDK whose names do not follow from the class.
        top_level: members beside those of `arm_facts` that stay outside `properties` when a container is flattened.
        flattened: by module, nested classes whose members live under `properties` on the wire [SDK-FLATTEN].
        read_only: members that the service sets; a PUT may carry them and they are ignored [ARM-READONLY].
        since: members that a type publishes only from an API version on, though the SDK's shared classes show them
            [SDK-MIXED].
        values: values that the service takes beside those of the SDK's class, by member; "*" stands for any text, and
            "," says that several may be joined [SDK-VALUES].
        required: members required on the wire although the SDK lets them be absent [ARM-REQUIRED].
        renames: SDK name → wire path, where they differ beyond flattening; a dot in a name has a backslash before it
            [SDK-RENAME].
        query: SDK inputs that go into the query of the PUT, not into its body [SDK-PATH].
        required_containers: containers that the service requires even when nothing goes into them [SDK-CONTAINER].
        derived: classes of versions newer than the SDK's own: new key → (base key, member → change; None removes it). A
            member without `wire` is found below `properties` in a root and in place elsewhere [ACR-2026].
        variants: root class to use from an API version on: type → version → key.
        extra_versions: API versions accepted beyond those that the SDK lists, by type or parent type [ARM-VERSIONS].
        marks: what each type's specification marks, one row per type [AN-FORCENEW].
        synchronous_put: types whose PUT is not a long-running operation, so that nothing but a 202 is polled
            [SDK-ASYNC].
        synchronous_delete: the same of DELETE.
        named_by_guid: types that get a new GUID as a name when the program gives none [AN-NAME].
        singletons: types without DELETE → the SDK inputs that a delete puts back; one that is there may be created
            [AN-SINGLETON].
        defaults: SDK inputs that go back to these values when a program leaves them out, because a PUT without them
            keeps what is there [AN-DEFAULTS].
        read_parts: what a read takes from elsewhere: path below the resource → container, and the member of it that the
            answer's own container becomes [AN-READ-PART].
        delete_query: the query of a DELETE [AN-READ-PART].
        actions: SDK functions whose action does not follow from their name [SDK-LIST].
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

    def __or__(self, other: Family) -> Family:
        """The facts of both, where `other` has the last word."""
        joined: dict[str, Any] = {}
        for name in (each.name for each in fields(self)):
            own, more = getattr(self, name), getattr(other, name)
            joined[name] = own + more if isinstance(own, tuple) else own | more
        return Family(**joined)
