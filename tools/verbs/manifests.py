"""`./moorings manifests`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tools.verbs.arguments import Json, Quiet, StackName
from tools.verbs.command import verb
from tools.verbs.printing import show_json


@verb("./moorings manifests prod --out build", "./moorings manifests prod --out build --outputs outputs.json")
def manifests(
    stack: StackName,
    out: Annotated[Path, typer.Option(help="Folder to write to, with a subfolder for each cluster.")],
    outputs: Annotated[
        Path | None,
        typer.Option(
            help="Output of `pulumi stack output --json`, for values from Azure.", exists=True, dir_okay=False
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the Kubernetes manifests of a stack.

    The folder of each cluster contains workloads, network policies, allowed images, gateways, values of charts and
    mirrors for containerd. A path with a leading - is a file of an earlier run that was deleted.
    """
    from stacks.loader import load
    from stacks.manifests.known import read_outputs
    from stacks.manifests.render import render
    from stacks.manifests.write import write

    known = read_outputs(outputs) if outputs else {}
    paths = write(render(load(stack), known), out)
    if json:
        show_json(paths)
    elif not quiet:
        print("\n".join(paths))
