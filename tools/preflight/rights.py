"""Determines the permissions that a deployment needs and the caller lacks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from components.elsewhere import parsed
from planning import alerts, names
from planning.names import NameRule
from planning.role_actions import Permissions
from stacks.loader import Stack
from stacks.sites import Group
from tools.preflight.arm import Arm, MissingError
from tools.preflight.findings import Finding

GROUP_WRITE = "Microsoft.Resources/subscriptions/resourceGroups/write"
ASSIGN = "Microsoft.Authorization/roleAssignments/write"
_NETWORK, _APP = "Microsoft.Network", "Microsoft.App"
_CONTAINERS, _INSIGHTS = "Microsoft.ContainerService", "Microsoft.Insights"
_COLLECTION = (f"{_INSIGHTS}/dataCollectionEndpoints", f"{_INSIGHTS}/dataCollectionRules")
_LINK = f"{_NETWORK}/privateDnsZones/virtualNetworkLinks"
_ZONES = (f"{_NETWORK}/privateDnsZones", _LINK)

WRITTEN: Mapping[NameRule, tuple[str, ...]] = {
    names.REGISTRY: (
        "Microsoft.ContainerRegistry/registries",
        "Microsoft.ContainerRegistry/registries/replications",
        f"{_INSIGHTS}/diagnosticSettings",
    ),
    names.VIRTUAL_NETWORK: (
        f"{_NETWORK}/virtualNetworks",
        f"{_NETWORK}/virtualNetworks/virtualNetworkPeerings",
        f"{_NETWORK}/networkSecurityGroups",
        *_ZONES,
    ),
    names.VIRTUAL_NETWORK_LINK: _ZONES,
    names.PRIVATE_ENDPOINT: (
        f"{_NETWORK}/privateEndpoints",
        f"{_NETWORK}/privateEndpoints/privateDnsZoneGroups",
        # The service writes these with the caller's permissions when a replica is added [ACR-5].
        f"{_NETWORK}/privateEndpoints/privateLinkServiceProxies",
    ),
    names.USER_ASSIGNED_IDENTITY: ("Microsoft.ManagedIdentity/userAssignedIdentities",),
    names.FEDERATED_IDENTITY_CREDENTIAL: (
        "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
    ),
    names.MANAGED_CLUSTER: (
        f"{_CONTAINERS}/managedClusters",
        f"{_CONTAINERS}/managedClusters/agentPools",
        f"{_CONTAINERS}/managedClusters/maintenanceConfigurations",
        *_COLLECTION,
        f"{_INSIGHTS}/dataCollectionRuleAssociations",
        f"{_INSIGHTS}/diagnosticSettings",
    ),
    names.MANAGED_ENVIRONMENT: (
        f"{_APP}/managedEnvironments",
        f"{_APP}/managedEnvironments/httpRouteConfigs",
        f"{_APP}/containerApps",
        f"{_APP}/jobs",
        f"{_INSIGHTS}/diagnosticSettings",
        *_ZONES,
    ),
    names.SESSION_POOL: (f"{_APP}/sessionPools",),
    names.SANDBOX_GROUP: (f"{_APP}/sandboxGroups", f"{_APP}/sandboxGroups/vnetConnections"),
    names.AGENT: (f"{_APP}/agents",),
    names.CONTAINER_GROUP: ("Microsoft.ContainerInstance/containerGroups",),
    names.TASK_SCHEDULER: ("Microsoft.DurableTask/schedulers", "Microsoft.DurableTask/schedulers/taskHubs"),
    names.TRAFFIC_CONTROLLER: ("Microsoft.ServiceNetworking/trafficControllers",),
    names.FIREWALL_POLICY: (f"{_NETWORK}/applicationGatewayWebApplicationFirewallPolicies",),
    names.FUNCTION_APP: ("Microsoft.Web/sites",),
    names.STORAGE_ACCOUNT: ("Microsoft.Storage/storageAccounts",),
    names.SYSTEM_TOPIC: ("Microsoft.EventGrid/systemTopics", "Microsoft.EventGrid/systemTopics/eventSubscriptions"),
    names.WORKSPACE: ("Microsoft.OperationalInsights/workspaces",),
    names.AZURE_MONITOR_WORKSPACE: ("Microsoft.Monitor/accounts", *_COLLECTION),
    alerts.ACTION_GROUP: (f"{_INSIGHTS}/actionGroups",),
    alerts.ACTIVITY_ALERT: (f"{_INSIGHTS}/activityLogAlerts",),
    alerts.METRIC_ALERT: (f"{_INSIGHTS}/metricAlerts",),
}
"""ARM types that the program writes for an entry, by the naming rule of the entry; parts that are not resources are omitted."""


Place = tuple[str | None, str]
"""A resource group: its subscription, None for the stack's own, and its name."""


def types_by_group(stack: Stack) -> dict[Place, set[str]]:
    """Return the ARM types that the program writes in each resource group, except for resources made elsewhere."""
    found: dict[Place, set[str]] = {}
    for site in stack.plan.sites:
        if not site.elsewhere:
            types = {each for rule, _ in site.names for each in WRITTEN.get(rule, ())}
            found.setdefault(_place(site.group), set()).update(types)
    for zone in stack.plan.zones.values():
        there = parsed(zone.id)
        if there and zone.links:
            found.setdefault((there.subscription, there.resource_group), set()).add(_LINK)
    return found


def namespaces(stack: Stack) -> list[str]:
    """Return the resource providers that the program uses, in alphabetical order."""
    return sorted({kind.partition("/")[0] for types in types_by_group(stack).values() for kind in types})


def permissions(stack: Stack, arm: Arm) -> Iterator[Finding]:
    """Compare the types that the program writes with the caller's permissions, with one finding for each resource group.

    Args:
        stack: the stack.
        arm: the subscription to read.

    Raises:
        DeniedError: the caller is not authorized to read the permissions.
    """
    assigning = set(_assigning(stack))
    written = types_by_group(stack)
    for place in dict.fromkeys((*written, *sorted(assigning, key=str))):
        needed = [f"{kind}/write" for kind in sorted(written.get(place, ()))]
        needed += [ASSIGN] if place in assigning else []
        subscription = f"/subscriptions/{place[0]}" if place[0] else arm.scope
        path = f"{subscription}/resourceGroups/{place[1]}"
        try:
            held = _held(arm, path)
        except MissingError:
            # A resource group that does not exist yet inherits the permissions on the subscription.
            needed.insert(0, GROUP_WRITE)
            held = _held(arm, subscription)
        missing = lacking(held, needed)
        if missing:
            message = f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing on {path}; assign a role that has it"
            yield Finding("permissions", "failed", path, message)
        else:
            yield Finding("permissions", "passed", path, f"{path}: allowed are {', '.join(needed)}")


def _place(group: Group) -> Place:
    return group.subscription, group.name


def _assigning(stack: Stack) -> Iterator[Place]:
    """Yield the resource groups in which the program assigns roles: on the registry, and on resources that clusters use."""
    sites = stack.plan.sites
    registry = stack.spec.registry
    if stack.plan.grants and registry:
        there = parsed(registry.id)
        yield (there.subscription, there.resource_group) if there else _place(sites["registry",].group)
    for key, cluster in stack.spec.own_clusters.items():
        yield _place(sites["clusters", key].group)
        yield _place(sites["networks", cluster.network].group)
        yield from (_place(site.group) for site in sites.within("identities").values())


def lacking(held: Iterable[Permissions], needed: Iterable[str]) -> list[str]:
    """Return the actions that none of the caller's roles allows, in their order."""
    roles = list(held)
    return [action for action in needed if not any(role.allows(action) for role in roles)]


def _held(arm: Arm, scope: str) -> list[Permissions]:
    """Return the caller's permissions at a scope, one entry for each role [RBAC-PERMISSIONS]."""
    entries = arm.every(f"{scope}/providers/Microsoft.Authorization/permissions", "2022-04-01")
    return [Permissions(tuple(each.get("actions") or ()), tuple(each.get("notActions") or ())) for each in entries]
