"""Benchmark of a fleet of 200 stacks without the engine: order, planning, rendering and policies, compared with parsing.

A fleet is a hub and stacks that refer to its outputs, each with a replicated registry in three regions. The policies judge, for
each stack, as many resources as such a stack has.
"""

from __future__ import annotations

import gc
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from ruamel.yaml import YAML

from bench.resources import state
from bench.shapes import Shape, stack_file
from policies.fronts.offline import graph_of
from policies.preparation import OWN_FOLDER, prepare
from policies.rules import RULES
from stacks.loader import load
from stacks.order import Order, order
from tools.fleet.files import files
from tools.fleet.settings import Settings

T = TypeVar("T")

STACKS, RESOURCES, SAMPLE, LIMIT_SECONDS = 200, 60, 20, 20.0
HUB = "s000"
REFERENCE = """\
      hub:
        location: eastus
        id: {stack: organization/bench/s000, output: networks.eastus}
        subnets: {other: {free_addresses: 9}}
        peers: []
"""


def write_fleet(folder: Path) -> list[str]:
    """Write the stack files of a fleet, and return the names of the stacks."""
    names = [f"s{number:03}" for number in range(STACKS)]
    for name in names:
        text = stack_file(Shape(name))
        if name != HUB:
            text = text.replace("    networks:\n", f"    networks:\n{REFERENCE}", 1)
        (folder / f"Pulumi.{name}.yaml").write_text(text, encoding="utf-8")
    return names


def render(found: Order, folder: Path) -> int:
    """Render the resources of the operator, and return the number of Stacks."""
    written = files("operator", found, "bench", Settings(repository="https://example.com/infra"), folder)
    return sum(path.startswith("stacks/") for path in written)


def judge(names: list[str]) -> int:
    """Judge the resources of each stack with the profile of the settings, and return the number of findings."""
    resources = state(RESOURCES)["deployment"]["resources"]
    return sum(len(prepare(OWN_FOLDER, name, RULES).judge(graph_of(resources)).findings) for name in names)


def timed(action: Callable[[], T]) -> tuple[float, T]:
    """Return the processor time of an action in seconds, and its result."""
    start = time.process_time()
    result = action()
    return time.process_time() - start, result


def held_mib(action: Callable[[], object]) -> float:
    """Return the memory that the result of an action holds, in MiB."""
    gc.collect()
    tracemalloc.start()
    result = action()
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del result
    return held / 2**20


def whole(folder: Path, names: list[str]) -> tuple[float, float, float, float]:
    """Order, plan, render and judge the fleet, and return the processor time of each in seconds.

    Raises:
        SystemExit: the fleet is not in order, a stack was not rendered, or no finding was made.
    """
    ordering, found = timed(lambda: order(names, "bench", folder))
    planning, plans = timed(lambda: [load(name, directory=folder) for name in names])
    if [len(wave) for wave in found.waves] != [1, len(names) - 1] or len(plans) != len(names):
        raise SystemExit("the fleet is not in order")
    rendering, rendered = timed(lambda: render(found, folder))
    judging, findings = timed(lambda: judge(names))
    if rendered != len(names) or not findings:
        raise SystemExit("a stack was not rendered, or no finding was made")
    return ordering, planning, rendering, judging


def peak_mib(action: Callable[[Path, list[str]], object], folder: Path, names: list[str]) -> float:
    """Return the peak of the resident memory of a new process that runs an action, in MiB."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_peak_of, action, folder, names).result()


def _peak_of(action: Callable[[Path, list[str]], object], folder: Path, names: list[str]) -> float:
    action(folder, names)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def parsed(folder: Path, names: list[str]) -> list[object]:
    """Parse the files, which every program that uses them must do, and return what they contain."""
    return [YAML(typ="safe", pure=True).load(folder / f"Pulumi.{name}.yaml") for name in names]


def main() -> None:
    """Print the ratios with all times."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        names = write_fleet(folder)
        floor, _ = timed(lambda: parsed(folder, names))
        ordering, planning, rendering, judging = whole(folder, names)
        peak, lowest = peak_mib(whole, folder, names), peak_mib(parsed, folder, names)
        memory = held_mib(lambda: [load(name, directory=folder) for name in names[:SAMPLE]]) / SAMPLE
        least = held_mib(lambda: parsed(folder, names)) / STACKS
    every = ordering + planning + rendering + judging
    print(f"fleet of {STACKS} stacks offline: {every / floor:.1f} x parsing the files ({every:.1f} s against {floor:.1f} s, "
          f"limit {LIMIT_SECONDS:.0f} s: order {ordering:.1f}, planning {planning:.1f}, rendering {rendering:.1f}, policies "
          f"{judging:.1f})")  # fmt: skip
    print(
        f"memory of a planned stack: {memory / least:.1f} x its parsed file ({memory:.2f} MiB against {least:.2f} MiB)"
    )
    print(
        f"peak of a process: {peak / lowest:.1f} x one that parses the files ({peak:.0f} MiB against {lowest:.0f} MiB, "
        f"{(peak - lowest) / STACKS:.2f} MiB for each stack)"
    )
