"""The interface of a system: its charges, its sites, its consumers of addresses, its pulls, its checks and its builder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planning.addresses import Consumer
from planning.charges import Item, NoCharge
from planning.problems import Problem
from stacks.plan import Plan, Puller
from stacks.sites import Site, Sites
from stacks.spec import StackSpec
from stacks.usage import Usage

Charges = Callable[[StackSpec, Plan, Usage], Iterator[Item]]
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
        charges: what its entries are billed for in a month, or why nothing of it is billed.
        sites: the site of each entry; those of earlier systems are available.
        consumers: the addresses that it uses, by subnet; unknown subnets are ignored.
        pullers: its consumers that pull images, for access and co-location.
        checks: cross-system checks; each yields problems at the path of the cause.
        builder: name of the module whose ``build`` makes the section. It is imported on demand, because importing its
            part of the SDK takes seconds. None for a section without resources.
    """

    section: str
    charges: Charges | NoCharge
    sites: Callable[[StackSpec, Sites], Iterator[Site]] = _no_sites
    consumers: Callable[[StackSpec], Iterator[Consumer]] = _no_consumers
    pullers: Callable[[StackSpec, Sites], Iterator[Puller]] = _no_pullers
    checks: tuple[Check, ...] = ()
    builder: str | None = None
