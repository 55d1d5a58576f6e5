"""`./moorings refresh`."""

from __future__ import annotations

import typer

from tools.verbs.arguments import LocalStack, Quiet, TimeScale
from tools.verbs.command import verb


@verb("./moorings refresh", "./moorings refresh prod", passes_on=True)
def refresh(ctx: typer.Context, stack: LocalStack = "local", time_scale: TimeScale = 0.0, quiet: Quiet = False) -> int:
    """Read the local Azure into the state of a stack.

    The state then contains all manual changes and deletions, so that the next `up` repairs them. The local Azure is not
    changed. Arguments after -- go to `pulumi refresh`.
    """
    from tools.verbs.running import on_local_azure

    return on_local_azure("refresh", stack, ctx.args, time_scale=time_scale, quiet=quiet)
