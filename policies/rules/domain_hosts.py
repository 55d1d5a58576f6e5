"""Rules on registry hosts: firewall rules, images, dual stack, and data residency."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from ipaddress import ip_network
from typing import Any

from planning.endpoints import PREMIUM_PROPERTIES, Endpoints, RegistryShape, endpoints
from planning.networks import is_range
from planning.regions import normalise
from policies.model import EVERYWHERE, Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.egress import Allowed, allowed_by_firewall, allowed_hosts, matches
from policies.rules.forms import configured, only_if, same, shown
from policies.rules.images import images_named, images_of, serves
from policies.rules.relations import endpoints_to, is_on, regions_of

_registry = partial(Rule, types=(t.REGISTRY,), pillar="reliability")
_ACR = "container-registry/container-registry-"


def replicas_of(graph: Graph, registry: Resource) -> list[Resource]:
    """Return a registry's replications."""
    return graph.children(registry, t.REPLICATION)


def some_compute(resource: Resource, graph: Graph, config: Any) -> str | None:
    """Return why a rule does not apply: the program runs no containers."""
    return None if graph.of(*t.COMPUTE) else "the program runs no containers"


def hosts_of(graph: Graph, registry: Resource) -> RegistryShape:
    """Return the properties that determine the hosts of a registry.

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
    wanted = endpoints(str(label), shape)
    for rules in allowed_by_firewall(graph):
        unknown = next((rule.owner for rule in rules if rule.hosts is None), None)
        naming = [rule for rule in rules if any(serves(graph, resource, host) for host in rule.hosts or ())]
        lacking = dict(_lacking(naming, rules, wanted))
        if unknown and (lacking or not naming):
            yield undetermined(f"the hosts in {unknown.name} are not known yet", None, unknown)
            continue
        for owner, missing in lacking.items():
            expected = "the global host, every data host and the regional host of the region"
            message = f"{owner.name} allows the registry but not {', '.join(missing)}, expected {expected}"
            yield fail(message, None, owner)
        for owner, blob in _storage_wildcards(rules if naming and shape.data_endpoints else ()):
            yield fail(f"{owner.name} allows {blob}, expected only data endpoints", None, owner)


def _lacking(
    naming: Iterable[Allowed], rules: Sequence[Allowed], wanted: Endpoints
) -> Iterator[tuple[Resource, list[str]]]:
    """Yield the owner of each rule that names the registry, and the hosts that a source of it is not allowed.

    A source pulls from the regional host of its own region. Which region that is cannot be derived from its addresses, so any
    one of the regional hosts is enough.
    """
    regional = set(wanted.regional.values())
    for rule in naming:
        for source in rule.sources:
            patterns = [host for each in rules if each.holds_for(source) for host in each.hosts or ()]
            missing = [host for host in wanted.hosts() if not any(matches(pattern, host) for pattern in patterns)]
            if not regional <= set(missing):
                missing = [host for host in missing if host not in regional]
            if missing:
                yield rule.owner, missing


def _storage_wildcards(rules: Iterable[Allowed]) -> Iterator[tuple[Resource, str]]:
    for rule in rules:
        for host in rule.hosts or ():
            if "blob.core." in host and host.startswith("*"):
                yield rule.owner, host


def _has_lists(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if allowed_hosts(graph) else "the program has no firewall rules with hosts"


def _needs_premium(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    sku = resource.value("sku.name")
    if same(sku, "Premium"):
        return
    for place, value in PREMIUM_PROPERTIES.items():
        if same(resource.value(place), value) or (value is True and is_on(resource, place)):
            yield fail(f"{place} is set and sku.name is {shown(sku)}, expected Premium", place)
    attached = {"replications": replicas_of(graph, resource), "private endpoints": endpoints_to(graph, resource)}
    for kind, found in attached.items():
        if found:
            listed = ", ".join(each.name for each in found)
            yield fail(f"it has {kind} ({listed}) and sku.name is {shown(sku)}, expected Premium", "sku.name")


def _regional_hosts(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    """Find images with a regional host that the registry does not have."""
    shape = hosts_of(graph, resource)
    label = str(graph.arm_name(resource) or "")
    known = set(endpoints(label, shape).hosts())
    for consumer, path, host in images_named(graph).get(label.lower(), ()):
        if host not in known and serves(graph, resource, host):
            yield fail(f"{path} is on {host}, expected one of {', '.join(sorted(known))}", path, consumer)


def _dual_stack(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    if not is_on(resource, "dataEndpointEnabled"):
        yield fail(
            "dataEndpointEnabled is not true with endpointProtocol IPv4AndIPv6, expected true", "dataEndpointEnabled"
        )
    if same(resource.value("publicNetworkAccess", "Enabled"), "Disabled"):
        place = "publicNetworkAccess"
        yield fail(f"{place} is Disabled and private endpoints have no IPv6, expected Enabled", place)
    tasks = graph.children(resource, t.TASK)
    if tasks:
        yield fail(f"tasks do not work with dual stack, expected none: {', '.join(each.name for each in tasks)}")
    rules = [
        str(resource.value(f"{path}.iPAddressOrRange", resource.value(f"{path}.value", "")))
        for path, _ in resource.each("networkRuleSet.ipRules")
    ]
    if rules and not any(ip_network(each, strict=False).version == 6 for each in rules if is_range(each)):
        yield fail(f"networkRuleSet.ipRules are {shown(rules)}, expected IPv6 ranges too", "networkRuleSet.ipRules")


class Residency(RuleConfig):
    """Regions with data residency, whose content is served by that region only."""

    regions: tuple[str, ...] = ()


def _resident(resource: Resource, graph: Graph, config: Residency) -> Iterator[Verdict]:
    bound = {normalise(each) for each in config.regions}
    region = graph.location(resource)
    if region not in bound:
        yield not_applicable(f"{region or 'its region'} is not in regions")
        return
    for path, host in images_of(resource):
        if host is None:
            yield undetermined(f"{path} is not known yet", path)
        elif any(serves(graph, each, host) for each in graph.of(t.REGISTRY)) and f".{region}." not in host:
            yield fail(f"{path} is on {host}, expected the regional host of {region}", path)


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
            yield undetermined("the allowed hosts are not known yet")
        for host in (hosts or []) if place in bound else []:
            registries = [each for each in graph.of(t.REGISTRY) if serves(graph, each, host)]
            if registries and f".{place}." not in host:
                yield fail(f"{owner.name} allows {host}, expected the regional host of {place}", None, owner)


RULES: tuple[Rule, ...] = (
    _registry(
        _egress,
        id="MOOR-DOM-005",
        title="Registry hosts are missing from the firewall rules",
        severity="high",
        what="A firewall that allows a registry allows its global host, every data host, and a regional host if there "
        "are any.",
        why="Dedicated data endpoints move layer downloads to R.<region>.data.azurecr.io at once, and the first "
        "private endpoint enables them implicitly. Hosts that are not allowed fail from then on.",
        remedy="allow all hosts in targetFqdns first, enable the endpoints, then remove the storage wildcard",
        docs=f"{_ACR}firewall-access-rules",
        covers=("D5",),
        profiles=EVERYWHERE,
        where=(_has_lists,),
    ),
    _registry(
        _needs_premium,
        id="MOOR-DOM-006",
        title="Feature requires the Premium SKU",
        severity="high",
        what="Features of the Premium SKU are used by Premium registries only.",
        why="Azure refuses them, after the registry has been created.",
        remedy="set sku.name: Premium, or remove the feature",
        docs=f"{_ACR}skus",
        covers=("D6",),
        profiles=EVERYWHERE,
    ),
    _registry(
        _regional_hosts,
        id="MOOR-DOM-106",
        title="Image refers to a registry host that does not exist",
        severity="high",
        what="Images refer to hosts of the registry that exist.",
        why="R.<region>.geo.azurecr.io exists only with regional endpoints and a geo-replica in the region.",
        remedy="set regionalEndpoints: Enabled, add the replication, or use the global host in image",
        docs=f"{_ACR}regional-endpoints",
        covers=("D6", "D9"),
        profiles=EVERYWHERE,
        where=(some_compute,),
    ),
    _registry(
        _dual_stack,
        id="MOOR-DOM-007",
        title="Dual-stack requirements are not met",
        severity="high",
        what="A dual-stack registry has dedicated data endpoints, public network access and IPv6 rules, and no tasks.",
        why="Azure refuses some combinations; others leave IPv6 clients without access.",
        remedy="set dataEndpointEnabled: true, keep public network access with IPv6 rules, or set endpointProtocol: IPv4",
        docs=f"{_ACR}dual-stack-endpoints",
        covers=("D7",),
        profiles=EVERYWHERE,
        where=(only_if("endpointProtocol", "IPv4AndIPv6", default="IPv4"),),
    ),
    Rule(
        _resident,
        types=(t.APP, t.JOB, t.SESSION_POOL, t.CONTAINER_GROUP),
        id="MOOR-RES-001",
        title="Image can be pulled from another region",
        severity="high",
        what="In a region with data residency, images use the regional host.",
        why="The global host can be answered by any healthy geo-replica, so that content crosses the border without "
        "notice.",
        remedy="use R.<region>.geo.azurecr.io in image, with regionalEndpoints: Enabled",
        docs=f"{_ACR}regional-endpoints",
        config=Residency,
        where=(configured("regions"),),
    ),
    Rule(
        _resident_lists,
        types=(t.RULE_COLLECTION_GROUP, t.FIREWALL),
        id="MOOR-RES-002",
        title="Firewall allows registry hosts of another region",
        severity="high",
        what="The firewall of a region with data residency allows registry hosts of that region only.",
        why="Hosts that are allowed will be used.",
        remedy="list only R.<region>.geo.azurecr.io and R.<region>.data.azurecr.io in targetFqdns",
        docs=f"{_ACR}regional-endpoints",
        config=Residency,
        where=(configured("regions"),),
    ),
)
