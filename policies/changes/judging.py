"""Judging a change by the settings and approvals of its program."""

from __future__ import annotations

import datetime
from pathlib import Path

from policies.changes import judge_changes, load_approvals
from policies.changes.common import APPROVALS_FILE
from policies.places import of_program, placed
from policies.plan import Changes
from policies.preparation import folder_for, prepare
from policies.report import Report
from policies.rules import RULES


def judge_change(changes: Changes, program: Path, stack: str) -> Report:
    """Judge a change by the rules on changes, with the line of each finding in the stack file.

    Args:
        changes: the change.
        program: folder of the program, with the settings and approvals below it.
        stack: name of the stack.

    Raises:
        SpecError: a file of the policies has problems.
    """
    folder = folder_for(program)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    settings = prepare(folder, stack, RULES, today=today, program=program).settings
    approvals = load_approvals(folder / APPROVALS_FILE, today=today, stack=stack)
    report = judge_changes(changes, settings=settings, stack=stack, approvals=approvals)
    return placed(report, of_program(program, stack, changes))
