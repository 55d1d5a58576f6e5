"""Domain rules on the hosts of a registry: what they need, who lets them out, and who names them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from ipaddress import ip_network
from typing import Any

from planning.endpoints import RegistryShape, endpoints
from planning.networks import is_range
from planning.regions import normalise
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.egress import allowed_hosts, matches
from policies.rules.forms import EVERYWHERE, configured, declare, only_if, same, shown
from policies.rules.images import images_named, images_of, serves
from policies.rules.relations import endpoints_to, is_on, regions_of

_registry = partial(declare, types=(t.REGISTRY,), pillar="reliability")
_ACR = "container-registry/container-registry-"
_PREMIUM = {
    "regionalEndpoints": "regionalEndpoints",
    "dataEndpointEnabled": "dataEndpointEnabled",
    "policies.exportPolicy.status=disabled": "exportPolicy",
    "policies.quarantinePolicy.status": "quarantinePolicy",
    "policies.retentionPolicy.status": "retentionPolicy",
}


def replicas_of(graph: Graph, registry: Resource) -> list[Resource]:
    """Return a registry's replications."""
    return graph.children(registry, t.REPLICATION)


def some_compute(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Say why a rule has nothing to say of a program that runs no containers."""
    return None if graph.of(*t.COMPUTE) else "the program runs no containers"


def _dual(resource: Resource) -> bool:
    return same(resource.value("endpointProtocol", "IPv4"), "IPv4AndIPv6")


def hosts_of(graph: Graph, registry: Resource) -> RegistryShape:
    """Return what a registry's hosts follow from.

    Raises:
        Undetermined: a region or a switch is not known yet.
    """
    home, *others = regions_of(graph, registry)
    return RegistryShape.of(
        home,
        others,
        regional_endpoints=is_on(registry, "regionalEndpoints"),
        dedicated_data_endpoints=is_on(registry, "dataEndpointEnabled"),
        private_endpoints=bool(endpoints_to(graph, registry)),
    )


def _egress(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    shape = hosts_of(graph, resource)
    label = graph.arm_name(resource)
    for owner, hosts in allowed_hosts(graph):
        if hosts is None:
            yield undetermined(f"the hosts that {owner.name} lets out are not known yet", None, owner)
            continue
        wanted = endpoints(str(label), shape)
        named = any(serves(graph, resource, host) for host in hosts)
        if not named:
            continue  # the list is not for who pulls from this registry
        missing = [host for host in wanted.hosts() if not any(matches(pattern, host) for pattern in hosts)]
        if missing:
            yield fail(f"{owner.name} lets out to the registry, not to {', '.join(missing)}", None, owner)
        blob = [host for host in hosts if "blob.core." in host and host.startswith("*")]
        if shape.data_endpoints and blob:
            yield fail(f"{owner.name} still lets out to {blob[0]}, which data endpoints make needless", None, owner)


def _has_lists(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if allowed_hosts(graph) else "no list of allowed hosts is part of the program"


def _needs_premium(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    sku = resource.value("sku.name")
    if same(sku, "Premium"):
        return
    for path, word in _PREMIUM.items():
        place, _, value = path.partition("=")
        asked = same(resource.value(place), value) if value else is_on(resource, place)
        if asked:
            yield fail(f"sku.name is {shown(sku)} and {word} is asked for, which only Premium has", place)
    if _dual(resource):
        yield fail(f"sku.name is {shown(sku)} and endpointProtocol is IPv4AndIPv6, which only Premium has")
    for kind, found in (("replicas", replicas_of(graph, resource)), ("endpoints", endpoints_to(graph, resource))):
        if found:
            yield fail(f"sku.name is {shown(sku)} and there are {kind}: {', '.join(each.name for each in found)}")


def _regional_hosts(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    """Images named by a regional host of a region that has none."""
    shape = hosts_of(graph, resource)
    label = str(graph.arm_name(resource) or "")
    known = set(endpoints(label, shape).hosts())
    for consumer, path, host in images_named(graph).get(label.lower(), ()):
        if host not in known and serves(graph, resource, host):
            yield fail(f"{path} names {host}, which the registry does not have", path, consumer)


def _dual_stack(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not is_on(resource, "dataEndpointEnabled"):
        yield fail(
            "endpointProtocol is IPv4AndIPv6 without dataEndpointEnabled, allowed is true", "dataEndpointEnabled"
        )
    if same(resource.value("publicNetworkAccess", "Enabled"), "Disabled"):
        place = "publicNetworkAccess"
        yield fail(f"{place} is Disabled: private endpoints have no IPv6, so nobody reaches it by IPv6", place)
    tasks = graph.children(resource, t.TASK)
    if tasks:
        yield fail(f"tasks do not work with dual stack: {', '.join(each.name for each in tasks)}")
    rules = [
        str(resource.value(f"{path}.iPAddressOrRange", resource.value(f"{path}.value", "")))
        for path, _ in resource.each("networkRuleSet.ipRules")
    ]
    if rules and not any(ip_network(each, strict=False).version == 6 for each in rules if is_range(each)):
        yield fail(f"ipRules are {shown(rules)}, allowed has IPv6 ranges too", "networkRuleSet.ipRules")


class Residency(RuleConfig):
    """Regions whose content may be served by that region alone."""

    regions: tuple[str, ...] = ()


def _resident(resource: Resource, graph: Graph, config: Residency) -> Iterator[Verdict]:
    bound = {normalise(each) for each in config.regions}
    region = graph.location(resource)
    if region not in bound:
        yield not_applicable(f"{region or 'its region'} is not bound to itself")
        return
    for path, host in images_of(resource):
        if host is None:
            yield undetermined(f"{path} is not known yet", path)
        elif any(serves(graph, each, host) for each in graph.of(t.REGISTRY)) and f".{region}." not in host:
            yield fail(f"{path} names {host}, allowed is the host of {region}", path)


def _resident_lists(resource: Resource, graph: Graph, config: Residency) -> Iterator[Verdict]:
    bound = {normalise(each) for each in config.regions}
    for owner, hosts in allowed_hosts(graph):
        if owner is not resource:
            continue
        place = graph.location(owner)
        if not place:
            policies = graph.references(owner, "firewallPolicyName")
            place = graph.location(policies[0]) if policies else ""
        if hosts is None and place in bound:
            yield undetermined("the hosts that it lets out are not known yet")
        for host in (hosts or []) if place in bound else []:
            registries = [each for each in graph.of(t.REGISTRY) if serves(graph, each, host)]
            if registries and f".{place}." not in host:
                yield fail(f"{owner.name} lets out to {host}, allowed is the host of {place}", None, owner)


RULES: tuple[Rule, ...] = (
    _registry(
        _egress,
        id="MOOR-DOM-005",
        title="Firewall lacks hosts of the registry",
        severity="high",
        what="A list of allowed hosts that knows a registry knows all of its hosts.",
        why="Data endpoints move layers to R.<region>.data.azurecr.io from one moment to the next, and the first private "
        "endpoint turns them on by itself: what is not let out fails then.",
        remedy="let all hosts out first, then switch, then take the storage wildcard away",
        docs=f"{_ACR}firewall-access-rules",
        covers=("D5",),
        profiles=EVERYWHERE,
        where=(_has_lists,),
    ),
    _registry(
        _needs_premium,
        id="MOOR-DOM-006",
        title="Registry's tier lacks what is asked for",
        severity="high",
        what="What only Premium has is asked of Premium registries only.",
        why="The service refuses it, after the registry was made.",
        remedy="set sku.name: Premium, or remove it",
        docs=f"{_ACR}skus",
        covers=("D6",),
        profiles=EVERYWHERE,
    ),
    _registry(
        _regional_hosts,
        id="MOOR-DOM-106",
        title="Image names a host that the registry lacks",
        severity="high",
        what="Images name hosts that the registry has.",
        why="R.<region>.geo.azurecr.io exists only with regional endpoints and a replica there.",
        remedy="switch regionalEndpoints on, add the replica, or take the global host",
        docs=f"{_ACR}regional-endpoints",
        covers=("D6", "D9"),
        profiles=EVERYWHERE,
        where=(some_compute,),
    ),
    _registry(
        _dual_stack,
        id="MOOR-DOM-007",
        title="Dual stack lacks what it needs",
        severity="high",
        what="A dual-stack registry has data endpoints, a public way in and IPv6 rules, and no tasks.",
        why="Each is refused, or leaves IPv6 clients before a closed door.",
        remedy="set dataEndpointEnabled: true, keep public access with rules for IPv6, or take IPv4",
        docs=f"{_ACR}dual-stack-endpoints",
        covers=("D7",),
        profiles=EVERYWHERE,
        where=(only_if("endpointProtocol", "IPv4AndIPv6", default="IPv4"),),
    ),
    declare(
        _resident,
        types=(t.APP, t.JOB, t.SESSION_POOL, t.CONTAINER_GROUP),
        id="MOOR-RES-001",
        title="Image may come from another region",
        severity="high",
        what="In a region that is bound to itself images name that region's host.",
        why="The global host is answered by whichever replica is near and well: content then crosses the border unseen.",
        remedy="name R.<region>.geo.azurecr.io, with regionalEndpoints: Enabled",
        docs=f"{_ACR}regional-endpoints",
        config=Residency,
        where=(configured("regions"),),
    ),
    declare(
        _resident_lists,
        types=(t.RULE_COLLECTION_GROUP, t.FIREWALL),
        id="MOOR-RES-002",
        title="Firewall lets out to another region's registry",
        severity="high",
        what="The firewall of a region that is bound to itself lets out to that region's hosts only.",
        why="What is let out is used one day.",
        remedy="name R.<region>.geo.azurecr.io and R.<region>.data.azurecr.io only",
        docs=f"{_ACR}regional-endpoints",
        config=Residency,
        where=(configured("regions"),),
    ),
)
