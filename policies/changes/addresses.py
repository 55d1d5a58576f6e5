"""Subnets that become too small."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planning.addresses import fitting_prefix, registry_consumer, size_advice, usable
from policies.changes.common import change_rule
from policies.model import Graph, Resource, Undetermined, Verdict, fail, undetermined
from policies.plan import Changes
from policies.rules import types as t
from policies.rules.relations import Subnet, endpoints_to, is_on, regions_of, subnets_of


@change_rule(
    id="MOOR-CHG-004",
    title="Subnet has too few addresses after the change",
    severity="critical",
    covers=("D1", "D3", "D28"),
    docs="container-registry/container-registry-private-link",
    remedy="enlarge addressPrefix of the subnet, or move the private endpoint to a larger one, in a separate change first",
)
def every_subnet_has_room_afterwards(changes: Changes) -> Iterator[Verdict]:
    """Every subnet with a private endpoint of a registry has an address for each of its members after the change.

    Each replica takes one further address in every attached subnet, two with regional endpoints. If one subnet lacks them, Azure
    rolls the replica back, and the error names no subnet [ACR-5].
    """
    after, before = _needs(changes), _needs(changes.before)
    for key, (subnet, by_endpoint, parts) in after.items():
        try:
            prefix = subnet.prefix()
        except Undetermined as unknown:
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
        was = sum(before[key][1].values()) if key in before else 0
        taken = f" after {others} of other resources" if others else ""
        yield fail(
            f"subnet {subnet.label}: {prefix} leaves {room} addresses{taken}, {need} are needed after the change "
            f"({parts}; {was} before); {size_advice(fitting_prefix(need + others), registry=True)} [ACR-7]",
            path=subnet.at("addressPrefix"),
            resource=subnet.resource,
        )


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
            network = subnet.network or subnet.resource
            _, by_endpoint, _ = found.setdefault((network.urn, subnet.name.lower()), (subnet, {}, consumer.parts))
            by_endpoint[endpoint.urn] = consumer.need
    return found


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
