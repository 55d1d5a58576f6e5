"""The subnets, security rules and routes that this stack created, as opposed to those created elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from components.network.others import Member
from planning.networks import has_security_group
from stacks.previous import Previous
from stacks.spec import StackSpec

SECURITY_RULES = "security_rules"
"""The output that records the created rules: network and subnet to names."""

ROUTES = "routes"
"""The output that records the created routes: route table to names."""


def stated_rules(spec: StackSpec) -> dict[str, dict[str, list[str]]]:
    """Return the names of the security rules of every subnet of this stack, by network and subnet."""
    return {
        key: {name: sorted(subnet.security_rules) for name, subnet in network.subnets.items() if subnet.security_rules}
        for key, network in spec.networks.items()
        if not network.outside
    }


def stated_routes(spec: StackSpec) -> dict[str, list[str]]:
    """Return the names of the routes of every route table of this stack, by its key."""
    return {key: sorted(table.routes) for key, table in spec.route_tables.items() if table.id is None}


def members(name: str, spec: StackSpec, previous: Previous) -> dict[str, Member]:
    """Return where the entries of each network, security group and route table are stated, and which this stack created.

    Exclusive ones are omitted. Each subnet of this stack has a security group in the engine's state, which
    distinguishes it from other subnets even after a refresh.

    Args:
        name: prefix of logical names.
        spec: the stack's spec.
        previous: the previous state of the stack.
    """
    return dict(_members(name, spec, previous))


def _members(name: str, spec: StackSpec, previous: Previous) -> Iterator[tuple[str, Member]]:
    rules = previous.outputs.get(SECURITY_RULES)
    for key, network in spec.networks.items():
        if network.outside or network.exclusive:
            continue
        component, entry = f"{name}-network-{key}", f"networks.{key}"
        groups = previous.keys("NetworkSecurityGroup", f"{component}-nsg-", "")
        yield f"{component}-vnet", Member(f"{entry}.subnets", entry, frozenset(groups))
        for subnet, subnet_spec in network.subnets.items():
            if has_security_group(subnet, subnet_spec.security_rules):
                path = f"{entry}.subnets.{subnet}.security_rules"
                yield f"{component}-nsg-{subnet}", Member(path, entry, _rules(rules, key, subnet))

    routes = previous.outputs.get(ROUTES)
    for key, table in spec.route_tables.items():
        if table.id is None and not table.exclusive:
            entry = f"route_tables.{key}"
            recorded = routes.get(key) if isinstance(routes, Mapping) else None
            created = None if routes is None else frozenset(recorded or ())
            yield f"{name}-route-table-{key}-table", Member(f"{entry}.routes", entry, created)


def _rules(recorded: object, network: str, subnet: str) -> frozenset[str] | None:
    """The recorded rules of one subnet; None if the stack is older than the record."""
    if not isinstance(recorded, Mapping):
        return None
    subnets = recorded.get(network)
    return frozenset(subnets.get(subnet) or ()) if isinstance(subnets, Mapping) else frozenset()
