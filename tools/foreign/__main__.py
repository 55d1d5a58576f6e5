"""Runs every Pulumi program of a folder on a local Azure that serves all types, and prints a table.

    make foreign DIR=../examples [CONFIG=settings.yaml]
    python -m tools.foreign ../examples --set azure-py-webserver:username=me

Each program gets a local Azure of its own: preview, up, up again, destroy. Nothing is written beside the programs.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from tools.foreign import programs
from tools.foreign.trial import STEPS, Trial, run
from tools.local_services import ROOT
from tools.provision import cli
from tools.run_lock import BusyError, one_run


def main() -> int:
    """Run the programs; returns 1 only where nothing could be run."""
    parser = argparse.ArgumentParser(prog="foreign", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="a program, or a folder of programs")
    parser.add_argument("--config", type=Path, help="YAML: program: {key: value}, `*` for every program")
    parser.add_argument("--set", action="append", default=[], metavar="PROGRAM:KEY=VALUE", help="one more setting")
    options = parser.parse_args()
    work = ROOT / ".pulumi-local" / "foreign"
    try:
        found = programs.find(options.folder.resolve())
        given = programs.settings(options.config, options.set)
        if not found:
            raise programs.SettingsError(f"{options.folder}: no folder with a Pulumi.yaml")
        with one_run(work):
            trials = [_tell(run(program, work / program.name, cli.chosen(ROOT), given)) for program in found]
    except (programs.SettingsError, BusyError, LookupError) as error:
        print(f"moorings: {error.args[0]}", file=sys.stderr)
        return 1
    show(trials, Console(width=None if sys.stdout.isatty() else 200))
    return 0


def _tell(trial: Trial) -> Trial:
    print(f"{trial.name}: {'green' if trial.green else trial.stopped}", flush=True)
    return trial


def show(trials: list[Trial], console: Console) -> None:
    """Print the table, how many are green, and the types whose shape alone was checked."""
    table = Table(box=box.SIMPLE, show_edge=False)
    for title in ("program", "resources", *STEPS, "what stopped it"):
        table.add_column(title, justify="right" if title == "resources" else "left")
    for trial in trials:
        steps = (trial.results.get(step, "-") for step in STEPS)
        table.add_row(trial.name, str(trial.resources), *steps, trial.stopped)
    console.print(table)
    console.print(f"{sum(trial.green for trial in trials)} of {len(trials)} programs are green")
    used = Counter(name for trial in trials for name in trial.unruled)
    for name, count in sorted(used.items()):
        console.print(f"shape checked only: {name} ({count} {'program' if count == 1 else 'programs'})")


if __name__ == "__main__":
    sys.exit(main())
