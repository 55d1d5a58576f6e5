"""Rules on Log Analytics workspaces."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from planning.names import NameRule
from planning.regions import normalise
from policies.model import Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import (
    OPT_IN,
    Pattern,
    all_of,
    configured,
    declare,
    follows_convention,
    must_be,
    must_be_set,
    must_satisfy,
    name_is,
    same,
)
from policies.rules.relations import once_a_graph

_workspace = partial(declare, types=(t.WORKSPACE,), pillar="operations")

WORKSPACE_NAME = NameRule(
    "Log Analytics workspace",
    re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*[A-Za-z0-9]"),
    4,
    63,
    "letters, digits and '-' within",
)


class Regions(RuleConfig):
    """Regions that a replica of logs may lie in; none stated leaves the choice free."""

    regions: tuple[str, ...] = ()


class Retention(RuleConfig):
    """Fewest days that logs are kept."""

    days: int = 30


def _replication(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    if resource.value("replication.enabled") is not True:
        yield fail("replication.enabled is not true, allowed is true", "replication.enabled")
        return
    region = normalise(str(resource.value("replication.location", "")))
    if config.regions and region not in {normalise(each) for each in config.regions}:
        allowed = ", ".join(config.regions)
        yield fail(f"replication.location is {region}, allowed is {allowed}", "replication.location")


@once_a_graph
def _key_users(graph: Graph) -> Mapping[str, list[Resource]]:
    """Return the environments of Container Apps that write with a workspace's key, by the workspace's urn."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for each in graph.of(t.ENVIRONMENT):
        destination = "appLogsConfiguration.destination"
        if not each.has_unknown(destination) and same(each.value(destination), "log-analytics"):
            for workspace in graph.references(each, "appLogsConfiguration.logAnalyticsConfiguration"):
                found[workspace.urn].append(each)
    return found


def shared_key_users(graph: Graph, workspace: Resource) -> list[Resource]:
    """Return the environments of Container Apps that write to a workspace with its key."""
    return _key_users(graph).get(workspace.urn, [])


def _keyless(resource: Resource, graph: Graph, config: Any) -> str | None:
    users = shared_key_users(graph, resource)
    names = ", ".join(each.name for each in users)
    return f"{names} can write with the workspace's key only" if users else None


def _key_needed(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    users = ", ".join(each.name for each in shared_key_users(graph, resource))
    if users and resource.value("features.disableLocalAuth") is True:
        yield fail(f"features.disableLocalAuth is true while {users} write with its key", "features.disableLocalAuth")


def _has_key_users(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if shared_key_users(graph, resource) else "nobody writes with its key"


def _destination(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    allowed = {normalise(each) for each in config.regions}
    for workspace in graph.references(resource, "workspaceId", t.WORKSPACE):
        region = graph.location(workspace)
        if region not in allowed:
            yield fail(
                f"its logs go to {workspace.name} in {region}, allowed is {', '.join(config.regions)}", "workspaceId"
            )


RULES: tuple[Rule, ...] = (
    _workspace(
        _replication,
        id="MOOR-LOG-001",
        title="Logs lie in one region",
        severity="low",
        pillar="reliability",
        what="A workspace is replicated to an allowed region.",
        why="Nobody sees anything while the region that fails holds the logs. Off unless named: it doubles the price.",
        remedy="set replication.enabled: true and its location",
        docs="azure-monitor/logs/workspace-replication",
        covers=("1.6#1", "PSR-Log.Replication", "PSR-Log.ReplicaLocation"),
        profiles=OPT_IN,
        config=Regions,
    ),
    _workspace(
        must_be("features.disableLocalAuth", True, default=False),
        id="MOOR-LOG-002",
        title="Logs can be written with a key",
        severity="medium",
        pillar="security",
        what="A workspace takes no shared key.",
        why="Whoever has the key can write whatever log, for ever.",
        remedy="set features.disableLocalAuth: true",
        docs="azure-monitor/logs/manage-access",
        covers=("1.6#2", "AZP-e15effd4"),
        frameworks=("MCSB IM-1",),
        where=(_keyless,),
    ),
    _workspace(
        all_of(
            must_be("publicNetworkAccessForIngestion", "Disabled", default="Enabled"),
            must_be("publicNetworkAccessForQuery", "Disabled", default="Enabled"),
        ),
        id="MOOR-LOG-003",
        title="Workspace is reachable from the internet",
        severity="low",
        pillar="security",
        what="A workspace is written and read by private link only.",
        why="For who has a private link scope. Off unless named.",
        remedy="set both publicNetworkAccessFor…: Disabled, and add a private link scope",
        docs="azure-monitor/logs/private-link-security",
        covers=("1.6#3", "AZP-6c53d030", "AZP-d3ba9c42"),
        frameworks=("MCSB NS-2",),
        profiles=OPT_IN,
    ),
    _workspace(
        all_of(
            name_is(WORKSPACE_NAME),
            must_satisfy("retentionInDays", lambda days, config: days >= config.days, "{days} or more", default=30),
        ),
        id="MOOR-LOG-004",
        title="Workspace's name or retention is out of range",
        severity="low",
        what="A workspace has a name that Azure takes, and keeps logs for a month at least.",
        why="The service refuses other names; shorter retention than a month is not cheaper.",
        remedy="take another name, or raise retentionInDays",
        docs="azure-monitor/logs/data-retention-configure",
        covers=("1.6#4", "PSR-Log.Name", "APRL-b36fd2ac", "APRL-4b77191c"),
        config=Retention,
    ),
    _workspace(
        follows_convention,
        id="MOOR-LOG-104",
        title="Workspace's name breaks the convention",
        severity="low",
        what="Names follow the convention, where one is configured.",
        why="The convention tells whose it is.",
        remedy="rename it before it is made, or change pattern",
        docs="cloud-adoption-framework/ready/azure-best-practices/resource-naming",
        covers=("1.6#4", "PSR-Log.Naming"),
        config=Pattern,
        where=(configured("pattern"),),
    ),
    _workspace(
        _key_needed,
        id="MOOR-DOM-027",
        title="Workspace refuses the key that apps write with",
        severity="medium",
        what="A workspace that environments write to with its key takes the key.",
        why="Container Apps' destination log-analytics knows the shared key only: with it refused, logs are lost in silence.",
        remedy="set destination: azure-monitor with a diagnostic setting, or keep the key",
        docs="container-apps/log-options",
        covers=("D27", "1.6#2"),
        where=(_has_key_users,),
    ),
    declare(
        _destination,
        types=(t.DIAGNOSTIC_SETTING,),
        id="MOOR-DOM-127",
        title="Logs leave the allowed regions",
        severity="medium",
        what="Diagnostic settings write to allowed regions.",
        why="Logs hold names, addresses and queries of customers.",
        remedy="take a workspace in an allowed region, or add the region to regions",
        docs="azure-monitor/essentials/diagnostic-settings",
        covers=("D27",),
        config=Regions,
        where=(configured("regions"),),
    ),
    declare(
        all_of(
            must_be_set("keyVaultProperties.keyVaultUri", "the vault of a key of one's own"),
            must_be("isDoubleEncryptionEnabled", True, default=True),
        ),
        types=(t.LOG_CLUSTER,),
        id="MOOR-LOG-005",
        title="Dedicated cluster is encrypted with Microsoft's key",
        severity="low",
        what="A dedicated cluster has a key of one's own, and encrypts twice.",
        why="That is mostly why somebody has one. Off unless named.",
        remedy="state keyVaultProperties",
        docs="azure-monitor/logs/customer-managed-keys",
        covers=("1.6#5", "AZP-1f68a601", "AZP-ea0dfaed"),
        frameworks=("MCSB DP-5",),
        profiles=OPT_IN,
    ),
)
