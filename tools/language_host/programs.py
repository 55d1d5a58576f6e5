"""Command lines and environments of the Python processes that the host starts, as pure functions."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SHOWN_TO_THE_USER = 32
"""Exit code of the executor if it has already shown the error to the user."""


class NoInterpreterError(Exception):
    """The interpreter of a project does not exist; the message contains the remedy."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """The Python that runs a program.

    Attributes:
        executable: path of the interpreter.
        virtualenv: root of its virtual environment, or None for the system's Python.
    """

    executable: Path
    virtualenv: Path | None

    @classmethod
    def of_project(cls, root: Path, virtualenv: str, environ: Mapping[str, str]) -> Interpreter:
        """Select the interpreter according to the engine's `runtime.options.virtualenv`.

        Args:
            root: folder of the project file; a relative `virtualenv` is relative to it.
            virtualenv: value of the option; empty for the `python3` (or `python`) on PATH.
            environ: environment whose PATH is searched.

        Raises:
            NoInterpreterError: the virtual environment or PATH has no interpreter.
        """
        if virtualenv:
            home = root / virtualenv
            for name in ("bin/python", "Scripts/python.exe"):
                if (home / name).exists():
                    return cls(home / name, home)
            raise NoInterpreterError(
                f'The "virtualenv" option in Pulumi.yaml is set to "{virtualenv}", but {home} doesn\'t appear to be a '
                "virtual environment: create it (here `make setup` does)."
            )
        for name in ("python3", "python"):
            found = shutil.which(name, path=environ.get("PATH"))
            if found:
                return cls(Path(found), None)
        raise NoInterpreterError("Failed to find python3 or python on PATH: install Python, or set `virtualenv`.")

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return `environ` with this interpreter's virtual environment activated and its output unbuffered."""
        result = {**environ, "PYTHONUNBUFFERED": "1"}
        if self.virtualenv is not None:
            result.pop("PYTHONHOME", None)
            result["VIRTUAL_ENV"] = str(self.virtualenv)
            result["PATH"] = os.pathsep.join([str(self.executable.parent), environ.get("PATH", "")])
        return result


def run_arguments(
    options: Mapping[str, str], program: str, arguments: Sequence[str], executor: Path, interpreter: Interpreter
) -> list[str]:
    """Return the command line that runs a program through the executor; empty options are omitted."""
    flags = [part for name, value in options.items() if value for part in (f"--{name}", value)]
    return [str(interpreter.executable), "-u", str(executor), *flags, program or ".", *arguments]


def config_environment(config: Mapping[str, str], secret_keys: Sequence[str]) -> dict[str, str]:
    """Return the environment variables that contain the configuration of a program."""
    return {"PULUMI_CONFIG": json.dumps(dict(config)), "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(secret_keys))}


def plugin_arguments(kind: str, program: Path, arguments: Sequence[str], interpreter: Interpreter) -> list[str]:
    """Return the command line of a plugin written in Python.

    A policy pack (`analyzer`) runs in the SDK's policy module, which requires the engine's address and the pack's
    folder; any other plugin runs as a program.
    """
    if kind == "analyzer":
        return [str(interpreter.executable), "-u", "-m", "pulumi.policy", *arguments, str(program)]
    return [str(interpreter.executable), "-u", str(program), *arguments]


def run_error(exit_code: int) -> tuple[str, bool]:
    """Return (error text, already shown to the user) for the exit code of a program."""
    if exit_code == 0:
        return "", False
    if exit_code == SHOWN_TO_THE_USER:
        return "", True
    if exit_code < 0:
        return f"Program was stopped by signal {-exit_code}", False
    return f"Program exited with non-zero exit code: {exit_code}", False


def provider_packages(interpreter: Interpreter) -> Iterator[dict[str, str]]:
    """Yield name, version and server of each provider package installed in the interpreter's virtual environment.

    A package declares its provider in a `pulumi-plugin.json` beside its modules. Nothing is yielded for the system's
    Python, whose folders are not searched: the engine then finds a provider when a resource needs it.
    """
    if interpreter.virtualenv is None:
        return
    for path in sorted(interpreter.virtualenv.glob("lib/python*/site-packages/*/pulumi-plugin.json")):
        declared = json.loads(path.read_text(encoding="utf-8"))
        if not declared.get("resource"):
            continue
        name = declared.get("name") or path.parent.name.removeprefix("pulumi_").replace("_", "-")
        yield {
            "name": name,
            "version": declared.get("version") or "",
            "server": declared.get("server") or "",
            "parameterization": json.dumps(declared["parameterization"]) if declared.get("parameterization") else "",
        }
