"""What the verbs share that run the engine on the local Azure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.engine import Workspace
from tools.local_services import ROOT
from tools.provision import cli
from tools.stack import one_run, run
from tools.verbs.printing import ran
from tools.verbs.refusals import RefusedError


def chosen_cli() -> Path:
    """Return the CLI that set-up chose.

    Raises:
        RefusedError: it has chosen none yet.
    """
    try:
        return cli.chosen(ROOT)
    except LookupError as error:
        raise RefusedError(str(error.args[0])) from None


def workspace() -> Workspace:
    """Return this project with its local state, driven by the CLI that set-up chose."""
    return Workspace(ROOT, ROOT / "stacks", ROOT / ".pulumi-local", chosen_cli())


def on_local_azure(
    command: str,
    stack: str,
    arguments: Sequence[str] = (),
    *,
    time_scale: float = 0.0,
    variables: Mapping[str, str] | None = None,
    on_stderr: bool = False,
    quiet: bool = False,
) -> int:
    """Run one command of the runner, alone in the folder of the local state.

    Args:
        command: `up`, `preview`, `policy` or `down`.
        stack: name of the stack.
        arguments: further arguments of the engine's command.
        time_scale: multiplies every wait.
        variables: further environment of the engine.
        on_stderr: print on standard error.
        quiet: print only if the run fails.

    Returns:
        The exit code of the verb.
    """
    here = workspace()

    def action() -> int:
        with one_run(here.local):
            return run(command, here, stack, time_scale, arguments, variables)

    return ran(action, on_stderr=on_stderr, quiet=quiet)
