"""`./moorings policy`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tools.verbs.arguments import Json, OptionalStack, Profile, Quiet
from tools.verbs.command import verb

if TYPE_CHECKING:
    from policies.report import Report

Source = Annotated[
    Path | None,
    typer.Option(
        "--from",
        help="Evaluate a file: `pulumi stack export`, `pulumi preview --json` or an event log.",
        exists=True,
        dir_okay=False,
        show_default=False,
    ),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(
        "--report", help="Show the JSON report of an earlier run.", exists=True, dir_okay=False, show_default=False
    ),
]
OutputFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write this format to a file.", show_default=False)
]
Program = Annotated[
    Path | None,
    typer.Option(help="With --from: folder of Pulumi.yaml; the current one by default.", show_default=False),
]
OneProfile = Annotated[Profile | None, typer.Option(help="With --from: overrides the profile of the settings.")]
Folder = Annotated[
    Path | None, typer.Option(help="With --from: folder of settings, exemptions and baseline.", show_default=False)
]
BaselineFile = Annotated[
    Path | None, typer.Option(help="With --from: saved findings; only others fail.", show_default=False)
]
SaveBaseline = Annotated[
    Path | None, typer.Option(help="With --from: save the findings as a baseline, and exit 0.", show_default=False)
]


@verb(
    "./moorings policy prod",
    "./moorings policy prod --sarif policies.sarif --markdown comment.md",
    "./moorings policy --from state.json --json",
    "./moorings policy --report report.json --github",
)
def policy(
    stack: OptionalStack = None,
    source: Source = None,
    report: ReportFile = None,
    json: Json = False,
    sarif: OutputFile = None,
    junit: OutputFile = None,
    markdown: OutputFile = None,
    github: Annotated[bool, typer.Option("--github", help="Print GitHub annotations.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also print findings that pass or do not apply.")] = False,
    quiet: Quiet = False,
    program: Program = None,
    profile: OneProfile = None,
    folder: Folder = None,
    baseline: BaselineFile = None,
    save_baseline: SaveBaseline = None,
) -> int:
    """Evaluate the policies for a stack.

    Without --from, the policies are evaluated in a preview on the local Azure. The verb fails if a mandatory finding is
    open.
    """
    only_of_files = {
        "program": program,
        "profile": profile,
        "folder": folder,
        "baseline": baseline,
        "save-baseline": save_baseline,
    }
    given = [f"--{name}" for name, value in only_of_files.items() if value is not None]
    if source and report:
        raise typer.BadParameter("--from and --report are mutually exclusive")
    if given and not source:
        raise typer.BadParameter(f"{given[0]} needs --from: a preview uses the files in policies/")
    code = 0
    if source:
        judged = _of_file(source, program, stack, profile=profile, folder=folder, baseline=baseline)
    elif report:
        judged = _of_report(report)
    else:
        code, judged = _of_preview(stack or "local", on_stderr=json or github, quiet=quiet)
    # The preview stopped before the policy pack wrote its report, and has printed the reason.
    if judged is None:
        return 1
    _write(judged, sarif=sarif, junit=junit, markdown=markdown)
    if json or github or every or ((source or report) and not (quiet and not judged.stops)):
        _show(judged, as_json=json, github=github, every=every)
    if save_baseline:
        _save(judged, save_baseline)
    return int(judged.stops and not save_baseline) or code


def _of_file(
    file: Path,
    program: Path | None,
    stack: str | None,
    *,
    profile: Profile | None,
    folder: Path | None,
    baseline: Path | None,
) -> Report:
    from policies import places
    from policies.fronts import offline
    from policies.preparation import folder_for, prepare
    from policies.rules import RULES

    graph, named = offline.load(file)
    name, where = stack or named, (program or Path()).resolve()
    prepared = prepare(folder or folder_for(where), name, RULES, profile=profile, baseline=baseline, program=where)
    return places.placed(prepared.judge(graph), places.of_program(where, name, graph))


def _of_report(file: Path) -> Report:
    from policies.outputs import json_output

    return json_output.load(file)


def _of_preview(stack: str, *, on_stderr: bool, quiet: bool) -> tuple[int, Report | None]:
    """Return the exit code of the preview and the report of the policy pack; None if the preview was incomplete."""
    from policies.fronts.pack import REPORT_VARIABLE
    from tools.verbs.running import on_local_azure

    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "report.json"
        variables = {REPORT_VARIABLE: str(written)}
        code = on_local_azure("policy", stack, variables=variables, on_stderr=on_stderr, quiet=quiet)
        return code, _of_report(written) if written.exists() else None


def _write(report: Report, **files: Path | None) -> None:
    from policies.outputs import junit, markdown, sarif

    renderers = {"sarif": sarif.render, "junit": junit.render, "markdown": markdown.render}
    for name, file in files.items():
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(renderers[name](report), encoding="utf-8")


def _show(report: Report, *, as_json: bool, github: bool, every: bool) -> None:
    from rich.console import Console

    from policies.outputs import annotations, console, json_output

    if as_json:
        print(json_output.render(report), end="")
    elif github:
        print(annotations.render(report), end="")
    else:
        console.show(report, Console(highlight=False), every=every)


def _save(report: Report, file: Path) -> None:
    from policies import baselines

    count = baselines.save(file, report.findings)
    print(f"{count} findings saved in {file}", file=sys.stderr)
