"""Check a saved state or a preview with the policies, convert a report to other formats, list the rules."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from planning.problems import SpecError
from policies import baselines, places
from policies.fronts import offline
from policies.model import Profile
from policies.outputs import annotations, console, json_output, junit, markdown, sarif
from policies.preparation import folder_for, prepare, with_self_checks
from policies.report import Report
from policies.rules import RULES

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)

Out = Annotated[Path | None, typer.Option(help="Write this format to a file.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--github", help="Print GitHub annotations instead of the console output.")]
Every = Annotated[bool, typer.Option("--all", help="Also print findings that pass or do not apply.")]


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="`pulumi stack export`, `pulumi preview --json` or an event log.")],
    program: Annotated[Path, typer.Option(help="Folder of Pulumi.yaml.")] = Path(),
    stack: Annotated[str, typer.Option(help="Name of the stack; by default that of the file.")] = "",
    profile: Annotated[Profile | None, typer.Option(help="Overrides the profile of the settings.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Folder of settings, exemptions and baseline.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Saved findings; only others fail the run.")] = None,
    save_baseline: Annotated[
        Path | None, typer.Option(help="Save the findings of this run as a baseline, and exit 0.")
    ] = None,
    json: Out = None,
    sarif: Out = None,
    junit: Out = None,
    markdown: Out = None,
    github: Quiet = False,
    every: Every = False,
) -> None:
    """Check a file; exit 1 when a mandatory finding is open, 2 when the file or the settings cannot be read."""
    try:
        graph, named = offline.load(file)
        name = stack or named
        where = folder or folder_for(program.resolve())
        prepared = prepare(where, name, RULES, profile=profile, baseline=baseline, program=program.resolve())
    except SpecError as error:
        raise _refuse(error) from None
    report = places.placed(prepared.judge(graph), places.of_program(program.resolve(), name, graph))
    _write(report, json=json, sarif=sarif, junit=junit, markdown=markdown)
    _show(report, github=github, every=every)
    if save_baseline:
        with _writing(save_baseline):
            count = baselines.save(save_baseline, report.findings)
        typer.echo(f"{count} findings saved in {save_baseline}", err=True)
        return
    raise typer.Exit(1 if report.stops else 0)


@app.command()
def render(
    file: Annotated[Path, typer.Argument(help="JSON report of an earlier run, or of the policy pack.")],
    sarif: Out = None,
    junit: Out = None,
    markdown: Out = None,
    github: Quiet = False,
    every: Every = False,
) -> None:
    """Convert a JSON report to other formats; exit as the run itself would have."""
    try:
        report = json_output.load(file)
    except SpecError as error:
        raise _refuse(error) from None
    _write(report, json=None, sarif=sarif, junit=junit, markdown=markdown)
    _show(report, github=github, every=every)
    raise typer.Exit(1 if report.stops else 0)


@app.command()
def rules(profile: Annotated[Profile | None, typer.Option(help="List only the rules of this profile.")] = None) -> None:
    """List the rules: id, severity, first baseline, profiles, title."""
    for each in with_self_checks(RULES):
        if not profile or profile in each.profiles:
            where = ",".join(sorted(each.profiles)) or "opt-in"
            typer.echo(f"{each.id:14} {each.severity:8} {each.since} {where:27} {each.title}")


@app.command()
def docs(
    verify: Annotated[bool, typer.Option(help="Write nothing; fail where a page is out of date.")] = False,
) -> None:
    """Write a page for each rule and the coverage table to docs/policies."""
    from policies import pages  # noqa: PLC0415 - the templates are for this command only

    if not verify:
        pages.write()
    found = pages.stale()
    for name in found:
        typer.echo(
            f"error: docs/policies/{name} is out of date; regenerate it with `python -m policies docs`", err=True
        )
    raise typer.Exit(1 if found else 0)


def _write(report: Report, *, json: Path | None, sarif: Path | None, junit: Path | None, markdown: Path | None) -> None:
    for path, rendered in (
        (json, json_output.render),
        (sarif, _SARIF),
        (junit, _JUNIT),
        (markdown, _MARKDOWN),
    ):
        if path:
            with _writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(rendered(report), encoding="utf-8")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Report a file that cannot be written in one line."""
    try:
        yield
    except OSError as error:
        line = f"{error.filename or path}: cannot be written: {error.strerror}; name another file"
        raise _refuse(SpecError((), [line])) from None


# The options are named after the formats, which hides the modules in the functions above.
_SARIF: Callable[[Report], str] = sarif.render
_JUNIT: Callable[[Report], str] = junit.render
_MARKDOWN: Callable[[Report], str] = markdown.render


def _show(report: Report, *, github: bool, every: bool) -> None:
    if github:
        sys.stdout.write(annotations.render(report))
    else:
        console.show(report, Console(highlight=False), every=every)


def _refuse(error: SpecError) -> typer.Exit:
    for line in error.lines:
        typer.echo(f"error: {line}", err=True)
    return typer.Exit(2)
