"""`./moorings profiles`."""

from __future__ import annotations

from typing import Annotated

import typer

from tools.verbs.arguments import Form, Out, Quiet, StackName
from tools.verbs.command import verb
from tools.verbs.printing import write_files


@verb(
    "./moorings profiles prod --out profiles --schema",
    "./moorings profiles prod --group eastus --format json",
    "./moorings profiles prod --agent main",
)
def profiles(
    stack: StackName,
    group: Annotated[str | None, typer.Option(help="Only this sandbox group.", show_default=False)] = None,
    agent: Annotated[str | None, typer.Option(help="Only this agent.", show_default=False)] = None,
    out: Out = None,
    form: Form = "yaml",
    schema: Annotated[bool, typer.Option("--schema", help="Also write the JSON schema of sandbox profiles.")] = False,
    quiet: Quiet = False,
) -> None:
    """Write profiles of sandboxes and policies of agents.

    ARM has no fields for them. Clients create sandboxes from a profile, and apply the egress rules, tool rules and
    hooks of an SRE agent.
    """
    from stacks import profile_files
    from stacks.loader import load

    if schema and agent is not None and group is None:
        raise typer.BadParameter("--schema applies to sandbox profiles, which --agent excludes")
    described = load(stack)
    files: dict[str, str] = {}
    if group is not None or (agent is None and (schema or described.spec.sandbox_groups)):
        files |= profile_files.files(described, group, form, with_schema=schema)
    if agent is not None or group is None:
        files |= profile_files.policies(described, agent, form)
    paths = write_files(files, out)
    if not quiet:
        print("".join(f"{path}\n" for path in paths), end="")
