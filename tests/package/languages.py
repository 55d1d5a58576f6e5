"""Programs in TypeScript and Go, with the SDK as `pulumi package add` writes it.

The engine runs a program by the language host on PATH, as it does for everybody. Where there is none, the program is served
to the engine from its own process, by the language servers of Pulumi's SDKs.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from package.schema import FILE
from tests.engine import Outcome, Rehearsal
from tests.go_tools import generator

_SERVERS = Path(__file__).parent / "inline"
_BUILD_SECONDS = 480
"""The SDK of Pulumi takes about 150 of one core when Go's cache is empty; pytest itself is ended after 600."""


class Program:
    """A program that is type-checked and built, in a stack of its own."""

    def __init__(self, running: Rehearsal, language: str, command: Sequence[str]) -> None:
        self._running = running
        self._host = shutil.which(f"pulumi-language-{language}")
        self._command = command

    def preview(self) -> Outcome:
        """Preview the program."""
        return self._operate(self._running.preview)

    def up(self) -> Outcome:
        """Apply the program."""
        return self._operate(self._running.up)

    def _operate(self, operation: Callable[..., Outcome]) -> Outcome:
        if self._host:
            return operation()
        with _served(self._command, self._running.program, self._running.engine.variables()) as port:
            return operation(f"--client=127.0.0.1:{port}")


def typescript(running: Rehearsal) -> Program:
    """Install what a program in TypeScript needs, and compile it with its own settings, which are strict."""
    folder = running.program
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: the program in TypeScript does not run")
    _add_sdk(folder, "nodejs")
    _run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
        folder,
        skip="the npm registry is not reachable",
    )
    # The scripts that are not run here compile the SDK, and set up protobufjs, which needs nothing.
    _run(["npm", "run", "postinstall"], folder / "sdks" / "moorings")
    _run(["npx", "tsc"], folder)
    return Program(running, "nodejs", ["node", str(_SERVERS / "serve.cjs"), "bin/index.js"])


def go(running: Rehearsal) -> Program:
    """Fetch what a program in Go needs, and build it."""
    folder = running.program
    if shutil.which("go") is None:
        pytest.skip("Go is not installed: the program in Go does not run")
    _add_sdk(folder, "go")
    _run(["go", "mod", "download", "github.com/pulumi/pulumi/sdk/v3"], folder, skip="the module proxy is not reachable")
    _run(["go", "mod", "tidy"], folder)
    shutil.copy(_SERVERS / "serve_test.go", folder)
    _run(["go", "test", "-c", "-o", "served", "."], folder)
    return Program(running, "go", ["./served", "-test.run=TestServe"])


def _add_sdk(folder: Path, language: str) -> None:
    """What `pulumi package add` does but for linking, which the examples' own files state."""
    generated = folder / "sdks"
    subprocess.run([str(generator()), str(FILE), str(generated), language], check=True)
    (generated / language).rename(generated / "moorings")


def _run(command: list[str], folder: Path, *, skip: str = "") -> None:
    """Run a command; a failure fails the test, or skips it with the reason."""
    try:
        ran = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "GOFLAGS": ""},
            capture_output=True,
            text=True,
            timeout=_BUILD_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        pytest.skip(f"it did not finish within {_BUILD_SECONDS} s: {' '.join(command)}")
    if ran.returncode and skip:
        pytest.skip(f"{skip} here: {' '.join(ran.stderr.split())[:200]}")
    assert ran.returncode == 0, f"{' '.join(command)}\n{ran.stdout}{ran.stderr}"


@contextlib.contextmanager
def _served(command: Sequence[str], folder: Path, environment: dict[str, str]) -> Iterator[str]:
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()
