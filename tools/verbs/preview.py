"""`./moorings preview`."""

from __future__ import annotations

import typer

from tools.verbs.arguments import LocalStack, Quiet, TimeScale
from tools.verbs.command import verb


@verb("./moorings preview prod", "./moorings preview prod -- --diff --refresh", passes_on=True)
def preview(ctx: typer.Context, stack: LocalStack = "local", time_scale: TimeScale = 0.0, quiet: Quiet = False) -> int:
    """Show what `up` would do on the local Azure.

    Nothing is changed. Arguments after -- go to `pulumi preview`.
    """
    from tools.verbs.running import on_local_azure

    return on_local_azure("preview", stack, ctx.args, time_scale=time_scale, quiet=quiet)
