"""`./moorings init`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tools.verbs.command import ROOT, verb
from tools.verbs.refusals import RefusedError

if TYPE_CHECKING:
    from tools.new_stack.questions import Question


class Start(StrEnum):
    """The templates."""

    ONE_REGION = "one-region"
    THREE_REGIONS = "three-regions"
    HUB_AND_SPOKE = "hub-and-spoke"
    WORKLOAD = "workload"
    EVERYTHING = "everything"


class What(StrEnum):
    """What can run in each region."""

    CLUSTERS = "clusters"
    APPS = "apps"
    SESSIONS = "sessions"
    SANDBOXES = "sandboxes"
    GROUPS = "groups"
    NOTHING = "nothing"


OPTIONS = {
    "stack": "STACK",
    "template": "--from",
    "name": "--name",
    "shared": "--shared",
    "regions": "--region",
    "registry": "--registry",
    "what": "--run",
    "networks": "--range",
}
"""The argument or option that answers each question."""


@verb(
    "./moorings init",
    "./moorings init test --from one-region --yes",
    "./moorings init test --from three-regions --region swedencentral --region canadacentral --run apps",
    "./moorings init shop --from workload --shared prod --region eastus --yes",
)
def init(
    stack: Annotated[
        str | None, typer.Argument(metavar="STACK", help="Name of the new stack.", show_default=False)
    ] = None,
    template: Annotated[Start | None, typer.Option("--from", help="The template.", show_default=False)] = None,
    name: Annotated[str, typer.Option(help="Name of the workload, part of every name.", show_default=False)] = "",
    shared: Annotated[
        str,
        typer.Option(help="For a workload: the stack that creates the registry, or its ARM id.", show_default=False),
    ] = "",
    region: Annotated[
        list[str] | None,
        typer.Option(help="A region; the first one is the home region. May be repeated.", show_default=False),
    ] = None,
    registry: Annotated[str, typer.Option(help="Name of the registry, unique in Azure.", show_default=False)] = "",
    run: Annotated[
        list[What] | None, typer.Option(help="What runs in each region. May be repeated.", show_default=False)
    ] = None,
    address_range: Annotated[
        str,
        typer.Option(
            "--range", metavar="CIDR", help="The range that is divided among the networks.", show_default=False
        ),
    ] = "",
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Ask nothing: take the default of everything that is not stated.")
    ] = False,
) -> None:
    """Write the stack file of a new environment.

    On a terminal, it asks for everything that no option states; each question has a default. The new file passes `check`
    beside the other stack files, and existing files are never overwritten. At the end it prints what to run next.
    """
    stated = {
        "stack": stack,
        "template": template and template.value,
        "name": name,
        "shared": shared,
        "regions": ", ".join(region or ()),
        "registry": registry,
        "what": ", ".join(run or ()),
        "networks": address_range,
    }
    _write({key: text for key, text in stated.items() if text}, asks=sys.stdin.isatty() and not yes)


def _write(given: dict[str, str], *, asks: bool) -> None:
    """Ask what is not given, write the file, and print what to run next."""
    from tools.adopt.files import FileThereError
    from tools.engine import project_name
    from tools.new_stack.project import Project
    from tools.new_stack.questions import AnswerError, answers
    from tools.new_stack.writing import next_steps, write

    project = Project(ROOT / "stacks", project_name(ROOT))
    try:
        found = answers(project, given, _ask if asks else None)
        warnings = write(project, found)
    except AnswerError as error:
        raise typer.BadParameter(f"{OPTIONS[error.key]}: {error}") from None
    except FileThereError as error:
        raise RefusedError(str(error)) from None
    except typer.Abort:
        raise RefusedError("stopped; nothing is written") from None
    print(f"stacks/Pulumi.{found.stack}.yaml is written: {', '.join(found.regions)}. Next:\n")
    for line in next_steps(found, project):
        print(f"    {line}")
    for line in warnings:
        print(line, file=sys.stderr)


def _ask(question: Question, default: str, parse: Callable[[str], Any]) -> Any:
    """Ask until the answer is right."""

    def value(text: str) -> Any:
        try:
            return parse(text.strip())
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    return typer.prompt(question.text, default=default or None, value_proc=value)
