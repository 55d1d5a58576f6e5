"""The form in which a provider's types are described: rows of types, and what introspection of the SDK cannot see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


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
    """An ARM type for which the SDK has no class, kept by hand; programs reach it through the generic resource.

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
    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    renames: Mapping[str, dict[str, str]] = field(default_factory=dict)
    query: Mapping[str, frozenset[str]] = field(default_factory=dict)
    required_containers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    derived: Mapping[str, tuple[str, dict[str, dict[str, Any] | None]]] = field(default_factory=dict)
    variants: Mapping[str, dict[str, str]] = field(default_factory=dict)
    extra_versions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    force_new: Mapping[str, frozenset[str]] = field(default_factory=dict)
    synchronous_put: frozenset[str] = frozenset()
    synchronous_delete: frozenset[str] = frozenset()
    named_by_guid: frozenset[str] = frozenset()
    singletons: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    read_parts: Mapping[str, Mapping[str, tuple[str, str]]] = field(default_factory=dict)
    delete_query: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    actions: Mapping[str, Action] = field(default_factory=dict)
