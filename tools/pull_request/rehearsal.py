"""Rehearses one stack: brings a new local Azure to the state of the base, then applies the branch to it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from local_azure import loading
from tools import stack_file
from tools.cost.costs import Costs
from tools.engine import Engine, EngineError, Finished, Workspace
from tools.local_services import LocalAzure, local_azure
from tools.pull_request import pulls
from tools.pull_request.azure import Preflight
from tools.pull_request.base import Tree, importable
from tools.pull_request.ledger import Ledger, ledger
from tools.pull_request.refusals import KEPT, errors, further, further_warnings, refusals, warnings
from tools.pull_request.steps import Step, steps_of
from tools.pull_request.verdicts import Verdicts, judged, with_pulls
from tools.standins import RehearsalContext, lacking, place

ENVIRONMENT = {
    "MOORINGS_TIME_SCALE": "0",
    "PULUMI_EXPERIMENTAL": "true",
    "PULUMI_SKIP_CHECKPOINTS": "true",
}
"""Variables of a rehearsal, which is never resumed, so that the engine need not save its state after every step."""
NOTHING = "nothing"
"""Start of a rehearsal without a base and a state."""

QUIET = ("--color", "never", "--skip-preview", "--suppress-outputs")
"""Flags of an update whose output nobody reads."""


@dataclass
class Outcome:
    """The outcome of the rehearsal of one stack.

    Attributes:
        stack: name of the stack.
        start: description of the initial state.
        changes: number of resources by operation, including `same`.
        steps: operation of each resource that changes.
        applied: whether the change was applied, and completely.
        refusals: one line for each refusal of the change; empty if the rehearsal is green.
        notes: one line for each note for the reader.
        before: addresses before the change.
        after: addresses after the change.
        verdicts: verdicts of the policies; None if they were not evaluated.
        warned: warnings of the base, which are not repeated.
        picture: what the change touches as a Mermaid flowchart; empty if nothing or too much changes.
        costs: what the stack costs before and after the change; None without a base, and for a description that is refused.
        preflight: what Azure says about the deployment; None if the environment names no subscription.
        pulls: number of pulls that work after the change, in words; empty without consumers or if it was not applied.
    """

    stack: str
    start: str = ""
    changes: dict[str, int] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    applied: Literal["no", "partly", "yes"] = "no"
    refusals: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    before: Ledger = field(default_factory=dict)
    after: Ledger = field(default_factory=dict)
    verdicts: Verdicts | None = None
    preflight: Preflight | None = None
    pulls: str = ""
    warned: list[str] = field(default_factory=list)
    picture: str = ""
    costs: Costs | None = None

    @property
    def from_nothing(self) -> bool:
        """Whether the initial state is empty, so that every resource is new."""
        return self.start == NOTHING

    @property
    def green(self) -> bool:
        """Whether there are no refusals."""
        return not self.refusals


@dataclass(frozen=True)
class Rehearser:
    """Rehearses the stacks of a project.

    Attributes:
        root: the project with the branch.
        local: folder for all files of the rehearsals, with a folder for each stack.
        pulumi: the CLI's executable.
        tree: the tree of the base branch; None if there is no base.
        state: an exported state to start from, instead of the tree.
        reason: why there is no tree, if there is neither a tree nor a state.
        pack: folder of the policy pack; None to rehearse without policies.
        say: called with each line of progress.
        standins: saved listings and exported states of resources made elsewhere.
        states: folder of the engine's local state, which has the outputs of other stacks.
    """

    root: Path
    local: Path
    pulumi: Path
    tree: Tree | None = None
    state: Path | None = None
    reason: str = ""
    pack: Path | None = None
    say: Callable[[str], None] = lambda _: None
    standins: Sequence[Path] = ()
    states: Path | None = None

    def rehearse(self, stack: str) -> Outcome:
        """Rehearse the branch's change of one stack.

        Raises:
            BaseError: the initial state belongs to another stack.
            NoStackFileError: the branch has no stack of that name, which is also the name of a folder that is emptied.
            EngineError: the engine cannot be set up.
            ServiceError: the local Azure does not start.
        """
        stack_file.find(self.root / "stacks", stack)
        outcome = Outcome(stack)
        folder = self.local / stack
        shutil.rmtree(folder, ignore_errors=True)
        if self.state is not None:
            with self._from_state(folder, stack, self.state, outcome) as azure:
                self._apply(folder, stack, azure, outcome)
            return outcome
        if self.tree is not None and self._has_stack(self.tree, stack, outcome):
            self._surround(self.tree.folder, folder, stack, outcome)
            with self._azure(folder) as azure:
                done = self._base(folder, stack, self.tree, azure, outcome)
                if done and not lacking(azure.store, stack, self._context(self.root, folder)):
                    self._apply(folder, stack, azure, outcome)
                    return outcome
            if done:
                # The branch uses further resources made elsewhere, which are added while the store is not served.
                self._surround(self.root, folder, stack, outcome)
                with self._azure(folder) as azure:
                    self._apply(folder, stack, azure, outcome)
                return outcome
            # A base that failed may have created resources, so the rehearsal starts again with an empty store.
            shutil.rmtree(folder, ignore_errors=True)
        else:
            outcome.notes += [f"{self.reason}: rehearsed from an empty state"] if self.tree is None else []
        outcome.start = NOTHING
        self._surround(self.root, folder, stack, outcome)
        with self._azure(folder) as azure:
            self._apply(folder, stack, azure, outcome)
        return outcome

    def _has_stack(self, tree: Tree, stack: str, outcome: Outcome) -> bool:
        try:
            stack_file.find(tree.folder / "stacks", stack)
        except stack_file.NoStackFileError:
            outcome.notes.append(
                f"stack {stack} is new: {tree.name} does not have it, so it is rehearsed from an empty state"
            )
            return False
        return True

    def _azure(self, folder: Path, variables: Mapping[str, str] | None = None) -> Any:
        return local_azure(folder / "azure", folder / "local-azure.log", variables=variables or {})

    def _engine(self, project: Path, folder: Path, stack: str, azure: LocalAzure) -> Engine:
        others = self._context(project, folder).variables(stack, folder)
        environment = {**ENVIRONMENT, "PULUMI_DEBUG_PROVIDERS": azure.debug_providers, **others}
        engine = Engine(Workspace(project, project / "stacks", folder, self.pulumi), stack, environment)
        engine.prepare()
        return engine

    def _context(self, project: Path, folder: Path) -> RehearsalContext:
        name = Workspace(project, project / "stacks", folder, self.pulumi).name
        states = self.states or folder / "state"
        return RehearsalContext(name, project / "stacks", states, tuple(self.standins), planned=True)

    def _surround(self, project: Path, folder: Path, stack: str, outcome: Outcome) -> None:
        """Put stand-ins for resources made elsewhere into the local Azure, and note what is assumed of them."""
        folder.mkdir(parents=True, exist_ok=True)
        lines = place(folder / "azure", stack, self._context(project, folder))
        outcome.notes += [line for line in lines if line not in outcome.notes]

    def _base(self, folder: Path, stack: str, tree: Tree, azure: LocalAzure, outcome: Outcome) -> bool:
        """Bring the local Azure to the state of the base branch; return False, with a note, if the base cannot be applied."""
        self.say(f"{stack}: bringing a local Azure to the state of {tree.name}")
        try:
            done = self._engine(tree.folder, folder, stack, azure).operate("up", *QUIET, events=True)
            problems = errors(done) if done.code else []
        except (EngineError, stack_file.StackFileError, ValueError, OSError) as error:
            done, problems = Finished(1, ""), [" ".join(str(error).split())]
        if done.code:
            why = problems[0] if problems else "the engine gives no reason"
            outcome.notes.append(f"{tree.name} cannot be provisioned, so this is rehearsed from an empty state: {why}")
            return False
        outcome.warned = warnings(done)
        outcome.start = tree.name
        return True

    @contextmanager
    def _from_state(self, folder: Path, stack: str, exported: Path, outcome: Outcome) -> Iterator[LocalAzure]:
        self.say(f"{stack}: bringing a local Azure to the state in {exported}")
        state = loading.read_state(exported)
        loaded = loading.load_store(folder / "azure", state)
        outcome.start = f"the state in {exported.name} ({loaded.resources} resources)"
        outcome.notes += [f"not in the rehearsal: {line}" for line in loaded.missing]
        outcome.notes += loaded.notes
        self._surround(self.root, folder, stack, outcome)
        subscription = loading.subscription(state)
        with self._azure(folder, {"ARM_SUBSCRIPTION_ID": subscription} if subscription else {}) as azure:
            engine = self._engine(self.root, folder, stack, azure)
            document = json.loads(exported.read_text(encoding="utf-8"))
            engine.replace_state(importable(document, engine.workspace.name, stack))
            yield azure

    def _apply(self, folder: Path, stack: str, azure: LocalAzure, outcome: Outcome) -> None:
        """Preview the branch and evaluate its plan; apply the branch if there are no refusals."""
        outcome.before = outcome.after = ledger(azure.store, azure.url)
        engine = self._engine(self.root, folder, stack, azure)
        state = engine.export()
        flags = ("--policy-pack", str(self.pack)) if self.pack else ()
        self.say(f"{stack}: previewing the branch")
        preview = engine.operate("preview", "--json", "--show-sames", "--color", "never", *flags, events=True)
        _take_plan(outcome, preview)
        outcome.notes += [f"warning: {line}" for line in further_warnings(warnings(preview), outcome.warned)]
        self._judge(outcome, preview, state)
        outcome.refusals += further(refusals(preview), outcome.refusals)
        if outcome.refusals:
            return
        self.say(f"{stack}: applying the branch")
        watching = pulls.watch(azure.store, state)
        applied = engine.operate("up", *QUIET, *flags, events=True)
        outcome.applied = "partly" if applied.code else "yes"
        if not applied.code:
            _take_plan(outcome, applied)
        outcome.refusals += refusals(applied)
        outcome.after = ledger(azure.store, azure.url)
        if not applied.code and preview.plan is not None:
            self._judge_pulls(outcome, watching, preview.plan, state, engine.export())

    def _judge_pulls(
        self,
        outcome: Outcome,
        watching: pulls.Watch,
        plan: Mapping[str, Any],
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        """Evaluate the rules on pulls for each write of the change."""
        outcome.pulls = pulls.summary(watching, after)
        lost = pulls.lost(watching, after)
        known = set(outcome.verdicts.refusals if outcome.verdicts else ())
        outcome.verdicts = with_pulls(outcome.verdicts, self.root, outcome.stack, plan, before, lost)
        outcome.refusals += [line for line in outcome.verdicts.refusals if line not in known]

    def _judge(self, outcome: Outcome, preview: Finished, state: Mapping[str, Any]) -> None:
        """Evaluate the policies for a preview; if it stopped early, only for each resource that it reached."""
        plan, problems = preview.plan, errors(preview)
        if plan is None:
            outcome.notes.append("the policies were not evaluated: the preview has no plan")
            return
        # The engine continues to plan after a protected resource, and stops at any other error.
        stopped = [line.partition(": ")[0] for line in problems if not line.endswith(KEPT)]
        if stopped and self.pack is None:
            outcome.notes.append(f"the change rules were not evaluated: the preview stopped at '{stopped[0]}'")
            return
        # A finding that must be fixed ends a preview before the deletions too, and is no error of the engine.
        if preview.code and not stopped:
            plan = _completed(plan, state, outcome, "a protected resource" if problems else "a finding")
        held = {key: dict(subnet.owners) for key, subnet in outcome.before.items()}
        resources = self.pack is not None
        verdicts = judged(self.root, outcome.stack, plan, state, held, resources=resources, whole=not stopped)
        outcome.refusals += verdicts.refusals
        if verdicts.whole or verdicts.judged:
            outcome.verdicts = verdicts
        if stopped:
            outcome.notes.append(_partly(verdicts.judged, stopped[0]))


def _partly(judged_resources: int, at: str) -> str:
    """Return the note on policies that were evaluated for an incomplete plan."""
    if not judged_resources:
        return f"the policies were not evaluated: the preview stopped at '{at}', before the first resource"
    count = f"{judged_resources} resource" + ("s" if judged_resources != 1 else "")
    left_out = "the cross-resource rules and the change rules were not evaluated"
    return f"evaluated {count} separately; the preview stopped at '{at}': {left_out}"


def _completed(plan: Mapping[str, Any], state: Mapping[str, Any], outcome: Outcome, at: str) -> Mapping[str, Any]:
    """Return a plan with the deletions that the engine did not reach, and add a note on them.

    The engine plans deletions after the program ends, and stops before at a protected resource or a mandatory finding. All
    resources that the program did not register are deleted, except default providers, which are never in a plan.
    """
    steps = plan.get("steps") or []
    planned = {step["urn"] for step in steps}
    missed = [
        each
        for each in (state.get("deployment") or {}).get("resources") or []
        if each["urn"] not in planned and not each.get("delete") and not each["type"].startswith("pulumi:providers:")
    ]
    if missed:
        count = f"deletions that it did not reach: {len(missed)}"
        outcome.notes.append(f"the preview stopped at {at}; {count}")
    outcome.steps += [Step("delete", each["type"], each["urn"].rpartition("::")[2]) for each in missed]
    return {**plan, "steps": [*steps, *({"op": "delete", "urn": each["urn"], "oldState": each} for each in missed)]}


def _take_plan(outcome: Outcome, finished: Finished) -> None:
    outcome.changes = finished.changes
    outcome.steps = steps_of(finished.events)
