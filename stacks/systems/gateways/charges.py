"""What an Application Gateway for Containers is billed for: gateway, frontends, association and capacity units."""

from __future__ import annotations

from collections.abc import Iterator

from planning import meters
from planning.charges import Item, NotKnown
from stacks.billing import running
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.usage import Usage


def charges(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    """Yield the charges of the gateways; with a web application firewall, all parts have another price [COST-TABLE]."""
    for key, gateway in spec.gateways.items():
        path = ("gateways", key)
        region = plan.sites[path].location
        guarded = gateway.firewall is not None
        count = len(gateway.frontends)
        yield running(path, region, "gateway", meters.GATEWAY[guarded], usage)
        yield running(path, region, f"{count} frontends", meters.GATEWAY_FRONTEND[guarded], usage, count)
        yield running(path, region, "association", meters.GATEWAY_ASSOCIATION[guarded], usage)
        yield NotKnown(path, region, "capacity units", "depends on connections and data [COST-TABLE]")
