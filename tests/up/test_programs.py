"""Every program: up, up again without a change, judged bodies, and destroyed without a rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engine import Outcome, Rehearsal, rehearsal
from tests.up import findings, pull_paths
from tests.up.judge import violations
from tools import pulls

pytestmark = pytest.mark.engine

HERE = Path(__file__).parent
PROGRAMS = ("defaults", "max", "routing", "waf_aligned")
PULLS = {"max": ["pulls: 1 of 1 work"]}
"""What reach reports of the programs that have something that pulls."""


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Rehearsal]]:
    with rehearsal(tmp_path, HERE / request.param, "") as running:
        yield request.param, running


def _preview_of_a_tag(program: Rehearsal) -> Outcome:
    """Preview a new tag on all resources at once, and restore the stack file."""
    text = program.stack_file.read_text(encoding="utf-8")
    tagged, stated = re.subn(r"^    tags: \{", "    tags: {changed: today, ", text, flags=re.MULTILINE)
    if not stated:
        tagged = f"{text}    tags: {{changed: today}}\n"
    program.stack_file.write_text(tagged, encoding="utf-8")
    try:
        return program.preview()
    finally:
        program.stack_file.write_text(text, encoding="utf-8")


def test_a_program_is_evaluated_comes_up_stays_as_it_is_and_leaves_nothing_behind(
    program: tuple[str, Rehearsal],
) -> None:
    name, program = program
    findings.check(program, name, "before")
    first = program.up()
    assert first.code == 0, first.output
    assert set(first.changes) == {"create"}
    assert violations(program.azure.store) == []
    findings.check(program, name, "after")
    assert list(pulls.lines(program.azure.store, program.outputs())) == PULLS.get(name, [])
    if name in PULLS:
        pull_paths.check(program)

    again = program.up()
    assert (again.code, again.steps) == (0, []), again.output
    assert again.same == first.changes["create"]

    tagged = _preview_of_a_tag(program)
    assert (tagged.code, set(tagged.changes)) == (0, {"update"}), tagged.output
    assert tagged.changes["update"] > tagged.same / 2

    # A refresh notes what Azure made of a resource later, such as a peering's state; it must lead to no change.
    refreshed = program.refresh()
    assert refreshed.code == 0, refreshed.output
    after = program.up()
    assert (after.code, after.steps) == (0, []), after.output

    gone = program.destroy()
    assert gone.code == 0, gone.output
    # A deleted vault keeps its name until it is purged, which purge protection refuses [KV-ARM].
    assert [each for each in program.ids() if "/deletedVaults/" not in each] == []
