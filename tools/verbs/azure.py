"""`./moorings azure`."""

from __future__ import annotations

from typing import Any

import typer
from typer.main import get_command

from tools.verbs.command import PassThrough, verb


class LocalAzure(PassThrough):
    """The command line of the local Azure, including completion of its commands."""

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Return the commands of the local Azure with this prefix."""
        from local_azure.__main__ import cli

        group = get_command(cli)
        return [] if ctx.args else group.shell_complete(typer.Context(group), incomplete)


@verb(
    "./moorings azure serve --store DIR --port 8080",
    "./moorings azure plugin --arm http://127.0.0.1:8080",
    "./moorings azure list --store DIR",
    "./moorings azure reach --store DIR",
    "./moorings azure outage --store DIR --down eastus",
    "./moorings azure serve --help",
    kind=LocalAzure,
)
def azure(ctx: typer.Context) -> int:
    """Serve the local Azure, or inspect its store.

    The arguments are those of `python -m local_azure`: one of its commands serve, plugin, requests, list, reach,
    outage, load and reset, which each have their own help.
    """
    from local_azure.__main__ import cli

    return cli(ctx.args, prog_name="moorings azure", standalone_mode=False)
