"""`./moorings down`."""

from __future__ import annotations

from typing import Annotated

import typer

from tools.verbs.arguments import ContinueOnError, Json, MaybeStack, Parallel, Quiet, TimeScale
from tools.verbs.command import verb

All = Annotated[
    bool,
    typer.Option("--all", help="Delete all stacks, each after the stacks that need it, independent ones together."),
]


@verb(
    "./moorings down",
    "./moorings down prod -- --continue-on-error",
    "./moorings down --all",
    passes_on=True,
)
def down(
    ctx: typer.Context,
    stack: MaybeStack = None,
    every: All = False,
    parallel: Parallel = None,
    continue_on_error: ContinueOnError = False,
    time_scale: TimeScale = 0.0,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Delete a stack from the local Azure.

    Protection is removed first. Arguments after -- go to `pulumi destroy`. With --all, --json prints one event per line.
    """
    if every and stack:
        raise typer.BadParameter("--all deletes every stack, and takes no STACK")
    if not every and (parallel or continue_on_error or json):
        raise typer.BadParameter("--parallel, --continue-on-error and --json need --all")
    from tools.verbs.running import all_on_local_azure, on_local_azure

    if not every:
        return on_local_azure("down", stack or "local", ctx.args, time_scale=time_scale, quiet=quiet)
    return all_on_local_azure(
        "down",
        ctx.args,
        parallel=parallel,
        continue_on_error=continue_on_error,
        time_scale=time_scale,
        as_json=json,
        quiet=quiet,
    )
