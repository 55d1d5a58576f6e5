"""The interfaces of the resources of a stack, made in one place: the entry of the stack file, its component, and what is made on it.

An entry has interfaces if its spec is a `ResourceSpec`. The component of an entry is found by its logical name, as
`stacks.origins` reads logical names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi
from pydantic import BaseModel

from components.elsewhere import name_of
from components.interfaces.lock import Lock
from components.interfaces.spec import ResourceSpec
from planning.problems import Path
from stacks.spec import StackSpec


@dataclass(frozen=True, slots=True)
class Kind:
    """Entries of one kind.

    Attributes:
        path: path of the entries; a `*` is a key.
        name: logical name of the component after the name of the stack, with `{}` for each key.
        token: type token of the component, or of the resource itself.
    """

    path: str
    name: str
    token: str


KINDS: Final[tuple[Kind, ...]] = (
    Kind("registry", "registry", "moorings:registry:Registry"),
    Kind("networks.*", "network-{}", "moorings:network:Network"),
)
"""Every kind of entry that has interfaces; a test compares it with the specs."""

_BY_PATH: Final = {kind.path: kind for kind in KINDS}


@dataclass
class Made:
    """The resources of an environment so far, as a transformation sees them.

    Attributes:
        custom: resources that exist in Azure, in the order of their registration.
        by_name: resources and components by type token and logical name.
    """

    custom: list[pulumi.Resource] = field(default_factory=list)
    by_name: dict[tuple[str, str], Any] = field(default_factory=dict)

    def note(self, args: pulumi.ResourceTransformationArgs) -> None:
        """Note a resource; a transformation that changes nothing."""
        self.by_name[args.type_, args.name] = args.resource
        if isinstance(args.resource, pulumi.CustomResource):
            self.custom.append(args.resource)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that states interfaces.

    Attributes:
        path: its path in the stack file.
        kind: what it is; None if the table lacks it.
        spec: the entry itself.
    """

    path: Path
    kind: Kind | None
    spec: ResourceSpec

    def logical_name(self, stack: str) -> str:
        """Return the logical name of its component.

        Args:
            stack: prefix of logical names.
        """
        if self.kind is None:
            raise LookupError(f"{'.'.join(self.path)} is not in the table of interfaces")
        keys = [key for key, part in zip(self.path, self.kind.path.split("."), strict=True) if part == "*"]
        return f"{stack}-{self.kind.name.format(*map(name_of, keys))}"


def entries(spec: StackSpec) -> Iterator[Entry]:
    """Yield the entries of a stack that state interfaces."""
    for path, pattern, found in _resources(spec, (), ()):
        if found.has_interfaces:
            yield Entry(path, _BY_PATH.get(".".join(pattern)), found)


def lock(name: str, spec: StackSpec, made: Made, *, parent: pulumi.Resource) -> None:
    """Make the locks of a stack.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        made: every resource of the stack.
        parent: the component that owns the locks.
    """
    after = list(made.custom)
    for entry in entries(spec):
        if entry.spec.lock:
            logical = f"{entry.logical_name(name)}-lock"
            scope = _id(entry, name, made)
            Lock(logical, entry.spec.lock, scope=scope, after=after, opts=pulumi.ResourceOptions(parent=parent))


def _id(entry: Entry, name: str, made: Made) -> pulumi.Output[str]:
    logical = entry.logical_name(name)
    token = entry.kind.token if entry.kind else ""
    return made.by_name[token, logical].id


def _resources(value: Any, path: Path, pattern: Sequence[str]) -> Iterator[tuple[Path, Sequence[str], ResourceSpec]]:
    """Yield every spec of a resource below a value: its path, the path with a star for each key, and the spec."""
    if isinstance(value, BaseModel):
        if isinstance(value, ResourceSpec):
            yield path, pattern, value
        for name in type(value).model_fields:
            yield from _resources(getattr(value, name), (*path, name), (*pattern, name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _resources(each, (*path, str(key)), (*pattern, "*"))
