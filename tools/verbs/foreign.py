"""`./moorings foreign`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.command import verb


@verb(
    "./moorings foreign ../examples",
    "./moorings foreign ../examples --config settings.yaml",
    "./moorings foreign ../examples --set azure-py-webserver:username=somebody",
)
def foreign(
    folder: Annotated[Path, typer.Argument(help="A program, or a folder of programs.", exists=True, file_okay=False)],
    config: Annotated[
        Path | None,
        typer.Option(
            help="YAML file: program: {key: value}; `*` applies to every program.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="An additional setting.", metavar="PROGRAM:KEY=VALUE", show_default=False),
    ] = None,
) -> int:
    """Run the Pulumi programs in a folder on a local Azure.

    Each program gets its own local Azure, which serves every type: preview, up, up again, destroy. The folders of the
    programs are not changed. The verb fails only if no program can be run; a table shows which programs succeeded and the
    errors of the others.
    """
    import sys

    from rich.console import Console

    from tools.foreign import programs
    from tools.foreign.report import show
    from tools.foreign.trial import run
    from tools.local_services import ROOT
    from tools.run_lock import one_run
    from tools.verbs.running import chosen_cli

    pulumi = chosen_cli()
    work = ROOT / ".pulumi-local" / "foreign"
    found = programs.find(folder.resolve())
    given = programs.settings(config, settings or [])
    if not found:
        raise programs.SettingsError(f"{folder}: no folder with a Pulumi.yaml")
    trials = []
    with one_run(work):
        for program in found:
            trial = run(program, work / program.name, pulumi, given)
            trials.append(trial)
            print(f"{trial.name}: {'green' if trial.green else trial.stopped}", flush=True)
    # Without a terminal, rich would wrap the table at 80 columns.
    show(trials, Console(width=None if sys.stdout.isatty() else 200))
    return 0
