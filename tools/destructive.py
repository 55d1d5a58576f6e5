"""Lists the resources with data or consumers that a change deletes or replaces, such as a registry, a network or a cluster."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

_DESTROYING = frozenset({"delete", "delete-replaced", "discard"})


def destructive(events: Sequence[Mapping[str, Any]], *, done: bool = False) -> list[str]:
    """Return a line for each deleted or replaced resource that has consumers, runs workloads or contains data.

    Args:
        events: the event log of a preview or an update.
        done: whether the events are of a completed update.
    """
    steps = (event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event)
    if not any(step["op"] in _DESTROYING for step in steps):
        return []
    # Importing the tables of the rules takes half a second, which most runs do not need.
    from policies.changes.dependents import GUARDED  # noqa: PLC0415 - see above
    from policies.changes.interruptions import STOPS  # noqa: PLC0415 - see above
    from policies.plan import of_events  # noqa: PLC0415 - see above

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
        effect = f": {stops}" if stops and step.action == "replace" else ""
        lines.append(f"{kind} {before.name} {verb} {what}{why}{effect}")
    return lines
