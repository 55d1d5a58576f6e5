"""`./moorings types`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb(
    "./moorings types ../bicep-types-az",
    "./moorings types ../bicep-types-az --add Microsoft.App/jobs@2026-01-01",
    "./moorings types ../bicep-types-az --paths",
)
def types(
    checkout: Annotated[
        Path, typer.Argument(help="Checkout of https://github.com/Azure/bicep-types-az.", exists=True, file_okay=False)
    ],
    add: Annotated[
        list[str] | None, typer.Option(metavar="TYPE@VERSION", help="A type to add.", show_default=False)
    ] = None,
    paths: Annotated[
        bool, typer.Option("--paths", help="Write only the ARM type and path of each class of the SDK.")
    ] = False,
) -> None:
    """Generate files from Azure's published types.

    These are the JSON Schemas of request bodies in tests/published/types, with which tests validate what this project sends,
    or local_azure/generic/paths.json, with which the local Azure serves types without rules, which takes some minutes.
    """
    from tools import arm_paths, published_types

    try:
        if paths:
            for name in arm_paths.rewrite(checkout):
                print(f"no published type for {name}")
        else:
            published_types.rewrite(checkout, add or ())
    except (ValueError, subprocess.CalledProcessError) as error:
        raise RefusedError(str(error)) from None
