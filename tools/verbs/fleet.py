"""`./moorings fleet`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from tools.verbs.arguments import Json, Quiet
from tools.verbs.command import verb
from tools.verbs.printing import show_json

if TYPE_CHECKING:
    from stacks.order import Order

SettingsFile = Annotated[
    Path | None,
    typer.Option(
        help="File with the settings. Default: stacks/_fleet.yaml.", exists=True, dir_okay=False, show_default=False
    ),
]
Form = Literal["operator", "github"]


@verb(
    "./moorings fleet",
    "./moorings fleet --out deploy",
    "./moorings fleet --out deploy --commit 3f1c2a9b7d5e4f60718293a4b5c6d7e8f9012345",
    "./moorings fleet --out .github/workflows --form github",
)
def fleet(
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; without it, the order is printed.", show_default=False)
    ] = None,
    form: Annotated[
        Form, typer.Option(help="Resources of the Pulumi Kubernetes Operator, or a workflow of GitHub Actions.")
    ] = "operator",
    settings: SettingsFile = None,
    commit: Annotated[
        str | None,
        typer.Option(
            help="Full hash of the commit that the operator deploys. Default: the newest of the branch.",
            show_default=False,
        ),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the deployment of all stacks in order.

    By default, --out gets a folder for kustomize with resources of the Pulumi Kubernetes Operator 2: each stack waits for
    the stacks that it needs, drift is looked for periodically, and nothing is destroyed with a resource. A path with a
    leading - is a file of an earlier run that was deleted.
    """
    from stacks.files import DIRECTORY, stack_names
    from stacks.order import order
    from tools.engine import project_name
    from tools.fleet.files import files
    from tools.fleet.settings import FILE
    from tools.fleet.settings import settings as read_settings
    from tools.fleet.write import write
    from tools.local_services import ROOT

    project = project_name(ROOT)
    stated = read_settings(settings or DIRECTORY / FILE)
    if commit is not None:
        _check_commit(commit, form, stated.source)
    found = order([name for name in stack_names() if name not in stated.exclude], project)
    if out is None:
        _print_order(found, json=json)
        return
    paths = write(files(form, found, project, stated, ROOT, commit), out)
    if json:
        show_json(paths)
    elif not quiet:
        print("\n".join(paths))


def _check_commit(commit: str, form: Form, source: str) -> None:
    if form == "github" or source == "flux":
        raise typer.BadParameter("--commit is for resources of the operator with source: git")
    if re.fullmatch(r"[0-9a-f]{40}", commit) is None:
        raise typer.BadParameter(f"--commit needs the full hash of a commit, 40 hexadecimal digits, got {commit}")


def _print_order(order: Order, *, json: bool) -> None:
    if json:
        show_json([{"stack": name, "needs": order.needs[name], "outside": order.outside[name]} for name in order.names])
        return
    for number, wave in enumerate(order.waves, start=1):
        for name in wave:
            needs = [*order.needs[name], *order.outside[name]]
            print(f"{number}  {name}" + (f"  after {', '.join(needs)}" if needs else ""))
