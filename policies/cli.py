"""Commands on policies: judge a saved state or a preview, turn a report into other formats, list the rules."""

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
from policies.outputs.sheet import Sheet
from policies.preparation import folder_for, prepare, with_self_checks
from policies.rules import RULES

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__, pretty_exceptions_enable=False)

Out = Annotated[Path | None, typer.Option(help="Write this format to a file.", show_default=False)]
Quiet = Annotated[bool, typer.Option("--github", help="Print GitHub's annotations in the place of the console's rows.")]
Every = Annotated[bool, typer.Option("--all", help="Print passes and what does not apply too.")]


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="`pulumi stack export`, `pulumi preview --json` or an event log.")],
    program: Annotated[Path, typer.Option(help="Folder of Pulumi.yaml.")] = Path(),
    stack: Annotated[str, typer.Option(help="The stack; the file's own when left out.")] = "",
    profile: Annotated[Profile | None, typer.Option(help="Takes the place of the settings' own.")] = None,
    folder: Annotated[Path | None, typer.Option(help="Where settings, exemptions and the baseline are.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Findings known before: only others turn the run red.")] = None,
    save_baseline: Annotated[Path | None, typer.Option(help="Write this run's findings as known, and exit 0.")] = None,
    json: Out = None,
    sarif: Out = None,
    junit: Out = None,
    markdown: Out = None,
    github: Quiet = False,
    every: Every = False,
) -> None:
    """Judge a file; exit 1 when something must be mended, 2 when the file or the settings cannot be read."""
    try:
        graph, named = offline.load(file)
        name = stack or named
        where = folder or folder_for(program.resolve())
        prepared = prepare(where, name, RULES, profile=profile, baseline=baseline)
    except SpecError as error:
        raise _refuse(error) from None
    report = prepared.judge(graph)
    sheet = Sheet.of(report, places.of_program(program.resolve(), name, graph))
    _write(sheet, json=json, sarif=sarif, junit=junit, markdown=markdown)
    _show(sheet, github=github, every=every)
    if save_baseline:
        with _writing(save_baseline):
            count = baselines.save(save_baseline, report.findings)
        typer.echo(f"{count} findings saved as known in {save_baseline}", err=True)
        return
    raise typer.Exit(1 if sheet.stops else 0)


@app.command()
def render(
    report: Annotated[Path, typer.Argument(help="JSON of an earlier run, or of the policy pack.")],
    sarif: Out = None,
    junit: Out = None,
    markdown: Out = None,
    github: Quiet = False,
    every: Every = False,
) -> None:
    """Turn a report in JSON into other formats; exit as the run itself would have."""
    try:
        sheet = json_output.load(report)
    except SpecError as error:
        raise _refuse(error) from None
    _write(sheet, json=None, sarif=sarif, junit=junit, markdown=markdown)
    _show(sheet, github=github, every=every)
    raise typer.Exit(1 if sheet.stops else 0)


@app.command()
def rules(profile: Annotated[Profile | None, typer.Option(help="Only the rules of this profile.")] = None) -> None:
    """List the rules: id, severity, since when, profiles, title."""
    for each in with_self_checks(RULES):
        if not profile or profile in each.profiles:
            where = ",".join(sorted(each.profiles)) or "opt-in"
            typer.echo(f"{each.id:14} {each.severity:8} {each.since} {where:27} {each.title}")


@app.command()
def docs(
    verify: Annotated[bool, typer.Option(help="Write nothing; fail where a page is not what the rules say.")] = False,
) -> None:
    """Write a page for each rule and the table of what is covered into docs/policies."""
    from policies import pages  # noqa: PLC0415 - the templates are for this command only

    if not verify:
        pages.write()
    found = pages.stale()
    for name in found:
        typer.echo(
            f"error: docs/policies/{name} is not what the rules say; renew it by `python -m policies docs`", err=True
        )
    raise typer.Exit(1 if found else 0)


def _write(sheet: Sheet, *, json: Path | None, sarif: Path | None, junit: Path | None, markdown: Path | None) -> None:
    for path, rendered in (
        (json, json_output.render),
        (sarif, _SARIF),
        (junit, _JUNIT),
        (markdown, _MARKDOWN),
    ):
        if path:
            with _writing(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(rendered(sheet), encoding="utf-8")


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Turn a file that cannot be written into one line."""
    try:
        yield
    except OSError as error:
        line = f"{error.filename or path}: cannot be written: {error.strerror}; name another file"
        raise _refuse(SpecError((), [line])) from None


# The options have the formats' names, which hide the modules in the functions above.
_SARIF: Callable[[Sheet], str] = sarif.render
_JUNIT: Callable[[Sheet], str] = junit.render
_MARKDOWN: Callable[[Sheet], str] = markdown.render


def _show(sheet: Sheet, *, github: bool, every: bool) -> None:
    if github:
        sys.stdout.write(annotations.render(sheet))
    else:
        console.show(sheet, Console(highlight=False), every=every)


def _refuse(error: SpecError) -> typer.Exit:
    for line in error.lines:
        typer.echo(f"error: {line}", err=True)
    return typer.Exit(2)
