"""Recovers from an interrupted run: removes its lock, and resolves the operations with an unknown result.

When the engine is killed, its state contains the pending operations. When the local Azure or the bridge is killed, the
engine continues, treats its requests as failed and does not record them in the state; they are in its event log.
"""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_azure.arm_types import lookup_token
from tools.engine import Engine, EngineError, read_events, read_state

_ALREADY_THERE = re.compile(r"cannot create already existing resource '([^']+)'")
"""Message of azure-native [AN-CREATE]."""


@dataclass(frozen=True)
class Lock:
    """A lock of the engine's file backend: process and host of its owner."""

    pid: int
    host: str


class LockedError(Exception):
    """Another process that is running, or on another machine, uses the stack; the message is one line."""


def read_locks(folder: Path) -> list[Lock]:
    """Return the locks in a stack's lock folder; an unreadable lock is treated as a lock without an owner."""
    locks: list[Lock] = []
    for path in sorted(folder.glob("*.json")):
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            locks.append(Lock(int(held["pid"]), str(held["hostname"])))
        except (ValueError, KeyError, TypeError):
            locks.append(Lock(0, socket.gethostname()))
    return locks


def is_alive(lock: Lock) -> bool:
    """Return whether the owner of a lock may still be running; a process with its id that is not `pulumi` is not the owner."""
    if lock.host != socket.gethostname():
        return True
    if lock.pid <= 0:
        return False
    try:
        os.kill(lock.pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        program = Path(f"/proc/{lock.pid}/cmdline").read_bytes().split(b"\0")[0]
        state = Path(f"/proc/{lock.pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return True
    # The command line is empty while a process starts, and after it ends until its parent waits for it.
    return state != "Z" and (not program or b"pulumi" in program)


def recover(engine: Engine, resource_ids: Callable[[], Iterable[str]], say: Callable[[str], None]) -> None:
    """Prepare a stack for the next operation, and report in one line what was changed.

    The lock of an ended process is removed. A pending creation is added to the state if the resource exists, and
    removed if it does not.

    Args:
        engine: the prepared stack.
        resource_ids: returns the ids of the resources on the local Azure.
        say: called with each line of output.

    Raises:
        LockedError: the owner of the lock is running.
        EngineError: a command of the engine fails.
    """
    _unlock(engine, say)
    existing = list(resource_ids())
    if not existing and any(map(_arm_id, engine.resources())):
        say(f"the local Azure is empty, so the resources in the state of stack {engine.stack} are removed from it")
        _refresh(engine)
        engine.event_log.unlink(missing_ok=True)
        return
    pending = pending_operations(engine.state_file)
    under_way = {operation["resource"]["urn"] for operation in pending}
    failed = [each for each in unfinished(read_events(engine.event_log)) if each["resource"]["urn"] not in under_way]
    if not pending and not failed:
        return
    state = engine.export()
    deployment = state["deployment"]
    found, gone = sort_creations(pending, existing)
    lost = _not_held(sort_creations(failed, existing)[0], deployment)
    # A failed creation is ignored unless its resource exists: usually, Azure refused it.
    cut_off = [each for each in failed if each["type"] != "creating" or each["resource"]["urn"] in dict(lost)]
    deployment["pending_operations"] = [*pending, *cut_off]
    touched = settle(deployment, dict([*found, *lost]))
    if pending or lost:
        engine.replace_state(state)
    if touched:
        # The state of these resources is older than their last operation.
        _refresh(engine, *touched)
    engine.event_log.unlink(missing_ok=True)
    if pending or lost:
        say(
            f"the last run was interrupted in {len(pending) + len(cut_off)} operations: {len(found) + len(lost)} resources "
            f"found on the local Azure and added to the state, {len(gone)} not found and removed"
        )
    elif touched:
        say(f"the last run failed in {len(touched)} operations: their results are read from the local Azure")


def _arm_id(resource: Mapping[str, Any]) -> bool:
    return str(resource.get("id", "")).startswith("/subscriptions/")


def _refresh(engine: Engine, *urns: str) -> None:
    targets = [part for urn in urns for part in ("--target", urn)]
    finished = engine.operate("refresh", "--skip-preview", *targets)
    if finished.code:
        raise EngineError("refresh", finished.output)


def _unlock(engine: Engine, say: Callable[[str], None]) -> None:
    locks = read_locks(engine.lock_folder)
    if not locks:
        return
    alive = [lock for lock in locks if is_alive(lock)]
    if alive:
        raise LockedError(
            f"stack {engine.stack} is in use by process {alive[0].pid} on {alive[0].host}: wait for it to end"
        )
    engine.query("cancel", "--yes", "--stack", engine.stack)
    say(f"the last run was killed (process {locks[0].pid} is gone): its lock on stack {engine.stack} is removed")


_BEGUN = {
    "create": "creating",
    "create-replacement": "creating",
    "update": "updating",
    "delete": "deleting",
    "delete-replaced": "deleting",
}
"""Names of pending operations in the engine's state, by their name in its event log."""


def unfinished(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the operations that begin and do not end in an event log, in the format of the engine's pending operations.

    A creation that failed because of an existing resource is excluded: the resource belongs to another stack.
    The log does not contain the dependencies of a resource. `settle` assumes that it depends on all resources in the state.
    """
    events = tuple(events)
    others = already_there(events)
    begun: dict[tuple[str, str], dict[str, Any]] = {}
    for event in events:
        for name in ("resourcePreEvent", "resOutputsEvent"):
            metadata = event.get(name, {}).get("metadata") or {}
            operation = (metadata.get("urn", ""), metadata.get("op", ""))
            resource = metadata.get("new") or metadata.get("old") or {}
            if operation[1] not in _BEGUN or operation[0] in others or not resource.get("custom"):
                continue
            if name == "resOutputsEvent":
                begun.pop(operation, None)
            else:
                begun[operation] = {"resource": {**resource, "dependencies": None}, "type": _BEGUN[operation[1]]}
    return list(begun.values())


def already_there(events: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return URN → ARM id of the creations in an event log that failed because a resource with that id exists."""
    found: dict[str, str] = {}
    for event in events:
        said = event.get("diagnosticEvent") or {}
        match = _ALREADY_THERE.search(str(said.get("message") or ""))
        if match and said.get("urn"):
            found[said["urn"]] = match[1]
    return found


def _not_held(found: Iterable[tuple[str, str]], deployment: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the pairs (URN, id) whose id is not in the state; a resource that is pending replacement does not count."""
    held = {
        str(resource.get("id")).lower()
        for resource in deployment.get("resources") or []
        if not resource.get("pendingReplacement")
    }
    return [(urn, arm_id) for urn, arm_id in found if arm_id.lower() not in held]


def settle(deployment: dict[str, Any], found: Mapping[str, str]) -> list[str]:
    """Replace the pending operations of an exported state with resources, or remove them, in place.

    The engine's `refresh --import-pending-creates` removes the operation but does not add the resource to the
    state, so the next update would fail because of the existing resource.

    Args:
        deployment: the `deployment` of an export.
        found: URN → id of creations whose resource exists.

    Returns:
        URNs in the state that a refresh should read.
    """
    resources: list[dict[str, Any]] = deployment.setdefault("resources", [])
    touched: list[str] = []
    for operation in deployment.pop("pending_operations", None) or []:
        pending: dict[str, Any] = operation["resource"]
        urn = pending["urn"]
        places = [place for place, held in enumerate(resources) if held["urn"] == urn and not held.get("delete")]
        if operation["type"] != "creating":
            touched += [urn] if places else []
        elif urn in found:
            taken = {**pending, "id": found[urn], "outputs": pending.get("outputs") or {}}
            place = places[0] if places else len(resources)
            if taken.get("dependencies", ()) is None:
                taken["dependencies"] = list(dict.fromkeys(held["urn"] for held in resources[:place]))
            if places and not resources[place].get("pendingReplacement"):
                # Create before delete: the replacement takes the position, and the old resource is pending deletion.
                resources.append({**resources[place], "delete": True})
            resources[place : place + 1] = [taken]
            touched.append(urn)
    return list(dict.fromkeys(touched))


def pending_operations(state_file: Path) -> list[Mapping[str, Any]]:
    """Return the pending operations in the engine's state file.

    Raises:
        LostStateError: the file cannot be read.
    """
    return read_state(state_file).get("pending_operations") or []


def sort_creations(
    pending: Iterable[Mapping[str, Any]], resource_ids: Iterable[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Split pending creations into (URN, id) of those whose resource exists, and URNs of the others."""
    existing = list(resource_ids)
    found: list[tuple[str, str]] = []
    gone: list[str] = []
    for operation in pending:
        resource = operation["resource"]
        if operation.get("type") != "creating":
            continue
        pattern = _id_pattern(resource["type"], resource.get("inputs") or {})
        matches = [arm_id for arm_id in existing if pattern and pattern.fullmatch(arm_id)]
        if matches:
            found.append((resource["urn"], matches[0]))
        else:
            gone.append(resource["urn"])
    return found, gone


def _id_pattern(token: str, inputs: Mapping[str, Any]) -> re.Pattern[str] | None:
    sdk_type = lookup_token(token, str(inputs.get("recordType", "")))
    if sdk_type is None:
        return None
    parts = re.split(r"\{(\w+)\}", sdk_type.arm.path)
    # Odd parts are parameters: values of the inputs, or one segment for any other, such as the subscription.
    for place in range(1, len(parts), 2):
        value = inputs.get(parts[place])
        parts[place] = re.escape(str(value).strip("/")) if value is not None else "[^/]+"
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place])
    return re.compile("".join(parts), re.IGNORECASE)
