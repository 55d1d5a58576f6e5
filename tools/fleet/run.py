"""Runs `up` or `down` for all stacks of a project on one local Azure: in order, and independent stacks at the same time.

Each stack has processes of its own: the engine, the language host and the program. A thread of the runner reads their output.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

from stacks.order import Order
from tools import stack as runner
from tools.engine import Engine, EngineError, Finished, LostStateError, Workspace
from tools.fleet.events import Event, Kind, Observe
from tools.fleet.made import made_ids
from tools.fleet.output import Output
from tools.local_services import LocalAzure, local_azure
from tools.pull_request.refusals import errors
from tools.recovery import LockedError
from tools.stack_file import StackFileError
from tools.standins import context_of, place

Command = Literal["up", "down"]

INTERRUPTED = "the run was interrupted"
_REFUSALS = (EngineError, StackFileError, LostStateError, LockedError, OSError)
"""What keeps one stack from running, and no other."""


@dataclass(frozen=True)
class Request:
    """The parameters of a run.

    Attributes:
        order: the stacks, and for each one those that run before.
        parallel: the maximum number of stacks that run at the same time.
        continue_on_error: whether stacks that do not need a failed stack still start after it failed.
        time_scale: multiplies every delay.
        arguments: additional arguments of the engine's command.
        standins: saved listings and exported states of resources made elsewhere.
    """

    order: Order
    parallel: int
    continue_on_error: bool = False
    time_scale: float = 0.0
    arguments: Sequence[str] = ()
    standins: Sequence[Path] = ()


def up(workspace: Workspace, request: Request, observe: Observe, say: Callable[[str], None]) -> dict[str, Kind]:
    """Run `up` for every stack, and return how each ended: `succeeded`, `failed` or `skipped`.

    Args:
        workspace: the folders of the project and of its local state, whose lock the caller holds.
        request: the parameters of the run.
        observe: receives the events.
        say: prints a line about the resources that stand in for those made elsewhere.
    """
    context = context_of(workspace, request.standins)
    planned = context_of(workspace, request.standins, planned=True)
    made = {name: made_ids(name, planned) for name in request.order.names}
    for name in request.order.names:
        others = set[str]().union(*(ids for other, ids in made.items() if other != name))
        for line in place(workspace.local / "azure", name, planned, others):
            say(f"{name}: {line}")
    return _run("up", workspace, request, observe, lambda name: context.variables(name, workspace.local))


def down(workspace: Workspace, request: Request, observe: Observe) -> dict[str, Kind]:
    """Run `down` for every stack of a request, and return how each ended.

    Args:
        workspace: the folders of the project and of its local state, whose lock the caller holds.
        request: the parameters of the run; its order is that of the deletion.
        observe: receives the events.
    """
    return _run("down", workspace, request, observe, lambda _: {})


def _run(
    command: Command,
    workspace: Workspace,
    request: Request,
    observe: Observe,
    variables: Callable[[str], Mapping[str, str]],
) -> dict[str, Kind]:
    log = workspace.local / "local-azure.log"
    with local_azure(workspace.local / "azure", log, time_scale=request.time_scale) as azure:
        run = _Run(command, workspace, request, observe, variables, azure)
        with runner.interruptions(run.interrupt):
            return run.all()


@dataclass
class _Run:
    """The state of a run; threads of the stacks share it."""

    command: Command
    workspace: Workspace
    request: Request
    observe: Observe
    variables: Callable[[str], Mapping[str, str]]
    azure: LocalAzure
    _engines: list[Engine] = field(default_factory=list)
    _stopped: str = ""
    _events: threading.Lock = field(default_factory=threading.Lock)
    _preparing: threading.Lock = field(default_factory=threading.Lock)
    _start: float = field(default_factory=time.monotonic)

    def interrupt(self) -> None:
        """Interrupt the stacks that run, and start no others."""
        self._stopped = INTERRUPTED
        for engine in list(self._engines):
            engine.interrupt()

    def all(self) -> dict[str, Kind]:
        """Run every stack when those that it needs have succeeded."""
        needs = self.request.order.needs
        for name in self.request.order.names:
            self._tell(Event(name, "waiting", needs=needs[name]))
        sorter = TopologicalSorter(needs)
        sorter.prepare()
        ended: dict[str, Kind] = {}
        running: dict[Future[Kind], str] = {}
        with ThreadPoolExecutor(self.request.parallel) as pool:
            while sorter.is_active():
                for name in sorted(sorter.get_ready()):
                    running[pool.submit(self._one, name, _unmet(self.command, needs[name], ended))] = name
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    name = running.pop(future)
                    ended[name] = future.result()
                    sorter.done(name)
        return ended

    def _one(self, name: str, unmet: str) -> Kind:
        """Run one stack; skip it if a stack that it needs did not succeed, or if no stack is to start any more."""
        reason = unmet or self._stopped
        if reason:
            return self._tell(Event(name, "skipped", reason=reason))
        output = Output(
            self.workspace.local / f"{name}-{self.command}.log",
            lambda resources: self._tell(Event(name, "resource", resources=resources)),
        )
        try:
            with output:
                finished = self._operate(name, output)
            ended = Event(name, "failed" if finished.code else "succeeded", changes=finished.changes)
            reason = self._reason(finished)
        except KeyboardInterrupt:
            ended, reason = Event(name, "failed"), INTERRUPTED
        except _REFUSALS as error:
            ended, reason = Event(name, "failed"), " ".join(str(error).split())
        if ended.kind == "failed" and not self.request.continue_on_error:
            self._stopped = self._stopped or f"{name} failed; --continue-on-error runs what does not need it"
        return self._tell(ended, resources=output.resources, reason=reason, log=str(output.path))

    def _operate(self, name: str, output: Output) -> Finished:
        engine = Engine(self.workspace, name, runner.variables_of(self.azure, self.request.time_scale))
        self._engines.append(engine)
        if self._stopped == INTERRUPTED:
            raise KeyboardInterrupt
        # The first command for a stack writes to a folder that all stacks share.
        with self._preparing:
            runner.prepare(engine, output.show, without_file=self.command == "down")
        engine.environment |= self.variables(name)
        self._tell(Event(name, "started", log=str(output.path)))
        try:
            return runner.operate(self.command, engine, self.azure, self.request.arguments, output.show)
        finally:
            self._engines.remove(engine)

    def _reason(self, finished: Finished) -> str:
        """Return why a stack failed, in one line."""
        if not finished.code:
            return ""
        if self._stopped == INTERRUPTED:
            return INTERRUPTED
        killed = [*(["the engine"] if finished.killed else []), *self.azure.ended()]
        if killed:
            return f"{killed[0]} was killed; run the same command again to continue"
        found = errors(finished)
        return found[0] if found else f"the engine ended with exit code {finished.code}"

    def _tell(self, event: Event, **more: object) -> Kind:
        """Pass an event on with its time, one at a time, and return its kind."""
        with self._events:
            values = {name: getattr(event, name) for name in Event.__slots__} | more
            self.observe(Event(**{**values, "seconds": time.monotonic() - self._start}))
        return event.kind


def _unmet(command: Command, before: Sequence[str], ended: Mapping[str, Kind]) -> str:
    """Return why a stack cannot run: one that runs before did not succeed; empty if it can."""
    unmet = next((each for each in before if ended[each] != "succeeded"), None)
    if unmet is None:
        return ""
    words = "failed" if ended[unmet] == "failed" else "was skipped"
    return f"needs {unmet}, which {words}" if command == "up" else f"{unmet}, which may need it, {words}"
