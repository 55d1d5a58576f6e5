"""One trial: a run is cut off at a moment, and the runs after it are held against one that nobody disturbed."""

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
"""Operations take long enough to be interrupted, and retries end soon."""

_STACK = "fuzz"
_MADE_UP = re.compile(r"(?<=autonamed)[0-9a-f]{8}$|[0-9a-f]{32}$|(?<=\.nic\.)[0-9a-f-]{36}$")


@dataclass(frozen=True)
class Reference:
    """What undisturbed runs came to.

    Attributes:
        totals: steps of each phase, as moments of each way of counting see them.
        ids: what there is after `create` and after `change`.
    """

    totals: Mapping[tuple[str, bool], int]
    ids: Mapping[str, frozenset[str]]


@dataclass
class Result:
    """How a trial ended.

    Attributes:
        moment: when the victim was killed.
        killed: process ids that were killed; empty where the run was over before.
        problems: what is wrong, one line each; empty when the next run made good.
        seconds: how long the trial took.
        output: what the runs printed.
    """

    moment: Moment
    killed: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    output: str = ""

    @property
    def converged(self) -> bool:
        """Whether the victim was killed and everything was right afterwards."""
        return bool(self.killed) and not self.problems


@dataclass(frozen=True)
class Estate:
    """The program with a stack and a local Azure of its own, run as `./moorings up` runs a project."""

    engine: Engine
    said: io.StringIO

    @property
    def ids(self) -> frozenset[str]:
        """Ids of what there is, without what the provider and the services make up."""
        return frozenset(_MADE_UP.sub("", each) for each in resource_ids(self.engine.workspace.local / "azure"))

    def begin(self, phase: str) -> int:
        """Run the phase's command and return its exit code."""
        if phase != "down":
            file = self.engine.workspace.stacks / f"Pulumi.{_STACK}.yaml"
            file.write_text(f"config:\n  moorings:changed: {str(phase == 'change').lower()}\n", encoding="utf-8")
        with contextlib.redirect_stdout(self.said):
            print(f"--- {phase}")
            try:
                return stack.run("down" if phase == "down" else "up", self.engine.workspace, _STACK, TIME_SCALE)
            except (EngineError, LockedError, LostStateError, ServiceError) as error:
                print(getattr(error, "output", ""), error, sep="\n")
                return 1


@contextlib.contextmanager
def estate(pulumi: Path) -> Iterator[Estate]:
    """Lay out the program in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="moorings-fuzz-") as name:
        project, stacks = Path(name) / "project", Path(name) / "project" / "stacks"
        stacks.mkdir(parents=True)
        shutil.copy(PROGRAM, project)
        runtime = f"{{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
        (project / "Pulumi.yaml").write_text(f"name: moorings\nruntime: {runtime}\nstackConfigDir: stacks\n")
        workspace = Workspace(project, stacks, Path(name) / "local", pulumi)
        yield Estate(Engine(workspace, _STACK), io.StringIO())


def reference(pulumi: Path) -> Reference:
    """Run every phase undisturbed, and once more, which lets Azure finish what it does after the answer.

    The DNS records of a private endpoint follow the replicas of its registry a moment later.

    Raises:
        RuntimeError: one fails, so that nothing can be learnt from trials.
    """
    totals: dict[tuple[str, bool], int] = {}
    ids: dict[str, frozenset[str]] = {}
    with estate(pulumi) as made:
        before = 0
        for phase in PHASES:
            if made.begin(phase):
                raise RuntimeError(f"{phase} fails without interruption:\n{made.said.getvalue()}")
            writes, events = (steps(Moment(victim, "create", 0, 0), made.engine) for victim in ("server", "engine"))
            totals[phase, True], totals[phase, False] = writes - before, events
            if made.begin(phase):
                raise RuntimeError(f"a second {phase} fails undisturbed:\n{made.said.getvalue()}")
            before, ids[phase] = steps(Moment("server", "create", 0, 0), made.engine), made.ids
    return Reference(totals, ids)


def attempt(moment: Moment, normal: Reference, pulumi: Path) -> Result:
    """Cut a run off, then expect: one more `up` converges, a second changes nothing, `down` leaves nothing."""
    result, started = Result(moment), time.monotonic()
    with estate(pulumi) as made:
        lead = PHASES[: PHASES.index(moment.phase)] if moment.phase != "down" else ("create",)
        for phase in lead:
            _expect(result, made.begin(phase) == 0, f"{phase} fails before a process is killed")
        before = steps(moment, made.engine) if moment.is_counted_by_writes else 0
        made.engine.event_log.unlink(missing_ok=True)
        total = normal.totals[moment.phase, moment.is_counted_by_writes]
        with killing(moment, before + 1 + int(moment.share * total), made.engine) as killed:
            code = made.begin(moment.phase)
        result.killed = killed
        _expect(result, bool(killed), "the run ended before its process was killed")
        _judge(result, made, "create" if moment.phase == "down" else moment.phase, normal)
        result.output = made.said.getvalue() + f"--- the interrupted run ended with {code}\n"
    result.seconds = time.monotonic() - started
    return result


def _judge(result: Result, made: Estate, phase: str, normal: Reference) -> None:
    _expect(result, made.begin(phase) == 0, "the next `up` fails")
    _expect(result, made.begin(phase) == 0, "the second `up` fails")
    changes = Finished(0, "", read_events(made.engine.event_log)).changes
    _expect(result, set(changes) == {"same"}, f"the second `up` is not without changes: {changes}")
    for sign, odd in (("+", made.ids - normal.ids[phase]), ("-", normal.ids[phase] - made.ids)):
        _expect(result, not odd, f"after the second `up`: {sign}{f', {sign}'.join(sorted(odd))}")
    _expect(result, made.begin("down") == 0, "`down` fails")
    _expect(result, not made.ids, f"`down` leaves {', '.join(sorted(made.ids))}")


def _expect(result: Result, is_so: bool, problem: str) -> None:
    if not is_so:
        result.problems.append(problem)
