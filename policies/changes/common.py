"""What the rules on a change share: the change itself, lists of names, and the way to an approval."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from policies.model import Graph, Resource
from policies.plan import Changes

APPROVALS_FILE: Final = "approvals.yaml"
"""Name of the approvals file."""

_SHOWN: Final = 5


def changes_of(graph: Graph) -> Changes:
    """Return the graph as the change that it is."""
    if not isinstance(graph, Changes):
        raise TypeError("change rules judge policies.plan.Changes, not the graph of one program")
    return graph


def listed(resources: Iterable[Resource]) -> str:
    """Return names and types of resources in words, the first five of them."""
    names = [f"{each.name} ({each.type.rpartition('/')[2]})" for each in resources]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def approval(rule_id: str, resource: Resource) -> str:
    """Return the words on how to approve a rule for a resource."""
    return f"to allow it, approve {rule_id} for {resource.name} in policies/{APPROVALS_FILE}"


def goes(changes: Changes, resource: Resource) -> bool:
    """Return whether a change deletes or replaces a resource."""
    step = changes.step(resource)
    return step is not None and step.action in {"delete", "replace"}
