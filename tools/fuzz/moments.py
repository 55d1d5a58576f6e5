"""Moments at which a process of a run is killed, measured in steps of the run instead of time."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from local_azure.store import accepted_writes
from tools.engine import Engine

VICTIMS = ("server", "bridge", "engine")
PHASES = ("create", "change", "down")
_POLL_SECONDS = 0.0005
_LATEST_MILLISECONDS = 12.0


@dataclass(frozen=True)
class Moment:
    """When a process is killed.

    Attributes:
        victim: `server` (the local Azure), `bridge` or `engine`.
        phase: operation of the run: `create`, `change` or `down`.
        share: progress of the phase, from 0 at its first step to less than 1.
        milliseconds: delay after that step, within which the response to a write is sent.
    """

    victim: str
    phase: str
    share: float
    milliseconds: float

    @property
    def is_counted_by_writes(self) -> bool:
        """Whether steps are writes that the local Azure has accepted, rather than events of the engine.

        The server and the bridge are killed between a write and its response. Deletions are not in the journal.
        """
        return self.victim != "engine" and self.phase != "down"


def moments(seed: int, count: int) -> list[Moment]:
    """Return `count` moments for each victim across all phases; they are reproducible for a seed."""
    chance = random.Random(seed)
    found: list[Moment] = []
    for number in range(count):
        for victim in VICTIMS:
            # The moments are distributed evenly over the phases, and within each phase.
            share = (number // len(PHASES) + chance.random()) / (-(-count // len(PHASES)))
            milliseconds = chance.uniform(0, _LATEST_MILLISECONDS)
            found.append(Moment(victim, PHASES[number % len(PHASES)], share, milliseconds))
    return found


def steps(moment: Moment, engine: Engine) -> int:
    """Return the number of steps in a workspace so far, in the unit of the moment."""
    if moment.is_counted_by_writes:
        return accepted_writes(engine.workspace.local / "azure")
    return _events(engine.event_log)


def _events(log: Path) -> int:
    try:
        text = log.read_bytes()
    except OSError:
        return 0
    return text.count(b'"resourcePreEvent"') + text.count(b'"resOutputsEvent"')


@contextlib.contextmanager
def killing(moment: Moment, at: int, engine: Engine) -> Iterator[list[int]]:
    """Kill the victim after `at` steps of the block, and add its process id to the list that is yielded."""
    killed: list[int] = []
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            if steps(moment, engine) >= at:
                time.sleep(moment.milliseconds / 1000)
                for pid in victims(moment.victim):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
                        killed.append(pid)
                return
            time.sleep(_POLL_SECONDS)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield killed
    finally:
        over.set()
        watcher.join()


_MATCHES: dict[str, Callable[[Sequence[str]], bool]] = {
    "server": lambda words: words[1:4] == ["-m", "local_azure", "serve"],
    "bridge": lambda words: words[1:4] == ["-m", "local_azure", "plugin"],
    "engine": lambda words: Path(words[0]).name == "pulumi" and words[1] in {"up", "destroy"},
}


def victims(name: str) -> list[int]:
    """Return the process ids of a victim among the processes that this process has started through guards."""
    parents, words = _processes()
    guards = {pid for pid, parent in parents.items() if parent == os.getpid()}
    return [
        pid
        for pid, parent in parents.items()
        if parent in guards and len(words[pid]) > 3 and _MATCHES[name](words[pid])
    ]


def _processes() -> tuple[dict[int, int], dict[int, list[str]]]:
    """Return the parent and the command line of every process; Linux only."""
    parents: dict[int, int] = {}
    words: dict[int, list[str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            command = (folder / "cmdline").read_bytes().decode(errors="replace").split("\0")
            parents[int(folder.name)], words[int(folder.name)] = parent, command
    return parents, words
