"""`./moorings remove`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from tools.verbs.arguments import StackName
from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings remove test", "./moorings remove test --yes")
def remove(
    stack: StackName,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
) -> None:
    """Remove a stack: its file and its local state.

    The stack must have no resources on the local Azure, and other stack files must not refer to it. Nothing is deleted in
    Azure, where the file is needed for that: first run `pulumi destroy` and `pulumi stack rm` on your own backend.
    """
    from tools.run_lock import one_run
    from tools.stack_names import remove as run
    from tools.verbs.running import workspace

    destroy = f"pulumi destroy -s {stack} && pulumi stack rm {stack}"
    if not yes:
        if not sys.stdin.isatty():
            raise RefusedError(f"if stack {stack} was deployed to Azure, first run {destroy}; then state --yes")
        try:
            typer.confirm(
                f"If stack {stack} was deployed to Azure, first run {destroy}.\nRemove the stack file", abort=True
            )
        except typer.Abort:
            raise RefusedError("stopped; nothing is removed") from None
    here = workspace()
    with one_run(here.local):
        run(here, stack)
    print(f"stacks/Pulumi.{stack}.yaml is removed")
