"""Checks of this machine. Standard library only, because an incomplete `.venv` is one of the findings."""

from __future__ import annotations

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.provision import build, cli, environment, versions
from tools.provision.report import SetupError

OLDEST_PYTHON = (3, 11)
_GIB = 1 << 30
SPACE_FOR_SETUP, SPACE_FOR_RUNS = 2 * _GIB, _GIB // 4
"""Free space that set-up needs for `.venv`, the CLI and caches, and that runs need for state and logs (chosen)."""

OK, MISSING, NOTE = "ok", "missing", "note"


@dataclass(frozen=True)
class Check:
    """One finding of `doctor`.

    Attributes:
        name: what is checked.
        state: `ok`, `missing` (a run fails without it), or `note` (needed for some commands only).
        message: what was found, with the remedy unless it is `ok`.
    """

    name: str
    state: str
    message: str

    def line(self) -> str:
        """Return the finding as one line."""
        return f"{self.state:<8} {self.name:<13} {self.message}"


def checks(root: Path) -> list[Check]:
    """Return the findings about this machine, in the order in which a run needs the parts."""
    return [check(root) for check in CHECKS]


def _python(_: Path) -> Check:
    found = ".".join(str(part) for part in sys.version_info[:3])
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check(
            "Python", MISSING, f"{found} is too old: install 3.11 or later, and run make PYTHON=/path/to/python"
        )
    return Check("Python", OK, f"{found} ({sys.executable})")


def _program(name: str, missing: str, state: str = MISSING) -> Callable[[Path], Check]:
    def check(_: Path) -> Check:
        found = shutil.which(name)
        return Check(name, OK, found) if found else Check(name, state, missing)

    return check


def _venv(root: Path) -> Check:
    try:
        packages = len(environment.pins(root / "requirements.lock"))
        ready = environment.is_ready(root)
    except (SetupError, OSError) as error:
        return Check(".venv", MISSING, f"requirements.lock cannot be used: {error}; restore it from the repository")
    if not ready:
        return Check(".venv", MISSING, "does not exist, is incomplete or is out of date: run make setup")
    return Check(".venv", OK, f"{packages} packages, as in requirements.lock")


def _cli(root: Path) -> Check:
    found = cli.recorded(root)
    if found is None:
        return Check("Pulumi CLI", MISSING, "none is selected yet: run make setup")
    origin = {"path": "found on PATH", "official": "installed by set-up", "go": "built by set-up"}[found.source]
    return Check("Pulumi CLI", OK, f"{found.version}, {origin} ({found.pulumi})")


def _go(root: Path) -> Check:
    problem = build.go_problem()
    if not problem:
        return Check("Go", OK, str(shutil.which("go")))
    if cli.recorded(root):
        return Check("Go", NOTE, "not needed, because a Pulumi CLI is selected")
    wanted = versions.show(build.OLDEST_GO)
    return Check("Go", NOTE, f"needed only if the Pulumi CLI cannot be downloaded: install {wanted} or later for that")


def _plugin(root: Path) -> Check:
    # On the local Azure, the bridge takes the place of the plugin, so nothing is downloaded.
    version = environment.pins(root / "requirements.lock").get("pulumi-azure-native", "")
    home = Path(os.environ.get("PULUMI_HOME") or Path.home() / ".pulumi")
    plugin = home / "plugins" / f"resource-azure-native-v{version}"
    if plugin.is_dir():
        return Check("azure-native", OK, f"{plugin} (for Azure; the local Azure needs no plugin)")
    return Check(
        "azure-native", NOTE, f"plugin {version} is downloaded by the first run on Azure; the local Azure needs none"
    )


def _disk(root: Path) -> Check:
    needed = SPACE_FOR_RUNS if environment.interpreter(root).exists() else SPACE_FOR_SETUP
    free = shutil.disk_usage(root).free
    found = f"{free / _GIB:.1f} GiB free in {root}"
    if free < needed:
        return Check("disk", MISSING, f"{found}, {needed / _GIB:.2g} GiB are needed: free some space")
    return Check("disk", OK, found)


def _ports(_: Path) -> Check:
    try:
        with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), 2):
            return Check("ports", OK, "a free port of 127.0.0.1 accepts connections")
    except OSError as error:
        reason = f"the local Azure cannot listen on 127.0.0.1 ({error.strerror or error})"
        return Check("ports", MISSING, f"{reason}: allow connections to the loopback interface")


def _state(root: Path) -> Check:
    local = root / ".pulumi-local"
    place = local if local.exists() else root
    if not local.is_dir() and local.exists():
        return Check("local state", MISSING, f"{local} is a file: move it away")
    if not os.access(place, os.W_OK | os.X_OK):
        return Check("local state", MISSING, f"{place} cannot be written: grant your user write access")
    return Check("local state", OK, str(local) if local.exists() else f"none yet; runs create {local}")


CHECKS: tuple[Callable[[Path], Check], ...] = (
    _python,
    _program("make", "install make; without it, run python3 tools/setup.py and ./moorings instead"),
    _venv,
    _cli,
    _go,
    _program("git", "needed for ./moorings pr only: install it for that", NOTE),
    _plugin,
    _disk,
    _ports,
    _state,
)
"""The checks, in the order of the output."""


def report(found: list[Check]) -> Iterator[str]:
    """Yield the findings and their sum, one line each."""
    yield from (check.line() for check in found)
    lacking = [check.name for check in found if check.state == MISSING]
    yield f"missing: {', '.join(lacking)}" if lacking else "nothing is missing"
