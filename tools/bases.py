"""The description of a stack before a change: at another commit."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from stacks.files import stack_names
from stacks.loader import Stack, load
from tools.local_services import ROOT
from tools.pull_request.base import Tree, extract


@dataclass(frozen=True, slots=True)
class Base:
    """The description before the change, and the name of its commit."""

    name: str
    stack: Stack | None


def base_of(stack: str, reference: str) -> Base:
    """Return the description of a stack at the merge base with a commit, which may not have it."""
    with tempfile.TemporaryDirectory() as folder:
        tree = extract(ROOT, reference, Path(folder) / "base")
        return Base(tree.name, described(stack, tree))


def described(stack: str, tree: Tree) -> Stack | None:
    """Return the description of a stack in the tree of a commit; None if the commit does not have it.

    Raises:
        SpecError: the description is refused.
    """
    stacks = tree.folder / "stacks"
    return load(stack, directory=stacks) if stack in stack_names(stacks) else None
