"""The form in which a system joins: what it takes from subnets, what it pulls, and what of it Azure would refuse."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.addresses import Consumer
from planning.problems import Path, Problem
from stacks.spec import StackSpec

if TYPE_CHECKING:
    from stacks.plan import Plan


@dataclass(frozen=True, slots=True)
class Puller:
    """Something that pulls images.

    Attributes:
        path: where the description asks for it.
        region: where it runs.
        identity: key of the identity by which it pulls; None where it pulls in another way, or nothing yet.
    """

    path: Path
    region: str
    identity: str | None


def _no_consumers(spec: StackSpec) -> Iterator[Consumer]:
    yield from ()


def _no_pullers(spec: StackSpec) -> Iterator[Puller]:
    yield from ()


@dataclass(frozen=True, slots=True)
class System:
    """One system of a stack.

    Attributes:
        name: section of the stack file.
        consumers: what it takes from which subnet; a subnet that does not exist may be named, and is left out.
        pullers: what of it pulls images, so that access and co-location follow.
        checks: what Azure would refuse where the system meets others; each yields problems at the culprit's place.
    """

    name: str
    consumers: Callable[[StackSpec], Iterator[Consumer]] = _no_consumers
    pullers: Callable[[StackSpec], Iterator[Puller]] = _no_pullers
    checks: tuple[Callable[[StackSpec, Plan], Iterator[Problem]], ...] = ()
