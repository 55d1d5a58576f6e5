"""Fields that name something else: a key of a section, a subnet of a network, a profile of an environment.

The type of a field states its target: ``identity: IdentityKey``. One pass over a spec finds every reference, its path
and its target, so that checks, schema and plan need no list of fields.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from components.elsewhere import MadeElsewhere, is_elsewhere
from planning import resource_ids
from planning.problems import Path, unknown

_SEGMENT = re.compile(r"\{((?:[^{}]|\{[^{}]*\})*)\}|[^.{}]+")
"""A word, or a path in braces, which may be nested."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The annotation of a field whose value is the key of something else.

    Attributes:
        target: path of the map that holds the key. It starts at the root of the description, or, with a dot in front,
            at the nearest enclosing entry that has its first word. ``{network}`` stands for the value of the field of
            that name in the nearest enclosing entry, ``{key}`` for the key of the entry itself, and a longer path in
            braces for the value at that path: ``networks.{clusters.{cluster}.network}.subnets``.
        noun: the kind of target, for messages.
        type: resource type of targets that may be named by their ARM ids if they are made elsewhere; None for keys only.
        words: values of the field that are not keys.
    """

    target: str
    noun: str
    type: str | None = None
    words: tuple[str, ...] = ()

    @property
    def within(self) -> bool:
        """Whether the target is within an enclosing entry, and thus known to the entry's own spec."""
        return self.target.startswith(".")

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return the schema of the field, which checks the id of what is made elsewhere where one is taken."""
        if self.type is None:
            return handler(source)
        return MadeElsewhere(self.type, only=False).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """Return the schema of the field with its target, for editors and for completion."""
        if self.type is None:
            return {**handler(core_schema), "x-reference": self.target}
        taken = MadeElsewhere(self.type, only=False).__get_pydantic_json_schema__(core_schema, handler)
        return {**taken, "x-reference": self.target}


@dataclass(frozen=True, slots=True)
class Edge:
    """One reference of a description.

    Attributes:
        path: path of the field. reference: annotation of the field. value: the stated key. section: path of the map
            that should contain the key; None if it cannot be determined because another reference is wrong. known: the
            keys of that map. owner: path of the entry that contains the section.
    """

    path: Path
    reference: Reference
    value: str
    section: Path | None
    known: Collection[str]
    owner: Path

    @property
    def target(self) -> Path | None:
        """Path of the target; None if it does not exist."""
        return None if self.section is None or self.value not in self.known else (*self.section, self.value)

    @property
    def problem(self) -> str | None:
        """The problem in one line; None if the target exists, or if another reference causes the problem."""
        if self.section is None or self.value in self.known:
            return None
        if is_elsewhere(self.value):
            section = ".".join(self.section)
            return (
                f"takes the key of a {self.reference.noun}; add {section}.KEY with id: {self.value}, and write that KEY"
            )
        return unknown(self.reference.noun, self.value, self.choices)

    @property
    def choices(self) -> tuple[str, ...]:
        """What the field could hold: its own words, and the keys of the section that are no ids."""
        return (*self.reference.words, *(str(key) for key in self.known if not is_elsewhere(str(key))))

    @property
    def made_elsewhere(self) -> bool:
        """Whether it names what is made elsewhere, where its field takes that, and no entry of the section has it yet."""
        named = self.reference.type is not None and is_elsewhere(self.value)
        return named and self.section is not None and self.value not in self.known


@dataclass(frozen=True, slots=True)
class _Frame:
    """An entry that encloses a field."""

    entry: BaseModel
    path: Path


_Scope = tuple[_Frame, ...]


def edges(description: BaseModel) -> Iterator[Edge]:
    """Yield every reference of a stack's spec, or of one spec, defaults included."""
    yield from _of_entry(description, (_Frame(description, ()),))


def dangling(spec: BaseModel) -> Iterator[tuple[Path, str]]:
    """Yield path and problem of the dangling references within this spec, for the spec's own check."""
    for edge in edges(spec):
        if edge.reference.within and edge.owner == () and edge.problem:
            yield edge.path, edge.problem


def _of_entry(entry: BaseModel, scope: _Scope) -> Iterator[Edge]:
    for name, field in type(entry).model_fields.items():
        path = (*scope[-1].path, name)
        yield from _of_value(getattr(entry, name), field.annotation, field.metadata, path, scope)


def _of_value(value: Any, annotation: Any, metadata: Sequence[Any], path: Path, scope: _Scope) -> Iterator[Edge]:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _of_value(value, arguments[0], (*metadata, *arguments[1:]), path, scope)
    elif origin in (Union, UnionType):
        for alternative in arguments:
            yield from _of_value(value, alternative, metadata, path, scope)
    elif isinstance(value, str) and annotation is str:
        references = (each for each in metadata if isinstance(each, Reference) and value not in each.words)
        yield from (_edge(value, each, path, scope) for each in references)
    elif isinstance(value, BaseModel) and annotation is type(value):
        yield from _of_entry(value, (*scope, _Frame(value, path)))
    elif isinstance(value, Mapping) and origin is dict:
        for key, item in value.items():
            yield from _of_value(key, arguments[0], (), (*path, key), scope)
            yield from _of_value(item, arguments[1], (), (*path, key), scope)
    elif isinstance(value, list) and origin is list:
        for index, item in enumerate(value):
            yield from _of_value(item, arguments[0], (), (*path, str(index)), scope)


def _edge(value: str, reference: Reference, path: Path, scope: _Scope) -> Edge:
    words = reference.target.removeprefix(".")
    start = _holder(scope, _parsed(words)[0]) if reference.within else scope[0]
    section, found = _followed(words, start, scope) if start else (None, None)
    held = isinstance(found, Mapping | Sequence)
    return Edge(path, reference, value, section if held else None, found if held else (), start.path if start else ())


def _holder(scope: _Scope, name: str) -> _Frame | None:
    """The nearest enclosing entry with a field or a property of that name."""
    return next((frame for frame in reversed(scope) if hasattr(frame.entry, name)), None)


def _followed(target: str, start: _Frame, scope: _Scope) -> tuple[Path, Any]:
    """The path and value of a target, seen from an entry; None if a part of it does not exist."""
    path, found = start.path, start.entry
    for segment in _parsed(target):
        key = _substituted(segment[1:-1], scope) if segment.startswith("{") else segment
        path = (*path, str(key))
        found = found.get(key) if isinstance(found, Mapping) else getattr(found, str(key), None)
    return path, found


def _substituted(words: str, scope: _Scope) -> Any:
    """The value of a path in braces."""
    if words == "key":
        return scope[-1].path[-1]
    if "." in words:
        return _followed(words, scope[0], scope)[1]
    holder = _holder(scope, words)
    return getattr(holder.entry, words) if holder else None


@cache
def _parsed(target: str) -> tuple[str, ...]:
    """Words and braces of a target."""
    return tuple(found.group(0) for found in _SEGMENT.finditer(target))


NetworkKey = Annotated[str, Reference("networks", "network")]
SubnetKey = Annotated[str, Reference("networks.{network}.subnets", "subnet")]
"""A subnet of the network named by the nearest enclosing entry."""
RouteTableKey = Annotated[str, Reference("route_tables", "route table", resource_ids.ROUTE_TABLE)]
NatGatewayKey = Annotated[str, Reference("nat_gateways", "NAT gateway", resource_ids.NAT_GATEWAY)]
FirewallKey = Annotated[str, Reference("firewalls", "firewall")]
IdentityKey = Annotated[str, Reference("identities", "identity", resource_ids.IDENTITY)]
WorkspaceKey = Annotated[str, Reference("monitoring.workspaces", "workspace", resource_ids.WORKSPACE)]
MetricsWorkspaceKey = Annotated[
    str, Reference("monitoring.metrics_workspaces", "metrics workspace", resource_ids.METRICS_WORKSPACE)
]
ZoneKey = Annotated[str, Reference("dns.zones", "zone of dns.zones", resource_ids.ZONE)]
ClusterKey = Annotated[str, Reference("clusters", "cluster")]
WorkloadKey = Annotated[str, Reference("workloads", "workload")]
EnvironmentKey = Annotated[str, Reference("container_apps", "environment of container_apps", resource_ids.ENVIRONMENT)]
SchedulerKey = Annotated[str, Reference("task_schedulers", "scheduler of task_schedulers")]
KeyVaultKey = Annotated[str, Reference("key_vaults", "key vault")]
