"""Deletions and replacements of what other resources depend on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.changes.common import approval, change_rule, goes, listed
from policies.model import Graph, Resource, Verdict, fail
from policies.plan import Changes, Step, texts
from policies.rules import types as t
from policies.rules.relations import Subnet, subnets_in

GUARDED: Final = {
    t.REGISTRY: "registry",
    t.VAULT: "key vault",
    t.ENVIRONMENT: "managed environment",
    t.NETWORK: "virtual network",
    t.SUBNET: "subnet",
    t.ZONE: "private DNS zone",
}
"""Types that other resources depend on, by their name in messages."""

_OWN_PARTS: Final = frozenset(
    kind.lower()
    for kind in (
        t.SUBNET,
        t.REPLICATION,
        t.TOKEN,
        t.CACHE_RULE,
        t.CREDENTIAL_SET,
        t.WEBHOOK,
        t.TASK,
        t.DIAGNOSTIC_SETTING,
        t.LOCK,
        f"{t.ENVIRONMENT}/certificates",
        f"{t.ENVIRONMENT}/managedCertificates",
        f"{t.ENVIRONMENT}/storages",
        f"{t.ENVIRONMENT}/daprComponents",
    )
)
"""Parts of a guarded resource, which are not its dependents."""


@change_rule(
    id="MOOR-CHG-001",
    title="Resource with dependents is deleted or replaced",
    severity="critical",
    covers=("D28", "D16"),
    docs="azure-resource-manager/management/lock-resources",
    remedy="keep the properties that identify it (name, location, resource group), or approve the change with a reason "
    "and a date",
)
def consumers_are_not_left_behind(changes: Changes) -> Iterator[Verdict]:
    """No registry, key vault, environment, network, subnet or private DNS zone with dependents is deleted without approval.

    A replacement looks like an edit in a preview and is a deletion: images, secrets, addresses and records are lost with the old
    resource, and clients outside the program fail first.
    """
    for step in changes.steps:
        for gone, word, consumers in losses(changes, step):
            what = "is replaced" if step.action == "replace" else "is deleted"
            why = f" (changed: {', '.join(step.reasons)})" if step.action == "replace" and step.reasons else ""
            also = sum(goes(changes, each) for each in consumers)
            with_it = f", of which {also} are deleted or replaced too" if also else ""
            count = f"{len(consumers)} dependent" + ("s" if len(consumers) != 1 else "")
            yield fail(
                f"{word} {gone} {what}{why} and has {count}{with_it}: {listed(consumers)}; "
                f"{approval('MOOR-CHG-001', step.before or step.after or changes.stack)}",
                resource=step.before,
            )


def losses(changes: Changes, step: Step) -> Iterator[tuple[str, str, list[Resource]]]:
    """Yield name, kind and dependents of each guarded resource that a step deletes."""
    before = step.before
    if before is None or before.external:
        return
    if step.action in {"delete", "replace"} and before.type in GUARDED:
        consumers = _consumers(changes.before, before)
        if consumers:
            yield before.name, GUARDED[before.type], consumers
    elif step.action == "update" and before.type == t.NETWORK and step.after is not None:
        kept = {subnet.name.lower() for subnet in subnets_in(step.after, changes)}
        kept |= {
            subnet.name.lower()
            for each in changes.children(step.after, t.SUBNET)
            for subnet in subnets_in(each, changes)
        }
        for subnet in subnets_in(before, changes.before) if step.after.properties.get("subnets") is not None else ():
            consumers = _living_in(changes.before, subnet)
            if subnet.name.lower() not in kept and consumers:
                yield subnet.label, "subnet", consumers


def _consumers(graph: Graph, resource: Resource) -> list[Resource]:
    """Return the dependents of a resource; of a network also those of its subnets."""
    found = {each.urn: each for each in graph.referrers(resource)}
    for subnet in graph.children(resource, t.SUBNET) if resource.type == t.NETWORK else ():
        found |= {each.urn: each for each in graph.referrers(subnet)}
    parts = {resource.urn, *(each.urn for each in graph.children(resource, t.SUBNET))}
    return [
        each
        for each in found.values()
        if each.type and not each.external and each.type.lower() not in _OWN_PARTS and each.urn not in parts
    ]


def _living_in(graph: Graph, subnet: Subnet) -> list[Resource]:
    end = f"/subnets/{subnet.name}".lower()
    users = _consumers(graph, subnet.resource)
    return [each for each in users if any(text.lower().endswith(end) for text in texts(each.properties))]
