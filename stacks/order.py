"""The order in which the stacks of a project are deployed: a stack follows the stacks whose outputs it refers to."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Any

from planning.problems import Path, Problem, SpecError
from stacks.document import Document, located
from stacks.files import DIRECTORY
from stacks.loader import describe


@dataclass(frozen=True, slots=True)
class Order:
    """What the stacks of a project need of one another.

    Attributes:
        needs: for each stack, the stacks of the project whose outputs it refers to.
        outside: for each stack, the full names of the other stacks that it refers to.
        organizations: for each stack, the organizations by which it names stacks of the project.
    """

    needs: Mapping[str, tuple[str, ...]]
    outside: Mapping[str, tuple[str, ...]]
    organizations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def waves(self) -> list[list[str]]:
        """The stacks in groups: those of one group are independent of one another, and need only those of earlier groups."""
        sorter = TopologicalSorter(self.needs)
        sorter.prepare()
        found: list[list[str]] = []
        while sorter.is_active():
            ready = sorted(sorter.get_ready())
            found.append(ready)
            sorter.done(*ready)
        return found

    @property
    def names(self) -> list[str]:
        """The stacks in order."""
        return [name for wave in self.waves for name in wave]

    def dependents(self, changed: Collection[str]) -> set[str]:
        """Return the stacks that need one of the given stacks, directly or through others."""
        found: set[str] = set()
        for name in self.names:
            if any(need in changed or need in found for need in self.needs[name]):
                found.add(name)
        return found - set(changed)


def order(names: Sequence[str], project: str, directory: FilePath = DIRECTORY) -> Order:
    """Return the order of stacks as their files state it.

    Args:
        names: names of the stacks; a reference to another stack is one to the outside.
        project: name of the project, which is part of the full name of a stack.
        directory: directory of the stack files.

    Raises:
        SpecError: a file cannot be read, or stacks refer to one another in a circle.
    """
    problems: list[Problem] = []
    documents: dict[str, Document] = {}
    for name in names:
        try:
            documents[name] = describe(name, directory=directory)
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    referred = {name: [each for _, each in references(document.data)] for name, document in documents.items()}
    needs = {name: tuple(dict.fromkeys(_ours(each, names, project))) for name, each in referred.items()}
    outside = {
        name: tuple(dict.fromkeys(full for full in each if not _ours([full], names, project)))
        for name, each in referred.items()
    }
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        raise _circle(error.args[1], documents, project) from None
    organizations = {
        name: tuple(dict.fromkeys(full.split("/")[0] for full in each if _ours([full], names, project)))
        for name, each in referred.items()
    }
    return Order(needs, outside, organizations)


def readable(names: Sequence[str], directory: FilePath = DIRECTORY) -> list[str]:
    """Return the stacks whose files can be read, which have an order even if others have none."""
    found: list[str] = []
    for name in names:
        with contextlib.suppress(SpecError):
            describe(name, directory=directory)
            found.append(name)
    return found


def references(data: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield the path of each output of another stack that a description refers to, and the full name of that stack."""
    if isinstance(data, dict) and set(data) == {"stack", "output"}:
        name = data["stack"]
        if isinstance(name, str) and len(name.split("/")) == 3:
            yield path, name
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, item in items:
        yield from references(item, (*path, str(key)))


def _ours(full_names: Sequence[str], names: Collection[str], project: str) -> list[str]:
    """The stacks of the project among stacks by their full names."""
    parts = [name.split("/") for name in full_names]
    return [stack for _, its, stack in parts if its == project and stack in names]


def _circle(circle: Sequence[str], documents: Mapping[str, Document], project: str) -> SpecError:
    """The refusal of stacks that need one another, at the reference of each; a stack is followed by one that needs it."""
    problems: list[Problem] = []
    for needed, name in pairwise(circle):
        document = documents[name]
        path = next(path for path, full in references(document.data) if _ours([full], [needed], project))
        message = (
            f"refers to stack {needed}, and the stacks refer to one another in a circle ({' → '.join(circle)}), so none can be "
            "deployed first; write the ARM id here, or remove one of the references [PUL-OUTPUTS]"
        )
        problems += located([Problem(path, message)], document)
    return SpecError(problems)
