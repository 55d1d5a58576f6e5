"""Formats the results of trials."""

from __future__ import annotations

from collections.abc import Sequence

from tools.fuzz.moments import PHASES, VICTIMS
from tools.fuzz.trials import Result


def line(number: int, result: Result) -> str:
    """Return the line for one trial."""
    moment = result.moment
    place = f"{moment.victim:<7} {moment.phase:<7} at {moment.share:4.0%} + {moment.milliseconds:4.1f} ms"
    return f"{number:>3}  {place}  {result.seconds:5.1f} s  {'; '.join(result.problems) or 'converged'}"


def table(results: Sequence[Result]) -> list[str]:
    """Return the number of converged trials by victim and phase."""
    rows = [f"{'killed':<8}" + "".join(f"{phase:>10}" for phase in (*PHASES, "all"))]
    for victim in (*VICTIMS, "all"):
        cells = []
        for phase in (*PHASES, "all"):
            those = [
                each
                for each in results
                if victim in (each.moment.victim, "all") and phase in (each.moment.phase, "all")
            ]
            cells.append(f"{sum(each.converged for each in those)}/{len(those)}")
        rows.append(f"{victim:<8}" + "".join(f"{cell:>10}" for cell in cells))
    return rows
