"""`./moorings fuzz`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.command import verb


@verb("./moorings fuzz", "./moorings fuzz --kills 3", "./moorings fuzz --only 17 --logs /tmp/trials")
def fuzz(
    kills: Annotated[int, typer.Option(help="Moments for each of the three processes.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="Seed of the random moments.")] = 1,
    only: Annotated[int | None, typer.Option(help="Number of a single trial to run.", show_default=False)] = None,
    logs: Annotated[
        Path | None, typer.Option(help="Folder for the output of failed trials.", show_default=False)
    ] = None,
) -> int:
    """Kill processes during runs, and test the recovery.

    The local Azure, the bridge and the engine are killed. Each trial has its own small stack. After the kill, the next `up`
    must converge, a second one must change nothing, and `down` must delete everything. A trial takes about 15 seconds; a
    table shows how many converged.
    """
    from tools.fuzz import report, trials
    from tools.fuzz.moments import moments
    from tools.verbs.running import chosen_cli

    pulumi = chosen_cli()
    normal = trials.reference(pulumi)
    results: list[trials.Result] = []
    for number, moment in enumerate(moments(seed, kills)):
        if only not in (None, number):
            continue
        result = trials.attempt(moment, normal, pulumi)
        results.append(result)
        print(report.line(number, result), flush=True)
        if logs and not result.converged:
            logs.mkdir(parents=True, exist_ok=True)
            (logs / f"{number}.txt").write_text(result.output, encoding="utf-8")
    print()
    for row in report.table(results):
        print(row)
    return 0 if all(result.converged for result in results) else 1
