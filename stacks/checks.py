"""Checks of an environment as a whole.

Each check yields problems at the path of the cause. Checks within one system are in that system's spec.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from planning import addresses, names, networks, regions
from planning.addresses import Row
from planning.clouds import CLOUDS
from planning.endpoints import members
from planning.names import NameRule
from planning.problems import Path, Problem, Severity
from stacks.clear_text import secrets_in_clear
from stacks.elsewhere import cached, credentials, dns_owners, resource_groups, shared_zones, zone_names
from stacks.firewalls import WAYS
from stacks.image_tags import moving_tags
from stacks.interfaces.checks import interfaces
from stacks.network_checks import far_sides, reserved_subnets, whole_peerings, without_endpoints
from stacks.plan import Plan, Zone
from stacks.planner import plan_of
from stacks.registries import needed
from stacks.rotation import ROTATION
from stacks.spec import StackSpec
from stacks.system import Check, System


def check(spec: StackSpec, systems: Sequence[System], subscription: str | None = None) -> tuple[Plan, list[Problem]]:
    """Plan a spec and return the plan with all errors and warnings, in the order of the checks."""
    plan = plan_of(spec, systems, subscription)
    checks = (*CHECKS, *(check for system in systems for check in system.checks))
    return plan, [problem for find in checks for problem in find(spec, plan)]


def locations(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Unknown regions, and replicas in the home region of the registry [ACR-16]."""
    stated: dict[Path, str] = {("location",): spec.location}
    for site in plan.sites:
        if site.stated:
            stated[*site.path, "location"] = site.location
        elif site.path[0] == "networks":
            stated[site.path] = site.location
    stated |= {("registry", "replicas", region): region for region in spec.replicas}
    for path, region in stated.items():
        if not regions.is_well_formed(region):
            yield Problem(path, f"{region!r} is not a region; name the network after its region, or state its location")
        elif not regions.is_known(region, spec.cloud):
            meant = regions.suggestion(region, spec.cloud)
            hint = f"; did you mean {meant}?" if meant else "; check the spelling"
            yield Problem(path, f"{region} is not a known region of the {spec.cloud} cloud{hint} [REGION-1]", "warning")
    if spec.registry_home in spec.replicas:
        others = "remove it: the home region of the registry is its first replica"
        yield Problem(
            ("registry", "replicas", spec.registry_home), f"{spec.registry_home} is the home region; {others} [ACR-16]"
        )


def cloud(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Features that are not available in the cloud [ACR-2]."""
    if spec.registry and spec.registry.regional_endpoints and not CLOUDS[spec.cloud].regional_endpoints:
        message = (
            f"true, but regional endpoints exist in the public cloud only, not in {spec.cloud}; write false [ACR-2]"
        )
        yield Problem(("registry", "regional_endpoints"), message)


def references(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Dangling references; those within one entry are reported by its spec."""
    for edge in plan.edges:
        if edge.problem and not edge.reference.within:
            yield Problem(edge.path, edge.problem)


def peers(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Networks that are peered with themselves."""
    for key, network in spec.networks.items():
        stated: list[tuple[Path, str]] = [(("peers", str(index)), peer) for index, peer in enumerate(network.peers)]
        stated += [(("peerings", peer), peer) for peer in network.peerings]
        for path, peer in stated:
            if peer == key:
                yield Problem(("networks", key, *path), f"{peer} is the network itself; remove it")


def endpoint_places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Private endpoints in subnets with another purpose."""
    for key, endpoint in spec.private_endpoints.items():
        subnet = spec.subnet(endpoint.network, endpoint.subnet)
        if subnet is not None and subnet.purpose != "private_endpoints":
            message = f"subnet {endpoint.subnet} has another purpose; keep one with purpose: private_endpoints for it"
            yield Problem(("registry", "private_endpoints", key, "subnet"), message, "warning")


def endpoint_neighbours(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Subnets of the registry's private endpoints that are used by something else too, as in the policies."""
    rows = {row.subnet.key: row for row in plan.ledger}
    for key, endpoint in spec.private_endpoints.items():
        row = rows.get((endpoint.network, endpoint.subnet))
        if row is None:
            continue
        others = [consumer.name for consumer in row.consumers if not consumer.is_endpoint]
        delegation = spec.networks[endpoint.network].subnets[endpoint.subnet].delegation
        problem = addresses.shared_with_registry([*others, *([f"a delegation to {delegation}"] if delegation else [])])
        if problem:
            message = f"subnet {endpoint.subnet} {problem}; use another subnet for the endpoint, or for the rest"
            yield Problem(("registry", "private_endpoints", key, "subnet"), message)


def zone_places(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones whose home network is made elsewhere."""
    for key, zone in spec.dns.zones.items():
        path = ("dns", "zones", key)
        if zone.network and zone.network in spec.networks and spec.networks[zone.network].outside:
            message = (
                f"{zone.network} is made elsewhere, so the zone has no resource group; name a network of this stack"
            )
            yield Problem((*path, "network"), message)


def physical_names(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Physical names derived from keys, checked by ARM's naming rules, which ignore letter case [NAME-1]."""
    for path, physical in _made_of_keys(spec, plan).items():
        problem = next(filter(None, (rule.problem(name) for rule, name in physical)), None)
        if problem:
            yield Problem(path, f"{problem}; use another key")
    seen: dict[Path, str] = {}
    for *section, key in [*(site.path for site in plan.sites), *_subnets(spec)]:
        other = seen.setdefault((*section, key.lower()), key)
        if other != key:
            message = f"differs from {other} in letter case only, which Azure ignores [NAME-1]"
            yield Problem((*section, key), message)


def _made_of_keys(spec: StackSpec, plan: Plan) -> dict[Path, Sequence[tuple[NameRule, str]]]:
    physical: dict[Path, Sequence[tuple[NameRule, str]]] = {
        site.path: (*site.names, (names.RESOURCE_GROUP, site.group.name)) for site in plan.sites if not site.elsewhere
    }
    for path in _subnets(spec):
        _, network, _, subnet = path
        if not spec.networks[network].outside:
            physical[path] = [(names.NETWORK_SECURITY_GROUP, plan.names.network_security_group(network, subnet))]
            for rule in spec.networks[network].subnets[subnet].security_rules:
                physical[*path, "security_rules", rule] = [(names.SECURITY_RULE, rule)]
    return physical


def _subnets(spec: StackSpec) -> list[tuple[str, str, str, str]]:
    return [
        ("networks", key, "subnets", subnet) for key, network in spec.networks.items() for subnet in network.subnets
    ]


def ranges(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Address spaces and subnets, and overlaps between networks [NET-3]."""
    refused = spec.planning.ranges == "refuse"
    for problem in _range_problems(spec, plan):
        if refused and problem.severity == "warning":
            message = f"{problem.message}, or state planning: {{ranges: warn}}"
            yield replace(problem, message=message, severity="error")
        else:
            yield problem


def _range_problems(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    spaces: dict[str, networks.Ranges] = {}
    for key, network in spec.networks.items():
        path = ("networks", key)
        space = {(*path, "address_space", str(i)): net for i, net in enumerate(network.address_space)}
        subnets = {
            (*path, "subnets", name): subnet.prefix
            for name, subnet in network.subnets.items()
            if subnet.prefix is not None
        }
        spaces[key] = space
        yield from networks.space_problems(space)
        if space:
            yield from networks.subnet_problems(space.values(), subnets)
    yield from networks.peered_overlaps(spaces, frozenset(map(frozenset, plan.peerings)))


def zones(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones: one writer each, fed if regional, and linked only to networks that reach the address [DNS-1..4]."""
    for (first, its_zones), (second, others) in combinations(plan.fed.items(), 2):
        for shared in sorted(set(its_zones) & set(others)):
            message = (
                f"writes zone {shared} ({_zone_name(plan, shared)}), which private endpoint {first} writes too: both write "
                "the same records and the last writer wins; give each its own zone, or keep one endpoint and link the "
                "other networks to its zone [DNS-2]"
            )
            yield Problem(("registry", "private_endpoints", second), message)
    fed = {zone for zone_keys in plan.fed.values() for zone in zone_keys}
    private_link = CLOUDS[spec.cloud].private_link_zone
    for key, zone in plan.zones.items():
        if zone.name.endswith((f".data.{private_link}", f".geo.{private_link}")) and key not in fed:
            message = (
                f"{zone.name} is not written by any private endpoint and shadows the names of {private_link}; remove it, "
                "or name it in dns_zones of an endpoint [DNS-3]"
            )
            yield Problem((*zone.path, "name"), message)
    yield from _links(spec, plan)
    yield from _namesakes(spec, plan)


def _namesakes(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Zones with the same name and resource group, which are one zone to Azure."""
    homes: dict[tuple[str, str], Zone] = {}
    for zone in plan.zones.values():
        network = spec.networks.get(zone.network or "")
        if network is None:
            continue
        home = "the registry" if network.outside else f"network {zone.network}"
        other = homes.setdefault((home, zone.name), zone)
        if other is not zone:
            message = (
                f"zone {zone.key} has the name {zone.name} of zone {other.key}, and both belong to the resource group of {home}, "
                "where a name is unique; keep one, and name it in dns_zones [DNS-4]"
            )
            yield Problem(zone.path, message)


def _zone_name(plan: Plan, key: str) -> str:
    return plan.zones[key].name if key in plan.zones else "unknown"


def _links(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    resolving: dict[tuple[str, str], Zone] = {}
    for zone in plan.zones.values():
        for link in zone.links:
            other = resolving.setdefault((link, zone.name), zone)
            if other is not zone:
                message = f"network {link} is linked to two zones named {zone.name}, {other.key} and {zone.key}; keep one [DNS-4]"
                yield Problem(zone.path, message)
    reached = whole_peerings(spec, plan)
    stated = {frozenset(pair) for pair in plan.peerings}
    for key, endpoint in spec.private_endpoints.items():
        for zone in (plan.zones[zone_key] for zone_key in plan.fed[key] if zone_key in plan.zones):
            path = ("registry", "private_endpoints", key)
            # The links of a zone made elsewhere are not known here.
            if endpoint.network not in zone.links and zone.id is None:
                message = f"writes zone {zone.key}, which its own network {endpoint.network} is not linked to; link it [DNS-1]"
                yield Problem(path, message)
            for link in zone.links:
                if link != endpoint.network and frozenset((link, endpoint.network)) not in reached:
                    half = frozenset((link, endpoint.network)) in stated
                    lacking, remedy = (
                        ("only one side of their peering is known to exist", "see the command for the other side")
                        if half
                        else ("the two are not peered", f"add {endpoint.network} to networks.{link}.peers")
                    )
                    message = (
                        f"{link} resolves zone {zone.key} to addresses in {endpoint.network}, but {lacking}; {remedy}, "
                        "or remove the link [DNS-5]"
                    )
                    far = spec.networks.get(link)
                    elsewhere = half or (far is not None and far.outside)
                    yield Problem(zone.path, message, "warning" if elsewhere else "error")


def fixed_addresses(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Static addresses: one for every member, each within its subnet and not reserved [ACR-15]."""
    wanted = set(members(plan.shape)) if plan.shape else set[str]()
    taken: dict[tuple[str, str, object], Path] = {}
    for key, endpoint in spec.private_endpoints.items():
        if not endpoint.static_addresses:
            continue
        path = ("registry", "private_endpoints", key, "static_addresses")
        missing, strange = (
            sorted(wanted - set(endpoint.static_addresses)),
            sorted(set(endpoint.static_addresses) - wanted),
        )
        if missing or strange:
            message = f"must name every member: missing {', '.join(missing) or 'none'}; unknown {', '.join(strange) or 'none'}"
            yield Problem(path, f"{message} [ACR-15]")
        subnet = spec.subnet(endpoint.network, endpoint.subnet)
        if subnet is None or subnet.prefix is None:
            continue
        usable = range(int(subnet.prefix.network_address) + 4, int(subnet.prefix.broadcast_address))
        for member, address in endpoint.static_addresses.items():
            if int(address) not in usable:
                yield Problem(
                    (*path, member),
                    f"{address} is not a free address of {subnet.prefix} (the first four and "
                    "the last are reserved) [NET-1]",
                )
            holder = taken.setdefault((endpoint.network, endpoint.subnet, address), (*path, member))
            if holder != (*path, member):
                yield Problem((*path, member), f"{address} is used by {'.'.join(holder)}; choose another [ACR-15]")


def registry_reach(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """An unreachable registry [ACR-11]."""
    registry = spec.registry
    if registry is None:
        return
    nobody_named = not (registry.private_endpoints or registry.ip_rules)
    # Who else reaches a registry made elsewhere is not known here.
    nobody_named = nobody_named and registry.id is None
    if registry.public_network_access == "Disabled" and not registry.private_endpoints and registry.id is None:
        message = (
            "Disabled without a private endpoint: the registry is unreachable; add one, or allow ip_rules [ACR-11]"
        )
        yield Problem(("registry", "public_network_access"), message, "warning")
    # Basic and Standard have no network rules, so the default action is not sent.
    elif registry.sku == "Premium" and registry.default_action == "Deny" and nobody_named:
        message = "Deny without ip_rules or a private endpoint: the registry is unreachable; add one [ACR-11]"
        yield Problem(("registry", "default_action"), message, "warning")


def address_ledger(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Subnets with too few addresses, or too little headroom, or unknown free addresses [ACR-5]."""
    if spec.planning.addresses == "off":
        return
    short: Severity = "error" if spec.planning.addresses == "refuse" else "warning"
    for row in plan.ledger:
        path = ("networks", row.subnet.network, "subnets", row.subnet.name)
        if not row.need:
            continue
        if row.verdict == "short":
            yield Problem(path, _shortage(row, plan), short)
        elif row.verdict == "tight":
            more = f"{row.headroom} more replica{'s' if row.headroom > 1 else ''}"
            yield Problem(path, f"{_shortage(row, plan)}; {more} will not fit", "warning")
        elif row.verdict == "undetermined":
            message = (
                f"undetermined: {row.need} addresses are needed ({_parts(row)}), and the free addresses are not known; state "
                f"free_addresses {_sources(row)}"
            )
            yield Problem(path, message, "warning")
        elif row.next_replica and row.subnet.prefix:
            small = addresses.small_for_registry(row.subnet.prefix, row.free)
            if small:
                yield Problem(path, small, "warning")


def _shortage(row: Row, plan: Plan) -> str:
    """The calculation for one subnet, with the prefix that fits."""
    subnet = row.subnet
    capacity = subnet.capacity or 0
    room = (
        f"{subnet.prefix or 'the subnet'} in {plan.sites['networks', subnet.network].name} leaves {capacity} addresses"
    )
    headroom = f", {row.headroom} of headroom in replicas wants {row.wanted}" if row.wanted > row.need else ""
    least = f", and /{row.longest_prefix} is the smallest taken" if row.too_small else ""
    asked = f"{row.need} are needed ({_parts(row)}){headroom}{least}"
    if subnet.outside:
        lacking = row.wanted - capacity
        return f"{room}, {asked}; free {lacking} there, or name another subnet {_sources(row)}"
    fits = row.fitting_prefix
    advice = addresses.size_advice(fits, registry=bool(row.next_replica), free=addresses.usable(fits) - row.need)
    return f"{room}, {asked}; {advice} {_sources(row)}"


def _sources(row: Row) -> str:
    return "".join(f"[{source}]" for source in dict.fromkeys(consumer.source for consumer in row.consumers))


def _parts(row: Row) -> str:
    return "; ".join(
        consumer.parts if len(row.consumers) == 1 else f"{consumer.name}: {consumer.parts}"
        for consumer in row.consumers
    )


CHECKS: tuple[Check, ...] = (
    interfaces,
    locations,
    cloud,
    references,
    needed,
    peers,
    far_sides,
    *WAYS,
    reserved_subnets,
    without_endpoints,
    endpoint_places,
    endpoint_neighbours,
    zone_places,
    physical_names,
    ranges,
    zones,
    resource_groups,
    shared_zones,
    zone_names,
    dns_owners,
    cached,
    credentials,
    fixed_addresses,
    registry_reach,
    *ROTATION,
    address_ledger,
    secrets_in_clear,
    moving_tags,
)
"""Checks of the common parts of every stack, in the order of the report; those of the systems follow."""
