"""What the rules on a change share: the change itself, lists of names, and the way to an approval."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from policies.model import EVERYWHERE, Graph, Profile, Resource, Rule, Severity, Verdict
from policies.plan import Changes

APPROVALS_FILE: Final = "approvals.yaml"
"""Name of the approvals file."""

_SHOWN: Final = 5


def change_rule(
    *,
    id: str,  # noqa: A002 - rules are identified by an id everywhere
    title: str,
    severity: Severity,
    remedy: str,
    docs: str,
    covers: tuple[str, ...] = (),
    profiles: tuple[Profile, ...] = EVERYWHERE,
) -> Callable[[Callable[[Changes], Iterator[Verdict]]], Rule]:
    """Make a rule of a function that finds the problems of a change; its docstring is the requirement and the reason."""

    def decorate(problems: Callable[[Changes], Iterator[Verdict]]) -> Rule:
        def check(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
            del resource, config
            if not isinstance(graph, Changes):
                raise TypeError("change rules judge policies.plan.Changes, not the graph of one program")
            return problems(graph)

        what, _, why = inspect.cleandoc(problems.__doc__ or "").partition("\n")
        return Rule(
            check,
            id=id,
            title=title,
            severity=severity,
            pillar="reliability",
            what=what,
            why=why.strip(),
            remedy=remedy,
            advises=False,
            docs=docs,
            covers=covers,
            profiles=profiles,
        )

    return decorate


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
