"""Moments at which a process of a run is killed: counted by what the run has done, not by the clock."""

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
_LOOK_SECONDS = 0.0005
_LATEST_MILLISECONDS = 12.0


@dataclass(frozen=True)
class Moment:
    """When a process is killed.

    Attributes:
        victim: `server` (the local Azure), `bridge` or `engine`.
        phase: what the run does: `create` everything, `change` it, or take it `down`.
        share: how far the phase is: 0 at its first step, below 1 always.
        milliseconds: how long after that step; a write is answered within these.
    """

    victim: str
    phase: str
    share: float
    milliseconds: float

    @property
    def is_counted_by_writes(self) -> bool:
        """Whether steps are writes that the local Azure has accepted; else they are events of the engine.

        A server and a bridge are to die between the writing and the answer. Deletions are in no journal.
        """
        return self.victim != "engine" and self.phase != "down"


def moments(seed: int, count: int) -> list[Moment]:
    """Return `count` moments for each victim in turn, always the same for one seed, through all phases."""
    chance = random.Random(seed)
    found: list[Moment] = []
    for number in range(count):
        for victim in VICTIMS:
            # Every phase gets its part, and within it the moments lie all over it.
            share = (number // len(PHASES) + chance.random()) / (-(-count // len(PHASES)))
            milliseconds = chance.uniform(0, _LATEST_MILLISECONDS)
            found.append(Moment(victim, PHASES[number % len(PHASES)], share, milliseconds))
    return found


def steps(moment: Moment, engine: Engine) -> int:
    """Return how many steps a workspace has seen so far, as the moment counts them."""
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
    """Kill the victim once the block has taken `at` steps; the list that is given holds its process id afterwards."""
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
            time.sleep(_LOOK_SECONDS)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield killed
    finally:
        over.set()
        watcher.join()


_IS: dict[str, Callable[[Sequence[str]], bool]] = {
    "server": lambda words: words[1:4] == ["-m", "local_azure", "serve"],
    "bridge": lambda words: words[1:4] == ["-m", "local_azure", "plugin"],
    "engine": lambda words: Path(words[0]).name == "pulumi" and words[1] in {"up", "destroy"},
}


def victims(name: str) -> list[int]:
    """Return the process ids of a victim among what this process has started by way of guards."""
    parents, words = _processes()
    guards = {pid for pid, parent in parents.items() if parent == os.getpid()}
    return [
        pid for pid, parent in parents.items() if parent in guards and len(words[pid]) > 3 and _IS[name](words[pid])
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
