"""The entries of a stack file that state interfaces, and the logical names of their components.

An entry has interfaces if its spec is a `ResourceSpec`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from components.elsewhere import name_of
from components.interfaces.spec import ResourceSpec
from components.resource_groups.spec import ResourceGroupSpec
from planning.problems import Path
from stacks.interfaces.kinds import KINDS, Kind
from stacks.spec import StackSpec

_BY_PATH: Final = {kind.path: kind for kind in KINDS}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that states interfaces.

    Attributes:
        path: its path in the stack file.
        kind: what it is.
        spec: the entry itself.
    """

    path: Path
    kind: Kind
    spec: ResourceSpec

    def logical_name(self, stack: str) -> str:
        """Return the logical name of its component.

        Args:
            stack: prefix of logical names.
        """
        keys = [key for key, part in zip(self.path, self.kind.path.split("."), strict=True) if part == "*"]
        if isinstance(self.spec, ResourceGroupSpec) and self.spec.name:
            keys = [f"named-{self.spec.name.lower()}"]
        return f"{stack}-{self.kind.name.format(*map(name_of, keys))}"


def tags(spec: StackSpec) -> dict[Path, dict[str, str]]:
    """Return the tags that entries of a stack state, by path."""
    return {path: found.tags for path, _, found in _resources(spec, (), ()) if found.tags}


def entries(spec: StackSpec) -> Iterator[Entry]:
    """Yield the entries of a stack that state interfaces."""
    for path, pattern, found in _resources(spec, (), ()):
        if found.has_interfaces:
            yield Entry(path, _BY_PATH[".".join(pattern)], found)


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
