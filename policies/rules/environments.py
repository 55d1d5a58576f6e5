"""Rules on the environments that Container Apps run in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.diagnostics import settings_of
from policies.rules.forms import (
    OPT_IN,
    REGULATED,
    declare,
    must_be,
    must_be_set,
    only_with,
    same,
)
from policies.rules.relations import has_no_zones

_environment = partial(declare, types=(t.ENVIRONMENT,))


class Zones(RuleConfig):
    """Regions that have no zones beside those known."""

    regions_without_zones: tuple[str, ...] = ()


def _internal(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    internal = resource.value("vnetConfiguration.internal") is True
    if not internal and not same(resource.value("publicNetworkAccess"), "Disabled"):
        yield fail("neither vnetConfiguration.internal is true nor publicNetworkAccess Disabled, allowed is either")


def _zonal(resource: Resource, graph: Graph, config: Zones) -> Iterator[Verdict]:
    region = graph.location(resource)
    if has_no_zones(region, config.regions_without_zones):
        yield not_applicable(f"{region} has no zones")
        return
    yield from must_be("zoneRedundant", True, default=False)(resource, graph, config)


def _logs(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    destination = resource.value("appLogsConfiguration.destination")
    if not destination:
        yield fail("appLogsConfiguration.destination is not stated, allowed is log-analytics or azure-monitor")
    elif same(destination, "azure-monitor") and not settings_of(graph, resource):
        yield fail("the destination is azure-monitor and no diagnostic setting receives the logs")


def _several_regions(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    regions = {graph.location(each) for each in graph.of(t.ENVIRONMENT)}
    if len(regions) < 2:
        yield fail(f"all environments lie in {', '.join(regions)}, allowed are two regions or more")
    elif not graph.of(t.ROUTE_PROFILE):
        yield fail("environments in several regions and nothing in front of them, allowed is a Front Door profile")


RULES: tuple[Rule, ...] = (
    _environment(
        _internal,
        id="MOOR-ACA-010",
        title="Environment has a public address",
        severity="medium",
        what="An environment has no public address.",
        why="Every app of it can be put on the internet by one switch otherwise. It cannot be changed later.",
        remedy="make the environment with vnetConfiguration.internal: true",
        docs="container-apps/networking",
        covers=("1.3#10", "AZR-000363", "AZP-d074ddf8"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
    ),
    _environment(
        must_be_set("vnetConfiguration.infrastructureSubnetId", "the id of a delegated subnet"),
        id="MOOR-ACA-011",
        title="Environment is in nobody's network",
        severity="high",
        what="An environment is in a network of one's own.",
        why="Only from there it reaches private endpoints, such as the registry's. It cannot be changed later.",
        remedy="make the environment with vnetConfiguration.infrastructureSubnetId",
        docs="container-apps/custom-virtual-networks",
        covers=("1.3#11", "AZP-8b346db6"),
        frameworks=("MCSB NS-1",),
    ),
    _environment(
        _zonal,
        id="MOOR-ACA-012",
        title="Environment lies in one zone",
        severity="high",
        pillar="reliability",
        what="An environment spreads over the zones of its region.",
        why="Replicas otherwise share one building. It cannot be changed later.",
        remedy="make the environment with zoneRedundant: true",
        docs="reliability/reliability-container-apps",
        covers=("1.3#12", "AZR-000414", "AZP-42daa904", "APRL-f4201965", "RC-ACA-01.01.01"),
        config=Zones,
        where=(only_with("vnetConfiguration.infrastructureSubnetId", "zones need a subnet, which it does not have"),),
    ),
    _environment(
        _logs,
        id="MOOR-ACA-017",
        title="Nobody keeps the logs of apps",
        severity="medium",
        pillar="operations",
        what="An environment's logs go somewhere.",
        why="A replica's log goes with it otherwise.",
        remedy="set appLogsConfiguration.destination, and a diagnostic setting for azure-monitor",
        docs="container-apps/log-options",
        covers=("1.3#17", "AZP-6a664864"),
        frameworks=("MCSB LT-3",),
    ),
    _environment(
        _several_regions,
        id="MOOR-ACA-018",
        title="All environments lie in one region",
        severity="low",
        pillar="reliability",
        what="Environments lie in two regions, with Front Door in front.",
        why="For services that must outlive a region. Off unless named.",
        remedy="add an environment elsewhere and a Front Door profile",
        docs="reliability/reliability-container-apps",
        covers=("1.3#18", "RC-ACA-01.01.03", "RC-ACA-01.01.04"),
        profiles=OPT_IN,
    ),
)
