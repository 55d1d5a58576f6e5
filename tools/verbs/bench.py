"""`./moorings bench`."""

from __future__ import annotations

import importlib
import sys
from enum import StrEnum
from io import TextIOWrapper
from typing import Annotated

import typer

from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


class Benchmark(StrEnum):
    """The benchmarks, one module in `bench/` each."""

    LEDGER = "ledger"
    ENGINE = "engine"
    POLICIES = "policies"
    REACH = "reach"
    FLEET = "fleet"
    PULL_REQUEST = "pull_request"


@verb("./moorings bench", "./moorings bench ledger policies")
def bench(
    names: Annotated[
        list[Benchmark] | None, typer.Argument(metavar="NAME...", help="The benchmarks. Default: all.")
    ] = None,
) -> None:
    """Run benchmarks against baselines.

    A baseline is the minimum cost of the same work, such as a flat program that creates the same resources. All
    benchmarks together take more than ten minutes.
    """
    # A benchmark takes minutes, so each line is shown immediately, also in a pipe or a log.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    for name in names or Benchmark:
        try:
            importlib.import_module(f"bench.{name}").main()
        except SystemExit as error:
            raise RefusedError(str(error)) from None
