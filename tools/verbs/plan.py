"""`./moorings plan`."""

from __future__ import annotations

from typing import Annotated

import typer

from tools.verbs.arguments import Json, Quiet, StackName, StandIns, TimeScale
from tools.verbs.command import verb
from tools.verbs.printing import run_printing, show_json
from tools.verbs.refusals import RefusedError


@verb("./moorings plan prod", "./moorings plan prod --apply", "./moorings plan local --local --json")
def plan(
    stack: StackName,
    apply: Annotated[bool, typer.Option("--apply", help="Apply the steps after they are rehearsed.")] = False,
    local: Annotated[
        bool, typer.Option("--local", help="Plan for the stack on the local Azure of this project.")
    ] = False,
    time_scale: TimeScale = 0.0,
    standins: StandIns = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Cut a change into steps that keep every pull working.

    The description that was applied last is compared with the stack file. Each step is an ordinary `up` of a description
    between the two, and has a reason. All steps are rehearsed on a copy of the running stack, and every consumer is checked
    after each write; the verb fails if one cannot pull. With --apply, the steps are applied one after the other. After an
    interruption, the same command continues with the step that was not completed. The engine uses your backend and login,
    with --local those of `up`. While the home region of the registry is down, nothing is started.
    """
    from tools.preflight.arm import DeniedError, MissingError, UnreachableError, azure
    from tools.rollout import run
    from tools.rollout.azure import AzureDeployment
    from tools.rollout.local import LocalDeployment
    from tools.run_lock import one_run
    from tools.verbs.running import workspace

    here = workspace()
    files = standins or ()
    deployment = (
        LocalDeployment(here, stack, time_scale, files) if local else AzureDeployment(here, stack, azure, files)
    )
    found: list[run.Rollout] = []

    def action() -> int:
        with one_run(here.local):
            try:
                rollout = run.plan(deployment, stack, here.stacks, here.local / "plan")
            except (UnreachableError, DeniedError, MissingError) as error:
                raise RefusedError(f"whether the registry can be changed is not known: {error}") from None
            found.append(rollout)
            for line in rollout.lines():
                print(line)
            if not rollout.is_safe:
                return 1
            return run.apply(rollout, deployment, stack, here.stacks, here.local / "plan" / "step") if apply else 0

    code = run_printing(action, on_stderr=json, quiet=quiet)
    if json:
        show_json([each for rollout in found for each in rollout.as_json()])
    return code
