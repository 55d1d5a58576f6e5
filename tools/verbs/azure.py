"""`./moorings azure`."""

from __future__ import annotations

import typer

from tools.verbs.command import Front, verb


@verb(
    "./moorings azure serve --store DIR --port 8080",
    "./moorings azure plugin --arm http://127.0.0.1:8080",
    "./moorings azure list --store DIR",
    "./moorings azure serve --help",
    kind=Front,
)
def azure(ctx: typer.Context) -> int:
    """Serve the local Azure, or look into its store.

    The arguments are those of `python -m local_azure`: one of its commands serve, plugin, requests, list, load and
    reset, each with a help of its own.
    """
    from local_azure.__main__ import cli

    return cli(ctx.args, prog_name="moorings azure", standalone_mode=False)
