"""Collects what a run is judged by: the rules that are enabled for a stack, its exemptions, and its saved baseline."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from planning.problems import SpecError
from policies import baselines, configuration, exemptions, stack_file
from policies.baselines import Baseline
from policies.changes import CHANGE_RULES
from policies.changes.common import APPROVALS_FILE
from policies.configuration import Active, Settings
from policies.engine import judge, judge_singly
from policies.exemptions import Exemptions
from policies.model import Finding, Graph, Profile, Rule
from policies.report import Report
from policies.self_checks import SELF_CHECKS
from stacks.document import read

FOLDER_VARIABLE: Final = "MOORINGS_POLICIES"
"""Environment variable with the folder of settings, exemptions, baseline and approvals."""

OWN_FOLDER: Final = Path(__file__).resolve().parent
"""The folder for programs that have none of their own."""

FILES: Final = (configuration.FILE, exemptions.FILE, baselines.FILE, APPROVALS_FILE)


@dataclass(frozen=True)
class Preparation:
    """The rules, exemptions and baseline of one run.

    Attributes:
        active: the rules that are enabled.
        exemptions: findings that are excused.
        baseline: findings of an earlier run, or None where every finding counts.
        stack: name of the stack.
        settings: the settings of that stack.
    """

    active: Sequence[Active]
    exemptions: Exemptions
    baseline: Baseline | None
    stack: str
    settings: Settings

    def judge(self, graph: Graph, decided: Iterable[Finding] = ()) -> Report:
        """Judge a graph."""
        return judge(
            self.active,
            graph,
            stack=self.stack,
            exemptions=self.exemptions,
            baseline=self.baseline,
            decided=decided,
        )

    def judge_singly(self, graph: Graph) -> Report:
        """Judge each resource of an incomplete graph by itself."""
        return judge_singly(self.active, graph, stack=self.stack, exemptions=self.exemptions, baseline=self.baseline)


def folder_for(program: Path) -> Path:
    """Return the folder of the files: from the environment variable, the program's `policies`, or the one of this project."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    own = program / "policies"
    return own if any((own / name).exists() for name in FILES) else OWN_FOLDER


def with_self_checks(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules and those that the engine judges itself."""
    given = tuple(rules)
    return (*given, *(each for each in SELF_CHECKS if each not in given))


def prepare(
    folder: Path,
    stack: str,
    rules: Iterable[Rule],
    *,
    today: datetime.date | None = None,
    profile: Profile | None = None,
    baseline: Path | None = None,
    program: Path | None = None,
) -> Preparation:
    """Read the files of a folder for one stack.

    Args:
        folder: folder of settings.yaml, exemptions.yaml and baseline.json; each file is optional.
        stack: name of the stack.
        rules: all rules on resources; rules on changes are added here.
        today: the date that expiry is compared with; the current date when None.
        profile: overrides the profile of the settings.
        baseline: saved findings; `baseline.json` in the folder when None, if it exists.
        program: folder of Pulumi.yaml, whose stack file may state facts that rules are configured with.

    Raises:
        SpecError: the folder does not exist, or a file has problems, each with its line.
    """
    if not folder.is_dir():
        remedy = f"correct --folder or {FOLDER_VARIABLE}"
        raise SpecError((), [f"{folder}: the folder of settings and exemptions does not exist; {remedy}"])
    every = with_self_checks(rules)
    path = folder / configuration.FILE
    whole = configuration.load(path)
    settings = whole.of_stack(stack)
    if profile:
        settings = settings.model_copy(update={"profile": profile})
    document = read(path, path.name) if path.exists() else None
    # A program without settings of its own is judged by those of this project, which name its stacks.
    if document and program and folder == program / "policies":
        strangers = configuration.unknown_stacks(whole, document, stack_file.names(program))
        if strangers:
            raise SpecError((), strangers)
    declared = stack_file.declared(stack_file.find(program, stack)) if program else {}
    # Rules on changes have their settings in the same file; `policies.changes` judges them on a plan.
    active = configuration.select((*every, *CHANGE_RULES), settings, document, declared)
    excused = exemptions.load(
        folder / exemptions.FILE,
        today=today or datetime.datetime.now(tz=datetime.UTC).date(),
        known_rules=[each.id for each in every],
        stack=stack,
        longest_days=settings.longest_exemption_days,
        elsewhere={each.id: APPROVALS_FILE for each in CHANGE_RULES},
    )
    saved = baseline or folder / baselines.FILE
    known = baselines.load(saved) if baseline or saved.exists() else None
    active = [each for each in active if each.rule not in CHANGE_RULES]
    return Preparation(active, excused, known, stack, settings)
