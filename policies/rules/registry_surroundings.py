"""Rules on what stands around a registry: its private way in, who pulls, who watches, and what images are named."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from policies.model import Graph, Resource, Rule, RuleConfig, Undetermined, Verdict, fail, not_applicable, undetermined
from policies.rules import types as t
from policies.rules.diagnostics import keeps_logs
from policies.rules.forms import REGULATED, STANDARD, declare, must_be, only_if, unless
from policies.rules.images import images_of, named_registry, serves
from policies.rules.relations import (
    assignments_on,
    connections_of,
    connections_to,
    is_outside,
    once_a_graph,
    regions_of,
    role_of,
    zones_fed_by,
)

_ACR = "container-registry/container-registry-"
_registry = partial(declare, types=(t.REGISTRY,))
_PRIVILEGED = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635": "Owner",
    "b24988ac-6180-42a0-ab88-20f7382dd24c": "Contributor",
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9": "User Access Administrator",
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168": "Role Based Access Control Administrator",
}


class Hosts(RuleConfig):
    """Registries that images may come from, beside those that the program itself makes."""

    hosts: tuple[str, ...] = ("mcr.microsoft.com",)


def _private_way(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    reaching = connections_to(graph, resource)
    if not any("registry" in each.groups for each in reaching):
        found = f"{len(reaching)} with other groupIds" if reaching else "none"
        yield fail(f"private endpoints to it: {found}, allowed is at least one with groupIds: [registry]")


def _zones(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for link in connections_of(graph, resource):
        if "registry" not in link.groups:
            continue
        groups = graph.children(resource, t.ZONE_GROUP)
        names = [str(zone.value("privateZoneName", "")) for zone in zones_fed_by(graph, resource)]
        if not groups:
            yield fail("it has no private DNS zone group, allowed is one that writes to privatelink.azurecr.io")
        elif names and not any(name.startswith("privatelink.azurecr.") for name in names):
            yield fail(f"its zone group writes to {', '.join(names)}, allowed is privatelink.azurecr.io")
        elif not names and not any(is_outside(graph, each, "privateDnsZoneConfigs", t.ZONE) for each in groups):
            yield undetermined("which zones its zone group writes to is not known yet", "privateDnsZoneConfigs")


def _to_registry(resource: Resource, graph: Graph, config: Any) -> str | None:
    reaches = any("registry" in each.groups for each in connections_of(graph, resource))
    return None if reaches else "it reaches no registry"


@once_a_graph
def compute_regions(graph: Graph) -> set[str]:
    """Return the regions in which the program runs containers.

    Raises:
        Undetermined: one of them is not known yet.
    """
    return {region for each in graph.of(*t.COMPUTE) if (region := graph.location(each))}


def _replicated(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    running = compute_regions(graph)
    if len(running) < 2:
        yield not_applicable("the program runs containers in fewer than two regions")
    elif len(regions_of(graph, resource)) < 2:
        yield fail(
            f"no replica while containers run in {', '.join(sorted(running))}, allowed is at least one beside the home region"
        )


def _no_replicas(resource: Resource, graph: Graph, config: Any) -> str | None:
    return "soft delete does not work with replicas" if graph.children(resource, t.REPLICATION) else None


def _least_role(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for assignment in assignments_on(graph, resource):
        if resource not in graph.references(assignment, "scope", t.REGISTRY):
            continue  # wider scopes are judged by their own rule
        try:
            role = role_of(assignment)
        except Undetermined as unknown:
            yield undetermined(f"the role of {assignment.name} is not known yet", unknown.path, assignment)
            continue
        if role in _PRIVILEGED:
            yield fail(
                f"{assignment.name} grants {_PRIVILEGED[role]} on {resource.name}, allowed are roles on content",
                "roleDefinitionId",
                assignment,
            )


def _approved(resource: Resource, graph: Graph, config: Hosts) -> Iterator[Verdict]:
    for path, host in images_of(resource):
        if host is None:
            if not named_registry(graph, resource, path):
                yield undetermined(f"{path} is not known yet", path)
        elif host not in config.hosts and not any(serves(graph, each, host) for each in graph.of(t.REGISTRY)):
            yield fail(
                f"{path} comes from {host}, allowed are the program's registries and {', '.join(config.hosts)}", path
            )


def _alerted(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    alerts = [*graph.of(t.METRIC_ALERT, t.QUERY_ALERT)]
    on_it = [each for each in alerts if resource in graph.references(each, "scopes")]
    health = [each for each in graph.of(t.ACTIVITY_ALERT) if _is_health(each)]
    if not on_it and not health:
        yield fail("no alert looks at it, allowed is a metric alert on it or a service health alert")


def _is_health(alert: Resource) -> bool:
    count = len(alert.value("condition.allOf", ()))
    conditions = [alert.value(f"condition.allOf.{at}.equals", "") for at in range(count)]
    return bool({"ServiceHealth", "ResourceHealth"} & set(conditions))


def _scanned(resource: Resource, graph: Graph, config: Any) -> str | None:
    name = str(graph.arm_name(resource) or "").lower()
    return None if name in {"containers", "containerregistry"} else "it is the plan of another service"


RULES: tuple[Rule, ...] = (
    _registry(
        _private_way,
        id="MOOR-ACR-006",
        title="Closed registry has no private endpoint",
        severity="high",
        what="A registry without public access is reached by a private endpoint.",
        why="With public access off and no endpoint nobody can pull; with an endpoint of another group neither.",
        remedy="make a private endpoint with groupIds: [registry] in each network that pulls",
        docs=f"{_ACR}private-endpoints",
        covers=("1.1#6", "AZP-e8eef0a8", "AZP-d85c6833", "RC-A04.01"),
        frameworks=("MCSB NS-2",),
        where=(only_if("publicNetworkAccess", "Disabled", default="Enabled", reason="public access is on"),),
    ),
    declare(
        _zones,
        types=(t.PRIVATE_ENDPOINT,),
        id="MOOR-ACR-007",
        title="Private endpoint of a registry writes no DNS",
        severity="high",
        pillar="reliability",
        what="A registry's private endpoint writes its records through a zone group.",
        why="Records written by hand miss those of the next replica; its clients then go over the internet and are refused. "
        "One zone privatelink.azurecr.io holds the data hosts too.",
        remedy="give the endpoint a privateDnsZoneGroups that names the zone privatelink.azurecr.io",
        docs=f"{_ACR}private-endpoints",
        covers=("1.1#7", "AZP-e9585a95"),
        frameworks=("MCSB NS-2",),
        where=(_to_registry,),
    ),
    _registry(
        _replicated,
        id="MOOR-ACR-009",
        title="Containers run in several regions, the registry in one",
        severity="high",
        pillar="reliability",
        what="A registry has a replica when containers run in several regions.",
        why="When the only region fails, no node anywhere starts a container; until then every pull crosses regions.",
        remedy="add a replications resource in the other regions",
        docs=f"{_ACR}geo-replication",
        where=(only_if("sku.name", "Premium", reason="only Premium has replicas"),),
        covers=("1.1#9", "AZR-000004", "CKV_AZURE_165", "APRL-36ea6c09", "RC-AKS-02.02.05"),
    ),
    _registry(
        must_be("policies.softDeletePolicy.status", "enabled", default="disabled"),
        id="MOOR-ACR-016",
        title="Deleted artifacts cannot be restored",
        severity="low",
        pillar="reliability",
        what="A registry without replicas keeps deleted artifacts for a while.",
        why="One wrong purge takes the image that a rollback needs. It works neither with replicas nor with retention.",
        remedy="set policies.softDeletePolicy to status: enabled and retentionDays",
        docs=f"{_ACR}soft-delete-policy",
        covers=("1.1#16", "AZR-000310", "APRL-e7f0fd54"),
        profiles=REGULATED,
        where=(_no_replicas, unless("policies.retentionPolicy.status", "enabled", reason="retention excludes it")),
    ),
    declare(
        must_be("pricingTier", "Standard"),
        types=(t.PRICING,),
        id="MOOR-ACR-021",
        title="Images are not scanned",
        severity="high",
        what="Defender for Containers is on where the program states its plan.",
        why="It scans what lies in registries and what runs in clusters; the tier of the registry has nothing to do with it.",
        remedy="set pricingTier: Standard",
        docs="defender-for-cloud/defender-for-containers-introduction",
        covers=("1.1#21", "AZR-000002", "CKV_AZURE_163", "CKV_AZURE_86", "AZP-1c988dd6", "AZP-c9ddb292", "RC-A04.04"),
        frameworks=("MCSB PV-5", "CIS-AKS 5.1.1"),
        profiles=STANDARD,
        where=(_scanned,),
    ),
    _registry(
        keeps_logs("ContainerRegistryLoginEvents", "ContainerRegistryRepositoryEvents"),
        id="MOOR-ACR-026",
        title="Nobody keeps the registry's logs",
        severity="medium",
        pillar="operations",
        what="A registry's sign-ins and pushes are kept by a diagnostic setting.",
        why="They are the only record of who pulled and who pushed; nothing is kept unless asked for.",
        remedy="add a diagnosticSettings resource that keeps both categories",
        docs="container-registry/monitor-container-registry",
        covers=("1.1#26", "AZP-56288eb2", "RC-A03.01", "APRL-44107155"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _registry(
        _least_role,
        id="MOOR-ACR-028",
        title="Somebody has more than content on the registry",
        severity="high",
        what="Role assignments on a registry are roles on its content.",
        why="Owner and Contributor let a puller open the registry to the internet; in ABAC mode they do not even let it pull.",
        remedy="grant AcrPull, or Container Registry Repository Reader in ABAC mode",
        docs=f"{_ACR}rbac-built-in-roles-overview",
        covers=("1.1#28", "RC-A02.01", "RC-A02.03"),
        frameworks=("CIS-AKS 5.1.2", "CIS-AKS 5.1.3"),
    ),
    declare(
        _approved,
        types=(t.APP, t.JOB, t.SESSION_POOL, t.CONTAINER_GROUP),
        id="MOOR-ACR-029",
        title="Image comes from a registry that is not approved",
        severity="medium",
        what="Images come from the program's own registries or from approved hosts.",
        why="A public image can change under its tag, and its host can refuse to serve it.",
        remedy="import or cache the image into the registry, or add the host to hosts",
        docs="container-registry/container-registry-import-images",
        covers=("1.1#29", "RC-A02.06", "RC-A05.01"),
        frameworks=("CIS-AKS 5.1.4",),
        config=Hosts,
    ),
    _registry(
        _alerted,
        id="MOOR-ACR-030",
        title="Nobody is told when the registry suffers",
        severity="low",
        pillar="operations",
        what="A registry has an alert of its own or a service health alert.",
        why="Throttling and a sick region show as pods that do not start, somewhere else.",
        remedy="add a metricAlerts resource on it, or an activityLogAlerts resource on ServiceHealth",
        docs="service-health/resource-health-alert-monitor-guide",
        covers=("1.1#30", "APRL-d594cde6", "PSR-Monitor.ServiceHealth", "AZP-98903777"),
        profiles=REGULATED,
    ),
)
