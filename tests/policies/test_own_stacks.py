"""Our own stacks before the policies: a first preview, when no id is known, and the state after `up`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stacks.files import BASE, DIRECTORY
from tests.engine import Rehearsal, rehearsal
from tests.up import findings

PROGRAM = "from pathlib import Path\nfrom stacks.program import main\n\nmain(Path('stacks'))\n"
pytestmark = pytest.mark.engine


@contextmanager
def own(stack: str, folder: Path) -> Iterator[Rehearsal]:
    """One of our stacks with its files, on a local Azure of its own."""
    text = (DIRECTORY / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    kept = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("secretsprovider:"))
    with rehearsal(folder / "run", PROGRAM, kept, stack=stack) as rehearsed:
        base = (DIRECTORY / BASE).read_text(encoding="utf-8")
        rehearsed.stack_file.with_name(BASE).write_text(base, encoding="utf-8")
        yield rehearsed


@pytest.mark.parametrize("stack", ["local", "dev", "prod"])
def test_a_first_preview_finds_what_is_expected_and_nearly_every_rule_decides(stack: str, tmp_path: Path) -> None:
    with own(stack, tmp_path) as rehearsed:
        findings.check(rehearsed, stack, "before")


# prod is evaluated after its `up` where the other tests of it share that one.
@pytest.mark.parametrize("stack", ["local", "dev"])
def test_the_state_after_up_has_the_same_findings(stack: str, tmp_path: Path) -> None:
    with own(stack, tmp_path) as rehearsed:
        assert rehearsed.up().code == 0
        findings.check(rehearsed, stack, "after")
