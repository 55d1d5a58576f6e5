"""Picking up after a run that was cut off: the lock that it left, and the operations of which nobody knows the end.

When the engine is killed, its state holds the operations under way. When the local Azure or the bridge is killed, the
engine lives on, takes what it asked for as failed and keeps nothing of it: these operations are in its event log.
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
"""How azure-native words it [AN-CREATE]."""


@dataclass(frozen=True)
class Lock:
    """A lock of the engine's file backend: who holds it, and where."""

    pid: int
    host: str


class LockedError(Exception):
    """Somebody who is alive, or on another machine, works on the stack; the message is one line."""


def read_locks(folder: Path) -> list[Lock]:
    """Return the locks in a stack's lock folder; one that cannot be read counts as held by nobody."""
    locks: list[Lock] = []
    for path in sorted(folder.glob("*.json")):
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            locks.append(Lock(int(held["pid"]), str(held["hostname"])))
        except (ValueError, KeyError, TypeError):
            locks.append(Lock(0, socket.gethostname()))
    return locks


def is_alive(lock: Lock) -> bool:
    """Whether a lock's holder may still be at work; a process of that number that is no `pulumi` is not it."""
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
    # A process that is being started has no command line yet, and one that has ended but not been fetched has none
    # left.
    return state != "Z" and (not program or b"pulumi" in program)


def recover(engine: Engine, resource_ids: Callable[[], Iterable[str]], say: Callable[[str], None]) -> None:
    """Bring a stack to where an operation can start, and say in one line what was done, if anything was.

    A dead holder's lock is cancelled. A creation that was under way is taken over if the resource is there, and
    forgotten if it is not.

    Args:
        engine: the stack, prepared.
        resource_ids: gives the ids of what there is on the local Azure.
        say: gets each line.

    Raises:
        LockedError: the lock's holder is alive.
        EngineError: the engine fails at it.
    """
    _unlock(engine, say)
    there = list(resource_ids())
    if not there and any(map(_arm_id, engine.resources())):
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
    found, gone = sort_creations(pending, there)
    lost = _not_held(sort_creations(failed, there)[0], deployment)
    # Of a creation that failed there is nothing to take over, as a rule: Azure refused it.
    cut_off = [each for each in failed if each["type"] != "creating" or each["resource"]["urn"] in dict(lost)]
    deployment["pending_operations"] = [*pending, *cut_off]
    touched = settle(deployment, dict([*found, *lost]))
    if pending or lost:
        engine.replace_state(state)
    if touched:
        # What the state says of these is older than what was done to them.
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
"""What the engine's state calls an operation under way that its event log calls by another word."""


def unfinished(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the operations that an event log sees begin and not end, as the engine's state holds those under way.

    A creation that met an existing resource began nothing: the resource is somebody else's.
    The log does not say what a resource depends on. `settle` counts it as made after all that the state holds.
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
    """Return urn → ARM id of the creations that an event log sees fail because a resource of that id is there."""
    found: dict[str, str] = {}
    for event in events:
        said = event.get("diagnosticEvent") or {}
        match = _ALREADY_THERE.search(str(said.get("message") or ""))
        if match and said.get("urn"):
            found[said["urn"]] = match[1]
    return found


def _not_held(found: Iterable[tuple[str, str]], deployment: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return those of (urn, id) whose id no resource of a state has; one that waits to be made anew has none."""
    held = {
        str(resource.get("id")).lower()
        for resource in deployment.get("resources") or []
        if not resource.get("pendingReplacement")
    }
    return [(urn, arm_id) for urn, arm_id in found if arm_id.lower() not in held]


def settle(deployment: dict[str, Any], found: Mapping[str, str]) -> list[str]:
    """Turn an exported state's pending operations into resources or nothing, in place.

    The engine's own `refresh --import-pending-creates` drops the operation but does not bring the resource into the
    state, so the next update would run into its own half-made resource.

    Args:
        deployment: the `deployment` of an export.
        found: urn → id of creations whose resource exists.

    Returns:
        Urns that the state now holds and that a refresh should read.
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
                # A replacement that is made before its predecessor goes: it takes the place, the other waits for
                # deletion.
                resources.append({**resources[place], "delete": True})
            resources[place : place + 1] = [taken]
            touched.append(urn)
    return list(dict.fromkeys(touched))


def pending_operations(state_file: Path) -> list[Mapping[str, Any]]:
    """Return the operations that the last run began and did not end, out of the engine's state file.

    Raises:
        LostStateError: the file cannot be read.
    """
    return read_state(state_file).get("pending_operations") or []


def sort_creations(
    pending: Iterable[Mapping[str, Any]], resource_ids: Iterable[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Split creations under way into (urn, id) of those whose resource is there, and urns of those whose is not."""
    there = list(resource_ids)
    found: list[tuple[str, str]] = []
    gone: list[str] = []
    for operation in pending:
        resource = operation["resource"]
        if operation.get("type") != "creating":
            continue
        pattern = _id_pattern(resource["type"], resource.get("inputs") or {})
        matches = [arm_id for arm_id in there if pattern and pattern.fullmatch(arm_id)]
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
    # Between literal text stand the parameters: those of the inputs as they are, the rest (the subscription) as one
    # segment.
    for place in range(1, len(parts), 2):
        value = inputs.get(parts[place])
        parts[place] = re.escape(str(value).strip("/")) if value is not None else "[^/]+"
    for place in range(0, len(parts), 2):
        parts[place] = re.escape(parts[place])
    return re.compile("".join(parts), re.IGNORECASE)
