"""Renames and removes a stack: its file, and its state on the local Azure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from planning import names
from planning.problems import SpecError
from stacks.document import Place, read, value_at
from stacks.files import CONFIG_KEY, stack_names
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

    The description does not change, so that all names in Azure stay the same. The file may have the new name already.

    Raises:
        NoStackFileError: there is no stack with the old name.
        StackNameError: the new name is taken or is no name of a stack.
        EngineError: the engine cannot move the state; file and state keep their name.
    """
    engine, target = Engine(workspace, old), _file(workspace, new)
    is_moved = _lost_its_file(engine) and target.exists()
    file = _file(workspace, old) if is_moved else stack_file.find(workspace.stacks, old)
    wrong = names.SHORT_NAME.problem(new)
    if wrong:
        raise StackNameError(wrong)
    if (target.exists() and not is_moved) or Engine(workspace, new).state_file.exists():
        raise StackNameError(f"stack {new} exists; choose another name")
    if is_moved:
        target.rename(file)
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


def require_own_names(workspace: Workspace, stack: str) -> None:
    """Refuse to create a stack beside one that has the same names in Azure, its resources, and no file any more.

    Raises:
        StackNameError: somebody renamed the stack file by hand.
    """
    if Engine(workspace, stack).state_file.exists():
        return
    described = _names_in_azure(_file(workspace, stack))
    for copy in sorted(workspace.local.glob("Pulumi.*.yaml")) if described else ():
        old = copy.name.removeprefix("Pulumi.").removesuffix(".yaml")
        engine = Engine(workspace, old)
        if _lost_its_file(engine) and _names_in_azure(copy) == described and _held(engine):
            raise StackNameError(
                f"stack {old} has resources with the names that stacks/Pulumi.{stack}.yaml describes, and its file is missing: "
                f"if the file was renamed, run ./moorings rename {old} {stack}; otherwise run ./moorings down {old}"
            )


def _lost_its_file(engine: Engine) -> bool:
    return engine.state_file.exists() and not _file(engine.workspace, engine.stack).exists()


def _names_in_azure(file: Path) -> tuple[str, ...]:
    """Return what a stack file states of the parts of every name in Azure; nothing if it cannot be read."""
    try:
        stated = value_at(read(file, file.name).data, ("config", CONFIG_KEY))
    except (SpecError, OSError):
        return ()
    found = stated if isinstance(stated, dict) else {}
    return tuple(str(found.get(key, "")) for key in ("name", "environment")) if "environment" in found else ()


def _held(engine: Engine) -> list[dict[str, Any]]:
    """Return the resources of a stack on the local Azure."""
    return [each for each in engine.resources() if each.get("custom") and each.get("id")]


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
    file = None if _lost_its_file(engine) else stack_file.find(workspace.stacks, stack)
    held = _held(engine)
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
