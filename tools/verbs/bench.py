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
    """What can be measured, one module of `bench/` each."""

    LEDGER = "ledger"
    ENGINE = "engine"
    POLICIES = "policies"
    REACH = "reach"


@verb("./moorings bench", "./moorings bench ledger policies")
def bench(
    names: Annotated[
        list[Benchmark] | None, typer.Argument(metavar="NAME...", help="The measurements. Default: all.")
    ] = None,
) -> None:
    """Measure the toolkit against floors.

    A floor is the least that the same work can cost, such as a flat program that creates the same resources. All
    measurements together take more than ten minutes.
    """
    # A measurement takes minutes, so each line is shown when it is known, in a pipe or a log too.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    for name in names or Benchmark:
        try:
            importlib.import_module(f"bench.{name}").main()
        except SystemExit as error:
            raise RefusedError(str(error)) from None
