"""The pull-request check: rehearses every stack, and writes the results for people and for tools."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planning.problems import SpecError
from policies.outputs import json_output, junit, sarif
from stacks.files import stack_names
from stacks.loader import describe, load
from stacks.neighbours import is_same
from stacks.order import order, readable
from tools.bases import described
from tools.cost.costs import costs
from tools.cost.table import TableError
from tools.engine import project_name, write
from tools.local_services import ROOT
from tools.provision import cli
from tools.pull_request import report
from tools.pull_request.azure import preflight_of
from tools.pull_request.base import BaseError, Tree, extract
from tools.pull_request.rehearsal import NOTHING, Outcome, Rehearser
from tools.report import mermaid
from tools.stack import say
from tools.stack_file import NoStackFileError, StackFileError

PACK = ROOT / "policies"
_FORMATS = {".sarif": sarif.render, ".junit.xml": junit.render, ".json": json_output.render}


@dataclass(frozen=True)
class Request:
    """The parameters of the check.

    Attributes:
        stacks: names of the stacks; if empty, all stacks.
        base: branch, tag or commit to start from; None for the merge base with the main branch.
        from_state: file with an exported state to start from instead, for one stack.
        policies: whether to evaluate the policies.
        output: folder of comment.md and the reports; None for `.pulumi-local/pr`.
        standins: saved listings and exported states of resources made elsewhere.
    """

    stacks: Sequence[str] = ()
    base: str | None = None
    from_state: Path | None = None
    policies: bool = True
    output: Path | None = None
    standins: Sequence[Path] = ()


def check(request: Request, local: Path) -> list[Outcome]:
    """Rehearse the stacks of a request, print the results and write the reports.

    Raises:
        BaseError: the policy pack is missing, or a state is given for several stacks.
        LookupError: set-up has not selected a CLI yet.
    """
    stacks = list(request.stacks) or stack_names(ROOT / "stacks")
    if request.from_state and len(stacks) != 1:
        raise BaseError(f"--from-state is the state of one stack: state its name ({', '.join(stacks)})")
    dependents = _dependents(request)
    stacks += dependents
    pack = PACK if request.policies else None
    if pack is not None and not (pack / "PulumiPolicy.yaml").exists():
        raise BaseError(f"{pack.name}/PulumiPolicy.yaml is missing: restore it, or rehearse with --no-policy")
    output = request.output or local
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaseError(f"{output}: the folder for the reports cannot be created: {error.strerror}") from None
    tree, reason = (None, "") if request.from_state else _tree(local, request.base)
    states = ROOT / ".pulumi-local" / "state"
    rehearser = Rehearser(
        ROOT, local, cli.chosen(ROOT), tree, request.from_state, reason, pack, say, request.standins, states
    )
    # Stacks whose files the branch removes are reported too.
    if tree is not None and not request.stacks:
        stacks += [stack for stack in stack_names(tree.folder / "stacks") if stack not in stacks]
    renamed = renames(tree) if tree is not None else {}
    outcomes = [rehearsed(rehearser, stack, renamed) for stack in stacks]
    for outcome in outcomes:
        if outcome.stack in stack_names(ROOT / "stacks"):
            outcome.preflight = preflight_of(outcome.stack, os.environ)
        outcome.notes += [dependents[outcome.stack]] if outcome.stack in dependents else []
        if tree is not None:
            _compare(outcome, tree)
    print()
    for outcome in outcomes:
        for line in report.console(outcome):
            print(line)
        print()
    write_reports(outcomes, output)
    say(f"{output / 'comment.md'} contains these results for a pull request")
    return outcomes


def _compare(outcome: Outcome, tree: Tree) -> None:
    """Add what the branch changes of a stack as a flowchart, and what it costs; nothing for a description that is refused."""
    stacks = ROOT / "stacks"
    try:
        before = described(outcome.stack, tree)
        now = load(outcome.stack, directory=stacks)
    except SpecError:
        return
    outcome.picture = mermaid.change(now, before)
    try:
        outcome.costs = costs(outcome.stack, now, before, stacks)
    except (SpecError, TableError) as error:
        outcome.notes.append(f"the cost is not estimated: {' '.join(str(error).split())}")


def _dependents(request: Request) -> dict[str, str]:
    """Return the stacks that need a requested one, in their order, each with a note; a state is that of one stack alone."""
    if request.from_state is not None or not request.stacks:
        return {}
    directory = ROOT / "stacks"
    with contextlib.suppress(SpecError):
        found = order(readable(stack_names(directory), directory), project_name(ROOT), directory)
        needing = found.dependents(request.stacks)
        return {
            name: f"rehearsed too, because it uses outputs of {', '.join(found.needs[name])}"
            for name in found.names
            if name in needing
        }
    return {}


def renames(tree: Tree) -> dict[str, str]:
    """Return the stacks whose files the branch renames, new name by old name, and rename them in the tree of the base.

    A file is renamed if it is not in the base and has the same registry, name and environment as a file that the branch
    removes. The base is then provisioned under the new name, which corresponds to `./moorings rename`.
    """
    now, before = stack_names(ROOT / "stacks"), stack_names(tree.folder / "stacks")
    found: dict[str, str] = {}
    for old in (name for name in before if name not in now):
        for new in (name for name in now if name not in before and name not in found.values()):
            with contextlib.suppress(SpecError):
                if is_same(describe(old, directory=tree.folder / "stacks"), describe(new, directory=ROOT / "stacks")):
                    found[old] = new
                    break
    for old, new in found.items():
        copy = tree.folder / "stacks" / f"Pulumi.{new}.yaml"
        copy.write_bytes((tree.folder / "stacks" / f"Pulumi.{old}.yaml").read_bytes())
    return found


def rehearsed(rehearser: Rehearser, stack: str, renamed: Mapping[str, str]) -> Outcome:
    """Return the outcome of one stack, also if its file was removed or cannot be read.

    Args:
        rehearser: rehearses a stack that has a file.
        stack: name of the stack.
        renamed: new name by old name of the stacks whose files the branch renames.
    """
    tree = rehearser.tree
    exists = stack in stack_names(ROOT / "stacks")
    if tree is not None and not exists and stack in stack_names(tree.folder / "stacks"):
        return removed(stack, tree, renamed.get(stack))
    try:
        return rehearser.rehearse(stack)
    except NoStackFileError:
        raise
    except StackFileError as error:
        return Outcome(stack, start=tree.name if tree else NOTHING, refusals=[str(error)])


def removed(stack: str, tree: Tree, renamed: str | None = None) -> Outcome:
    """Return the outcome of a stack whose file the branch removes or renames."""
    note = (
        f"the branch renames stacks/Pulumi.{stack}.yaml to Pulumi.{renamed}.yaml, which describes the same resources. Do not "
        f"destroy the stack: run `pulumi stack export -s {stack} > state.json` and `./moorings rename {stack} {renamed} --state "
        f"state.json` from {tree.name} before this lands, which prints what else to run"
        if renamed
        else f"the branch removes stacks/Pulumi.{stack}.yaml: its resources stay in Azure and in the engine's state. Run "
        f"`pulumi destroy -s {stack}` and `pulumi stack rm {stack}` from {tree.name} before this lands"
    )
    return Outcome(stack, start=tree.name, notes=[note])


def _tree(local: Path, reference: str | None) -> tuple[Tree | None, str]:
    """Return the tree of the base branch, or the reason why there is none; a base that the user names must exist."""
    try:
        tree = extract(ROOT, reference, local / "base")
    except BaseError as error:
        if reference:
            raise
        return None, str(error)
    if not (tree.folder / "Pulumi.yaml").exists():
        return None, f"{tree.name} contains no Pulumi project"
    return tree, ""


def write_reports(outcomes: list[Outcome], folder: Path) -> None:
    """Write the comment for all stacks, and the findings of each stack as SARIF, JUnit and JSON.

    A finding that is missing in these files is treated as resolved. A stack that was not evaluated completely therefore
    gets no files, and those of an earlier run are removed.
    """
    write(folder / "comment.md", report.comment(outcomes))
    for outcome in outcomes:
        judged = outcome.verdicts.report if outcome.verdicts and outcome.verdicts.whole else None
        for ending, render in _FORMATS.items():
            path = folder / f"{outcome.stack}{ending}"
            path.unlink(missing_ok=True)
            if judged:
                write(path, render(judged))
