"""Judges request bodies by the known types: unknown, wrongly typed and differing read-only members are refused."""

from __future__ import annotations

import re
from typing import Any

from local_azure import arm_types
from local_azure.errors import ArmError
from local_azure.refusals import invalid_body
from local_azure.resource_id import ResourceId

Json = dict[str, Any]

_STEP = re.compile(r"[^.\[\]]+")
_VOLATILE = frozenset({"etag", "provisioningState", "systemData"})
"""Read-only members that a client may send back stale, since they change without its doing (chosen)."""


def versions(type_name: str) -> frozenset[str]:
    """Return the api-versions that a type accepts; nothing when the type is not in the catalogue."""
    known = arm_types.lookup(type_name)
    return known.versions if known else frozenset()


def checked_put(type_name: str, version: str, place: ResourceId, body: Any, current: Json | None) -> Json:
    """Return the body of a PUT without its read-only members and nulls; raises ArmError 400 with the field paths.

    `current` is what a GET shows now: a read-only member passes when it repeats that, and is refused otherwise.
    """
    return _checked(type_name, version, place, body, current, partial=False)


def checked_patch(type_name: str, version: str, place: ResourceId, body: Any, current: Json | None) -> Json:
    """Return the body of a PATCH; as `checked_put`, but nothing is required and nulls stay: they take away."""
    return _checked(type_name, version, place, body, current, partial=True)


def _checked(
    type_name: str, version: str, place: ResourceId, body: Any, current: Json | None, *, partial: bool
) -> Json:
    if not isinstance(body, dict):
        raise ArmError(400, "InvalidRequestContent", "The request content was invalid: a JSON object is expected.")
    known = arm_types.lookup(type_name)
    if known is None:
        return dict(body)
    body = arm_types.spelled(known, version, body)
    found = arm_types.violations(known, version, body)
    # A GET shows members that no version publishes; sent back as they are, they are ignored.
    echoed = [v.path for v in found if v.problem.startswith("unknown") and _at(body, v.path) == _at(current, v.path)]
    problems = [
        (v.path, v.problem)
        for v in found
        if v.path not in echoed
        # What a PATCH says of an object is merged into it; an item of a list is replaced, and has to be whole.
        and not (partial and v.problem.startswith("missing required") and "[" not in v.path)
    ]
    kept, removed = arm_types.split_read_only(known, version, body)
    for path in echoed:
        _take_out(kept, path)
    problems += _differing(place, type_name, body, removed, current)
    if problems:
        raise invalid_body(problems)
    return kept if partial else arm_types.without_nulls(known, version, kept)


def _differing(
    place: ResourceId, type_name: str, body: Json, removed: tuple[str, ...], current: Json | None
) -> list[tuple[str, str]]:
    """Return the read-only members that say something else than the resource does."""
    found = []
    address = {"id": str(place), "name": place.name, "type": type_name}
    for path in removed:
        sent = _stated(_at(body, path))
        if sent is None or sent == {} or path.rpartition(".")[2] in _VOLATILE:
            continue
        now = address.get(path, _at(current, path))
        same = sent.lower() == now.lower() if isinstance(sent, str) and isinstance(now, str) else sent == now
        if not same and not (path == "name" and sent == place.full_name):
            found.append((path, "read-only property"))
    return found


def _stated(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stated(item) for name, item in value.items() if item is not None}
    return [_stated(item) for item in value] if isinstance(value, list) else value


def _take_out(value: Any, path: str) -> None:
    *above, last = _STEP.findall(path)
    owner = _at(value, ".".join(above))
    if isinstance(owner, dict):
        owner.pop(last, None)


def _at(value: Any, path: str) -> Any:
    for step in _STEP.findall(path):
        if isinstance(value, list):
            value = value[int(step)] if int(step) < len(value) else None
        elif isinstance(value, dict):
            value = value.get(step)
        else:
            return None
    return value
