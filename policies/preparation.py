"""Gathers what a run is judged by: the rules that are on for a stack, its exemptions, and its saved baseline."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from planning.problems import SpecError
from policies import baselines, configuration, exemptions
from policies.baselines import Baseline
from policies.changes import APPROVALS_FILE, CHANGE_RULES
from policies.configuration import Active, Settings
from policies.engine import Report, judge, judge_singly
from policies.exemptions import Exemptions
from policies.model import Finding, Graph, Profile, Rule
from policies.self_checks import SELF_CHECKS
from stacks.document import read

FOLDER_VARIABLE: Final = "MOORINGS_POLICIES"
"""Environment variable that names the folder of the settings, exemptions, baseline and approvals."""

OWN_FOLDER: Final = Path(__file__).resolve().parent
"""Where they are when a program brings none of its own."""

FILES: Final = (configuration.FILE, exemptions.FILE, baselines.FILE, APPROVALS_FILE)


@dataclass(frozen=True)
class Preparation:
    """What one run is judged by.

    Attributes:
        active: the rules that are on.
        exemptions: what is excused.
        baseline: what was there before, or None where every finding counts.
        stack: name of the stack.
        settings: the settings of that stack.
    """

    active: Sequence[Active]
    exemptions: Exemptions
    baseline: Baseline | None
    stack: str
    settings: Settings

    def judge(self, graph: Graph, decided: Iterable[Finding] = ()) -> Report:
        """Judge a graph by it."""
        return judge(
            self.active,
            graph,
            stack=self.stack,
            exemptions=self.exemptions,
            baseline=self.baseline,
            decided=decided,
        )

    def judge_singly(self, graph: Graph) -> Report:
        """Judge each resource of a graph that lacks others by itself."""
        return judge_singly(self.active, graph, stack=self.stack, exemptions=self.exemptions, baseline=self.baseline)


def folder_for(program: Path) -> Path:
    """Return the folder of the files: the one that the environment names, the program's `policies`, or our own."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named)
    own = program / "policies"
    return own if any((own / name).exists() for name in FILES) else OWN_FOLDER


def with_self_checks(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return the rules together with those that the engine judges itself."""
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
) -> Preparation:
    """Read the files of a folder for one stack.

    Args:
        folder: where settings.yaml, exemptions.yaml and baseline.json are; each may be missing.
        stack: name of the stack.
        rules: all rules on resources that there are; those on changes are known here.
        today: the day on which exemptions expire; the machine's when None.
        profile: takes the place of the settings' own.
        baseline: saved findings; `baseline.json` in the folder when None and there.

    Raises:
        SpecError: there is no such folder, or every problem of the file that is wrong, with its line.
    """
    if not folder.is_dir():
        remedy = f"mend what --folder or {FOLDER_VARIABLE} says"
        raise SpecError((), [f"{folder}: there is no such folder of settings and exemptions; {remedy}"])
    every = with_self_checks(rules)
    path = folder / configuration.FILE
    settings = configuration.load(path).of_stack(stack)
    if profile:
        settings = settings.model_copy(update={"profile": profile})
    document = read(path, path.name) if path.exists() else None
    # Rules on changes have their settings in the same file; they are judged on a plan, by `policies.changes`.
    active = configuration.select((*every, *CHANGE_RULES), settings, document)
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
