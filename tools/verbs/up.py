"""`./moorings up`."""

from __future__ import annotations

import typer

from tools.verbs.arguments import Json, LocalStack, Quiet, StandIns, TimeScale
from tools.verbs.command import verb


@verb("./moorings up", "./moorings up prod --json", "./moorings up prod -- --refresh", passes_on=True)
def up(
    ctx: typer.Context,
    stack: LocalStack = "local",
    time_scale: TimeScale = 0.0,
    standins: StandIns = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Provision a stack on the local Azure.

    The Pulumi engine creates what the stack file describes; a second run changes nothing. Resources made elsewhere are
    assumed as the stack file states them, or taken from --standins; each is named. With --json, the outputs of the stack
    are printed. Arguments after -- go to `pulumi up`.
    """
    from tools.stack import outputs_file
    from tools.verbs.running import on_local_azure, workspace

    code = on_local_azure(
        "up", stack, ctx.args, time_scale=time_scale, standins=standins or (), on_stderr=json, quiet=quiet
    )
    if json and code == 0:
        print(outputs_file(workspace(), stack).read_text(encoding="utf-8"), end="")
    return code
