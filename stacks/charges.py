"""What a stack is billed for: the charges of every system, and of the sections that all systems use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from planning import meters
from planning.charges import Item, NoCharge, NotKnown
from stacks.billing import public_address, running, stated, zone
from stacks.loader import Stack
from stacks.plan import Plan
from stacks.spec import StackSpec
from stacks.system import Charges
from stacks.systems.catalog import SYSTEMS
from stacks.usage import Usage

_BITS = 32
"""Length of an IPv4 address."""


def charges(stack: Stack, usage: Usage) -> Iterator[Item]:
    """Yield what the entries of a stack are billed for; what is made elsewhere is billed there.

    Args:
        stack: the description.
        usage: the usage that is assumed.
    """
    for each in SECTIONS.values():
        if not isinstance(each, NoCharge):
            yield from each(stack.spec, stack.plan, usage)


def _networks(spec: StackSpec, plan: Plan, _usage: Usage) -> Iterator[Item]:
    """Data between peered networks, and service endpoints; the networks themselves are free [COST-FREE]."""
    for key, network in spec.networks.items():
        if any(subnet.service_endpoints for subnet in network.subnets.values()):
            why = (
                "whether the meter Standard Service Endpoint Virtual Network applies is not documented [COST-ENDPOINTS]"
            )
            path = ("networks", key)
            yield NotKnown(path, plan.sites[path].location, "service endpoints", why)
    for pair in plan.peerings:
        sites = [plan.sites["networks", key] for key in pair]
        if all(spec.networks[key].outside for key in pair):
            continue
        part = f"data between {pair[0]} and {pair[1]}"
        yield NotKnown(sites[0].path, sites[0].location, part, "depends on the traffic between the networks")


def _zones(_spec: StackSpec, plan: Plan, _usage: Usage) -> Iterator[Item]:
    for each in plan.zones.values():
        if each.id is None and each.network is not None:
            yield zone(each.path, plan.sites["networks", each.network].location, each.name)


def _nat_gateways(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    for key, gateway in spec.nat_gateways.items():
        if gateway.id is not None:
            continue
        path = ("nat_gateways", key)
        region = plan.sites[path].location
        count = 2 ** (_BITS - int(gateway.public_prefix[1:]))
        yield running(path, region, "NAT gateway", meters.NAT_GATEWAY, usage)
        yield running(path, region, f"{count} public IP addresses", meters.PREFIX_ADDRESS, usage, count)
        yield stated(path, region, "outbound data", meters.NAT_DATA, usage.outbound_gb, "outbound_gb")


def _firewalls(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    for key, firewall in spec.firewalls.items():
        if firewall.id is not None:
            continue
        path = ("firewalls", key)
        region = plan.sites[path].location
        yield running(path, region, f"{firewall.tier} firewall", meters.FIREWALL[firewall.tier], usage)
        yield public_address(path, region, usage)
        data = meters.FIREWALL_DATA[firewall.tier]
        yield stated(path, region, "data through the firewall", data, usage.outbound_gb, "outbound_gb")
        why = "depends on how far the firewall scales out"
        yield NotKnown(path, region, "capacity units", f"{why} [COST-TABLE]")


def _monitoring(spec: StackSpec, plan: Plan, usage: Usage) -> Iterator[Item]:
    for key, workspace in spec.monitoring.workspaces.items():
        if workspace.id is not None:
            continue
        path = ("monitoring", "workspaces", key)
        region = plan.sites[path].location
        daily = usage.logs_gb_per_day
        if daily is not None and workspace.daily_cap_gb is not None:
            daily = min(daily, workspace.daily_cap_gb)
        monthly = None if daily is None else daily * usage.days
        yield stated(path, region, "log ingestion", meters.LOGS, monthly, "logs_gb_per_day")
        kept = workspace.retention_days - meters.FREE_RETENTION_DAYS
        if kept > 0:
            held = None if daily is None else daily * kept
            part = f"log retention beyond {meters.FREE_RETENTION_DAYS} days"
            yield stated(path, region, part, meters.LOG_RETENTION, held, "logs_gb_per_day")
    for key, metrics in spec.monitoring.metrics_workspaces.items():
        if metrics.id is None:
            path = ("monitoring", "metrics_workspaces", key)
            region = plan.sites[path].location
            yield NotKnown(path, region, "metrics", "depends on the number of samples that clusters send")


_SETTINGS = NoCharge("a setting of other sections, which makes no resource")

SECTIONS: Mapping[str, Charges | NoCharge] = {
    "networks": _networks,
    "dns": _zones,
    "nat_gateways": _nat_gateways,
    "firewalls": _firewalls,
    "monitoring": _monitoring,
    "resource_groups": NoCharge("resource groups are free [COST-FREE]"),
    "route_tables": NoCharge("route tables are free [COST-FREE]"),
    "identities": NoCharge("managed identities are free [COST-FREE]"),
    "image_endpoints": _SETTINGS,
    "image_policy": _SETTINGS,
    "planning": _SETTINGS,
    **{system.section: system.charges for system in SYSTEMS},
}
"""The charges of each section of a stack file that may make something."""
