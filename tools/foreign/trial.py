"""Runs one program on its own local Azure: preview, up, up again and destroy."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tools.engine import Engine, EngineError, Finished, Workspace
from tools.foreign.programs import STACK, Program, copy_to
from tools.local_services import local_azure, resource_ids
from tools.processes import ServiceError
from tools.stack_file import StackFileError

STEPS: Final = ("preview", "up", "up again", "destroy")
_UNRULED = re.compile(r"no rules known for (\S+): shape checked only")
_MODULE = re.compile(r"ModuleNotFoundError: No module named '(\w+)'")
_PROVIDER = re.compile(
    r"no resource plugin 'pulumi-resource-([\w-]+)'|plugin '?([\w-]+)'? not found|resource plugin ([\w-]+)"
)
_NOISE = re.compile(
    r"error: (update|preview|destroy) failed|error: Running program|error: Program failed|^error: an unhandled"
)
"""Errors of the engine that only follow from another error."""

_PROGRESS = re.compile(r"^\s*[-+~]+|\s(creating|updating|deleting|\*\*\w+ failed\*\*)( \(\d+s\))?(?=\s)")
_WIDTH: Final = 200


@dataclass
class Trial:
    """The result of a program.

    Attributes:
        name: name of the program.
        results: result of each step that ran: `ok`, `failed`, or the changes of a second update.
        resources: number of resources that the first update created.
        stopped: the error in one line; empty without an error.
        unruled: types that were checked against the schema only.
    """

    name: str
    results: dict[str, str] = field(default_factory=dict)
    resources: int = 0
    stopped: str = ""
    unruled: set[str] = field(default_factory=set)

    @property
    def green(self) -> bool:
        """Whether every step succeeded."""
        return list(self.results.values()) == ["ok"] * len(STEPS)


def run(program: Program, folder: Path, pulumi: Path, given: Mapping[str, Mapping[str, Any]]) -> Trial:
    """Run a program in a folder that is emptied first; the output of each step is written to a file there."""
    trial = Trial(program.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        project = copy_to(program, folder / "project", given)
        engine = Engine(Workspace(project, project, folder / "local", pulumi), STACK)
        engine.prepare()
        with local_azure(folder / "azure", folder / "local-azure.log", generic=True) as azure:
            engine.environment |= {"PULUMI_DEBUG_PROVIDERS": azure.debug_providers, "ARM_ENDPOINT": azure.url}
            _steps(trial, engine, folder)
            left = resource_ids(azure.store)
    except (EngineError, ServiceError, StackFileError, OSError) as error:
        trial.stopped = str(error).splitlines()[0]
        return trial
    if trial.green and left:
        trial.results["destroy"] = f"{len(left)} left"
        trial.stopped = f"not deleted: {left[0]}"
    return trial


def _steps(trial: Trial, engine: Engine, folder: Path) -> None:
    """Run the steps. After a failure, only destroy runs, if an update has created resources."""
    for step in STEPS:
        if trial.stopped and (step != "destroy" or "up" not in trial.results):
            continue
        finished = _operate(engine, step)
        (folder / f"{step.replace(' ', '-')}.log").write_text(finished.output, encoding="utf-8")
        trial.unruled |= set(_UNRULED.findall(finished.output))
        if step == "up":
            trial.resources = finished.changes.get("create", 0)
        trial.results[step] = _result(step, finished)
        if trial.results[step] != "ok" and not trial.stopped:
            trial.stopped = reason(finished.output) if finished.code else f"{step}: {trial.results[step]}"


def _operate(engine: Engine, step: str) -> Finished:
    command = {"up again": "up"}.get(step, step)
    flags = [] if command == "preview" else ["--skip-preview"]
    return engine.operate(command, "--color", "never", *flags, events=True)


def _result(step: str, finished: Finished) -> str:
    if finished.code:
        return "failed"
    changed = {kind: count for kind, count in finished.changes.items() if kind not in ("same", "read")}
    if step == "up again" and changed:
        return ", ".join(f"{count} {kind}" for kind, count in sorted(changed.items()))
    return "ok"


def reason(output: str) -> str:
    """Return the cause of a failure in one line: a missing provider or package, otherwise the first specific error."""
    module, provider = _MODULE.search(output), _PROVIDER.search(output)
    if module:
        return f"needs the Python package {module[1]}"
    if provider:
        return f"needs the provider {next(filter(None, provider.groups()))}"
    lines = [" ".join(_PROGRESS.sub(" ", line).split()) for line in output.splitlines()]
    errors = [
        line for line in lines if re.search(r"\berror:|^[\w.]*(Error|Exception)\b", line) and not _NOISE.search(line)
    ]
    first = errors[0] if errors else next((line for line in lines if "error" in line.lower()), "no output")
    return first if len(first) <= _WIDTH else f"{first[: _WIDTH - 1]}…"
