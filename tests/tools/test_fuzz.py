"""A run that loses the local Azure, the bridge or the engine on its way is repaired by the next."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools.engine import Engine, Workspace
from tools.fuzz import report, trials
from tools.fuzz.moments import PHASES, VICTIMS, Moment, moments, steps
from tools.local_services import ROOT
from tools.provision import cli

# Beyond the middle of a creation, early in a change, and in the middle of a destroy.
SHARES = {"create": 0.6, "change": 0.2, "down": 0.5}


def test_the_same_seed_chooses_the_same_moments_of_every_victim_and_phase() -> None:
    chosen = moments(7, 20)
    assert chosen == moments(7, 20)
    assert chosen != moments(8, 20)
    assert {(each.victim, each.phase) for each in chosen} == {(victim, phase) for victim in VICTIMS for phase in PHASES}
    assert [sum(each.victim == victim for each in chosen) for victim in VICTIMS] == [20, 20, 20]
    assert all(0 <= each.share < 1 for each in chosen)


def test_steps_are_events_for_the_engine_and_before_anything_has_run_there_are_none(tmp_path: Path) -> None:
    engine = Engine(Workspace(tmp_path, tmp_path, tmp_path, tmp_path), "fuzz")
    assert [steps(Moment(victim, "create", 0, 0), engine) for victim in VICTIMS] == [0, 0, 0]
    engine.event_log.write_text('{"resourcePreEvent": {}}\n{"diagnosticEvent": {}}\n{"resOutputsEvent": {}}\n')
    assert [steps(Moment(victim, "create", 0, 0), engine) for victim in VICTIMS] == [0, 0, 2]
    assert steps(Moment("server", "down", 0, 0), engine) == 2


def test_a_trial_in_which_nothing_was_killed_proves_nothing() -> None:
    assert not trials.Result(Moment("server", "create", 0, 0)).converged


def test_the_table_counts_what_converged() -> None:
    good = trials.Result(Moment("server", "create", 0, 0), killed=[1])
    bad = trials.Result(Moment("engine", "create", 0, 0), killed=[1], problems=["no"])
    rows = [row.split() for row in report.table([good, bad])]
    assert rows[1] == ["server", "1/1", "0/0", "0/0", "1/1"]
    assert rows[-1] == ["all", "1/2", "0/0", "0/0", "1/2"]


@pytest.fixture(scope="module")
def normal() -> trials.Reference:
    if sys.platform != "linux":
        pytest.skip("victims are found on Linux only")
    return trials.reference(cli.chosen(ROOT))


@pytest.mark.engine
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("victim", VICTIMS)
def test_the_next_up_converges(victim: str, phase: str, normal: trials.Reference) -> None:
    result = trials.attempt(Moment(victim, phase, SHARES[phase], 1.0), normal, cli.chosen(ROOT))
    assert result.converged, f"{result.problems}\n{result.output}"
