"""What a change deletes or replaces that nobody deletes in passing, in a line each: a registry, a network, a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_DESTROYING = frozenset({"delete", "delete-replaced", "discard"})


def destructive(events: Sequence[Mapping[str, Any]], *, done: bool = False) -> list[str]:
    """Return a line for each resource that is deleted or replaced and that others depend on, or that runs or holds something.

    Args:
        events: the event log of a preview or an update.
        done: whether it has been done.
    """
    steps = (event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event)
    if not any(step["op"] in _DESTROYING for step in steps):
        return []
    # The tables of the rules take half a second to read, which most runs need not wait for.
    from policies.changes.dependents import GUARDED  # noqa: PLC0415 - most changes need none of it
    from policies.changes.interruptions import STOPS  # noqa: PLC0415 - most changes need none of it
    from policies.plan import of_events  # noqa: PLC0415 - most changes need none of it

    verb = "was" if done else "is"
    lines = []
    for step in of_events(events).steps:
        before = step.before
        if before is None or before.external or step.action not in {"delete", "replace"}:
            continue
        kind, stops = STOPS.get(before.type) or (GUARDED.get(before.type), "")
        if kind is None:
            continue
        why = f" (changed: {', '.join(step.reasons)})" if step.action == "replace" and step.reasons else ""
        what = "replaced" if step.action == "replace" else "deleted"
        told = f": {stops}" if stops and step.action == "replace" else ""
        lines.append(f"{kind} {before.name} {verb} {what}{why}{told}")
    return lines
