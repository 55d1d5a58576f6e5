"""Arguments that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stacks.files import stack_names


def _stacks() -> list[str]:
    """Return the completions of a stack."""
    return stack_names()


StackName = Annotated[
    str, typer.Argument(metavar="STACK", help="The stack, as in stacks/Pulumi.STACK.yaml.", autocompletion=_stacks)
]
LocalStack = Annotated[str, typer.Argument(metavar="STACK", help="The stack.", autocompletion=_stacks)]
OptionalStack = Annotated[
    str | None,
    typer.Argument(
        metavar="STACK",
        help="The stack. Default: local, or the stack in the file.",
        autocompletion=_stacks,
        show_default=False,
    ),
]
MaybeStack = Annotated[
    str | None,
    typer.Argument(metavar="STACK", help="The stack. Default: local.", autocompletion=_stacks, show_default=False),
]
PricedStack = Annotated[
    str | None,
    typer.Argument(
        metavar="STACK", help="The stack. Without it, --refresh only.", autocompletion=_stacks, show_default=False
    ),
]
EveryStack = Annotated[
    list[str] | None,
    typer.Argument(metavar="STACK...", help="The stacks. Default: all.", autocompletion=_stacks, show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on standard output, everything else on standard error.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing unless something fails.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder to write to; without it, the files are printed.", show_default=False)
]
Form = Annotated[Literal["yaml", "json"], typer.Option("--format", help="Format of the files.")]
Verify = Annotated[bool, typer.Option("--verify", help="Write nothing; fail if a file is out of date.")]
TimeScale = Annotated[
    float, typer.Option(min=0.0, help="Multiplies every delay of the local Azure: 1 is real time, 0 removes delays.")
]
Parallel = Annotated[
    int | None,
    typer.Option(
        min=1, help="With --all: maximum number of stacks at a time. Default: the processors.", show_default=False
    ),
]
ContinueOnError = Annotated[
    bool, typer.Option("--continue-on-error", help="With --all: go on with the stacks that need no failed stack.")
]
StandIns = Annotated[
    list[Path] | None,
    typer.Option(
        "--standins",
        metavar="FILE",
        help="Resources made elsewhere: a listing of Azure (Resource Graph, az resource list), or pulumi stack export.",
        exists=True,
        dir_okay=False,
        show_default=False,
    ),
]
RegionName = Annotated[
    str, typer.Argument(metavar="REGION", help="A region of the registry, the home region among them.")
]
Local = Annotated[
    bool, typer.Option("--local", help="Run up on the local Azure, and verify every pull before and after.")
]
Manifests = Annotated[
    Path | None,
    typer.Option("--manifests", help="Folder to write the manifests of the clusters to.", show_default=False),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would change, and change nothing.")]
Profile = Literal["minimal", "standard", "regulated"]
