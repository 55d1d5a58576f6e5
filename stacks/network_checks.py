"""Checks of networks: peerings with networks made elsewhere, reserved subnets, and other subscriptions."""

from __future__ import annotations

from collections.abc import Iterator

from components.elsewhere import parsed
from components.registry.spec import RegistrySpec
from planning import networks
from planning.problems import Problem
from stacks.plan import Peering, Plan
from stacks.previous import Previous
from stacks.spec import StackSpec


def half_peerings(spec: StackSpec, plan: Plan) -> dict[Peering, tuple[str, str]]:
    """Return the peerings of which only one side is known to exist, as keys of the near and the far network.

    The far side belongs to a network made elsewhere, whose own ``peers`` states its side.
    """
    found: dict[Peering, tuple[str, str]] = {}
    for pair in plan.peerings:
        far = [key for key in pair if spec.networks[key].outside]
        if len(far) == 1:
            near = next(key for key in pair if key != far[0])
            if near not in spec.networks[far[0]].peered:
                found[pair] = (near, far[0])
    return found


def whole_peerings(spec: StackSpec, plan: Plan) -> frozenset[frozenset[str]]:
    """Return the pairs of networks whose peering has both sides."""
    half = half_peerings(spec, plan)
    return frozenset(frozenset(pair) for pair in plan.peerings if pair not in half)


def far_sides_behind(name: str, spec: StackSpec, plan: Plan, previous: Previous) -> Iterator[Problem]:
    """Networks whose address space changes, peered with networks made elsewhere: the side there keeps the old one [NET-SYNC].

    Args:
        name: what logical names start with.
        spec: the description.
        plan: what was computed from it.
        previous: what the stack held before.
    """
    held = previous.keys("VirtualNetwork", f"{name}-network-", "-vnet")
    for pair in plan.peerings:
        for near, far in (pair, pair[::-1]):
            if near not in held or not spec.networks[far].outside:
                continue
            # The state has the previous address space, which the specs of this run no longer contain.
            before = (held[near].outputs.get("addressSpace") or {}).get("addressPrefixes") or []
            if set(before) != {str(prefix) for prefix in spec.networks[near].address_space}:
                command = f"az network vnet peering sync {_named(spec, far)} -n {far}-to-{near}"
                message = (
                    f"changes its address space, and {far}, which is made elsewhere, follows only when the peering there is "
                    f"synchronised; after this change, run {command} [NET-SYNC]"
                )
                yield Problem(("networks", near, "address_space"), message, "warning")


def _named(spec: StackSpec, key: str) -> str:
    """Return the options of the command line that name a network made elsewhere; its id may be an output that is not known."""
    there = parsed(spec.networks[key].id)
    if there is None:
        return f"--subscription SUBSCRIPTION -g GROUP --vnet-name NAME (the network of {spec.networks[key].id})"
    return f"--subscription {there.subscription} -g {there.resource_group} --vnet-name {there.name}"


def far_sides(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Peerings without their other side, which stay Initiated and carry no traffic [NET-4]."""
    for near, far in half_peerings(spec, plan).values():
        site = plan.sites["networks", near]
        here = f'"$(az network vnet show -g {site.group.name} -n {site.name} --query id -o tsv)"'
        remote = f"--remote-vnet {here} --allow-vnet-access"
        command = f"az network vnet peering create {_named(spec, far)} -n {far}-to-{near} {remote}"
        message = (
            f"is peered with {far}, which is made elsewhere: this stack creates one side only, and the peering "
            "carries no traffic "
            f"until the other is created there; run {command}, then add {near} to networks.{far}.peers [NET-4]"
        )
        yield Problem(("networks", near), message, "warning")


def ways_out(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Route tables and NAT gateways of subnets: in the region of the network [RT-1, NAT-1]."""
    for key, network in spec.networks.items():
        region = plan.sites["networks", key].location
        for name, subnet in network.subnets.items():
            stated = (
                ("route_table", "route_tables", subnet.route_table),
                ("nat_gateway", "nat_gateways", subnet.nat_gateway),
            )
            for field, section, way in stated:
                if way is None or way not in getattr(spec, section):
                    continue
                site = plan.sites[section, way]
                theirs = site.location
                if theirs != region and (site.stated or not site.elsewhere):
                    message = (
                        f"{way} is in {theirs} and the network in {region}; state {section}.{way}.location: {region}, or name "
                        "another [NET-REFERENCE]"
                    )
                    yield Problem(("networks", key, "subnets", name, field), message)


def gateways_of_peers(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Gateways of peered networks: one at most, and one that the other network lets this one use [NET-GATEWAY]."""
    del plan
    for key, network in spec.networks.items():
        using = [peer for peer, side in network.peerings.items() if side.use_remote_gateways]
        for peer in using[1:]:
            path = ("networks", key, "peerings", peer, "use_remote_gateways")
            yield Problem(
                path, f"true for {using[0]} as well; a network uses the gateway of one other: keep one [NET-GATEWAY]"
            )
        for peer in using:
            far = spec.networks.get(peer)
            lets = far and key in far.peerings and far.peerings[key].gateway_transit
            if far and not far.outside and not lets:
                path = ("networks", key, "peerings", peer, "use_remote_gateways")
                message = (
                    f"true, but {peer} does not allow it; state networks.{peer}.peerings.{key}.gateway_transit: true"
                )
                yield Problem(path, f"{message} [NET-GATEWAY]")


def reserved_subnets(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Consumers of addresses in a subnet whose name Azure reserves for one service [NET-RESERVED]."""
    del spec
    for row in plan.ledger:
        name = row.subnet.name
        if row.consumers and networks.is_reserved(name):
            takers = ", ".join(consumer.name for consumer in row.consumers)
            message = f"is reserved for {networks.reserved_for(name)}, and {takers} would be in it; name another subnet"
            yield Problem(("networks", row.subnet.network, "subnets", name), f"{message} [NET-RESERVED]")


def without_endpoints(spec: StackSpec, plan: Plan) -> Iterator[Problem]:
    """Settings that apply to private endpoints, in a stack that has none."""
    del plan
    registry = spec.registry
    if (
        registry
        and registry.headroom > RegistrySpec.model_fields["headroom"].default
        and not registry.private_endpoints
    ):
        message = f"{registry.headroom} has no effect without private endpoints, which use an address of each replica"
        yield Problem(("registry", "headroom"), f"{message}; add one, or remove it", "warning")
    environments = any(environment.private_endpoints for environment in spec.container_apps.values())
    if spec.dns.managed != "stack" and not (spec.private_endpoints or environments):
        message = f"{spec.dns.managed} has no effect without private endpoints, whose records it is about"
        yield Problem(("dns", "managed"), f"{message}; add one, or remove it", "warning")
