"""`./moorings check`."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import Any

from planning.problems import Problem, SpecError
from tools.verbs.arguments import EveryStack, Json, Quiet
from tools.verbs.command import verb
from tools.verbs.printing import show_json


@verb("./moorings check", "./moorings check prod", "./moorings check --json")
def check(stacks: EveryStack = None, json: Json = False, quiet: Quiet = False) -> int:
    """Check stack files and report every problem.

    Neither an engine nor an account is needed. With --json, each problem has a stack, file, line, path, message and
    severity. Warnings do not fail the check. Conflicts between stacks are reported too: a registry, names, ranges.
    """
    from stacks.files import stack_names
    from stacks.loader import Stack, load
    from stacks.neighbours import shared

    found: list[dict[str, Any]] = []
    loaded: dict[str, Stack] = {}
    refused = False
    for name in stacks or stack_names():
        try:
            stack = load(name)
        except SpecError as error:
            refused = True
            problems, note = error.problems, _inherited(name)
        else:
            loaded[name] = stack
            problems, note = stack.problems, _inherited(name)
            if not (json or quiet):
                print(f"{name}: no problems{f' ({note})' if note else ''}")
                note = ""
        found += [_as_json(name, problem) for problem in problems]
        if not json:
            notes = [f"note: {note}\n"] if note and problems else []
            _print_problems(problems, notes)
    for name, problems in shared(loaded).items():
        refused = refused or any(problem.severity == "error" for problem in problems)
        found += [_as_json(name, problem) for problem in problems]
        if not json:
            _print_problems(problems)
    if json:
        show_json(found)
    return int(refused)


def _inherited(name: str) -> str:
    from stacks.loader import inherited

    with contextlib.suppress(SpecError):
        return inherited(name)
    return ""


def _print_problems(problems: Sequence[Problem], notes: Sequence[str] = ()) -> None:
    """Print problems with their severity, and notes, on standard error."""
    sys.stderr.write("".join([*(f"{problem.severity}: {problem.line()}\n" for problem in problems), *notes]))


def _as_json(stack: str, problem: Problem) -> dict[str, Any]:
    file, line = problem.place or (None, None)
    return {
        "stack": stack,
        "file": file,
        "line": line,
        "path": ".".join(problem.path),
        "message": problem.message,
        "severity": problem.severity,
    }
