"""`./moorings rename`."""

from __future__ import annotations

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.arguments import StackName
from tools.verbs.command import verb
from tools.verbs.refusals import RefusedError


@verb("./moorings rename test staging", "./moorings rename test staging --state state.json")
def rename(
    stack: StackName,
    new: Annotated[str, typer.Argument(metavar="NEW", help="The new name.")],
    state: Annotated[
        Path | None,
        typer.Option(
            help="What `pulumi stack export` printed on your own backend. Its successor is written beside it.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Rename a stack: its file and its local state.

    The description stays the same, with its `environment`, so that no resource changes: names in Azure do not depend on the
    name of the stack. The verb prints the commands for a stack on your own backend, and the lines of other stack files to
    change.
    """
    from tools.run_lock import one_run
    from tools.stack_names import references, renamed
    from tools.stack_names import rename as run
    from tools.verbs.running import workspace

    here = workspace()
    successor = renamed(_read(state), here.name, stack, new) if state else None
    with one_run(here.local):
        run(here, stack, new)
    print(f"stacks/Pulumi.{stack}.yaml is now stacks/Pulumi.{new}.yaml")
    for place, name in references(here, stack):
        print(f"{place}: change {name} to {name.rpartition('/')[0]}/{new}")
    if state is None:
        print(
            f"if the stack is on your own backend too, export it first and state --state: pulumi stack export -s {stack}"
        )
        return
    file = state.with_name(f"{state.stem}-{new}{state.suffix}")
    file.write_text(json_format.dumps(successor, indent=4) + "\n", encoding="utf-8")
    print("on your own backend, run:")
    for line in (
        f"pulumi stack init {new} --no-select    # with the --secrets-provider of stack {stack}",
        f"pulumi stack import -s {new} --file {file}",
        f"pulumi preview -s {new}    # shows no change",
        f"pulumi stack rm {stack} --force    # forgets the old stack; its resources stay",
    ):
        print(f"    {line}")


def _read(state: Path) -> dict[str, object]:
    try:
        found = json_format.loads(state.read_text(encoding="utf-8"))
    except ValueError as error:
        raise RefusedError(f"{state}: not JSON ({error}); what `pulumi stack export` prints is expected") from None
    if not isinstance(found, dict) or "deployment" not in found:
        raise RefusedError(f"{state}: has no deployment; what `pulumi stack export` prints is expected")
    return found
