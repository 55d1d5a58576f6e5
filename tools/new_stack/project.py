"""What a new stack finds in its project: the base, the other stacks, and the ranges and registries that they have."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

from planning import networks
from planning.problems import SpecError
from stacks.document import read, value_at
from stacks.files import BASE, CONFIG_KEY, stack_names
from stacks.loader import describe, load

_ALL = IPv4Network("10.0.0.0/8")


@dataclass(frozen=True)
class Shared:
    """A registry that another stack creates, as a stack file states it.

    Attributes:
        reference: its ARM id, or the output that holds it, in YAML.
        name: its name.
        home: its home region.
        replicas: the regions of its replicas.
        regional_endpoints: whether each replica has a host name.
        data_endpoints: whether it has dedicated data endpoints.
        mode: how its role assignments apply.
    """

    reference: str
    name: str
    home: str
    replicas: tuple[str, ...]
    regional_endpoints: bool
    data_endpoints: bool
    mode: str

    @property
    def regions(self) -> tuple[str, ...]:
        """Every region of the registry, the home region first."""
        return (self.home, *self.replicas)


@dataclass(frozen=True)
class Project:
    """A project as a new stack finds it.

    Attributes:
        directory: folder of the stack files.
        name: name of the Pulumi project.
    """

    directory: Path
    name: str

    @property
    def stacks(self) -> list[str]:
        """Names of the stacks that have a file."""
        return stack_names(self.directory)

    def file(self, stack: str) -> Path:
        """Return the path of a stack file."""
        return self.directory / f"Pulumi.{stack}.yaml"

    def inherited(self, key: str, otherwise: str) -> str:
        """Return a value of the base, or another one if the base does not state it."""
        path = self.directory / BASE
        data = read(path, BASE).data if path.exists() else {}
        return str(value_at(data, ("config", CONFIG_KEY, key)) or otherwise)

    def free_range(self, prefix_length: int) -> IPv4Network | None:
        """Return the first range of that size within 10.0.0.0/8 that no network of another stack overlaps."""
        taken = list(self._ranges())
        for candidate in _ALL.subnets(new_prefix=prefix_length):
            if not any(candidate.overlaps(each) for each in taken):
                return candidate
        return None

    def shared(self, stack: str) -> Shared | None:
        """Return the registry that a stack creates, or None if it creates none or its file is invalid."""
        with contextlib.suppress(SpecError):
            spec = load(stack, directory=self.directory).spec
            if spec.registry and not spec.registry.id:
                return Shared(
                    reference=f"{{stack: organization/{self.name}/{stack}, output: registry_id}}",
                    name=spec.registry.name,
                    home=spec.registry_home,
                    replicas=tuple(spec.replicas),
                    regional_endpoints=spec.registry.regional_endpoints,
                    data_endpoints=spec.registry.data_endpoints,
                    mode=spec.registry.role_assignment_mode,
                )
        return None

    def _ranges(self) -> Iterator[IPv4Network]:
        for stack in self.stacks:
            described: Any = {}
            with contextlib.suppress(SpecError):
                described = value_at(describe(stack, directory=self.directory).data, ("networks",))
            for network in described.values() if isinstance(described, dict) else ():
                for text in (network.get("address_space") or ()) if isinstance(network, dict) else ():
                    with contextlib.suppress(ValueError):
                        yield networks.parse(str(text))
