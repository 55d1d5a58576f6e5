"""`./moorings up`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.arguments import ContinueOnError, Json, MaybeStack, Parallel, Quiet, StandIns, TimeScale
from tools.verbs.command import verb

All = Annotated[
    bool,
    typer.Option("--all", help="Provision all stacks in the order of their references, independent ones together."),
]


@verb(
    "./moorings up",
    "./moorings up prod --json",
    "./moorings up prod -- --refresh",
    "./moorings up --all --parallel 4",
    passes_on=True,
)
def up(
    ctx: typer.Context,
    stack: MaybeStack = None,
    every: All = False,
    parallel: Parallel = None,
    continue_on_error: ContinueOnError = False,
    time_scale: TimeScale = 0.0,
    standins: StandIns = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Provision a stack on the local Azure.

    The Pulumi engine creates what the stack file describes; a second run changes nothing. Resources made elsewhere are
    assumed as the stack file states them, or taken from --standins; each is named. With --json, the outputs of the stack
    are printed. Arguments after -- go to `pulumi up`.

    With --all, each stack follows the stacks whose outputs it refers to, and --json prints one event per line.
    """
    if every and stack:
        raise typer.BadParameter("--all provisions every stack, and takes no STACK")
    if not every and (parallel or continue_on_error):
        raise typer.BadParameter("--parallel and --continue-on-error need --all")
    if not every:
        return _one(ctx.args, stack or "local", time_scale=time_scale, standins=standins, json=json, quiet=quiet)
    from tools.verbs.running import all_on_local_azure

    return all_on_local_azure(
        "up",
        ctx.args,
        parallel=parallel,
        continue_on_error=continue_on_error,
        time_scale=time_scale,
        standins=standins or (),
        as_json=json,
        quiet=quiet,
    )


def _one(
    arguments: list[str], stack: str, *, time_scale: float, standins: list[Path] | None, json: bool, quiet: bool
) -> int:
    from tools.stack import outputs_file
    from tools.verbs.running import on_local_azure, workspace

    code = on_local_azure(
        "up", stack, arguments, time_scale=time_scale, standins=standins or (), on_stderr=json, quiet=quiet
    )
    if json and code == 0:
        print(outputs_file(workspace(), stack).read_text(encoding="utf-8"), end="")
    return code
