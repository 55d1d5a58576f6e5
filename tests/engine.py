"""Programs on the real engine and a local Azure of their own, as plain data: for tests marked `engine`."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.engine import Engine, Finished, Workspace
from tools.local_services import ROOT, LocalAzure, local_azure, resource_ids
from tools.provision import cli

QUIET = ("--color", "never", "--skip-preview")


@dataclass(frozen=True)
class Outcome:
    """What one operation did.

    Attributes:
        code: the engine's exit code; 0 is success.
        output: all that the engine printed.
        changes: resources by operation, without those that stayed the same: create, update, delete, replace, …
        same: resources that stayed the same.
        steps: (operation, type, logical name) of each resource that did not stay the same, in order.
    """

    code: int
    output: str
    changes: dict[str, int]
    same: int
    steps: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Rehearsal:
    """A program with a stack of its own, on a local Azure of its own."""

    engine: Engine
    azure: LocalAzure
    stack_file: Path
    program: Path

    def up(self, *flags: str) -> Outcome:
        """Apply the program."""
        return self._operate("up", *QUIET, *flags)

    def preview(self, *flags: str) -> Outcome:
        """Preview the program."""
        return self._operate("preview", "--color", "never", *flags)

    def refresh(self, *flags: str) -> Outcome:
        """Read all resources back."""
        return self._operate("refresh", *QUIET, *flags)

    def destroy(self, *flags: str) -> Outcome:
        """Delete everything, what is protected too, as `make down` does."""
        self.engine.prepare()
        self.engine.lift_protection()
        return self._operate("destroy", *QUIET, *flags)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs; secret ones read `[secret]`."""
        return self.engine.outputs()

    def export(self) -> dict[str, Any]:
        """The stack's state."""
        return self.engine.export()

    def ids(self) -> list[str]:
        """Ids of the resources on the local Azure."""
        return resource_ids(self.azure.store)

    def _operate(self, command: str, *flags: str) -> Outcome:
        self.engine.prepare()
        return outcome(self.engine.operate(command, *flags, events=True))


def outcome(finished: Finished) -> Outcome:
    """Turn the end of an operation into plain data."""
    counts = finished.changes
    steps = []
    for event in finished.events:
        metadata = event.get("resourcePreEvent", {}).get("metadata", {})
        if metadata and metadata["op"] not in {"same", "read"}:
            steps.append((metadata["op"], metadata["type"], metadata["urn"].rpartition("::")[2]))
    changes = {name: count for name, count in counts.items() if name != "same"}
    return Outcome(finished.code, finished.output, changes, counts.get("same", 0), steps)


@contextlib.contextmanager
def rehearsal(
    folder: Path,
    program: Path | str,
    stack_text: str = "config: {}\n",
    *,
    stack: str = "test",
    time_scale: float = 0.0,
    azure_arguments: tuple[str, ...] = (),
    generic: bool = False,
) -> Iterator[Rehearsal]:
    """Lay out a project under `folder` and serve a new local Azure for it until the block ends.

    Args:
        folder: an empty folder, such as `tmp_path`.
        program: a folder with a `__main__.py`, which is copied, or the text of one.
        stack_text: text of the stack file; change `stack_file` between operations to change the stack.
        stack: the stack's name.
        time_scale: multiplies the waits of the local Azure, the bridge and the program.
        azure_arguments: further arguments of `local_azure serve`.
        generic: serve the types that have no rules too.
    """
    project = folder / "project"
    stacks = project / "stacks"
    if isinstance(program, str):
        project.mkdir(parents=True)
        (project / "__main__.py").write_text(program, encoding="utf-8")
    else:
        shutil.copytree(program, project, ignore=shutil.ignore_patterns("__pycache__"))
    stacks.mkdir(exist_ok=True)
    options = f"runtime: {{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
    (project / "Pulumi.yaml").write_text(f"name: moorings\n{options}\nstackConfigDir: stacks\n", encoding="utf-8")
    stack_file = stacks / f"Pulumi.{stack}.yaml"
    if stack_text or not stack_file.exists():
        stack_file.write_text(stack_text, encoding="utf-8")
    workspace = Workspace(project, stacks, folder / "local", cli.chosen(ROOT))
    log = workspace.local / "local-azure.log"
    with local_azure(
        workspace.local / "azure", log, time_scale=time_scale, generic=generic, arguments=azure_arguments
    ) as azure:
        environment = {
            "PULUMI_DEBUG_PROVIDERS": azure.debug_providers,
            "MOORINGS_TIME_SCALE": f"{time_scale:g}",
            "PYTHONPATH": str(ROOT),
        }
        yield Rehearsal(Engine(workspace, stack, environment), azure, stack_file, project)


def change_yaml(running: Rehearsal, old: str, new: str) -> None:
    """Replace a text of a program in YAML."""
    file = running.program / "Pulumi.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
