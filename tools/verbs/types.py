"""`./moorings types`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings types ../bicep-types-az", "./moorings types ../bicep-types-az --add Microsoft.App/jobs@2026-01-01")
def types(
    checkout: Annotated[
        Path, typer.Argument(help="Checkout of https://github.com/Azure/bicep-types-az.", exists=True, file_okay=False)
    ],
    add: Annotated[
        list[str] | None, typer.Option(metavar="TYPE@VERSION", help="A type to add.", show_default=False)
    ] = None,
) -> None:
    """Write the JSON Schemas of request bodies.

    Tests judge what this project sends by tests/published/types, which is made from Azure's published types.
    """
    from tools.published_types import rewrite

    try:
        rewrite(checkout, add or ())
    except (ValueError, subprocess.CalledProcessError) as error:
        raise RefusedError(str(error)) from None
