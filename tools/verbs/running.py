"""Shared by the verbs that run the engine on the local Azure."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from stacks.files import stack_names
from tools.engine import Workspace
from tools.local_services import ROOT
from tools.provision import cli
from tools.run_lock import one_run
from tools.stack import run, say
from tools.verbs.printing import run_printing
from tools.verbs.refusals import RefusedError


def chosen_cli() -> Path:
    """Return the Pulumi CLI that `make setup` selected.

    Raises:
        RefusedError: set-up has not run yet.
    """
    try:
        return cli.chosen(ROOT)
    except LookupError as error:
        raise RefusedError(str(error.args[0])) from None


def workspace() -> Workspace:
    """Return the workspace of this project and its local state."""
    return Workspace(ROOT, ROOT / "stacks", ROOT / ".pulumi-local", chosen_cli())


def on_local_azure(
    command: str,
    stack: str,
    arguments: Sequence[str] = (),
    *,
    time_scale: float = 0.0,
    variables: Mapping[str, str] | None = None,
    standins: Sequence[Path] = (),
    on_stderr: bool = False,
    quiet: bool = False,
) -> int:
    """Run one command of `tools.stack`, holding the lock of the local state.

    Args:
        command: a command of `tools.stack.run`.
        stack: name of the stack.
        arguments: additional arguments of the engine's command.
        time_scale: multiplies every delay.
        variables: additional environment variables of the engine.
        standins: saved listings and exported states of resources made elsewhere.
        on_stderr: redirect the progress to standard error.
        quiet: print only if the run fails.

    Returns:
        The exit code of the verb.
    """
    here = workspace()

    def action() -> int:
        with one_run(here.local):
            return run(command, here, stack, time_scale, arguments, variables, standins)

    return run_printing(action, on_stderr=on_stderr, quiet=quiet)


def all_on_local_azure(
    command: Literal["up", "down"],
    arguments: Sequence[str] = (),
    *,
    parallel: int | None = None,
    continue_on_error: bool = False,
    time_scale: float = 0.0,
    standins: Sequence[Path] = (),
    as_json: bool = False,
    quiet: bool = False,
) -> int:
    """Run `up` or `down` for all stacks of this project, holding the lock of the local state.

    Args:
        command: `up`, or `down` in the reverse order.
        arguments: additional arguments of the engine's command.
        parallel: maximum number of stacks at a time; None for the number of processors.
        continue_on_error: whether stacks that need no failed stack go on.
        time_scale: multiplies every delay.
        standins: saved listings and exported states of resources made elsewhere.
        as_json: print one event per line as JSON on standard output, everything else on standard error.
        quiet: print only if a stack does not succeed.

    Returns:
        The exit code of the verb.
    """
    from stacks.order import order
    from tools.fleet import progress
    from tools.fleet.deletion import deletion_order
    from tools.fleet.run import Request, down, up

    here = workspace()
    found = order(stack_names(here.stacks), here.name, here.stacks) if command == "up" else deletion_order(here)
    most = parallel or len(os.sched_getaffinity(0))
    request = Request(found, most, continue_on_error, time_scale, arguments, standins)
    stdout = sys.stdout

    def action() -> int:
        shown = progress.json_lines(stdout) if as_json else progress.shown(sys.stdout)
        with one_run(here.local), shown as observe:
            ended = up(here, request, observe, say) if command == "up" else down(here, request, observe)
        return int(any(kind != "succeeded" for kind in ended.values()))

    return run_printing(action, on_stderr=as_json, quiet=quiet)
