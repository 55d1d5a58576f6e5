"""Runs one trial: interrupts a run at a moment, and compares the following runs with an undisturbed run."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tools import stack
from tools.engine import Engine, EngineError, Finished, LostStateError, Workspace, read_events
from tools.fuzz.moments import PHASES, Moment, killing, steps
from tools.local_services import ROOT, resource_ids
from tools.processes import ServiceError
from tools.recovery import LockedError

PROGRAM = Path(__file__).parent / "program" / "__main__.py"
TIME_SCALE = 0.01
"""With this scale, operations take long enough to be interrupted, and retries end soon."""

_STACK = "fuzz"
_GENERATED = re.compile(r"(?<=autonamed)[0-9a-f]{8}$|[0-9a-f]{32}$|(?<=\.nic\.)[0-9a-f-]{36}$")


@dataclass(frozen=True)
class Reference:
    """The results of undisturbed runs.

    Attributes:
        totals: number of steps of each phase, by unit: writes or events.
        ids: ids of the existing resources after each phase.
    """

    totals: Mapping[tuple[str, bool], int]
    ids: Mapping[str, frozenset[str]]


@dataclass
class Result:
    """The result of a trial.

    Attributes:
        moment: when the victim was killed.
        killed: ids of the killed processes; empty if the run ended before.
        problems: one line for each problem; empty if the next run recovered.
        seconds: duration of the trial.
        output: output of the runs.
    """

    moment: Moment
    killed: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    output: str = ""

    @property
    def converged(self) -> bool:
        """Whether the victim was killed and the next run recovered."""
        return bool(self.killed) and not self.problems


@dataclass(frozen=True)
class Project:
    """The test program with its own stack and local Azure, which runs like a project in `./moorings up`."""

    engine: Engine
    log: io.StringIO

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the existing resources, without generated parts of names."""
        return frozenset(_GENERATED.sub("", each) for each in resource_ids(self.engine.workspace.local / "azure"))

    def begin(self, phase: str) -> int:
        """Run the phase's command and return its exit code."""
        if phase != "down":
            file = self.engine.workspace.stacks / f"Pulumi.{_STACK}.yaml"
            file.write_text(f"config:\n  moorings:changed: {str(phase == 'change').lower()}\n", encoding="utf-8")
        with contextlib.redirect_stdout(self.log):
            print(f"--- {phase}")
            try:
                return stack.run("down" if phase == "down" else "up", self.engine.workspace, _STACK, TIME_SCALE)
            except (EngineError, LockedError, LostStateError, ServiceError) as error:
                print(getattr(error, "output", ""), error, sep="\n")
                return 1


@contextlib.contextmanager
def temporary_project(pulumi: Path) -> Iterator[Project]:
    """Copy the test program to a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="moorings-fuzz-") as name:
        project, stacks = Path(name) / "project", Path(name) / "project" / "stacks"
        stacks.mkdir(parents=True)
        shutil.copy(PROGRAM, project)
        runtime = f"{{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
        (project / "Pulumi.yaml").write_text(f"name: moorings\nruntime: {runtime}\nstackConfigDir: stacks\n")
        workspace = Workspace(project, stacks, Path(name) / "local", pulumi)
        yield Project(Engine(workspace, _STACK), io.StringIO())


def reference(pulumi: Path) -> Reference:
    """Run every phase twice without interruption, so that Azure completes its asynchronous work.

    For example, the DNS records of a private endpoint follow the replicas of its registry with a delay.

    Raises:
        RuntimeError: a phase fails, so that trials would have no meaning.
    """
    totals: dict[tuple[str, bool], int] = {}
    ids: dict[str, frozenset[str]] = {}
    with temporary_project(pulumi) as project:
        before = 0
        for phase in PHASES:
            if project.begin(phase):
                raise RuntimeError(f"{phase} fails without interruption:\n{project.log.getvalue()}")
            writes, events = (steps(Moment(victim, "create", 0, 0), project.engine) for victim in ("server", "engine"))
            totals[phase, True], totals[phase, False] = writes - before, events
            if project.begin(phase):
                raise RuntimeError(f"a second {phase} fails undisturbed:\n{project.log.getvalue()}")
            before, ids[phase] = steps(Moment("server", "create", 0, 0), project.engine), project.ids
    return Reference(totals, ids)


def attempt(moment: Moment, normal: Reference, pulumi: Path) -> Result:
    """Interrupt a run, then check that the next `up` converges, a second one changes nothing, and `down` deletes everything."""
    result, started = Result(moment), time.monotonic()
    with temporary_project(pulumi) as project:
        lead = PHASES[: PHASES.index(moment.phase)] if moment.phase != "down" else ("create",)
        for phase in lead:
            _expect(result, project.begin(phase) == 0, f"{phase} fails before a process is killed")
        before = steps(moment, project.engine) if moment.is_counted_by_writes else 0
        project.engine.event_log.unlink(missing_ok=True)
        total = normal.totals[moment.phase, moment.is_counted_by_writes]
        with killing(moment, before + 1 + int(moment.share * total), project.engine) as killed:
            code = project.begin(moment.phase)
        result.killed = killed
        _expect(result, bool(killed), "the run ended before its process was killed")
        _judge(result, project, "create" if moment.phase == "down" else moment.phase, normal)
        result.output = project.log.getvalue() + f"--- the interrupted run ended with {code}\n"
    result.seconds = time.monotonic() - started
    return result


def _judge(result: Result, project: Project, phase: str, normal: Reference) -> None:
    _expect(result, project.begin(phase) == 0, "the next `up` fails")
    _expect(result, project.begin(phase) == 0, "the second `up` fails")
    changes = Finished(0, "", read_events(project.engine.event_log)).changes
    _expect(result, set(changes) == {"same"}, f"the second `up` has changes: {changes}")
    for sign, odd in (("+", project.ids - normal.ids[phase]), ("-", normal.ids[phase] - project.ids)):
        _expect(result, not odd, f"after the second `up`: {sign}{f', {sign}'.join(sorted(odd))}")
    _expect(result, project.begin("down") == 0, "`down` fails")
    _expect(result, not project.ids, f"`down` leaves {', '.join(sorted(project.ids))}")


def _expect(result: Result, is_so: bool, problem: str) -> None:
    if not is_so:
        result.problems.append(problem)
