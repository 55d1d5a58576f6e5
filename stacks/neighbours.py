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

from components.elsewhere import output_of, parsed
from planning.problems import Problem, SpecError
from stacks.document import Document, located
from stacks.files import DIRECTORY, stack_names
from stacks.loader import Stack, describe, load
from stacks.zone_writers import writers


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
            yield from ((named, problem) for problem in _shared(stacks, named, rest))


def is_same(one: Document, other: Document) -> bool:
    """Return whether two specs describe the same resources: registry, name and environment are equal."""
    return _identity(one) == _identity(other) != (None, None, None)


def _identity(document: Document) -> tuple[Any, Any, Any]:
    data = document.data if isinstance(document.data, dict) else {}
    registry = data.get("registry")
    held = registry.get("name") if isinstance(registry, dict) else None
    return (held.lower() if isinstance(held, str) else held, data.get("name"), data.get("environment"))


def _shared(stacks: Mapping[str, Stack], own: str, name: str) -> Iterator[Problem]:
    """Yield the conflicts of a stack with another one."""
    stack, other = stacks[own], stacks[name]
    ours, another = stack.spec.registry, other.spec.registry
    if ours and another and ours.name.lower() == another.name.lower() and not (ours.id or another.id):
        message = f"{ours.name} is the registry of stack {name} too, and its name must be unique [NAME-1]"
        yield Problem(("registry", "name"), f"{message}; use another name, or remove one of the two files")
        # Such stacks usually share all names, which would only repeat the cause.
        return
    yield from writers(stacks, own, name)
    if _uses(stack, other, name) or _uses(other, stack, own):
        yield from _described(stack, other, name)
    shared = sorted(_names(stack) & _names(other))
    if shared:
        group, resource = shared[0]
        what = f" and {len(shared) - 1} more are" if len(shared) > 1 else " is"
        message = f"{resource} in {group}{what} in stack {name} too, and would be the same in one subscription"
        yield Problem(
            ("environment",), f"{message}; use another environment or name, or another subscription", "warning"
        )
    peered = {*_peered(stack, other, name), *((near, far) for far, near in _peered(other, stack, own))}
    for key, network in stack.spec.networks.items():
        for theirs, network_there in other.spec.networks.items():
            if network.outside or network_there.outside:
                continue
            for index, prefix in enumerate(network.address_space):
                met = next((each for each in network_there.address_space if prefix.overlaps(each)), None)
                if met is not None:
                    path, overlap = ("networks", key, "address_space", str(index)), f"{prefix} overlaps {met}"
                    where = f"{overlap} of networks.{theirs} in stack {name}"
                    if (key, theirs) in peered:
                        yield Problem(
                            path, f"{where}, and both are peered, which Azure refuses; use another range [NET-4]"
                        )
                    else:
                        message = f"{where}, so they can never be peered; use another range if peering may be needed"
                        yield Problem(path, message, "warning")


_FACTS = ("name", "regional_endpoints", "role_assignment_mode", "domain_name_label_scope")


def _uses(stack: Stack, other: Stack, name: str) -> bool:
    """Return whether the registry that a stack names by id is the one that another stack makes."""
    ours, theirs = stack.spec.registry, other.spec.registry
    if not (ours and theirs and ours.id and not theirs.id):
        return False
    there, site = parsed(ours.id), other.plan.sites["registry",]
    if there is None:
        return output_of(ours.id, name) == "registry_id"
    return (there.resource_group.lower(), there.name.lower()) == (site.group.name.lower(), site.name.lower())


def _described(stack: Stack, other: Stack, name: str) -> Iterator[Problem]:
    """Yield what two stacks state otherwise of the registry that one of them makes and the other uses."""
    here, there = _facts(stack), _facts(other)
    if here.pop("name") != there["name"]:
        message = f"is not {there['name']}, as stack {name} calls the registry that both work with; write the same"
        yield Problem(("registry", "name"), message)
    for key, stated in here.items():
        if stated != there[key]:
            message = f"is {stated} here and {there[key]} in stack {name}, and both work with this registry"
            reason = "addresses, hosts and roles follow from it, so write the same"
            yield Problem(("registry", key), f"{message}; {reason}", "warning")


def _facts(stack: Stack) -> dict[str, str]:
    registry = stack.spec.registry
    facts = {key: str(getattr(registry, key, "")).lower() for key in _FACTS}
    facts["dedicated_data_endpoints"] = str(registry is not None and registry.data_endpoints).lower()
    facts["location"] = stack.spec.registry_home
    facts["replicas"] = ", ".join(sorted(stack.spec.replicas)) or "none"
    return facts


def _peered(stack: Stack, other: Stack, name: str) -> Iterator[tuple[str, str]]:
    """Yield keys of networks of a stack and of the networks of another stack that it peers them with."""
    known: dict[tuple[str, str], str] = {}
    for key, network in other.spec.networks.items():
        site = other.plan.sites["networks", key]
        if not network.outside:
            known[site.group.name.lower(), site.name.lower()] = key
    for pair in stack.plan.peerings:
        for near, far in (pair, pair[::-1]):
            text = stack.spec.networks[far].id
            there = parsed(text)
            held = known.get((there.resource_group.lower(), there.name.lower())) if there else None
            named = output_of(text, name) if text and not there else None
            theirs = held or (named.removeprefix("networks.") if named else None)
            if theirs is not None:
                yield near, theirs


def _names(stack: Stack) -> set[tuple[str, str]]:
    """Resource group and name of everything that the stack creates, in lower case."""
    # The site of a network made elsewhere is where the stack creates what belongs to it, such as links.
    theirs = {("networks", key) for key, network in stack.spec.networks.items() if network.id}
    ours = (site for site in stack.plan.sites if not site.elsewhere and site.path not in theirs)
    return {(site.group.name.lower(), site.name.lower()) for site in ours}
