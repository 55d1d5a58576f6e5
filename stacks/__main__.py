"""Commands on stack files, such as `python -m stacks check`; no engine and no account needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

import typer

from planning.addresses import Ledger
from planning.problems import Path, SpecError
from stacks import profile_files
from stacks import schema as schema_file
from stacks.document import Document
from stacks.files import stack_names
from stacks.loader import describe, load
from stacks.manifests.known import read_outputs
from stacks.manifests.render import render
from stacks.manifests.write import write

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)

StackName = Annotated[str, typer.Argument(help="The stack, as in stacks/Pulumi.<stack>.yaml.")]


def _refuse(error: SpecError) -> typer.Exit:
    for line in error.lines:
        typer.echo(f"error: {line}", err=True)
    return typer.Exit(1)


@app.command()
def check(stack: Annotated[str | None, typer.Argument(help="The stack; every stack when left out.")] = None) -> None:
    """Check one description, or all of them, and say everything that is wrong."""
    failed = False
    for name in [stack] if stack else stack_names():
        try:
            found = load(name)
        except SpecError as error:
            failed = True
            _refuse(error)
            continue
        for warning in found.warnings:
            typer.echo(f"warning: {warning}", err=True)
        typer.echo(f"{name}: in order")
    if failed:
        raise typer.Exit(1)


@app.command()
def explain(
    stack: StackName,
    path: Annotated[str, typer.Argument(help="Only what is below this path, such as registry.replicas.")] = "",
) -> None:
    """Tell every value of a description and which file and line set it."""
    try:
        document = describe(stack)
    except SpecError as error:
        raise _refuse(error) from None
    prefix = tuple(path.split(".")) if path else ()
    leaves = [(at, value) for at, value in _leaves((), document.data) if at[: len(prefix)] == prefix]
    if not leaves:
        raise _refuse(SpecError((), [f"{stack}: nothing is stated at {path}"]))
    _print_columns([(".".join(at), _shown(document, at, value), document.locate(at)) for at, value in leaves])


def _print_columns(rows: Sequence[Sequence[str]]) -> None:
    """Print rows in aligned columns, never cut: the output is read by people and by grep."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _leaves(path: Path, data: Any) -> Iterator[tuple[Path, Any]]:
    if isinstance(data, dict) and data and set(data) != {"secure"}:
        for key, value in data.items():
            yield from _leaves((*path, key), value)
    else:
        yield path, data


def _shown(document: Document, path: Path, value: Any) -> str:
    if isinstance(value, dict):
        return "[secret]" if value else "{}"
    place = document.places.get(path)
    return place.text if place and place.text is not None else str(value)


@app.command()
def ledger(stack: StackName) -> None:
    """Show the address ledger: what every subnet holds, and whether the next replica and the regional switch fit."""
    try:
        found = load(stack)
    except SpecError as error:
        raise _refuse(error) from None
    rows = [("network", "subnet", "prefix", "need", "free", "next replica", "regional switch", "verdict")]
    for row in found.plan.ledger:
        free = "unknown" if row.free is None else str(row.free)
        more = (f"+{row.next_replica}", f"+{row.regional_switch}")
        prefix = str(row.subnet.prefix or "unknown")
        rows.append((row.subnet.network, row.subnet.name, prefix, str(row.need), free, *more, row.verdict))
    _print_columns(rows)
    typer.echo(_outlook(found.plan.ledger))


def _outlook(book: Ledger) -> str:
    return f"next replica: {book.next_replica()}; switching regional endpoints on: {book.regional_switch()}"


@app.command()
def schema(
    verify: Annotated[bool, typer.Option("--verify", help="Change nothing; fail when the file is stale.")] = False,
) -> None:
    """Write the JSON schema that editors read, stacks/schema.json."""
    fresh = schema_file.text()
    if verify:
        if not schema_file.FILE.exists() or schema_file.FILE.read_text(encoding="utf-8") != fresh:
            raise _refuse(SpecError((), ["stacks/schema.json: is stale; run python -m stacks schema"]))
        return
    schema_file.FILE.write_text(fresh, encoding="utf-8")


@app.command()
def manifests(
    stack: StackName,
    out: Annotated[FilePath, typer.Option(help="Folder to write to; each cluster gets a folder of its own in it.")],
    outputs: Annotated[
        FilePath | None, typer.Option(help="What `pulumi stack output --json` printed, for what only Azure tells.")
    ] = None,
) -> None:
    """Write what clusters are given: workloads, network policies, allowed images, gateways, values of charts."""
    try:
        told = read_outputs(outputs) if outputs else {}
        files = render(load(stack), told)
    except SpecError as error:
        raise _refuse(error) from None
    try:
        paths = write(files, out)
    except OSError as error:
        raise _unwritable(out, error) from None
    for path in paths:
        typer.echo(path)


@app.command("sandbox-profile")
def sandbox_profile(
    stack: StackName,
    group: Annotated[str | None, typer.Option(help="Key of one group; every group when left out.")] = None,
    out: Annotated[FilePath | None, typer.Option(help="Folder for one file per group; else they are printed.")] = None,
    form: Annotated[Literal["yaml", "json"], typer.Option("--format", help="How the files are written.")] = "yaml",
    with_schema: Annotated[bool, typer.Option("--schema", help="Write the JSON schema of the files, too.")] = False,
) -> None:
    """Write the profiles by which a client makes sandboxes in the groups of a stack."""
    try:
        files = profile_files.files(load(stack), group, form, with_schema=with_schema)
    except SpecError as error:
        raise _refuse(error) from None
    _put(files, out)


@app.command("agent-policy")
def agent_policy(
    stack: StackName,
    agent: Annotated[str | None, typer.Option(help="Key of one agent; every agent when left out.")] = None,
    out: Annotated[FilePath | None, typer.Option(help="Folder for one file per agent; else they are printed.")] = None,
    form: Annotated[Literal["yaml", "json"], typer.Option("--format", help="How the files are written.")] = "yaml",
) -> None:
    """Write egress, tool policy and hooks of a stack's SRE agents, for which ARM has no field."""
    try:
        files = profile_files.policies(load(stack), agent, form)
    except SpecError as error:
        raise _refuse(error) from None
    _put(files, out)


def _put(files: Mapping[str, str], out: FilePath | None) -> None:
    """Write files into a folder and tell their paths, or print them."""
    for name, text in files.items():
        if out is None:
            typer.echo(text, nl=False)
            continue
        try:
            out.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(text, encoding="utf-8")
        except OSError as error:
            raise _unwritable(out, error) from None
        typer.echo(str(out / name))


def _unwritable(out: FilePath, error: OSError) -> typer.Exit:
    """Refuse a folder that does not take the files, in one line."""
    return _refuse(
        SpecError((), [f"{error.filename or out}: cannot be written: {error.strerror}; name another folder"])
    )


if __name__ == "__main__":
    app()
