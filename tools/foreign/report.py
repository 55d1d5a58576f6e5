"""Prints the results of the trials of a folder of programs as a table."""

from __future__ import annotations

from collections import Counter

from rich import box
from rich.console import Console
from rich.table import Table

from tools.foreign.trial import STEPS, Trial


def show(trials: list[Trial], console: Console) -> None:
    """Print the table, the number of successful programs, and the types that were checked against the schema only."""
    table = Table(box=box.SIMPLE, show_edge=False)
    for title in ("program", "resources", *STEPS, "error"):
        table.add_column(title, justify="right" if title == "resources" else "left")
    for trial in trials:
        steps = (trial.results.get(step, "-") for step in STEPS)
        table.add_row(trial.name, str(trial.resources), *steps, trial.stopped)
    console.print(table)
    console.print(f"{sum(trial.green for trial in trials)} of {len(trials)} programs are green")
    used = Counter(name for trial in trials for name in trial.unruled)
    for name, count in sorted(used.items()):
        console.print(f"shape checked only: {name} ({count} {'program' if count == 1 else 'programs'})")
