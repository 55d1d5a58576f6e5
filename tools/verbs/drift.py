"""`./moorings drift`."""

from __future__ import annotations

import typer

from tools.verbs.arguments import LocalStack, Quiet, TimeScale
from tools.verbs.command import verb


@verb("./moorings drift", "./moorings drift prod --quiet", passes_on=True)
def drift(ctx: typer.Context, stack: LocalStack = "local", time_scale: TimeScale = 0.0, quiet: Quiet = False) -> int:
    """Show how the local Azure differs from the stack.

    These are the differences that the next `up` would repair. Neither the local Azure nor the state is changed. The exit
    code is 1 if there is a difference. Arguments after -- go to `pulumi preview`.
    """
    from tools.verbs.running import on_local_azure

    return on_local_azure("drift", stack, ctx.args, time_scale=time_scale, quiet=quiet)
