"""What happens to the stacks of a run, as events; each has the stack and the seconds since the run started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["waiting", "started", "resource", "succeeded", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class Event:
    """An event of one stack.

    Attributes:
        stack: name of the stack.
        kind: what happened; `resource` is the end of one operation on a resource.
        seconds: seconds since the run started.
        needs: for `waiting`, the stacks that run before.
        resources: number of operations on resources that have ended.
        changes: for `succeeded` and `failed`, the number of resources by operation.
        reason: for `failed` and `skipped`, the reason in one line.
        log: file with the output of the engine, once it has started.
    """

    stack: str
    kind: Kind
    seconds: float = 0.0
    needs: tuple[str, ...] = ()
    resources: int = 0
    changes: Mapping[str, int] = field(default_factory=dict)
    reason: str = ""
    log: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the event as JSON data, without fields that it does not have."""
        always = {"stack": self.stack, "event": self.kind, "seconds": round(self.seconds, 1)}
        optional = {name: value for name, value in asdict(self).items() if name not in {"stack", "kind", "seconds"}}
        return {**always, **{name: value for name, value in optional.items() if value}}


Observe = Callable[[Event], None]
"""Receives the events of a run, one at a time."""
