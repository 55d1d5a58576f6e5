"""Rules on a change: deletions and replacements that need an approval, and subnets that become too small.

They judge `policies.plan.Changes`, where other rules judge one program, with the same ids, levels, configuration and outputs. An
approval in `policies/approvals.yaml` allows a change that they would stop. It has the form of an exemption::

    approvals:
      - rule: MOOR-CHG-001
        resource: contoso-registry-registry
        reason: the registry moves to another subscription; all clients have pulled from the new one since 1 March
        owner: platform@contoso.example
        expires: 2027-03-31
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from planning.addresses import fitting_prefix, registry_consumer, size_advice, usable
from policies import exemptions
from policies.configuration import Settings, select
from policies.engine import judge
from policies.exemptions import Exemptions
from policies.model import Graph, NoConfig, Resource, Rule, Undetermined, Verdict, fail, passed, rule, undetermined
from policies.plan import Changes, Step, texts
from policies.report import Report
from policies.rules import types as t
from policies.rules.relations import Subnet, endpoints_to, is_on, regions_of, subnets_in, subnets_of

APPROVALS_FILE: Final = "approvals.yaml"
"""Name of the approvals file."""

LONGEST_APPROVAL_DAYS: Final = 92
"""Longest time until an approval expires: it is for one change (chosen)."""

_GUARDED: Final = {
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

_SHOWN: Final = 5


def _changes(graph: Graph) -> Changes:
    if not isinstance(graph, Changes):
        raise TypeError("change rules judge policies.plan.Changes, not the graph of one program")
    return graph


def _list(resources: Iterable[Resource]) -> str:
    names = [f"{each.name} ({each.type.rpartition('/')[2]})" for each in resources]
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _approval(rule_id: str, resource: Resource) -> str:
    return f"to allow it, approve {rule_id} for {resource.name} in policies/{APPROVALS_FILE}"


@rule(
    id="MOOR-CHG-001",
    title="Resource with dependents is deleted or replaced",
    severity="critical",
    pillar="reliability",
    covers=("D28", "D16"),
    profiles=("minimal", "standard", "regulated"),
    docs="https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources",
    remedy="keep the properties that identify it (name, location, resource group), or approve the change with a reason "
    "and a date",
)
def consumers_are_not_left_behind(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """No registry, key vault, environment, network, subnet or private DNS zone with dependents is deleted without approval.

    A replacement looks like an edit in a preview and is a deletion: images, secrets, addresses and records are lost with the old
    resource, and clients outside the program fail first.
    """
    del resource, config
    changes = _changes(graph)
    quiet = True
    for step in changes.steps:
        for gone, word, consumers in _losses(changes, step):
            quiet = False
            what = "is replaced" if step.action == "replace" else "is deleted"
            why = f" (changed: {', '.join(step.reasons)})" if step.action == "replace" and step.reasons else ""
            also = sum(_goes(changes, each) for each in consumers)
            with_it = f", of which {also} are deleted or replaced too" if also else ""
            count = f"{len(consumers)} dependent" + ("s" if len(consumers) != 1 else "")
            yield fail(
                f"{word} {gone} {what}{why} and has {count}{with_it}: {_list(consumers)}; "
                f"{_approval('MOOR-CHG-001', step.before or step.after or changes.stack)}",
                resource=step.before,
            )
    if quiet:
        yield passed()


def _losses(changes: Changes, step: Step) -> Iterator[tuple[str, str, list[Resource]]]:
    """Yield name, kind and dependents of each guarded resource that a step deletes."""
    before = step.before
    if before is None or before.external:
        return
    if step.action in {"delete", "replace"} and before.type in _GUARDED:
        consumers = _consumers(changes.before, before)
        if consumers:
            yield before.name, _GUARDED[before.type], consumers
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


def _goes(changes: Changes, resource: Resource) -> bool:
    step = changes.step(resource)
    return step is not None and step.action in {"delete", "replace"}


def _lost_replicas(changes: Changes) -> Iterator[tuple[Resource, Resource]]:
    """Yield each replica that is deleted while its registry stays, and the registry after the change."""
    for step in changes.steps:
        if step.before is None or step.before.type != t.REPLICATION or step.action not in {"delete", "replace"}:
            continue
        registry = changes.before.arm_parent(step.before)
        after = changes.get(registry.urn) if registry else None
        if registry is not None and after is not None and not _goes(changes, registry):
            yield step.before, after


@rule(
    id="MOOR-CHG-002",
    title="Geo-replica is deleted while resources still use its region",
    severity="high",
    pillar="reliability",
    covers=("D8", "D28"),
    profiles=("minimal", "standard", "regulated"),
    docs="https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication",
    remedy="move private endpoints and host names to another region in a separate change first, then delete the replica",
)
def replicas_go_last(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """A geo-replica is deleted after everything that uses its region, and the home replica is never deleted.

    The host names of a region are deleted with its replica: pulls from them fail at once, and private endpoints in the region
    serve from another region. The home replica cannot be deleted.
    """
    del resource, config
    changes = _changes(graph)
    quiet = True
    for replica, registry in _lost_replicas(changes):
        region = changes.before.location(replica)
        approval = _approval("MOOR-CHG-002", replica)
        if region == changes.before.location(registry):
            quiet = False
            yield fail(f"the replica in {region} is the home replica of {registry.name}", resource=replica)
            continue
        near = [each for each in endpoints_to(changes, registry) if changes.location(each) == region]
        named = _naming(changes, registry, region)
        for users, what in ((near, "private endpoints of the registry remain in"), (named, "host names refer to")):
            if users:
                quiet = False
                message = f"the replica of {registry.name} in {region} is deleted, but {what} {region}: {_list(users)}"
                yield fail(f"{message}; move them first, {approval}", resource=replica)
    if quiet:
        yield passed()


def _naming(changes: Changes, registry: Resource, region: str) -> list[Resource]:
    """Return the resources that name a host of a registry in a region after the change [ACR-1]."""
    name = str(changes.arm_name(registry) or registry.name).lower()
    hosts = tuple(f".{region}.{kind}.azurecr.io" for kind in ("geo", "data"))
    found = []
    for each in changes.resources:
        said = (text.lower() for text in texts(each.properties)) if each.type and each is not registry else ()
        if any(name in text and any(host in text for host in hosts) for text in said):
            found.append(each)
    return found


@rule(
    id="MOOR-CHG-003",
    title="Geo-replica is deleted while it takes part in global routing",
    severity="medium",
    pillar="reliability",
    covers=("D8",),
    profiles=("standard", "regulated"),
    docs="https://learn.microsoft.com/azure/container-registry/container-registry-geo-replication",
    remedy="set regionEndpointEnabled: false on the replica, wait until its pulls have ended, then delete it",
)
def replicas_leave_routing_first(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """A geo-replica is removed from global routing in a separate change before it is deleted.

    Pulls that the global host name has routed to the replica are interrupted. Without routing, no new pulls start there.
    """
    del resource, config
    quiet = True
    for replica, registry in _lost_replicas(_changes(graph)):
        if replica.value("regionEndpointEnabled", True) is not False:
            quiet = False
            message = f"replica {replica.name} of {registry.name} is deleted while regionEndpointEnabled is true"
            yield fail(message, path="regionEndpointEnabled", resource=replica)
    if quiet:
        yield passed()


@rule(
    id="MOOR-CHG-004",
    title="Subnet has too few addresses after the change",
    severity="critical",
    pillar="reliability",
    covers=("D1", "D3", "D28"),
    profiles=("minimal", "standard", "regulated"),
    docs="https://learn.microsoft.com/azure/container-registry/container-registry-private-link",
    remedy="enlarge addressPrefix of the subnet, or move the private endpoint to a larger one, in a separate change first",
)
def every_subnet_has_room_afterwards(resource: Resource, graph: Graph, config: NoConfig) -> Iterator[Verdict]:
    """Every subnet with a private endpoint of a registry has an address for each of its members after the change.

    Each replica takes one further address in every attached subnet, two with regional endpoints. If one subnet lacks them, Azure
    rolls the replica back, and the error names no subnet [ACR-5].
    """
    del resource, config
    changes = _changes(graph)
    after, before = _needs(changes), _needs(changes.before)
    quiet = True
    for key, (subnet, by_endpoint, parts) in after.items():
        try:
            prefix = subnet.prefix()
        except Undetermined as unknown:
            quiet = False
            yield undetermined(
                f"addressPrefix of subnet {subnet.label} is not known yet", unknown.path, subnet.resource
            )
            continue
        if prefix is None:
            continue
        others = _others(changes, subnet, by_endpoint)
        need, room = sum(by_endpoint.values()), usable(prefix.prefixlen) - others
        if need <= room:
            continue
        quiet = False
        was = sum(before[key][1].values()) if key in before else 0
        taken = f" after {others} of other resources" if others else ""
        yield fail(
            f"subnet {subnet.label}: {prefix} leaves {room} addresses{taken}, {need} are needed after the change "
            f"({parts}; {was} before); {size_advice(fitting_prefix(need + others), registry=True)} [ACR-7]",
            path=subnet.at("addressPrefix"),
            resource=subnet.resource,
        )
    if quiet:
        yield passed()


def _needs(graph: Graph) -> dict[tuple[str, str], tuple[Subnet, dict[str, int], str]]:
    """Return the addresses that private endpoints of registries take: subnet, addresses by endpoint, and the sum in words."""
    found: dict[tuple[str, str], tuple[Subnet, dict[str, int], str]] = {}
    for registry in graph.of(t.REGISTRY):
        endpoints = endpoints_to(graph, registry)
        if not endpoints:
            continue
        regions, regional = len(regions_of(graph, registry)), is_on(registry, "regionalEndpoints")
        for endpoint in endpoints:
            subnets = subnets_of(graph, endpoint, "subnet.id")
            if len(subnets) != 1:
                continue
            subnet = subnets[0]
            consumer = registry_consumer(("", ""), endpoint.name, regions=regions, regional_endpoints=regional)
            _, by_endpoint, _ = found.setdefault((_network(subnet), subnet.name.lower()), (subnet, {}, consumer.parts))
            by_endpoint[endpoint.urn] = consumer.need
    return found


def _network(subnet: Subnet) -> str:
    return subnet.network.urn if subnet.network else subnet.resource.urn


def _others(changes: Changes, subnet: Subnet, by_endpoint: Mapping[str, int]) -> int:
    """Return the addresses of a subnet that others hold: counted where a ledger is given, else one for each endpoint."""
    ours = {str(each.id).lower() for urn in by_endpoint for each in _sides(changes, urn)}
    network = subnet.network.id if subnet.network and subnet.network.id else None
    own = subnet.resource.id if not subnet.path else f"{network}/subnets/{subnet.name}" if network else None
    held = changes.held.get(str(own).lower())
    gone = {str(s.before.id).lower() for s in changes.steps if s.before and s.action in {"delete", "replace"}}
    if held is not None:
        return sum(count for owner, count in held.items() if owner.partition("#")[0] not in ours | gone)
    return sum(
        1
        for each in changes.of(t.PRIVATE_ENDPOINT)
        if each.urn not in by_endpoint and [s.label for s in subnets_of(changes, each, "subnet.id")] == [subnet.label]
    )


def _sides(changes: Changes, urn: str) -> list[Resource]:
    step = changes.step(changes.get(urn) or changes.stack)
    return [side for side in (step.before, step.after) if side is not None] if step else []


CHANGE_RULES: Final[tuple[Rule, ...]] = (
    consumers_are_not_left_behind,
    replicas_go_last,
    replicas_leave_routing_first,
    every_subnet_has_room_afterwards,
)
"""All rules on changes."""


def load_approvals(path: Path, *, today: datetime.date, stack: str = "") -> Exemptions:
    """Read the approvals file; without one, nothing is approved.

    Args:
        path: the file.
        today: the date that expiry is compared with.
        stack: the stack whose change is judged.

    Raises:
        SpecError: an entry is incomplete, names no change rule, or expires too late.
    """
    known = [each.id for each in CHANGE_RULES]
    longest = LONGEST_APPROVAL_DAYS
    return exemptions.load(path, today=today, known_rules=known, stack=stack, longest_days=longest, under="approvals")


def judge_changes(
    changes: Changes, *, settings: Settings | None = None, stack: str = "", approvals: Exemptions | None = None
) -> Report:
    """Judge a change by every change rule.

    Args:
        changes: the change.
        settings: levels of single rules; None for the defaults.
        stack: name of the stack.
        approvals: changes that are approved.
    """
    ids = {each.id for each in CHANGE_RULES}
    given = (settings or Settings()).of_stack(stack)
    own = given.model_copy(update={"rules": {k: v for k, v in given.rules.items() if k in ids}, "baseline": None})
    return judge(select(CHANGE_RULES, own), changes, stack=stack, exemptions=approvals)
