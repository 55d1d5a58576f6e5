"""`./moorings pulumi`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.command import verb


@verb(
    "./moorings pulumi -- preview --stack prod",
    "./moorings pulumi --local -- package get-schema azure-native",
    passes_on=True,
)
def pulumi(
    ctx: typer.Context,
    local: Annotated[
        bool, typer.Option("--local", help="Run the CLI on the local Azure, with the state in .pulumi-local.")
    ] = False,
) -> int:
    """Run the Pulumi CLI on your own backend.

    The CLI is the one that `make setup` selected. It runs in the current folder, with your own login and secrets. Its
    arguments follow --.
    """
    if not local:
        from tools.pulumi import run
        from tools.verbs.running import chosen_cli

        return int(run(chosen_cli(), ctx.args) != 0)
    from tools import local_pulumi
    from tools.run_lock import one_run
    from tools.verbs.running import workspace

    here = workspace()
    with one_run(here.local):
        return int(local_pulumi.run(here, ctx.args, Path.cwd()) != 0)
