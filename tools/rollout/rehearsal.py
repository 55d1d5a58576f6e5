"""Rehearses the steps of a rollout: applies one after the other to a copy of the running stack, and checks every pull."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.plan import LostPull
from stacks.rollout.steps import Step
from tools.engine import Engine, Workspace
from tools.local_services import LocalAzure, local_azure, resource_ids
from tools.pull_request import pulls
from tools.pull_request.refusals import refusals
from tools.pull_request.rehearsal import ENVIRONMENT, QUIET
from tools.recovery import recover
from tools.rollout.step_files import write_step
from tools.standins import RehearsalContext, place


@dataclass(frozen=True)
class Rehearsed:
    """The rehearsal of one step.

    Attributes:
        step: the step.
        changes: number of resources by operation of the engine.
        writes: number of writes after which the pulls were checked.
        lost: pulls that the step breaks, for good or for a while.
        refusals: one line for each reason why the engine did not complete it.
        pulls: number of working pulls after the step, in words.
        by_hand: consumers whose images change and that the engine does not apply, such as workloads of clusters.
    """

    step: Step
    changes: Mapping[str, int]
    writes: int = 0
    lost: Sequence[LostPull] = ()
    refusals: Sequence[str] = ()
    pulls: str = ""
    by_hand: Sequence[str] = ()

    @property
    def is_safe(self) -> bool:
        """Whether the step completes, and every pull works after each of its writes."""
        return not self.lost and not self.refusals

    @property
    def changes_nothing(self) -> bool:
        """Whether the step leaves every resource as it is."""
        return self.is_safe and not set(self.changes) - {"same", "read"}


@dataclass(frozen=True)
class Rehearsal:
    """Where steps are rehearsed.

    Attributes:
        workspace: the project, the folder of its stack files, the folder of the rehearsal, and the CLI.
        stack: name of the stack.
        states: folder of the engine's local state, which has the outputs of other stacks.
        standins: saved listings and exported states of resources made elsewhere.
        variables: additional environment variables of the local Azure.
        say: called with each line of progress.
    """

    workspace: Workspace
    stack: str
    states: Path
    standins: Sequence[Path] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = lambda _: None

    def run(self, steps: Sequence[Step], start: Callable[[Engine, LocalAzure], None]) -> list[Rehearsed]:
        """Rehearse steps until one is not safe.

        Args:
            steps: the steps in their order.
            start: called with the prepared engine and the local Azure before the first step, to bring the state to that of the
                running stack.

        Raises:
            EngineError: the engine cannot be set up.
            ServiceError: the local Azure does not start.
        """
        local = self.workspace.local
        context = RehearsalContext(self.workspace.name, self.workspace.stacks, self.states, tuple(self.standins), True)
        for line in place(local / "azure", self.stack, context):
            self.say(line)
        others = context.variables(self.stack, local)
        found: list[Rehearsed] = []
        with local_azure(local / "azure", local / "local-azure.log", variables=self.variables) as azure:
            environment = {**ENVIRONMENT, "PULUMI_DEBUG_PROVIDERS": azure.debug_providers, **others}
            engine = Engine(self.workspace, self.stack, environment)
            engine.prepare()
            start(engine, azure)
            recover(engine, lambda: resource_ids(azure.store), self.say)
            for number, step in enumerate(steps, start=1):
                self.say(f"rehearsing step {number} of {len(steps)}")
                found.append(self._rehearsed(step, azure, environment))
                if not found[-1].is_safe:
                    break
        return found

    def _rehearsed(self, step: Step, azure: LocalAzure, environment: Mapping[str, str]) -> Rehearsed:
        here = self.workspace
        directory = here.local / "step"
        variables = write_step(directory, self.stack, step.description, here.stacks)
        engine = Engine(
            Workspace(here.project, directory, here.local, here.pulumi), self.stack, {**environment, **variables}
        )
        engine.prepare()
        before = engine.export()
        watching = pulls.watch(azure.store, before)
        applied = engine.operate("up", *QUIET, events=True)
        after = engine.export()
        return Rehearsed(
            step,
            applied.changes,
            pulls.writes(watching),
            pulls.lost(watching, after),
            refusals(applied) if applied.code else (),
            pulls.summary(watching, after),
            _by_hand(pulls.pulls_of(before), pulls.pulls_of(after)),
        )


def _by_hand(before: Sequence[Any], after: Sequence[Any]) -> list[str]:
    """Return the stated consumers that have another image after a step."""
    images = {str(each["name"]): str(each["image"]) for each in before}
    return [
        f"{each['name']}: {each['image']}"
        for each in after
        if images.get(str(each["name"]), each["image"]) != each["image"]
    ]
