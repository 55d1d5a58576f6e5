"""`./moorings fuzz`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.command import verb


@verb("./moorings fuzz", "./moorings fuzz --kills 3", "./moorings fuzz --only 17 --logs /tmp/trials")
def fuzz(
    kills: Annotated[int, typer.Option(help="Moments for each of the three processes.", min=1)] = 20,
    seed: Annotated[int, typer.Option(help="Chooses the moments.")] = 1,
    only: Annotated[int | None, typer.Option(help="Number of the one trial to run.", show_default=False)] = None,
    logs: Annotated[
        Path | None, typer.Option(help="Folder that takes what the runs of a failed trial printed.", show_default=False)
    ] = None,
) -> int:
    """Kill processes in the middle of runs, and expect recovery.

    The local Azure, the bridge and the engine are killed. Each trial has a small stack of its own. After the kill one more
    `up` has to converge, a second to change nothing, and `down` to leave nothing. A trial takes about 15 seconds; a table
    tells how many converged.
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
