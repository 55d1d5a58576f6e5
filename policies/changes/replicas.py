"""Deletions of geo-replicas while something still uses them."""

from __future__ import annotations

from collections.abc import Iterator

from policies.changes.common import approval, change_rule, goes, listed
from policies.model import Resource, Verdict, fail
from policies.plan import Changes, texts
from policies.rules import types as t
from policies.rules.relations import endpoints_to


def _lost_replicas(changes: Changes) -> Iterator[tuple[Resource, Resource]]:
    """Yield each replica that is deleted while its registry stays, and the registry after the change."""
    for step in changes.steps:
        if step.before is None or step.before.type != t.REPLICATION or step.action not in {"delete", "replace"}:
            continue
        registry = changes.before.arm_parent(step.before)
        after = changes.get(registry.urn) if registry else None
        if registry is not None and after is not None and not goes(changes, registry):
            yield step.before, after


@change_rule(
    id="MOOR-CHG-002",
    title="Geo-replica is deleted while resources still use its region",
    severity="high",
    covers=("D8", "D28"),
    docs="container-registry/container-registry-geo-replication",
    remedy="move private endpoints and host names to another region in a separate change first, then delete the replica",
)
def replicas_go_last(changes: Changes) -> Iterator[Verdict]:
    """A geo-replica is deleted after everything that uses its region, and the home replica is never deleted.

    The host names of a region are deleted with its replica: pulls from them fail at once, and private endpoints in the region
    serve from another region. The home replica cannot be deleted.
    """
    for replica, registry in _lost_replicas(changes):
        region = changes.before.location(replica)
        if region == changes.before.location(registry):
            yield fail(f"the replica in {region} is the home replica of {registry.name}", resource=replica)
            continue
        near = [each for each in endpoints_to(changes, registry) if changes.location(each) == region]
        named = _naming(changes, registry, region)
        for users, what in ((near, "private endpoints of the registry remain in"), (named, "host names refer to")):
            if users:
                message = f"the replica of {registry.name} in {region} is deleted, but {what} {region}: {listed(users)}"
                yield fail(f"{message}; move them first, {approval('MOOR-CHG-002', replica)}", resource=replica)


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


@change_rule(
    id="MOOR-CHG-003",
    title="Geo-replica is deleted while it takes part in global routing",
    severity="medium",
    covers=("D8",),
    profiles=("standard", "regulated"),
    docs="container-registry/container-registry-geo-replication",
    remedy="set regionEndpointEnabled: false on the replica, wait until its pulls have ended, then delete it",
)
def replicas_leave_routing_first(changes: Changes) -> Iterator[Verdict]:
    """A geo-replica is removed from global routing in a separate change before it is deleted.

    Pulls that the global host name has routed to the replica are interrupted. Without routing, no new pulls start there.
    """
    for replica, registry in _lost_replicas(changes):
        if replica.value("regionEndpointEnabled", True) is not False:
            message = f"replica {replica.name} of {registry.name} is deleted while regionEndpointEnabled is true"
            yield fail(message, path="regionEndpointEnabled", resource=replica)
