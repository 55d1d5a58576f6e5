"""Command lines and environments of the Python processes that the host starts: pure decisions, nothing is run here."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

SHOWN_TO_THE_USER = 32
"""Exit code by which the executor says that it has already shown the error to the user."""


class NoInterpreterError(Exception):
    """The interpreter that a project asks for is not there; the message says what to do."""


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
        """Choose the interpreter as the engine's `runtime.options.virtualenv` says.

        Args:
            root: folder of the project file; a relative `virtualenv` starts there.
            virtualenv: the option's value; empty means the `python3` (or `python`) found on PATH.
            environ: environment whose PATH is searched.

        Raises:
            NoInterpreterError: the environment has no interpreter, or PATH has none.
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
    """Return the command line that runs a program through the executor; empty options are left out."""
    flags = [part for name, value in options.items() if value for part in (f"--{name}", value)]
    return [str(interpreter.executable), "-u", str(executor), *flags, program or ".", *arguments]


def config_environment(config: Mapping[str, str], secret_keys: Sequence[str]) -> dict[str, str]:
    """Return the variables by which a program receives its configuration."""
    return {"PULUMI_CONFIG": json.dumps(dict(config)), "PULUMI_CONFIG_SECRET_KEYS": json.dumps(list(secret_keys))}


def plugin_arguments(kind: str, program: Path, arguments: Sequence[str], interpreter: Interpreter) -> list[str]:
    """Return the command line of a plugin written in Python.

    A policy pack (`analyzer`) runs under the SDK's policy module, which wants the engine's address and the pack's
    folder; any other plugin runs as the program that it is.
    """
    if kind == "analyzer":
        return [str(interpreter.executable), "-u", "-m", "pulumi.policy", *arguments, str(program)]
    return [str(interpreter.executable), "-u", str(program), *arguments]


def run_error(exit_code: int) -> tuple[str, bool]:
    """Translate a program's exit code into the engine's (error text, already shown to the user)."""
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
    Python, whose folders are not ours to search: the engine then learns of a provider when a resource needs it.
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
