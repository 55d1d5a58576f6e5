"""`./moorings down`."""

from __future__ import annotations

import typer

from tools.verbs.arguments import LocalStack, Quiet, TimeScale
from tools.verbs.command import verb


@verb("./moorings down", "./moorings down prod -- --continue-on-error", passes_on=True)
def down(ctx: typer.Context, stack: LocalStack = "local", time_scale: TimeScale = 0.0, quiet: Quiet = False) -> int:
    """Delete a stack from the local Azure.

    Protection is removed first. Arguments after -- go to `pulumi destroy`.
    """
    from tools.verbs.running import on_local_azure

    return on_local_azure("down", stack, ctx.args, time_scale=time_scale, quiet=quiet)
