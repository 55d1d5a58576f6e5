"""Domain rules on a registry and its replicas: where they are, who reaches them, what excludes what."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.domain_hosts import replicas_of, some_compute
from policies.rules.forms import EVERYWHERE, REGULATED, declare, same, stated
from policies.rules.identities import pulls_of
from policies.rules.registry_surroundings import compute_regions
from policies.rules.relations import endpoints_to, has_no_zones, is_on, region_of, regions_of

_registry = partial(declare, types=(t.REGISTRY,), pillar="reliability")
_ACR = "container-registry/container-registry-"
_PERMISSION = "Microsoft.Network/privateEndpoints/privateLinkServiceProxies/write"


class Deployer(RuleConfig):
    """Whether whoever deploys may write private link proxies: a fact of the subscription that one declares."""

    may_write_private_link_proxies: bool | None = None


class Storage(RuleConfig):
    """What a registry holds in one region, in GiB; and the most that all regions together may hold. 0 is not known."""

    size_gib: float = 0
    most_gib: float = 5000


class Colocation(RuleConfig):
    """Regions that may do without a replica, or hold one without a consumer."""

    except_regions: tuple[str, ...] = ()


class Zones(RuleConfig):
    """Regions that have no zones beside those known."""

    regions_without_zones: tuple[str, ...] = ()


def _is_replicated(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if replicas_of(graph, resource) else "it has no replicas"


def _proxies(resource: Resource, graph: Graph, config: Deployer) -> Iterator[Verdict]:
    if config.may_write_private_link_proxies is None:
        yield not_applicable(f"it is not declared whether the deployer holds {_PERMISSION}")
    elif not config.may_write_private_link_proxies:
        yield fail(f"the deployer lacks {_PERMISSION}, which a new replica needs in every network with an endpoint")


def _meets(resource: Resource, graph: Graph, config: Any) -> str | None:
    both = replicas_of(graph, resource) and endpoints_to(graph, resource)
    return None if both else "private endpoints and replicas do not meet"


def _routing(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    regional = is_on(resource, "regionalEndpoints")
    off = [each for each in replicas_of(graph, resource) if each.value("regionEndpointEnabled", True) is False]
    if not regional:
        for each in off:
            yield fail(
                f"{each.name} takes no part in the global host and has no host of its own: paid and unreachable",
                "regionEndpointEnabled",
                each,
            )


def _colocated(resource: Resource, graph: Graph, config: Colocation) -> Iterator[Verdict]:
    running = compute_regions(graph) - set(config.except_regions)
    for region in sorted(running - set(regions_of(graph, resource))):
        yield fail(f"containers run in {region} and the registry has no replica there")


def _compute(resource: Resource, graph: Graph, config: Any) -> str | None:
    if not graph.of(*t.COMPUTE):
        return "the program runs no containers"
    mine = [each for each in pulls_of(graph) if each.registry is resource]
    return None if mine or len(graph.of(t.REGISTRY)) == 1 else "nothing in the program pulls from it"


def _idle(resource: Resource, graph: Graph, config: Colocation) -> Iterator[Verdict]:
    region = region_of(graph, resource)
    if region not in compute_regions(graph) and region not in config.except_regions:
        yield fail(f"nothing in the program runs in {region}, and every replica holds and pays for all content")


def _export(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    off = same(resource.value("policies.exportPolicy.status", "enabled"), "disabled")
    if off and not same(resource.value("publicNetworkAccess", "Enabled"), "Disabled"):
        yield fail("exportPolicy is disabled while publicNetworkAccess is Enabled, which the service refuses")
    if graph.children(resource, t.TASK) and not stated(resource, "networkRuleBypassAllowedForTasks"):
        yield fail(
            "tasks exist and networkRuleBypassAllowedForTasks is not stated, allowed is true or false on purpose"
        )


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
            yield fail(f"{pair} exclude one another", "policies")


def _zonal_home(resource: Resource, graph: Graph, config: Zones) -> Iterator[Verdict]:
    home = graph.location(resource)
    if has_no_zones(home, config.regions_without_zones):
        yield fail(f"home region {home} has no zones", "location")


def _two_regions(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    regions = regions_of(graph, resource)
    if len(regions) < 3:
        yield fail(
            f"regions are {', '.join(regions)}: the other one takes all pulls when one fails, and limits are per region"
        )


def _protected(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    group = graph.resource_group(resource)
    locked = any(
        set(graph.references(lock, "scope")) & {resource, group} or group in [graph.resource_group(lock)]
        for lock in graph.of(t.LOCK)
    )
    if not resource.protect and not locked:
        yield fail("neither protect nor a lock keeps it, allowed is either")


def _webhooks(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    registry = graph.arm_parent(resource)
    count = len(regions_of(graph, registry)) if registry else 1
    if count > 1:
        yield fail(
            f"the registry has {count} regions and each may call: whoever is called must cope with the same event twice"
        )


def _stored(resource: Resource, graph: Graph, config: Storage) -> Iterator[Verdict]:
    count = len(regions_of(graph, resource))
    total = count * config.size_gib
    if total > config.most_gib:
        words = f"{count} regions x {config.size_gib:g} GiB, those outside global routing too"
        yield fail(f"{words}, are {total:g} GiB, allowed are {config.most_gib:g}")


def _size_known(resource: Resource, graph: Graph, config: Storage) -> str | None:
    return None if config.size_gib else "size_gib is not configured"


RULES: tuple[Rule, ...] = (
    _registry(
        _proxies,
        id="MOOR-DOM-004",
        title="Deployer may not add the replica's addresses",
        severity="medium",
        what="Whoever deploys may write private link proxies where private endpoints and replicas meet.",
        why="A replica adds members to every endpoint, also in other teams' networks; without the right it is rolled back.",
        remedy="grant the action on those networks, and declare may_write_private_link_proxies: true",
        docs=f"{_ACR}private-endpoints",
        covers=("D4",),
        config=Deployer,
        where=(_meets,),
    ),
    _registry(
        _routing,
        id="MOOR-DOM-008",
        title="Replica that nobody can reach",
        severity="high",
        pillar="cost",
        what="A replica outside global routing has a host of its own.",
        why="Without regional endpoints it is paid for and serves nobody. The home region always takes part.",
        remedy="set regionalEndpoints: Enabled, set regionEndpointEnabled: true, or remove the replica",
        docs=f"{_ACR}geo-replication",
        covers=("D8",),
        profiles=EVERYWHERE,
        where=(_is_replicated,),
    ),
    _registry(
        _colocated,
        id="MOOR-DOM-009",
        title="Containers run where the registry has no replica",
        severity="high",
        what="Every region that runs containers has a replica.",
        why="Each node start pulls across regions otherwise, slowly and for money, and stops with the other region.",
        remedy="add a replications resource there, or name the region in except_regions",
        docs=f"{_ACR}best-practices",
        covers=("D9",),
        config=Colocation,
        where=(_compute,),
    ),
    declare(
        _idle,
        types=(t.REPLICATION,),
        pillar="cost",
        id="MOOR-DOM-109",
        title="Replica without a consumer",
        severity="low",
        what="Every replica's region runs containers, where the program runs any.",
        why="A replica costs a Premium unit and all storage once more.",
        remedy="remove the replica, or name its region in except_regions",
        docs=f"{_ACR}geo-replication",
        covers=("D9",),
        config=Colocation,
        where=(some_compute,),
    ),
    _registry(
        _export,
        id="MOOR-DOM-014",
        title="Export or bypass is at odds with the network",
        severity="medium",
        pillar="security",
        what="Export is off only without public access, and what tasks may pass is stated.",
        why="The first is refused; the second changed its default, so that tasks stopped reaching closed registries.",
        remedy="set publicNetworkAccess: Disabled, and state networkRuleBypassAllowedForTasks",
        docs="container-registry/data-loss-prevention",
        covers=("D14",),
    ),
    _registry(
        _matrix,
        id="MOOR-DOM-015",
        title="Two features exclude one another",
        severity="medium",
        what="No two features are asked for that exclude one another.",
        why="The service refuses the later one.",
        remedy="keep one of the two",
        docs=f"{_ACR}soft-delete-policy",
        covers=("D15",),
        profiles=EVERYWHERE,
    ),
    _registry(
        _zonal_home,
        id="MOOR-DOM-016",
        title="Home region has no zones",
        severity="high",
        what="A registry's home region has zones.",
        why="The control plane lives at home: while it is down, nobody changes anything anywhere.",
        remedy="choose a home region with zones; it cannot be changed later",
        docs="reliability/reliability-container-registry",
        covers=("D16",),
        config=Zones,
    ),
    _registry(
        _two_regions,
        id="MOOR-DOM-116",
        title="Two regions stand in for one another",
        severity="low",
        what="A replicated registry has three regions or more.",
        why="Limits are per region: with two, the survivor takes twice the pulls and answers 429.",
        remedy="add a second replica, on the same continent where it must stand in",
        docs=f"{_ACR}geo-replication",
        covers=("D16",),
        profiles=REGULATED,
        where=(_is_replicated,),
    ),
    _registry(
        _protected,
        id="MOOR-DOM-216",
        title="Registry can be deleted by an edit",
        severity="medium",
        what="A registry is protected, or locked.",
        why="A changed name, location or group replaces it: every image is gone before the new one exists.",
        remedy="set opts.protect: true, or add a CanNotDelete lock",
        docs="azure-resource-manager/management/lock-resources",
        covers=("D16", "D28"),
        profiles=REGULATED,
    ),
    declare(
        _webhooks,
        types=(t.WEBHOOK,),
        pillar="operations",
        id="MOOR-DOM-018",
        title="Webhook is called once per region",
        severity="low",
        what="Whoever a replicated registry calls copes with the same event several times.",
        why="Each replica calls when the push reaches it.",
        remedy="make the receiver recognise repeated events, then exempt the webhook",
        docs="container-registry/container-registry-webhook",
        covers=("D18",),
    ),
    _registry(
        _stored,
        id="MOOR-DOM-019",
        title="Replicas store more than is meant",
        severity="low",
        pillar="cost",
        what="All regions together store what is meant, at most.",
        why="Every region stores everything, and is billed; 100 TiB is the end.",
        remedy="purge, remove a replica, or raise most_gib",
        docs=f"{_ACR}skus",
        covers=("D19",),
        config=Storage,
        where=(_size_known,),
    ),
)
