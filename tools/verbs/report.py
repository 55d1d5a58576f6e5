"""`./moorings report`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.arguments import Quiet, StackName
from tools.verbs.command import verb

Findings = Annotated[
    Path | None,
    typer.Option(help="JSON report of the policies, whose open findings are shown.", exists=True, show_default=False),
]


@verb("./moorings report prod", "./moorings report prod --base origin/main --out prod.html")
def report(
    stack: StackName,
    out: Annotated[
        Path | None, typer.Option(help="File to write. Default: .pulumi-local/STACK.html.", show_default=False)
    ] = None,
    base: Annotated[str | None, typer.Option(help="Branch, tag or commit to compare with.", show_default=False)] = None,
    findings: Findings = None,
    quiet: Quiet = False,
) -> None:
    """Write a report on a stack as one HTML file.

    It shows the topology, the pull paths, the addresses, the endpoints, the firewall lists and the cost, and with --base
    what changes. The file loads nothing, and is complete where its script for search and details does not run.
    """
    from stacks.files import DIRECTORY
    from stacks.loader import load
    from tools.bases import base_of
    from tools.cost.costs import costs
    from tools.engine import write
    from tools.local_services import ROOT
    from tools.report.page import page

    described = load(stack)
    found = None
    if findings is not None:
        from policies.outputs import json_output

        found = json_output.load(findings)
    path = out or ROOT / ".pulumi-local" / f"{stack}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = base_of(stack, base) if base else None
    costed = costs(stack, described, before.stack if before else None, DIRECTORY)
    write(path, page(stack, described, before, found, costed), 0o644)
    if not quiet:
        print(path)
