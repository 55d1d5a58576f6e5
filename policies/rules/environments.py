"""Rules on Container Apps environments."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import OPT_IN, REGULATED, Graph, Resource, Rule, Verdict, fail, not_applicable
from policies.rules import types as t
from policies.rules.diagnostics import settings_of
from policies.rules.forms import Zoneless, must_be, must_be_set, only_with, same, shown
from policies.rules.relations import has_no_zones

_environment = partial(Rule, types=(t.ENVIRONMENT,))


def _internal(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    internal = resource.value("vnetConfiguration.internal") is True
    if not internal and not same(resource.value("publicNetworkAccess"), "Disabled"):
        yield fail(
            "vnetConfiguration.internal is not true and publicNetworkAccess is not Disabled, expected one of them"
        )


def _zonal(resource: Resource, graph: Graph, config: Zoneless) -> Iterator[Verdict]:
    region = graph.location(resource)
    if has_no_zones(region, config.regions_without_zones):
        yield not_applicable(f"{region} has no availability zones")
        return
    yield from must_be("zoneRedundant", True, default=False)(resource, graph, config)


def _logs(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    destination = resource.value("appLogsConfiguration.destination")
    path = "appLogsConfiguration.destination"
    if not destination or same(destination, "none"):
        yield fail(f"{path} is {shown(destination)}, expected log-analytics or azure-monitor", path)
    elif same(destination, "azure-monitor") and not settings_of(graph, resource):
        yield fail(f"{path} is azure-monitor and the environment has no diagnostic setting, expected one", path)


def _several_regions(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    regions = {graph.location(each) for each in graph.of(t.ENVIRONMENT)}
    if len(regions) < 2:
        yield fail(f"all environments are in {', '.join(regions)}, expected at least two regions")
    elif not graph.of(t.ROUTE_PROFILE):
        yield fail("environments are in several regions without a Front Door profile, expected one")


RULES: tuple[Rule, ...] = (
    _environment(
        _internal,
        id="MOOR-ACA-010",
        title="Container Apps environment is not internal",
        severity="medium",
        what="A Container Apps environment has no public address.",
        why="Otherwise one setting exposes any of its apps to the internet. It cannot be changed later.",
        remedy="create the environment with vnetConfiguration.internal: true",
        docs="container-apps/networking",
        covers=("1.3#10", "AZR-000363", "AZP-d074ddf8"),
        frameworks=("MCSB NS-2",),
        profiles=REGULATED,
    ),
    _environment(
        must_be_set("vnetConfiguration.infrastructureSubnetId", "the id of a delegated subnet"),
        id="MOOR-ACA-011",
        title="Virtual network is not configured for the environment",
        severity="high",
        what="A Container Apps environment is in a virtual network.",
        why="Only from a virtual network can it reach private endpoints, such as that of the registry. It cannot be "
        "changed later.",
        remedy="create the environment with vnetConfiguration.infrastructureSubnetId",
        docs="container-apps/custom-virtual-networks",
        covers=("1.3#11", "AZP-8b346db6"),
        frameworks=("MCSB NS-1",),
    ),
    _environment(
        _zonal,
        id="MOOR-ACA-012",
        title="Zone redundancy is not enabled",
        severity="high",
        pillar="reliability",
        what="A Container Apps environment is zone redundant.",
        why="Otherwise all replicas can be in one datacenter. It cannot be changed later.",
        remedy="create the environment with zoneRedundant: true",
        docs="reliability/reliability-container-apps",
        covers=("1.3#12", "AZR-000414", "AZP-42daa904", "APRL-f4201965", "RC-ACA-01.01.01"),
        config=Zoneless,
        where=(
            only_with(
                "vnetConfiguration.infrastructureSubnetId", "zone redundancy requires a subnet, which it does not have"
            ),
        ),
    ),
    _environment(
        _logs,
        id="MOOR-ACA-017",
        title="Log destination is not configured for the environment",
        severity="medium",
        pillar="operations",
        what="Logs of a Container Apps environment are collected.",
        why="Otherwise the log of a replica is deleted with it.",
        remedy="set appLogsConfiguration.destination to log-analytics, or to azure-monitor with a diagnosticSettings "
        "resource",
        docs="container-apps/log-options",
        covers=("1.3#17", "AZP-6a664864"),
        frameworks=("MCSB LT-3",),
    ),
    _environment(
        _several_regions,
        id="MOOR-ACA-018",
        title="Container Apps environments are in a single region",
        severity="low",
        pillar="reliability",
        what="Container Apps environments are in two regions, with Azure Front Door in front.",
        why="The rule is for services that have to survive the failure of a region. Opt-in.",
        remedy="add a managedEnvironments resource in another location, and a Front Door profile",
        docs="reliability/reliability-container-apps",
        covers=("1.3#18", "RC-ACA-01.01.03", "RC-ACA-01.01.04"),
        profiles=OPT_IN,
    ),
)
