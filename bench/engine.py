"""Benchmark of preview and up on the real engine: the toolkit compared with a flat program that creates the same resources.

Both sides run alternately on one local Azure and one bridge, each time from an empty state. The result is the median of `RUNS`.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.shapes import FIVE_HUNDRED, PROD, Shape, flat_shape, stack_file
from tools.engine import Engine, Workspace
from tools.local_services import ROOT, LocalAzure, local_azure
from tools.provision import cli

RUNS = 5

TOOLKIT = (ROOT / "__main__.py").read_text(encoding="utf-8")
"""The project's own program; the stack files are beside the packages that it imports."""

EXITS_IMMEDIATELY = "import sys\nsys.exit('error: at once')\n"


@dataclass(frozen=True)
class Side:
    """A program with its own state."""

    name: str
    engine: Engine

    def without_checkpoints(self) -> Side:
        """Return this side without checkpoints, as in a rehearsal: the engine saves its state once, at the end."""
        skipping = {**self.engine.environment, "PULUMI_SKIP_CHECKPOINTS": "true", "PULUMI_EXPERIMENTAL": "true"}
        return replace(self, engine=replace(self.engine, environment=skipping))

    def timed(self, command: str, *flags: str, refused_with: str = "") -> float:
        """Run one command of the engine and return its wall time in seconds.

        Args:
            command: the engine's command.
            flags: additional flags.
            refused_with: expected text in the output of a command that must fail.
        """
        start = time.perf_counter()
        finished = self.engine.operate(command, "--color", "never", *flags)
        seconds = time.perf_counter() - start
        if (finished.code != 0) is not bool(refused_with) or refused_with not in finished.output:
            raise SystemExit(f"{self.name}: {command} ended with {finished.code}:\n{finished.output[-2000:]}")
        return seconds


PACKAGES = ("components", "planning", "stacks")
"""Packages of this project that run in the engine."""


def side(
    name: str,
    folder: Path,
    azure: LocalAzure,
    program: str,
    files: dict[str, str],
    stack: str,
    packages: Iterable[str] = (),
) -> Side:
    """Create a project in a folder, and return it as a side of a comparison.

    Args:
        name: name in messages.
        folder: an empty folder.
        azure: the local Azure.
        program: text of its `__main__.py`.
        files: additional files by path.
        stack: name of its stack.
        packages: packages of this project that the program imports, which are copied beside it.
    """
    project = folder / name
    for package in packages:
        shutil.copytree(ROOT / package, project / package, ignore=shutil.ignore_patterns("*.yaml"))
    (project / "stacks").mkdir(parents=True, exist_ok=True)
    options = f"runtime: {{name: python, options: {{virtualenv: {ROOT / '.venv'}}}}}"
    texts = {
        "__main__.py": program,
        "Pulumi.yaml": f"name: moorings\n{options}\nstackConfigDir: stacks\n",
        f"stacks/Pulumi.{stack}.yaml": "config: {}\n",
        **files,
    }
    for path, text in texts.items():
        (project / path).write_text(text, encoding="utf-8")
    environment = {
        "PULUMI_DEBUG_PROVIDERS": azure.debug_providers,
        "MOORINGS_TIME_SCALE": "0",
    }
    workspace = Workspace(project, project / "stacks", folder / f"{name}-local", cli.chosen(ROOT))
    result = Side(name, Engine(workspace, stack, environment))
    result.engine.prepare()
    return result


@contextmanager
def served() -> Iterator[tuple[Path, LocalAzure]]:
    """Run a local Azure in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="moorings-bench-"))
    try:
        with local_azure(folder / "azure", folder / "azure.log") as azure:
            yield folder, azure
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def compare(label: str, shape: Shape, targets: tuple[float, float]) -> None:
    """Print the ratios of preview and up for one shape.

    Args:
        label: name of the shape.
        shape: the resources.
        targets: maximum ratios of preview and of up.
    """
    with served() as (folder, azure):
        flat, toolkit = both_sides(shape, folder, azure)
        count = same_bodies(flat, toolkit, azure)
        title = f"{label} ({count} resources in Azure)"
        report(f"preview of {title}", targets[0], *alternate(flat, toolkit, lambda s: s.timed("preview")))

        def up(one: Side) -> float:
            seconds = one.timed("up", "--skip-preview")
            one.timed("destroy", "--skip-preview")
            return seconds

        report(f"up of {title}", targets[1], *alternate(flat, toolkit, up))
        rehearsed = alternate(flat.without_checkpoints(), toolkit.without_checkpoints(), up)
        report(f"up of {title}, state saved once at the end", targets[1], *rehearsed)


def both_sides(shape: Shape, folder: Path, azure: LocalAzure) -> tuple[Side, Side]:
    """Return the flat program and the toolkit, ready to provision one shape."""
    program = (Path(__file__).parent / "flat" / "__main__.py").read_text(encoding="utf-8")
    flat = side("flat", folder, azure, program, {"shape.json": flat_shape(shape)}, shape.environment)
    description = {f"stacks/Pulumi.{shape.environment}.yaml": stack_file(shape)}
    return flat, side("toolkit", folder, azure, TOOLKIT, description, shape.environment, PACKAGES)


def same_bodies(flat: Side, toolkit: Side, azure: LocalAzure) -> int:
    """Run each side once, which also warms the caches, and fail unless both sent the same bodies.

    Returns:
        The number of resources that each side created.
    """
    sent = []
    for one in (flat, toolkit):
        before = len(requests(azure))
        one.timed("up", "--skip-preview")
        bodies = requests(azure)[before:]
        sent.append(sorted(json.dumps(body, sort_keys=True) for body in bodies))
        one.timed("destroy", "--skip-preview")
    if sent[0] != sent[1]:
        different = sorted(set(sent[0]) ^ set(sent[1]))
        raise SystemExit("the two sides do not create the same resources:\n" + "\n".join(different[:6]))
    return len(sent[0])


def requests(azure: LocalAzure) -> list[dict[str, Any]]:
    """Return every PUT that the local Azure has accepted so far."""
    command = [sys.executable, "-m", "local_azure", "requests", "--store", str(azure.store)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def alternate(floor: Side, mine: Side, measure: Callable[[Side], float]) -> tuple[list[float], list[float]]:
    """Measure both sides alternately, so that other load on the machine affects both."""
    floors, mines = [], []
    for _ in range(RUNS):
        floors.append(measure(floor))
        mines.append(measure(mine))
    return floors, mines


def report(what: str, target: float, floors: list[float], mines: list[float]) -> None:
    """Print one ratio with both medians and the maximum ratio."""
    floor, mine = statistics.median(floors), statistics.median(mines)
    ratio = mine / floor
    verdict = "holds" if ratio <= target else "MISSED"
    print(f"{what}: {ratio:.2f} x the baseline ({mine:.2f} s against {floor:.2f} s), limit {target}: {verdict}")


def first_error() -> None:
    """Print the time until an invalid stack file is refused, compared with a program that exits immediately."""
    bad = stack_file(PROD).replace("10.0.0.0/24", "10.0.0.0/29")
    if bad == stack_file(PROD):
        raise SystemExit("the stack file in the benchmark is valid")
    with served() as (folder, azure):
        floor = side("exits", folder, azure, EXITS_IMMEDIATELY, {}, "prod")
        mine = side("toolkit", folder, azure, TOOLKIT, {"stacks/Pulumi.prod.yaml": bad}, "prod", PACKAGES)
        expected = {floor.name: "error: at once", mine.name: "leaves 3 addresses"}
        times = alternate(floor, mine, lambda one: one.timed("preview", refused_with=expected[one.name]))
        report("first error of a bad stack file", 1.6, *times)


def main() -> None:
    """Print every ratio."""
    first_error()
    compare("stack prod", PROD, (0.8, 1.0))
    compare("a stack of 500 resources", FIVE_HUNDRED, (0.3, 0.6))
