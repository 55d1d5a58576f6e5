"""Command line of the pull-request check: red (1) when anything refuses the branch, green (0) otherwise."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from local_azure.loading import StateError
from policies.outputs import json_output, junit, sarif
from stacks.files import stack_names
from tools.engine import EngineError, write
from tools.local_services import ROOT
from tools.processes import ServiceError
from tools.provision import cli
from tools.pull_request import report
from tools.pull_request.base import BaseError, Tree, lay_out
from tools.pull_request.rehearsal import NOTHING, Outcome, Rehearser
from tools.stack import BusyError, one_run, say
from tools.stack_file import NoStackFileError, StackFileError

PACK = ROOT / "policies"
_FORMATS = {".sarif": sarif.render, ".junit.xml": junit.render, ".json": json_output.render}


def main() -> int:
    """Run the command of the command line; returns 0, or 1 when the branch is refused or cannot be rehearsed."""
    options = _parser().parse_args()
    local = ROOT / ".pulumi-local" / "pr"
    try:
        with one_run(local):
            return check(options, local)
    except EngineError as error:
        print(error.output, file=sys.stderr)
        print(f"moorings: {error}", file=sys.stderr)
    except (BaseError, BusyError, LookupError, StackFileError, ServiceError, StateError) as error:
        print(f"moorings: {error.args[0]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("moorings: stopped", file=sys.stderr)
        return 130
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="pull_request", description=__doc__)
    parser.add_argument("--stack", action="append", help="a stack to rehearse; default: every file in stacks/")
    parser.add_argument("--base", help="branch, tag or commit to start from; default: where HEAD left origin/main")
    parser.add_argument("--from-state", type=Path, help="start from what `pulumi stack export` printed (one stack)")
    parser.add_argument("--no-policy", action="store_true", help="rehearse without the policy pack")
    parser.add_argument("--output", type=Path, help="folder for comment.md and each stack's reports")
    return parser


def check(options: argparse.Namespace, local: Path) -> int:
    """Rehearse the stacks that the options name, print the result and write the reports.

    Raises:
        BaseError: there is no pack where one is wanted, or a state is given for several stacks.
    """
    stacks = options.stack or stack_names(ROOT / "stacks")
    if options.from_state and len(stacks) != 1:
        raise BaseError(f"--from-state is the state of one stack: name it with --stack (there are {', '.join(stacks)})")
    pack = None if options.no_policy else PACK
    if pack is not None and not (pack / "PulumiPolicy.yaml").exists():
        raise BaseError(f"{pack.name}/PulumiPolicy.yaml is missing: restore it, or rehearse with --no-policy")
    output = options.output or local
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BaseError(f"{output}: no folder for the reports can be made there: {error.strerror}") from None
    tree, reason = (None, "") if options.from_state else _tree(local, options.base)
    rehearser = Rehearser(ROOT, local, cli.chosen(ROOT), tree, options.from_state, reason, pack, say)
    if tree is not None and not options.stack:
        stacks += [stack for stack in stack_names(tree.folder / "stacks") if stack not in stacks]
    outcomes = [rehearsed(rehearser, stack) for stack in stacks]
    print()
    for outcome in outcomes:
        for line in report.console(outcome):
            print(line)
        print()
    write_reports(outcomes, output)
    say(f"{output / 'comment.md'} holds this for a pull request")
    return 0 if all(outcome.green for outcome in outcomes) else 1


def rehearsed(rehearser: Rehearser, stack: str) -> Outcome:
    """Return what a rehearsal of one stack found; a file that is gone or cannot be read is an outcome like others."""
    tree = rehearser.tree
    there = stack in stack_names(ROOT / "stacks")
    if tree is not None and not there and stack in stack_names(tree.folder / "stacks"):
        return removed(stack, tree)
    try:
        return rehearser.rehearse(stack)
    except NoStackFileError:
        raise
    except StackFileError as error:
        return Outcome(stack, start=tree.name if tree else NOTHING, refusals=[str(error)])


def removed(stack: str, tree: Tree) -> Outcome:
    """Return what is to be said of a stack whose file the branch removes."""
    note = (
        f"the branch removes stacks/Pulumi.{stack}.yaml: what it made stays in Azure and in the engine's state. Run "
        f"`pulumi destroy -s {stack}` and `pulumi stack rm {stack}` from {tree.name} before this lands"
    )
    return Outcome(stack, start=tree.name, notes=[note])


def _tree(local: Path, reference: str | None) -> tuple[Tree | None, str]:
    """Return the base branch's tree, or why there is none; a base that was asked for by name has to be there."""
    try:
        tree = lay_out(ROOT, reference, local / "base")
    except BaseError as error:
        if reference:
            raise
        return None, str(error)
    if not (tree.folder / "Pulumi.yaml").exists():
        return None, f"{tree.name} holds no Pulumi project"
    return tree, ""


def write_reports(outcomes: list[Outcome], folder: Path) -> None:
    """Write the comment for all stacks, and what the policies say of each as SARIF, JUnit and JSON.

    In these files a finding that is not there counts as mended, so that a stack which was not judged whole gets none, and
    does not keep those of an earlier run.
    """
    write(folder / "comment.md", report.comment(outcomes))
    for outcome in outcomes:
        judged = outcome.verdicts.report if outcome.verdicts and outcome.verdicts.whole else None
        for ending, render in _FORMATS.items():
            path = folder / f"{outcome.stack}{ending}"
            path.unlink(missing_ok=True)
            if judged:
                write(path, render(judged))


if __name__ == "__main__":
    sys.exit(main())
