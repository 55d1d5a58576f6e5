"""`./moorings pr`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.arguments import EveryStack, Json, Quiet, StandIns
from tools.verbs.command import verb
from tools.verbs.printing import run_printing, show_json


@verb(
    "./moorings pr",
    "./moorings pr prod --base origin/release",
    "./moorings pr prod --from-state state.json --output rehearsal",
)
def pr(
    stacks: EveryStack = None,
    base: Annotated[
        str | None,
        typer.Option(
            help="Branch, tag or commit to start from. Default: the merge base of HEAD and origin/main.",
            show_default=False,
        ),
    ] = None,
    from_state: Annotated[
        Path | None,
        typer.Option(
            help="Start from the output of `pulumi stack export`, for one stack.",
            exists=True,
            dir_okay=False,
            show_default=False,
        ),
    ] = None,
    no_policy: Annotated[bool, typer.Option("--no-policy", help="Rehearse without the policies.")] = False,
    output: Annotated[
        Path | None,
        typer.Option(help="Folder of comment.md and the reports. Default: .pulumi-local/pr.", show_default=False),
    ] = None,
    standins: StandIns = None,
    json: Json = False,
    quiet: Quiet = False,
) -> int:
    """Rehearse the changes of the branch.

    Each stack is brought to the state of the base on its own local Azure, with stand-ins for resources made elsewhere. Then
    the working tree is applied, with mandatory policies. Stacks that use outputs of a named one are rehearsed too. The verb
    fails if anything is refused.
    """
    from tools.pull_request.check import Request, check
    from tools.pull_request.rehearsal import Outcome
    from tools.pull_request.report import as_json
    from tools.run_lock import one_run
    from tools.verbs.running import workspace

    local = workspace().local / "pr"
    request = Request(stacks or (), base, from_state, not no_policy, output, standins or ())
    outcomes: list[Outcome] = []

    def action() -> int:
        with one_run(local):
            outcomes.extend(check(request, local))
        return int(not all(outcome.green for outcome in outcomes))

    code = run_printing(action, on_stderr=json, quiet=quiet)
    if json:
        show_json([as_json(outcome) for outcome in outcomes])
    return code
