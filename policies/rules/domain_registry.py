"""Rules on geo-replicated registries: regions, routing, co-location, and features that exclude each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import EVERYWHERE, REGULATED, Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.domain_hosts import replicas_of, some_compute
from policies.rules.forms import Zoneless, same, stated
from policies.rules.identities import pulls_of
from policies.rules.registry_context import Colocation, compute_regions
from policies.rules.relations import endpoints_to, has_no_zones, is_on, region_of, regions_of

_registry = partial(Rule, types=(t.REGISTRY,), pillar="reliability")
_ACR = "container-registry/container-registry-"
_PERMISSION = "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write"


class Deployer(RuleConfig):
    """Whether the deployment identity may write private link proxies, which no resource of the program shows."""

    may_write_private_link_proxies: bool | None = None


class Storage(RuleConfig):
    """Size of the content in one region, and the limit for all regions, in GiB; a size of 0 is unknown."""

    size_gib: float = 0
    most_gib: float = 5000


def _is_replicated(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if replicas_of(graph, resource) else "it has no replications"


def _proxies(resource: Resource, graph: Graph, config: Deployer) -> Iterator[Verdict]:
    if config.may_write_private_link_proxies is None:
        yield not_applicable(f"may_write_private_link_proxies is not configured ({_PERMISSION})")
    elif not config.may_write_private_link_proxies:
        yield fail(
            f"the deployment identity lacks {_PERMISSION}, which a new replica requires in every attached network"
        )


def _meets(resource: Resource, graph: Graph, config: Any) -> str | None:
    both = replicas_of(graph, resource) and endpoints_to(graph, resource)
    return None if both else "it does not have both private endpoints and replications"


def _routing(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    regional = is_on(resource, "regionalEndpoints")
    off = [each for each in replicas_of(graph, resource) if each.value("regionEndpointEnabled", True) is False]
    if not regional:
        for each in off:
            yield fail(
                f"{each.name} is outside global routing and has no regional endpoint, expected one of them",
                "regionEndpointEnabled",
                each,
            )


def _colocated(resource: Resource, graph: Graph, config: Colocation) -> Iterator[Verdict]:
    running = compute_regions(graph) - set(config.except_regions)
    for region in sorted(running - set(regions_of(graph, resource))):
        yield fail(f"containers run in {region} and the registry has no replication there, expected one")


def _compute(resource: Resource, graph: Graph, config: Any) -> str | None:
    if not graph.of(*t.COMPUTE):
        return "the program runs no containers"
    mine = [each for each in pulls_of(graph) if each.registry is resource]
    return None if mine or len(graph.of(t.REGISTRY)) == 1 else "no resource of the program pulls from it"


def _idle(resource: Resource, graph: Graph, config: Colocation) -> Iterator[Verdict]:
    region = region_of(graph, resource)
    if region not in compute_regions(graph) and region not in config.except_regions:
        yield fail(f"no containers run in {region}, and a geo-replica stores all content, expected none there")


def _export(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    off = same(resource.value("policies.exportPolicy.status", "enabled"), "disabled")
    if off and not same(resource.value("publicNetworkAccess", "Enabled"), "Disabled"):
        yield fail("policies.exportPolicy.status is disabled while publicNetworkAccess is Enabled, expected Disabled")
    if graph.children(resource, t.TASK) and not stated(resource, "networkRuleBypassAllowedForTasks"):
        yield fail("networkRuleBypassAllowedForTasks is not set while the registry has tasks, expected true or false")


def _matrix(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    soft, retention, trust = (
        is_on(resource, f"policies.{n}Policy.status") for n in ("softDelete", "retention", "trust")
    )
    key, replicas = is_on(resource, "encryption.status"), replicas_of(graph, resource)
    pairs = {
        "softDeletePolicy and replicas": soft and replicas,
        "softDeletePolicy and retentionPolicy": soft and retention,
        "softDeletePolicy and cacheRules": soft and graph.children(resource, t.CACHE_RULE),
        "trustPolicy and encryption": trust and key,
    }
    for pair, both in pairs.items():
        if both:
            yield fail(f"{pair} exclude each other, expected one of them", "policies")


def _zonal_home(resource: Resource, graph: Graph, config: Zoneless) -> Iterator[Verdict]:
    home = graph.location(resource)
    if has_no_zones(home, config.regions_without_zones):
        yield fail(f"location is {home}, expected a region with availability zones", "location")


def _two_regions(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    regions = regions_of(graph, resource)
    if len(regions) < 3:
        yield fail(f"regions are {', '.join(regions)}, expected at least three")


def _protected(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    group = graph.resource_group(resource)
    locked = any(
        set(graph.references(lock, "scope")) & {resource, group} or group in [graph.resource_group(lock)]
        for lock in graph.of(t.LOCK)
    )
    if not resource.protect and not locked:
        yield fail("protect is not set and no lock applies, expected one of them")


def _webhooks(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    registry = graph.arm_parent(resource)
    count = len(regions_of(graph, registry)) if registry else 1
    if count > 1:
        yield fail(
            f"the registry has {count} regions, each of which calls the webhook, expected a receiver that is idempotent"
        )


def _stored(resource: Resource, graph: Graph, config: Storage) -> Iterator[Verdict]:
    count = len(regions_of(graph, resource))
    total = count * config.size_gib
    if total > config.most_gib:
        words = f"{count} regions x {config.size_gib:g} GiB, also those outside global routing"
        yield fail(f"{words}, are {total:g} GiB, expected {config.most_gib:g} at most")


def _size_known(resource: Resource, graph: Graph, config: Storage) -> str | None:
    return None if config.size_gib else "size_gib is not configured"


RULES: tuple[Rule, ...] = (
    _registry(
        _proxies,
        id="MOOR-DOM-004",
        title="Permission for private link proxies is missing",
        severity="medium",
        what="The deployment identity has permission to write private link proxies where private endpoints and "
        "geo-replicas meet.",
        why="A geo-replica adds members to every private endpoint, also in networks of other teams. Without the "
        "permission, Azure rolls it back.",
        remedy="grant Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write on those networks, and set "
        "may_write_private_link_proxies: true",
        docs=f"{_ACR}private-endpoints",
        covers=("D4",),
        config=Deployer,
        where=(_meets,),
    ),
    _registry(
        _routing,
        id="MOOR-DOM-008",
        title="Geo-replica is unreachable",
        severity="high",
        pillar="cost",
        what="A geo-replica outside global routing has a regional endpoint.",
        why="Without regional endpoints it is billed and serves no client. The home region always takes part in "
        "global routing.",
        remedy="set regionalEndpoints: Enabled, set regionEndpointEnabled: true, or remove the replication",
        docs=f"{_ACR}geo-replication",
        covers=("D8",),
        profiles=EVERYWHERE,
        where=(_is_replicated,),
    ),
    _registry(
        _colocated,
        id="MOOR-DOM-009",
        title="Region that runs containers has no geo-replica",
        severity="high",
        what="Every region that runs containers has a geo-replica of the registry.",
        why="Otherwise every pull crosses regions, which is slower and billed, and stops with the other region.",
        remedy="add a replications resource in that location, or list the region in except_regions or "
        "colocation.exceptions",
        docs=f"{_ACR}best-practices",
        covers=("D9",),
        config=Colocation,
        where=(_compute,),
    ),
    Rule(
        _idle,
        types=(t.REPLICATION,),
        pillar="cost",
        id="MOOR-DOM-109",
        title="Geo-replica has no consumers",
        severity="low",
        what="The region of every geo-replica runs containers, where the program runs any.",
        why="A geo-replica costs one Premium unit and stores all content again.",
        remedy="remove the replication, or list its region in except_regions",
        docs=f"{_ACR}geo-replication",
        covers=("D9",),
        config=Colocation,
        where=(some_compute,),
    ),
    _registry(
        _export,
        id="MOOR-DOM-014",
        title="Export policy or task bypass conflicts with the network settings",
        severity="medium",
        pillar="security",
        what="Export is disabled only without public network access, and the network bypass for tasks is stated.",
        why="Azure refuses the first. The default of the second changed, so that tasks can no longer reach registries"
        " without public network access.",
        remedy="set publicNetworkAccess: Disabled, and state networkRuleBypassAllowedForTasks",
        docs="container-registry/data-loss-prevention",
        covers=("D14",),
    ),
    _registry(
        _matrix,
        id="MOOR-DOM-015",
        title="Registry features exclude each other",
        severity="medium",
        what="A container registry does not use features that exclude each other.",
        why="Azure refuses the second one.",
        remedy="disable one of the two policies",
        docs=f"{_ACR}soft-delete-policy",
        covers=("D15",),
        profiles=EVERYWHERE,
    ),
    _registry(
        _zonal_home,
        id="MOOR-DOM-016",
        title="Home region of the registry has no availability zones",
        severity="high",
        what="The home region of a container registry has availability zones.",
        why="The control plane is in the home region: while it fails, no region can be changed.",
        remedy="create the registry with a location that has availability zones; it cannot be changed later",
        docs="reliability/reliability-container-registry",
        covers=("D16",),
        config=Zoneless,
    ),
    _registry(
        _two_regions,
        id="MOOR-DOM-116",
        title="Registry is replicated to fewer than three regions",
        severity="low",
        what="A geo-replicated registry has at least three regions.",
        why="Limits apply to each region: with two, the remaining region receives twice the pulls and returns HTTP "
        "429.",
        remedy="add a second replications resource, on the same continent where it has to take over",
        docs=f"{_ACR}geo-replication",
        covers=("D16",),
        profiles=REGULATED,
        where=(_is_replicated,),
    ),
    _registry(
        _protected,
        id="MOOR-DOM-216",
        title="Registry is not protected from deletion",
        severity="medium",
        what="A container registry is protected or locked.",
        why="A changed name, location or resource group replaces the registry, which deletes every image.",
        remedy="set opts.protect: true, or add a CanNotDelete lock",
        docs="azure-resource-manager/management/lock-resources",
        covers=("D16", "D28"),
        profiles=REGULATED,
    ),
    Rule(
        _webhooks,
        types=(t.WEBHOOK,),
        pillar="operations",
        id="MOOR-DOM-018",
        title="Webhook is called once for each region",
        severity="low",
        what="The receiver of a webhook of a geo-replicated registry handles repeated events.",
        why="Each geo-replica calls the webhook when the push reaches it.",
        remedy="make the receiver idempotent, then exempt the webhook",
        docs="container-registry/container-registry-webhook",
        covers=("D18",),
    ),
    _registry(
        _stored,
        id="MOOR-DOM-019",
        title="Geo-replicas exceed the planned storage",
        severity="low",
        pillar="cost",
        what="The storage of all regions together is within the configured limit.",
        why="Every region stores all content and is billed for it. The limit of a registry is 100 TiB.",
        remedy="purge images, remove a replication, or increase most_gib",
        docs=f"{_ACR}skus",
        covers=("D19",),
        config=Storage,
        where=(_size_known,),
    ),
)
