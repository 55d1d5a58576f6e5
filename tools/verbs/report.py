"""`./moorings report`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.verbs.arguments import Quiet, StackName
from tools.verbs.command import verb

if TYPE_CHECKING:
    from tools.report.page import Base

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

    It shows the topology, the pull paths, the addresses, the endpoints and the firewall lists, and with --base what changes.
    The file loads nothing, and is complete where its script for search and details does not run.
    """
    from stacks.loader import load
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
    write(path, page(stack, described, _base(stack, base) if base else None, found), 0o644)
    if not quiet:
        print(path)


def _base(stack: str, reference: str) -> Base:
    """Return the description of a stack at another commit, which may not have it."""
    import tempfile

    from stacks.files import stack_names
    from stacks.loader import load
    from tools.local_services import ROOT
    from tools.pull_request.base import extract
    from tools.report.page import Base

    with tempfile.TemporaryDirectory() as folder:
        tree = extract(ROOT, reference, Path(folder) / "base")
        stacks = tree.folder / "stacks"
        return Base(tree.name, load(stack, directory=stacks) if stack in stack_names(stacks) else None)
