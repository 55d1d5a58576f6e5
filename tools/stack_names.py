"""Renames and removes a stack: its file, and its state on the local Azure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from planning import names
from planning.problems import SpecError
from stacks.document import Place, read
from stacks.files import stack_names
from tools import stack_file
from tools.engine import Engine, Workspace

_OUTPUTS = "{}-outputs.json"
_LOCAL_FILES = (
    _OUTPUTS,
    "{}-events.json",
    "{}-preview-events.json",
    "{}-outputs-of-others.json",
    "Pulumi.{}.yaml",
    "scratch/Pulumi.{}.yaml",
)
"""Files of a stack in the folder of local state, besides its state."""


class StackNameError(Exception):
    """A stack cannot be renamed or removed; the message is one line with the remedy."""


def rename(workspace: Workspace, old: str, new: str) -> None:
    """Rename a stack file, and the stack on the local Azure if it is there.

    The description does not change, so that all names in Azure stay the same.

    Raises:
        NoStackFileError: there is no stack with the old name.
        StackNameError: the new name is taken or is no name of a stack.
        EngineError: the engine cannot move the state; file and state keep their name.
    """
    file = stack_file.find(workspace.stacks, old)
    wrong = names.SHORT_NAME.problem(new)
    if wrong:
        raise StackNameError(wrong)
    target, engine = file.with_name(f"Pulumi.{new}.yaml"), Engine(workspace, old)
    if target.exists() or Engine(workspace, new).state_file.exists():
        raise StackNameError(f"stack {new} exists; choose another name")
    if engine.state_file.exists():
        engine.prepare()
        state = renamed(engine.export(), workspace.name, old, new)
        file.rename(target)
        try:
            _take_over(Engine(workspace, new), state)
        except BaseException:
            target.rename(file)
            raise
        _forget(workspace, old)
    else:
        file.rename(target)
    outputs = workspace.local / _OUTPUTS.format(old)
    if outputs.exists():
        outputs.rename(workspace.local / _OUTPUTS.format(new))
    _discard(workspace, old)


def renamed(state: dict[str, Any], project: str, old: str, new: str) -> dict[str, Any]:
    """Return the exported state of a stack as that of a stack with another name.

    `pulumi stack rename` of version 3.250 stops with an assertion if a resource has `replaceWith`, which resources of this
    project have [PUL-RENAME].
    """
    root = f"::pulumi:pulumi:Stack::{project}-"

    def text(value: str) -> str:
        prefix = f"urn:pulumi:{old}::{project}::"
        if not value.startswith(prefix):
            return value
        found = f"urn:pulumi:{new}::{project}::{value.removeprefix(prefix)}"
        return found.removesuffix(f"{root}{old}") + f"{root}{new}" if found.endswith(f"{root}{old}") else found

    def rewritten(value: Any) -> Any:
        if isinstance(value, dict):
            return {text(key): rewritten(each) for key, each in value.items()}
        if isinstance(value, list):
            return [rewritten(each) for each in value]
        return text(value) if isinstance(value, str) else value

    return rewritten(state)


def _file(workspace: Workspace, stack: str) -> Path:
    return workspace.stacks / f"Pulumi.{stack}.yaml"


def _take_over(engine: Engine, state: Mapping[str, Any]) -> None:
    """Create a stack with the state of another one, or leave none."""
    engine.prepare()
    try:
        engine.replace_state(state)
    except BaseException:
        _forget(engine.workspace, engine.stack)
        raise


def _forget(workspace: Workspace, stack: str) -> None:
    """Remove the state of a stack; its resources stay."""
    Engine(workspace, stack).query("stack", "rm", stack, "--force", "--yes", cwd=workspace.local / "scratch")


def _discard(workspace: Workspace, stack: str) -> None:
    """Remove the files of a stack in the folder of local state."""
    for pattern in _LOCAL_FILES:
        (workspace.local / pattern.format(stack)).unlink(missing_ok=True)


def remove(workspace: Workspace, stack: str) -> None:
    """Remove a stack file, and the stack on the local Azure if it is there and empty. One of the two may be missing.

    Raises:
        NoStackFileError: there is neither.
        StackNameError: the stack has resources on the local Azure, or other stacks refer to it.
    """
    engine = Engine(workspace, stack)
    file = (
        None
        if engine.state_file.exists() and not _file(workspace, stack).exists()
        else stack_file.find(workspace.stacks, stack)
    )
    held = [each for each in engine.resources() if each.get("custom") and each.get("id")]
    if held:
        raise StackNameError(
            f"stack {stack} has {len(held)} resources on the local Azure: run ./moorings down {stack} first"
        )
    found = [line for line, _ in references(workspace, stack)]
    if found:
        raise StackNameError(f"{found[0]} refers to stack {stack}: remove the reference first")
    if engine.state_file.exists():
        _forget(workspace, stack)
    _discard(workspace, stack)
    if file:
        file.unlink()


def references(workspace: Workspace, stack: str) -> Iterator[tuple[str, str]]:
    """Yield the place (file:line) and the full name of each reference of other stack files to a stack of this project."""
    wanted = re.compile(rf"[^/]+/{re.escape(workspace.name)}/{re.escape(stack)}")
    for name in stack_names(workspace.stacks):
        file = stack_file.find(workspace.stacks, name)
        for place in _places(file):
            if name != stack and place.text and wanted.fullmatch(place.text):
                yield str(place), place.text


def _places(file: Path) -> Iterable[Place]:
    try:
        return read(file, f"{file.parent.name}/{file.name}").places.values()
    except SpecError:
        return ()
