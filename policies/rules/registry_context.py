"""Rules on resources around a container registry: private endpoints, role assignments, monitoring and images."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from planning.alerts import INCIDENT_TYPE, REGION_NAME
from planning.egress import MICROSOFT_REGISTRY
from planning.endpoints import GROUP_ID
from planning.images import moving_tag
from planning.roles import PRIVILEGED
from policies.model import (
    REGULATED,
    STANDARD,
    Graph,
    Resource,
    Rule,
    RuleConfig,
    Undetermined,
    Verdict,
    fail,
    not_applicable,
    undetermined,
)
from policies.rules import types as t
from policies.rules.diagnostics import keeps_logs
from policies.rules.forms import must_be, only_if, settled, unless
from policies.rules.images import CONTAINERS, image_paths, images_of, is_host_of, named_registry, serves
from policies.rules.private_endpoints import DnsOwner, managed_elsewhere, zone_problems
from policies.rules.relations import (
    assignments_on,
    connections_of,
    connections_to,
    connects_to_registry,
    once_a_graph,
    regions_of,
    role_of,
)

_ACR = "container-registry/container-registry-"
_registry = partial(Rule, types=(t.REGISTRY,))


class Colocation(RuleConfig):
    """Regions that need no geo-replica; a stack file states them in `colocation.exceptions`."""

    except_regions: tuple[str, ...] = ()


class Hosts(RuleConfig):
    """Registries that images may be from, in addition to those of the program.

    `registries` has the names of registries that another program creates; a stack file names one with `registry.id`.
    """

    hosts: tuple[str, ...] = (MICROSOFT_REGISTRY,)
    registries: tuple[str, ...] = ()


def _private_way(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    reaching = connections_to(graph, resource)
    if not any(GROUP_ID in each.groups for each in reaching):
        found = f"{len(reaching)} private endpoints with other groupIds" if reaching else "no private endpoint"
        yield fail(f"it has {found}, expected at least one with groupIds: [registry]")


def _zones(resource: Resource, graph: Graph, config: DnsOwner) -> Iterator[Verdict]:
    for link in connections_of(graph, resource):
        if GROUP_ID in link.groups:
            yield from zone_problems(resource, graph, link, GROUP_ID)


@once_a_graph
def compute_regions(graph: Graph) -> set[str]:
    """Return the regions in which the program runs containers.

    Raises:
        Undetermined: one of them is not known yet.
    """
    return {region for each in graph.of(*t.COMPUTE) if (region := graph.location(each))}


def _replicated(resource: Resource, graph: Graph, config: Colocation) -> Iterator[Verdict]:
    running = compute_regions(graph) - set(config.except_regions)
    if len(running) < 2:
        yield not_applicable("the program runs containers in fewer than two regions that need a replica")
    elif len(regions_of(graph, resource)) < 2:
        yield fail(
            f"it has no replications while containers run in {', '.join(sorted(running))}, expected at least one"
        )


def _no_replicas(resource: Resource, graph: Graph, config: Any) -> str | None:
    return "soft delete does not work with geo-replicas" if graph.children(resource, t.REPLICATION) else None


def _least_role(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for assignment in assignments_on(graph, resource):
        if resource not in graph.references(assignment, "scope", t.REGISTRY):
            continue  # MOOR-GEN-012 judges wider scopes
        try:
            role = role_of(assignment)
        except Undetermined as unknown:
            yield undetermined(f"roleDefinitionId of {assignment.name} is not known yet", unknown.path, assignment)
            continue
        if role in PRIVILEGED:
            # An unknown scope that depends on the registry is its id, or a scope that is cut out of it and contains it.
            wider = " or a scope that contains it" if assignment.has_unknown("scope") else ""
            yield fail(
                f"{assignment.name} assigns {PRIVILEGED[role].name} on {resource.name}{wider}, expected a role on content",
                "roleDefinitionId",
                assignment,
            )


def _approved(resource: Resource, graph: Graph, config: Hosts) -> Iterator[Verdict]:
    for path, host in images_of(resource):
        if host is None:
            if not named_registry(graph, resource, path):
                yield undetermined(f"{path} is not known yet", path)
        elif host not in config.hosts and not (
            any(serves(graph, each, host) for each in graph.of(t.REGISTRY))
            or any(is_host_of(each, host) for each in config.registries)
        ):
            yield fail(f"{path} is from {host}, expected a registry of the program or {', '.join(config.hosts)}", path)


def _tagged(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    for path in image_paths(resource):
        yield from settled(_moving(resource, path))


def _moving(resource: Resource, path: str) -> Iterator[Verdict]:
    image = str(resource.value(path, ""))
    problem = moving_tag(image) if image else None
    if problem:
        yield fail(f"{path} is {image}: {problem}", path)


def _has_images(resource: Resource, graph: Graph, config: Any) -> str | None:
    containers = [each for path in CONTAINERS[resource.type] for each, _ in resource.each(path)]
    return None if containers else "it has no containers"


def _alerted(resource: Resource, graph: Graph, config: Any) -> Iterator[Verdict]:
    alerts = [*graph.of(t.METRIC_ALERT, t.QUERY_ALERT)]
    on_it = [each for each in alerts if resource in graph.references(each, "scopes")]
    health = [each for each in graph.of(t.ACTIVITY_ALERT) if _is_health(each)]
    if not on_it and not health:
        yield fail("no alert covers it, expected a metric alert or a service health alert")
    incidents = [each for each in health if _reports_incidents(each)]
    if incidents:
        named = {region for each in incidents for region in _health_regions(each)}
        missing = [] if "" in named else [each for each in regions_of(graph, resource) if each not in named]
        if missing:
            regions = ", ".join(missing)
            yield fail(f"no service health alert on incidents covers {regions}, expected every region of the registry")


def _reports_incidents(alert: Resource) -> bool:
    """Whether a service health alert reports service issues: by their type, or because it has no types."""
    if not any(alert.value(f"{at}.equals", "") == "ServiceHealth" for at, _ in alert.each("condition.allOf")):
        return False
    types = {
        str(one.get("equals"))
        for at, _ in alert.each("condition.allOf")
        for one in alert.value(f"{at}.anyOf", ())
        if one.get("field") == INCIDENT_TYPE
    }
    return not types or "Incident" in types


def _health_regions(alert: Resource) -> set[str]:
    """Regions that a service health alert names, as ARM writes them; one without a name where it names none."""
    found = {
        str(region).replace(" ", "").lower()
        for at, _ in alert.each("condition.allOf")
        if alert.value(f"{at}.field", "") == REGION_NAME
        for region in (*alert.value(f"{at}.containsAny", ()), *filter(None, [alert.value(f"{at}.equals", "")]))
    }
    return found or {""}


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
        title="Registry without public network access has no private endpoint",
        severity="high",
        what="A container registry without public network access has a private endpoint.",
        why="Without a private endpoint, no client can pull. An endpoint for another group id does not help.",
        remedy="create a private endpoint with groupIds: [registry] in each network that pulls",
        docs=f"{_ACR}private-endpoints",
        covers=("1.1#6", "AZP-e8eef0a8", "AZP-d85c6833", "RC-A04.01"),
        frameworks=("MCSB NS-2",),
        where=(
            only_if("publicNetworkAccess", "Disabled", default="Enabled", reason="public network access is enabled"),
        ),
    ),
    Rule(
        _zones,
        types=(t.PRIVATE_ENDPOINT,),
        id="MOOR-ACR-007",
        title="Private DNS zone group is not configured for the registry endpoint",
        severity="high",
        pillar="reliability",
        what="The private endpoint of a container registry has a zone group with the zone privatelink.azurecr.io.",
        why="Manual records lack those of the next geo-replica, whose clients then use the public address and are "
        "refused. The zone "
        "also contains the data endpoints. Where Azure Policy creates zone groups, the program must not: configure "
        "managed_by_policy: true.",
        remedy="add a privateDnsZoneGroups resource with privatelink.azurecr.io in privateDnsZoneConfigs, or configure "
        "managed_by_policy: true",
        docs=f"{_ACR}private-endpoints",
        covers=("1.1#7", "AZP-e9585a95"),
        frameworks=("MCSB NS-2",),
        config=DnsOwner,
        where=(connects_to_registry, managed_elsewhere),
    ),
    _registry(
        _replicated,
        id="MOOR-ACR-009",
        title="Registry is not geo-replicated",
        severity="high",
        pillar="reliability",
        what="A container registry is geo-replicated when containers run in several regions.",
        why="If its only region fails, no node in any region can start a container. Until then, pulls cross regions.",
        remedy="add a replications resource in the other regions, or list a region in except_regions",
        docs=f"{_ACR}geo-replication",
        config=Colocation,
        where=(only_if("sku.name", "Premium", reason="geo-replication requires the Premium SKU"),),
        covers=("1.1#9", "AZR-000004", "CKV_AZURE_165", "APRL-36ea6c09", "RC-AKS-02.02.05"),
    ),
    _registry(
        must_be("policies.softDeletePolicy.status", "enabled", default="disabled"),
        id="MOOR-ACR-016",
        title="Soft delete policy is not enabled",
        severity="low",
        pillar="reliability",
        what="A container registry without geo-replicas keeps deleted artifacts for a number of days.",
        why="A wrong purge deletes the image that a rollback needs. Soft delete does not work with geo-replication or"
        " a retention policy.",
        remedy="set policies.softDeletePolicy.status: enabled and retentionDays",
        docs=f"{_ACR}soft-delete-policy",
        covers=("1.1#16", "AZR-000310", "APRL-e7f0fd54"),
        profiles=REGULATED,
        where=(
            _no_replicas,
            unless("policies.retentionPolicy.status", "enabled", reason="a retention policy excludes soft delete"),
        ),
    ),
    Rule(
        must_be("pricingTier", "Standard"),
        types=(t.PRICING,),
        id="MOOR-ACR-021",
        title="Microsoft Defender for Containers is not enabled",
        severity="high",
        what="Microsoft Defender for Containers is enabled where the program states the plan.",
        why="It scans images in registries and workloads in clusters; the SKU of the registry does not affect it.",
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
        title="Diagnostic setting for the registry is not configured",
        severity="medium",
        pillar="operations",
        what="A diagnostic setting collects the sign-in and repository events of a container registry.",
        why="They are the only record of who pulled and pushed, and are not collected by default.",
        remedy="add a diagnosticSettings resource with ContainerRegistryLoginEvents and "
        "ContainerRegistryRepositoryEvents in logs",
        docs="container-registry/monitor-container-registry",
        covers=("1.1#26", "AZP-56288eb2", "RC-A03.01", "APRL-44107155"),
        frameworks=("MCSB LT-3",),
        profiles=REGULATED,
    ),
    _registry(
        _least_role,
        id="MOOR-ACR-028",
        title="Privileged role is assigned on the registry",
        severity="high",
        what="Role assignments on a container registry are limited to its content.",
        why="Owner and Contributor can open the registry to the internet. In ABAC mode they cannot even pull.",
        remedy="set roleDefinitionId to AcrPull, or to Container Registry Repository Reader in ABAC mode",
        docs=f"{_ACR}rbac-built-in-roles-overview",
        covers=("1.1#28", "RC-A02.01", "RC-A02.03"),
        frameworks=("CIS-AKS 5.1.2", "CIS-AKS 5.1.3"),
    ),
    Rule(
        _approved,
        types=(t.APP, t.JOB, t.SESSION_POOL, t.CONTAINER_GROUP),
        id="MOOR-ACR-029",
        title="Image is from a registry that is not approved",
        severity="medium",
        what="Images are from registries of the program or from approved hosts.",
        why="A public image can change under the same tag, and its registry can refuse to serve it.",
        remedy="import or cache the image into the registry, or add the host to hosts",
        docs="container-registry/container-registry-import-images",
        covers=("1.1#29", "RC-A02.06", "RC-A05.01"),
        frameworks=("CIS-AKS 5.1.4",),
        config=Hosts,
    ),
    Rule(
        _tagged,
        types=(t.APP, t.JOB, t.SESSION_POOL, t.CONTAINER_GROUP),
        id="MOOR-ACR-031",
        title="Image tag is latest",
        severity="medium",
        pillar="reliability",
        what="Images have a version tag or a digest.",
        why="The tag latest refers to another image after every push: replicas of one revision run different versions, and a "
        "rollback has no target.",
        remedy="set image to repository:tag with a version, or to repository@sha256:digest",
        docs="container-registry/container-registry-image-tag-version",
        covers=("CKV_K8S_14",),
        frameworks=("MCSB PV-5",),
        where=(_has_images,),
    ),
    _registry(
        _alerted,
        id="MOOR-ACR-030",
        title="Alert rule for the registry is not configured",
        severity="low",
        pillar="operations",
        what="A metric alert or a service health alert covers a container registry; service health alerts cover the region of "
        "each of its replicas.",
        why="Throttling and regional incidents otherwise appear only as pods that do not start.",
        remedy="add a metricAlerts resource with the registry in scopes, or an activityLogAlerts resource for "
        "ServiceHealth, and add the region of each replica to its condition on the region",
        docs="service-health/resource-health-alert-monitor-guide",
        covers=("1.1#30", "APRL-d594cde6", "PSR-Monitor.ServiceHealth", "AZP-98903777"),
        profiles=REGULATED,
    ),
)
