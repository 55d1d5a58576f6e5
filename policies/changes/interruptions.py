"""Replacements of what runs: they stop its work, or lose what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.changes.common import approval, change_rule, goes
from policies.changes.dependents import losses
from policies.model import Resource, Verdict, fail
from policies.plan import Changes, Step
from policies.rules import types as t

STOPS: Final = {
    t.CLUSTER: ("managed cluster", "all its workloads stop until they are deployed to the new one"),
    t.AGENT_POOL: ("agent pool", "its nodes are deleted, with all pods on them at once"),
    t.APP: ("container app", "it answers no requests until its first new revision is ready"),
    t.JOB: ("Container Apps job", "its executions under way are stopped"),
    t.SESSION_POOL: ("session pool", "its sessions end, and their files are deleted"),
    t.SANDBOX_GROUP: ("sandbox group", "its sandboxes are deleted, with what they hold"),
    t.CONTAINER_GROUP: ("container group", "its containers stop, and it can get another IP address"),
    t.SCHEDULER: ("Durable Task scheduler", "its task hubs are deleted, with their orchestrations"),
    t.AGENT: ("SRE agent", "it stops, and what it keeps is deleted"),
    t.APPLICATION_GATEWAY: ("application gateway", "it serves no requests until the new one is ready"),
    t.TRAFFIC_CONTROLLER: (
        "Application Gateway for Containers",
        "its frontends are deleted, and new ones get other host names",
    ),
}
"""Types that run or hold something, by their name in messages and what a replacement stops [POL-REPLACED]."""


@change_rule(
    id="MOOR-CHG-005",
    title="Resource that runs workloads is replaced",
    severity="high",
    docs="aks/delete-node-pool",
    remedy="add a second one under another key, move the work there and remove the first in a later change, or approve the "
    "replacement with a reason and a date",
)
def work_is_not_interrupted_unasked(changes: Changes) -> Iterator[Verdict]:
    """No agent pool, app, session pool, container group or other running resource is replaced without approval.

    A replacement looks like an edit in a preview: the old resource is deleted, mostly before the new one is created, and what ran
    in it stops meanwhile. Inside something larger that is replaced too, only the larger resource is reported.
    """
    lost = {each.urn for step in changes.steps for _, _, consumers in losses(changes, step) for each in consumers}
    for step in changes.steps:
        before = step.before
        if step.action != "replace" or before is None or before.type not in STOPS:
            continue
        if before.urn in lost or _inside_a_replacement(changes, before):
            continue
        kind, stops = STOPS[before.type]
        yield fail(
            f"{kind} {before.name} is replaced{_why(step)}: {stops}; add a second one under another key and move the work "
            f"there first, or {approval('MOOR-CHG-005', before)}",
            resource=before,
        )


def _why(step: Step) -> str:
    return f" (changed: {', '.join(step.reasons)})" if step.reasons else ""


def _inside_a_replacement(changes: Changes, resource: Resource) -> bool:
    parent = changes.before.arm_parent(resource)
    return parent is not None and parent.type in STOPS and goes(changes, parent)
