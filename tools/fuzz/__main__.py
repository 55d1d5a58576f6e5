"""Kill the local Azure, the bridge and the engine in the middle of runs, and tell whether the next run makes good."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.fuzz.moments import PHASES, VICTIMS, moments
from tools.fuzz.trials import Result, attempt, reference
from tools.local_services import ROOT
from tools.provision import cli


def main() -> int:
    """Run the trials of the command line; returns 0 when every one of them converged."""
    parser = argparse.ArgumentParser(prog="fuzz", description=__doc__)
    parser.add_argument("--kills", type=int, default=20, help="moments for each victim")
    parser.add_argument("--seed", type=int, default=1, help="chooses the moments")
    parser.add_argument("--only", type=int, help="number of the one trial to run")
    parser.add_argument("--logs", type=Path, help="folder that takes what the runs of failed trials printed")
    options = parser.parse_args()
    try:
        pulumi = cli.chosen(ROOT)
    except LookupError as error:
        print(f"moorings: {error.args[0]}", file=sys.stderr)
        return 1
    normal = reference(pulumi)
    results: list[Result] = []
    for number, moment in enumerate(moments(options.seed, options.kills)):
        if options.only is not None and number != options.only:
            continue
        result = attempt(moment, normal, pulumi)
        results.append(result)
        print(line(number, result), flush=True)
        if options.logs and not result.converged:
            options.logs.mkdir(parents=True, exist_ok=True)
            (options.logs / f"{number}.txt").write_text(result.output, encoding="utf-8")
    print()
    for row in table(results):
        print(row)
    return 0 if all(result.converged for result in results) else 1


def line(number: int, result: Result) -> str:
    """Return the line that tells of one trial."""
    moment = result.moment
    place = f"{moment.victim:<7} {moment.phase:<7} at {moment.share:4.0%} + {moment.milliseconds:4.1f} ms"
    return f"{number:>3}  {place}  {result.seconds:5.1f} s  {'; '.join(result.problems) or 'converged'}"


def table(results: Sequence[Result]) -> list[str]:
    """Return converged trials of all, by victim and phase."""
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


if __name__ == "__main__":
    sys.exit(main())
