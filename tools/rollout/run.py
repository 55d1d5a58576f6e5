"""Plans a rollout: steps from the running description to the stack file, rehearsed, and applied on request."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from stacks.rollout.steps import Step, steps
from tools.engine import Engine
from tools.local_services import LocalAzure
from tools.rollout import report
from tools.rollout.errors import RolloutError
from tools.rollout.rehearsal import Rehearsal, Rehearsed
from tools.rollout.step_files import parsed, wanted, write_step
from tools.stack import say


class Deployment(Protocol):
    """The running stack of a rollout."""

    def description(self) -> str | None:
        """Return the description that was applied last, as the stack recorded it; None if it recorded none."""
        ...

    def rehearsal(self, folder: Path) -> Rehearsal:
        """Return a rehearsal in a folder, which is emptied first."""
        ...

    def start(self, engine: Engine, azure: LocalAzure, /) -> None:
        """Bring the prepared engine of the rehearsal to the state of the running stack, whose registry can be changed."""
        ...

    def apply(self, directory: Path, variables: Mapping[str, str]) -> int:
        """Apply the stack file in a folder, and return the engine's exit code."""
        ...


@dataclass(frozen=True)
class Rollout:
    """A planned rollout.

    Attributes:
        running: the running description, written out.
        planned: all steps.
        rehearsed: the steps that were rehearsed, up to the first that is not safe.
    """

    running: Mapping[str, Any]
    planned: Sequence[Step]
    rehearsed: Sequence[Rehearsed]

    @property
    def is_safe(self) -> bool:
        """Whether every step completes without breaking a pull."""
        return all(each.is_safe for each in self.rehearsed)

    @property
    def kept(self) -> list[int]:
        """The numbers of the steps to apply: those that change a resource, and the last one if it records another description."""
        changing = [number for number, each in enumerate(self.rehearsed, start=1) if not each.changes_nothing]
        total = len(self.planned)
        records = total not in changing and self.planned[-1].description != self.running
        return [*changing, *([total] if records else [])]

    def lines(self) -> list[str]:
        """Return the plan, one printable line each."""
        if self.is_safe and not self.kept:
            return ["nothing to change: the stack is as its file describes"]
        return list(report.lines(self.rehearsed, self.running, len(self.planned)))

    def as_json(self) -> list[dict[str, Any]]:
        """Return the steps as plain data."""
        later = self.planned[len(self.rehearsed) :]
        descriptions = [self.running, *(step.description for step in self.planned)]
        return [
            report.as_json(each, before) for each, before in zip([*self.rehearsed, *later], descriptions, strict=False)
        ]


def plan(deployment: Deployment, stack: str, directory: Path, folder: Path) -> Rollout:
    """Plan and rehearse a rollout.

    Args:
        deployment: the running stack.
        stack: name of the stack.
        directory: folder of the project's stack files.
        folder: folder for the files of the rehearsal.

    Raises:
        SpecError: the stack file cannot be read.
        RolloutError: the stack has not recorded its description.
    """
    goal = wanted(stack, directory)
    recorded = deployment.description()
    if recorded is None:
        raise RolloutError(
            f"stack {stack} has not recorded its description: apply the stack file that it was last applied with once more, "
            "which changes no resource, and then plan"
        )
    running = parsed(recorded)
    found = steps(running, goal)
    rehearsal = deployment.rehearsal(folder)
    return Rollout(running, found, rehearsal.run(found, deployment.start))


def apply(rollout: Rollout, deployment: Deployment, stack: str, directory: Path, folder: Path) -> int:
    """Apply the steps of a safe rollout one by one, and return the engine's exit code of the last one.

    The stack records the description of a step when it is complete, so a later plan begins with the step that was not.

    Args:
        rollout: the rollout.
        deployment: the running stack.
        stack: name of the stack.
        directory: folder of the project's stack files.
        folder: folder for the stack files of the steps.
    """
    total = len(rollout.planned)
    for number in rollout.kept:
        step, is_last = rollout.planned[number - 1], number == total
        say(f"applying step {number} of {total}")
        # The last step is the project's own file, which is recorded as it is written.
        place, variables = (
            (directory, {}) if is_last else (folder, write_step(folder, stack, step.description, directory))
        )
        code = deployment.apply(place, variables)
        if code:
            say(f"step {number} of {total} did not complete: run the same command again to continue")
            return code
        by_hand = rollout.rehearsed[number - 1].by_hand
        if by_hand and not is_last:
            say(f"step {number} of {total} changes images that the engine does not apply: {', '.join(by_hand)}")
            say("apply the manifests (./moorings manifests), then run the same command again to continue")
            return 1
    return 0
