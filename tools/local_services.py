"""Starts the local Azure and the bridge for one run."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local_azure.store import Store, present
from tools import processes

ROOT = Path(__file__).resolve().parents[1]
_START_SECONDS = 60.0
_SERVER, _BRIDGE = "the local Azure", "the bridge to the local Azure"


@dataclass(frozen=True)
class LocalAzure:
    """A running local Azure.

    Attributes:
        url: URL of ARM.
        debug_providers: value of `PULUMI_DEBUG_PROVIDERS` with the address of the bridge.
        store: folder of the store.
        log: file with the standard error of both processes.
        running: the two processes, by their name in messages.
    """

    url: str
    debug_providers: str
    store: Path
    log: Path
    running: Mapping[str, subprocess.Popen[str]] = field(default_factory=dict)

    def ended(self) -> list[str]:
        """Return the names of processes that ended unexpectedly."""
        return [name for name, process in self.running.items() if process.poll() is not None]


@contextlib.contextmanager
def local_azure(
    store: Path,
    log: Path,
    *,
    time_scale: float = 0.0,
    generic: bool = False,
    arguments: tuple[str, ...] = (),
    variables: Mapping[str, str] | None = None,
) -> Iterator[LocalAzure]:
    """Run the local Azure and the bridge on free ports, and stop both afterwards.

    Args:
        store: folder of the store, created if it does not exist.
        log: file for the standard error of both processes.
        time_scale: multiplies every delay: 1 is real time, 0 removes delays.
        generic: also serve types without rules.
        arguments: additional arguments of `local_azure serve`.
        variables: additional environment variables of both, such as the subscription of the bridge.

    Raises:
        ServiceError: one of them does not start.
    """
    store.mkdir(parents=True, exist_ok=True)
    log.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as running, log.open("w", encoding="utf-8") as errors:
        scale = ("--time-scale", str(time_scale))

        def begin(*command: str) -> subprocess.Popen[str]:
            process = processes.start(
                [sys.executable, "-m", "local_azure", *command, *scale],
                cwd=ROOT,
                environment=without_proxies(os.environ) | dict(variables or {}),
                stderr=errors,
            )
            running.callback(processes.stop, process)
            return process

        types = "--generic" if generic else "--no-generic"
        server = begin("serve", "--store", str(store), "--port", "0", types, *arguments)
        url = processes.first_line(server, _SERVER, log, _START_SECONDS)["url"]
        bridge = begin("plugin", "--arm", url)
        answer = processes.first_line(bridge, _BRIDGE, log, _START_SECONDS)
        yield LocalAzure(url, answer["debug_providers"], store, log, {_SERVER: server, _BRIDGE: bridge})


def resource_ids(store: Path) -> list[str]:
    """Return the ids of all resources in a store, which may be in use; empty if there is no store."""
    return Store(store).ids() if present(store) else []


def without_proxies(environ: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """Return an environment in which processes on this machine connect without a proxy."""
    direct = "127.0.0.1,localhost"
    result = dict(environ)
    for name in ("NO_PROXY", "no_proxy"):
        result[name] = ",".join(filter(None, [environ.get(name), direct]))
    return result
