"""Checks across stacks: names and ranges that two stack files of one project must not share.

Here the plans of stacks are compared: a registry's name is unique in a cloud, names in a resource group are unique in a
subscription, and networks with overlapping ranges cannot be peered.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from pathlib import Path as FilePath
from typing import Any

from planning.problems import Problem, SpecError
from stacks.document import Document, located
from stacks.files import DIRECTORY, stack_names
from stacks.loader import Stack, describe, load


def shared(asked: Mapping[str, Stack], directory: FilePath = DIRECTORY) -> dict[str, list[Problem]]:
    """Return the conflicts of the given stacks with all others in a directory, one per pair.

    Args:
        asked: the stacks to report on.
        directory: directory of the stack files; invalid ones are ignored.
    """
    stacks = dict(asked)
    for name in stack_names(directory):
        if name not in stacks:
            with contextlib.suppress(SpecError):
                stacks[name] = load(name, directory=directory)
    found: dict[str, list[Problem]] = {}
    for name, problem in _between(stacks, asked):
        found.setdefault(name, []).append(problem)
    return {name: located(problems, describe(name, directory=directory)) for name, problems in found.items()}


def _between(stacks: Mapping[str, Stack], asked: Collection[str]) -> Iterator[tuple[str, Problem]]:
    for one, other in combinations(sorted(stacks), 2):
        named = other if other in asked else one
        if named in asked and stacks[one].spec.cloud == stacks[other].spec.cloud:
            rest = one if named == other else other
            yield from ((named, problem) for problem in _shared(stacks[named], stacks[rest], rest))


def is_same(one: Document, other: Document) -> bool:
    """Return whether two specs describe the same resources: registry, name and environment are equal."""
    return _identity(one) == _identity(other) != (None, None, None)


def _identity(document: Document) -> tuple[Any, Any, Any]:
    data = document.data if isinstance(document.data, dict) else {}
    registry = data.get("registry")
    return (registry.get("name") if isinstance(registry, dict) else None, data.get("name"), data.get("environment"))


def _shared(stack: Stack, other: Stack, name: str) -> Iterator[Problem]:
    ours, another = stack.spec.registry, other.spec.registry
    if ours and another and ours.name == another.name and not (ours.id or another.id):
        message = f"{ours.name} is the registry of stack {name} too, and its name must be unique [NAME-1]"
        yield Problem(("registry", "name"), f"{message}; use another name, or remove one of the two files")
        # Such stacks usually share all names, which would only repeat the cause.
        return
    shared = sorted(_names(stack) & _names(other))
    if shared:
        group, resource = shared[0]
        more = f" and {len(shared) - 1} more" if len(shared) > 1 else ""
        message = (
            f"{resource} in {group}{more} are in stack {name} too, and would be the same resources in one subscription"
        )
        yield Problem(
            ("environment",), f"{message}; use another environment or name, or another subscription", "warning"
        )
    for key, network in stack.spec.networks.items():
        for theirs, network_there in other.spec.networks.items():
            if network.outside or network_there.outside:
                continue
            for index, prefix in enumerate(network.address_space):
                met = next((each for each in network_there.address_space if prefix.overlaps(each)), None)
                if met is not None:
                    message = (
                        f"{prefix} overlaps {met} of networks.{theirs} in stack {name}, so they can never be peered"
                    )
                    path = ("networks", key, "address_space", str(index))
                    yield Problem(path, f"{message}; use another range if peering may be needed", "warning")


def _names(stack: Stack) -> set[tuple[str, str]]:
    """Resource group and name of everything that the stack creates, in lower case."""
    return {(site.group.name.lower(), site.name.lower()) for site in stack.plan.sites if not site.elsewhere}
