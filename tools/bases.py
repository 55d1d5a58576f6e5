"""The description of a stack at another commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.report.page import Base


def base_of(stack: str, reference: str) -> Base:
    """Return the description of a stack at the merge base with a commit, which may not have it."""
    import tempfile
    from pathlib import Path

    from stacks.files import stack_names
    from stacks.loader import load
    from tools.local_services import ROOT
    from tools.pull_request.base import extract
    from tools.report.page import Base

    with tempfile.TemporaryDirectory() as folder:
        tree = extract(ROOT, reference, Path(folder) / "base")
        stacks = tree.folder / "stacks"
        return Base(tree.name, load(stack, directory=stacks) if stack in stack_names(stacks) else None)
