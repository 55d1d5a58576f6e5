"""Stand-ins on a local Azure for what a stack uses and others make, and the outputs of other stacks, before the engine runs.

What the local Azure has is left alone. What it lacks comes from files that somebody saved, and then from what the stack file
states of it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_azure import loading
from local_azure.plugin.sessions import DEFAULT_SUBSCRIPTION
from planning.problems import SpecError
from stacks.document import read
from stacks.files import OUTPUTS_VARIABLE, stack_names
from stacks.loader import Session, Stack, describe, load
from stacks.order import references
from stacks.planned import planned_outputs
from stacks.standins import StandIn, standins
from tools.engine import LostStateError, Workspace, read_state, write
from tools.local_services import resource_ids

Json = dict[str, Any]

SUBSCRIPTION_KEY = "azure-native:subscriptionId"
"""Key of a stack file's ``config`` for the subscription of the provider."""
_ROOT_TYPE = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class RehearsalContext:
    """What the stacks of a project find on this machine.

    Attributes:
        project: name of the project.
        directory: folder of its stack files.
        states: folder of the engine's local state, which has the outputs of stacks that are up.
        files: saved listings of Azure and exported states whose resources stand in.
        planned: whether a stack of this project has the outputs that its file plans, before those that it had.
        subscription: the subscription that the local run works in.
    """

    project: str
    directory: Path
    states: Path
    files: Sequence[Path] = ()
    planned: bool = False
    subscription: str = DEFAULT_SUBSCRIPTION
    _planned_outputs: dict[str, dict[str, Any]] = field(default_factory=dict, init=False, compare=False, repr=False)

    def outputs(self, name: str) -> Mapping[str, Any]:
        """Return the outputs of a stack by its full name: as its file plans them, of its local state, or of an exported one.

        Raises:
            ValueError: none of them is there; the message is one line and says what to do.
        """
        _, project, stack = name.split("/")
        ours = project == self.project and stack in stack_names(self.directory)
        local = self.states / ".pulumi" / "stacks" / project / f"{stack}.json"
        had: Mapping[str, Any] | None = None
        for resources in (_resources(local), *(_exported(path) for path in self.files)):
            root = next((each for each in resources if _is_root(each, project, stack)), None)
            if root is not None:
                had = root.get("outputs") or {}
                break
        if ours and self.planned:
            try:
                return _as_planned(had or {}, self._plan(stack))
            except SpecError:
                if had is None:
                    raise
        if had is not None:
            return had
        remedy = (
            f"run ./moorings up {stack} first"
            if ours
            else f"export it with pulumi stack export --stack {name} > FILE, and pass --standins FILE"
        )
        raise ValueError(f"stack {name} is not on this machine: {remedy} [PUL-OUTPUTS]")

    def _plan(self, stack: str) -> Mapping[str, Any]:
        if stack not in self._planned_outputs:
            described = load(stack, directory=self.directory)
            self._planned_outputs[stack] = planned_outputs(described, self.subscription_of(stack))
        return self._planned_outputs[stack]

    def subscription_of(self, stack: str) -> str:
        """Return the subscription that a stack file states for the provider, or else that of the local run."""
        file = self.directory / f"Pulumi.{stack}.yaml"
        config = read(file, file.name).data.get("config") or {}
        return str(config.get(SUBSCRIPTION_KEY) or self.subscription)

    def outputs_of(self, stack: str) -> dict[str, Any]:
        """Return by its full name the outputs of every stack that a stack file refers to, or why there are none."""
        found: dict[str, Any] = {}
        for name in dict.fromkeys(full for _, full in references(describe(stack, directory=self.directory).data)):
            try:
                found[name] = dict(self.outputs(name))
            except ValueError as error:
                found[name] = str(error)
        return found

    def described(self, stack: str) -> Stack | None:
        """Return the description of a stack that uses what others make; None for one that uses none, or is refused."""
        try:
            if not _uses_others(describe(stack, directory=self.directory).data):
                return None
            session = Session(self.outputs, lambda: self.subscription_of(stack))
            return load(stack, directory=self.directory, session=session)
        except SpecError:
            # The program refuses the description too, with the same lines.
            return None

    def variables(self, stack: str, local: Path) -> dict[str, str]:
        """Write the outputs that a run of a stack asks for into a folder, and return the variable that names the file."""
        try:
            found = self.outputs_of(stack)
        except SpecError:
            found = {}
        path = local / f"{stack}-outputs-of-others.json"
        write(path, json.dumps(found))
        return {OUTPUTS_VARIABLE: str(path.absolute())}


def context_of(workspace: Workspace, files: Sequence[Path] = (), *, planned: bool = False) -> RehearsalContext:
    """Return what the stacks of a workspace find on this machine; the arguments are those of the context."""
    return RehearsalContext(workspace.name, workspace.stacks, workspace.local / "state", tuple(files), planned)


def place(store: Path, stack: str, context: RehearsalContext, made: Collection[str] = ()) -> list[str]:
    """Put stand-ins for what a stack uses and others make into a store that is not served, and return a line for each.

    Args:
        store: folder of the store.
        stack: name of the stack.
        context: what the stack finds on this machine.
        made: ids, in lower case, that stacks of the same run make; neither these nor what they contain has a stand-in.

    Raises:
        ListingError: a file of the context holds neither a listing nor a state.
    """
    lines = [line for path in context.files for line in _loaded(store, path)]
    described = context.described(stack)
    if described is None:
        return lines
    there = {each.lower() for each in resource_ids(store)}
    wanted = [
        each
        for each in standins(described.spec, described.plan)
        if each.id.lower() not in there and not _is_within(each.id.lower(), made)
    ]
    return [*lines, *_placed(store, wanted)] if wanted else lines


def _is_within(resource_id: str, made: Collection[str]) -> bool:
    """Whether an id is one of others, or the id of something that one of them contains."""
    return any(resource_id == each or resource_id.startswith(f"{each}/") for each in made)


def lacking(store: Path, stack: str, context: RehearsalContext) -> bool:
    """Return whether a store lacks something that a stack uses and others make."""
    described = context.described(stack)
    there = {each.lower() for each in resource_ids(store)} if described else set[str]()
    return described is not None and any(
        each.id.lower() not in there for each in standins(described.spec, described.plan)
    )


def _placed(store: Path, wanted: Sequence[StandIn]) -> Iterator[str]:
    result = loading.load_store(store, loading.state_of_bodies([each.shown for each in wanted]), add=True)
    created = set(result.ids)
    yield from (f"assumed: {each.line()}" for each in wanted if each.id in created and each.words)
    yield from (f"no stand-in: {line}" for line in result.missing)


def _loaded(store: Path, path: Path) -> Iterator[str]:
    """Add what a saved listing or an exported state holds."""
    state = loading.read_state(path) if _exported(path) else loading.state_of_listing(loading.read_listing([path]))
    result = loading.load_store(store, state, add=True)
    if result.resources:
        yield f"{result.resources} resources of {path.name} stand in"
    yield from (f"no stand-in: {line}" for line in result.missing)


def _as_planned(had: Mapping[str, Any], plan: Mapping[str, Any]) -> dict[str, Any]:
    """Return outputs that a stack had with those of its plan: what is planned is all that there is of its kind."""
    found = {key: value for key, value in had.items() if key not in plan}
    for key, planned in plan.items():
        if isinstance(planned, Mapping):
            before = had.get(key)
            known = before if isinstance(before, Mapping) else {}
            found[key] = {name: _united(known.get(name), value) for name, value in planned.items()}
        elif planned is not None:
            found[key] = planned
    return found


def _united(before: Any, planned: Any) -> Any:
    return {**before, **planned} if isinstance(before, Mapping) and isinstance(planned, Mapping) else planned


def _exported(path: Path) -> list[Json]:
    """The resources of an exported state; none for a file that holds something else."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return list(document["deployment"]["resources"])
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _resources(state_file: Path) -> list[Json]:
    try:
        return read_state(state_file).get("resources") or []
    except LostStateError:
        return []


def _is_root(resource: Mapping[str, Any], project: str, stack: str) -> bool:
    """Whether a resource is the root of a stack, which has the stack's outputs."""
    return resource.get("type") == _ROOT_TYPE and str(resource.get("urn")).startswith(
        f"urn:pulumi:{stack}::{project}::"
    )


def _uses_others(data: Any) -> bool:
    """Whether a description may name something made elsewhere."""
    if isinstance(data, str):
        return data.startswith("/subscriptions/")
    if isinstance(data, dict):
        return set(data) == {"stack", "output"} or any(map(_uses_others, (*data, *data.values())))
    return isinstance(data, list) and any(map(_uses_others, data))
