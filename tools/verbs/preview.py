"""`./moorings preview`."""

from __future__ import annotations

import contextlib
import io
import sys

import typer

from tools.verbs.arguments import Json, LocalStack, Quiet, StandIns, TimeScale
from tools.verbs.command import verb
from tools.verbs.printing import show_json


@verb(
    "./moorings preview prod",
    "./moorings preview prod --json",
    "./moorings preview prod -- --diff --refresh",
    passes_on=True,
)
def preview(
    ctx: typer.Context,
    stack: LocalStack = "local",
    time_scale: TimeScale = 0.0,
    standins: StandIns = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Show what `up` would do on the local Azure.

    Nothing is changed. With --json, the engine's plan is printed. Arguments after -- go to `pulumi preview`.
    """
    from tools.engine import Finished
    from tools.verbs.running import on_local_azure

    given = standins or ()
    if not json:
        return on_local_azure("preview", stack, ctx.args, time_scale=time_scale, standins=given, quiet=quiet)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = on_local_azure("preview", stack, [*ctx.args, "--json"], time_scale=time_scale, standins=given)
    finished = Finished(code, printed.getvalue())
    if finished.plan is None:
        sys.stderr.write(finished.output)
        return 1
    show_json(finished.plan)
    return code
