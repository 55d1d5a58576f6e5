"""The form in which a system joins a stack: where it is deployed, what it takes and pulls, its checks and its builder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planning.addresses import Consumer
from planning.problems import Problem
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec

Check = Callable[[StackSpec, Plan], Iterator[Problem]]


def _no_sites(spec: StackSpec, sites: Sites) -> Iterator[Site]:
    yield from ()


def _no_consumers(spec: StackSpec) -> Iterator[Consumer]:
    yield from ()


def _no_pullers(spec: StackSpec, sites: Sites) -> Iterator[Puller]:
    yield from ()


@dataclass(frozen=True, slots=True)
class System:
    """One system of a stack.

    Attributes:
        section: its section of the stack file.
        sites: where each entry of the section is deployed; entries of earlier systems are there already.
        consumers: what it takes from which subnet; a subnet that does not exist may be named, and is left out.
        pullers: what of it pulls images, so that access and co-location follow.
        checks: what Azure would refuse where the system meets others; each yields problems at the culprit's place.
        builder: module whose ``build`` makes the section, by name: it imports its part of the SDK, which takes seconds that
            a stack without the section must not pay for. None for a section that makes nothing.
    """

    section: str
    sites: Callable[[StackSpec, Sites], Iterator[Site]] = _no_sites
    consumers: Callable[[StackSpec], Iterator[Consumer]] = _no_consumers
    pullers: Callable[[StackSpec, Sites], Iterator[Puller]] = _no_pullers
    checks: tuple[Check, ...] = ()
    builder: str | None = None
