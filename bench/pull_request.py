"""Benchmark of a rehearsal of stack prod: the whole of `make pr`, compared with the same run without the evaluation of pulls.

The base of the rehearsal is this tree with older images and shorter retention, so that the branch changes apps, jobs,
sandbox groups and workspaces in every region. Both times come from one run: the evaluation is timed where the rehearsal
calls it. The journal of the store, which the evaluation reads, is kept by the server and is part of both times.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

from tools.local_services import ROOT
from tools.provision import cli
from tools.pull_request import pulls, rehearsal
from tools.pull_request.base import Tree, extract
from tools.pull_request.check import PACK
from tools.pull_request.rehearsal import Rehearser

T = TypeVar("T")

STACK, ALLOWED_RATIO = "prod", 1.3
OLDER = (("web:1.4.2", "web:1.4.1"), ("report:7", "report:6"), ("sandbox:3", "sandbox:2"), ("days: 90", "days: 60"))


def _older(tree: Tree) -> None:
    """Let the base describe what the branch changes."""
    path = tree.folder / "stacks" / f"Pulumi.{STACK}.yaml"
    text = path.read_text(encoding="utf-8")
    for new, old in OLDER:
        if new not in text:
            raise SystemExit(f"{path.name} has no {new}: correct OLDER in this benchmark")
        text = text.replace(new, old)
    path.write_text(text, encoding="utf-8")


def _timed(function: Callable[..., T], spent: list[float]) -> Callable[..., T]:
    """Return the function with a clock, which adds the seconds of each call."""

    def call(*positional: Any, **named: Any) -> T:
        start = time.perf_counter()
        try:
            return function(*positional, **named)
        finally:
            spent.append(time.perf_counter() - start)

    return call


def main() -> None:
    """Print the ratio and both times."""
    spent: list[float] = []
    with tempfile.TemporaryDirectory() as text, ExitStack() as patched:
        folder = Path(text)
        tree = extract(ROOT, "HEAD", folder / "base")
        _older(tree)
        for module, name in ((pulls, "watch"), (pulls, "summary"), (pulls, "lost"), (rehearsal, "with_pulls")):
            patched.enter_context(patch.object(module, name, _timed(getattr(module, name), spent)))
        start = time.perf_counter()
        outcome = Rehearser(ROOT, folder, cli.chosen(ROOT), tree, pack=PACK).rehearse(STACK)
        whole = time.perf_counter() - start
    if not outcome.green or not outcome.pulls:
        raise SystemExit(f"the rehearsal has to be green, and to evaluate pulls: {outcome.refusals or outcome.notes}")
    without = whole - sum(spent)
    print(f"rehearsal of {STACK} with {outcome.pulls}: {whole / without:.3f} x the run without pulls "
          f"({whole:.1f} s against {without:.1f} s; limit {ALLOWED_RATIO:g} x)")  # fmt: skip


if __name__ == "__main__":
    main()
