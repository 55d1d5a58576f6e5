"""Rules on Log Analytics workspaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from planning import names
from planning.regions import normalise
from policies.model import OPT_IN, Graph, Resource, Rule, RuleConfig, Verdict, fail
from policies.rules import types as t
from policies.rules.forms import (
    all_of,
    configured,
    must_be,
    must_be_set,
    must_satisfy,
    name_is,
    naming_convention,
    same,
)
from policies.rules.relations import once_a_graph

_workspace = partial(Rule, types=(t.WORKSPACE,), pillar="operations")


class Regions(RuleConfig):
    """Allowed regions of logs; by default all regions."""

    regions: tuple[str, ...] = ()


class Retention(RuleConfig):
    """Lowest number of days that logs are kept."""

    days: int = 30


def _replication(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    if resource.value("replication.enabled") is not True:
        yield fail("replication.enabled is not true, expected true", "replication.enabled")
        return
    region = normalise(str(resource.value("replication.location", "")))
    if config.regions and region not in {normalise(each) for each in config.regions}:
        expected = ", ".join(config.regions)
        yield fail(f"replication.location is {region}, expected one of {expected}", "replication.location")


@once_a_graph
def _key_users(graph: Graph) -> Mapping[str, list[Resource]]:
    """Return the Container Apps environments that write with the key of a workspace, by the URN of the workspace."""
    found: dict[str, list[Resource]] = defaultdict(list)
    for each in graph.of(t.ENVIRONMENT):
        destination = "appLogsConfiguration.destination"
        if not each.has_unknown(destination) and same(each.value(destination), "log-analytics"):
            for workspace in graph.references(each, "appLogsConfiguration.logAnalyticsConfiguration"):
                found[workspace.urn].append(each)
    return found


def shared_key_users(graph: Graph, workspace: Resource) -> list[Resource]:
    """Return the Container Apps environments that write to a workspace with its key."""
    return _key_users(graph).get(workspace.urn, [])


def _keyless(resource: Resource, graph: Graph, config: Any) -> str | None:
    users = shared_key_users(graph, resource)
    shown_names = ", ".join(each.name for each in users)
    return f"{shown_names} can write with the key of the workspace only" if users else None


def _key_needed(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    users = ", ".join(each.name for each in shared_key_users(graph, resource))
    if users and resource.value("features.disableLocalAuth") is True:
        yield fail(f"features.disableLocalAuth is true while {users} write with its key", "features.disableLocalAuth")


def _has_key_users(resource: Resource, graph: Graph, config: Any) -> str | None:
    return None if shared_key_users(graph, resource) else "no environment writes with its key"


def _destination(resource: Resource, graph: Graph, config: Regions) -> Iterator[Verdict]:
    allowed = {normalise(each) for each in config.regions}
    for workspace in graph.references(resource, "workspaceId", t.WORKSPACE):
        region = graph.location(workspace)
        if region not in allowed:
            yield fail(
                f"logs are sent to {workspace.name} in {region}, expected one of {', '.join(config.regions)}",
                "workspaceId",
            )


RULES: tuple[Rule, ...] = (
    _workspace(
        _replication,
        id="MOOR-LOG-001",
        title="Workspace replication is not enabled",
        severity="low",
        pillar="reliability",
        what="A Log Analytics workspace is replicated to an allowed region.",
        why="Without replication, logs are unavailable while the region that contains them fails. Opt-in, because it "
        "doubles the price.",
        remedy="set replication.enabled: true and replication.location",
        docs="azure-monitor/logs/workspace-replication",
        covers=("1.6#1", "PSR-Log.Replication", "PSR-Log.ReplicaLocation"),
        profiles=OPT_IN,
        config=Regions,
    ),
    _workspace(
        must_be("features.disableLocalAuth", True, default=False),
        id="MOOR-LOG-002",
        title="Local authentication is enabled for the workspace",
        severity="medium",
        pillar="security",
        what="A Log Analytics workspace accepts no shared keys.",
        why="Anyone who has the key can write arbitrary logs without expiry.",
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
        title="Public network access to the workspace is enabled",
        severity="low",
        pillar="security",
        what="A Log Analytics workspace is accessed by private link only.",
        why="The rule is for networks with an Azure Monitor private link scope. Opt-in.",
        remedy="set publicNetworkAccessForIngestion and publicNetworkAccessForQuery: Disabled, and add a private link "
        "scope",
        docs="azure-monitor/logs/private-link-security",
        covers=("1.6#3", "AZP-6c53d030", "AZP-d3ba9c42"),
        frameworks=("MCSB NS-2",),
        profiles=OPT_IN,
    ),
    _workspace(
        all_of(
            name_is(names.WORKSPACE),
            must_satisfy("retentionInDays", lambda days, config: days >= config.days, "{days} or more", default=30),
        ),
        id="MOOR-LOG-004",
        title="Workspace name or retention is out of range",
        severity="low",
        what="A Log Analytics workspace has a valid name and keeps logs for at least a month.",
        why="Azure refuses other names, and a retention of less than a month is not cheaper.",
        remedy="change workspaceName to a valid name, or increase retentionInDays",
        docs="azure-monitor/logs/data-retention-configure",
        covers=("1.6#4", "PSR-Log.Name", "APRL-b36fd2ac", "APRL-4b77191c"),
        config=Retention,
    ),
    naming_convention(
        types=(t.WORKSPACE,),
        id="MOOR-LOG-104",
        title="Workspace name does not follow the naming convention",
        what="The name of a Log Analytics workspace follows the configured naming convention.",
        why="The convention identifies the owner.",
        remedy="change workspaceName before the workspace is created, or change pattern",
        covers=("1.6#4", "PSR-Log.Naming"),
    ),
    _workspace(
        _key_needed,
        id="MOOR-DOM-027",
        title="Workspace does not accept the shared key of its environments",
        severity="medium",
        what="A Log Analytics workspace that Container Apps environments write to with its key accepts the key.",
        why="The log destination log-analytics of Container Apps supports only the shared key. Without it, logs are "
        "lost without an error.",
        remedy="set appLogsConfiguration.destination: azure-monitor with a diagnosticSettings resource, or remove "
        "features.disableLocalAuth",
        docs="container-apps/log-options",
        covers=("D27", "1.6#2"),
        where=(_has_key_users,),
    ),
    Rule(
        _destination,
        types=(t.DIAGNOSTIC_SETTING,),
        id="MOOR-DOM-127",
        title="Logs are sent to a region that is not allowed",
        severity="medium",
        what="Diagnostic settings send logs to allowed regions.",
        why="Logs contain names, addresses and queries of customers.",
        remedy="set workspaceId to a workspace in an allowed region, or add the region to regions",
        docs="azure-monitor/essentials/diagnostic-settings",
        covers=("D27",),
        config=Regions,
        where=(configured("regions"),),
    ),
    Rule(
        all_of(
            must_be_set("keyVaultProperties.keyVaultUri", "the key vault of a customer-managed key"),
            must_be("isDoubleEncryptionEnabled", True, default=True),
        ),
        types=(t.LOG_CLUSTER,),
        id="MOOR-LOG-005",
        title="Customer-managed key is not configured for the dedicated cluster",
        severity="low",
        what="A dedicated cluster has a customer-managed key and double encryption.",
        why="It is the main reason for a dedicated cluster. Opt-in.",
        remedy="set keyVaultProperties.keyVaultUri and isDoubleEncryptionEnabled: true",
        docs="azure-monitor/logs/customer-managed-keys",
        covers=("1.6#5", "AZP-1f68a601", "AZP-ea0dfaed"),
        frameworks=("MCSB DP-5",),
        profiles=OPT_IN,
    ),
)
