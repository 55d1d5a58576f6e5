"""Resource types with their rules. Services know no HTTP; the transport knows no rule."""

from __future__ import annotations

from local_azure.clock import Clock
from local_azure.services import (
    action_groups,
    agents,
    alerts,
    authorization,
    bastion_hosts,
    container_apps,
    container_groups,
    data_collection,
    diagnostic_settings,
    durable_task,
    event_grid,
    federated_credentials,
    firewalls,
    http_routes,
    identities,
    key_vaults,
    locks,
    log_analytics,
    managed_clusters,
    managed_environments,
    metrics_workspaces,
    network_interfaces,
    private_dns,
    private_endpoints,
    registries,
    registry_cache,
    registry_connections,
    registry_tasks,
    registry_tokens,
    registry_webhooks,
    replications,
    routing,
    sandbox_groups,
    security_groups,
    service_networking,
    session_pools,
    site_parts,
    sites,
    storage,
    subnets,
    virtual_machines,
    virtual_networks,
    zone_groups,
)
from local_azure.services.cloud import Cloud, ResourceType
from local_azure.services.generic import AllTypes
from local_azure.services.resource_groups import ResourceGroups
from local_azure.services.settings import Settings
from local_azure.store import Store


def _types() -> dict[str, ResourceType]:
    families: tuple[tuple[ResourceType, ...], ...] = (
        (ResourceGroups(),),
        virtual_networks.TYPES,
        subnets.TYPES,
        security_groups.TYPES,
        routing.TYPES,
        firewalls.TYPES,
        network_interfaces.TYPES,
        bastion_hosts.TYPES,
        virtual_machines.TYPES,
        private_endpoints.TYPES,
        zone_groups.TYPES,
        private_dns.TYPES,
        registries.TYPES,
        registry_cache.TYPES,
        registry_tasks.TYPES,
        registry_tokens.TYPES,
        registry_webhooks.TYPES,
        replications.TYPES,
        registry_connections.TYPES,
        identities.TYPES,
        key_vaults.TYPES,
        federated_credentials.TYPES,
        authorization.TYPES,
        locks.TYPES,
        log_analytics.TYPES,
        managed_clusters.TYPES,
        diagnostic_settings.TYPES,
        managed_environments.TYPES,
        container_apps.TYPES,
        http_routes.TYPES,
        session_pools.TYPES,
        sandbox_groups.TYPES,
        agents.TYPES,
        durable_task.TYPES,
        container_groups.TYPES,
        data_collection.TYPES,
        metrics_workspaces.TYPES,
        event_grid.TYPES,
        action_groups.TYPES,
        alerts.TYPES,
        sites.TYPES,
        site_parts.TYPES,
        storage.TYPES,
        service_networking.TYPES,
    )
    return {rules.name.lower(): rules for family in families for rules in family}


class UnservedTypesError(Exception):
    """A store holds resources of types that are served by their shape alone, and those are not to be served."""


def open_cloud(store: Store, clock: Clock, settings: Settings | None = None) -> Cloud:
    """Return the cloud of a store: all types that have rules and, where settings say so, those that have none.

    Raises:
        UnservedTypesError: the store holds a type that would not be served.
    """
    settings, ruled = settings or Settings(), _types()
    unserved = sorted(name for name in store.types() if name.lower() not in ruled)
    if unserved and not settings.generic:
        raise UnservedTypesError(
            f"the store holds {', '.join(unserved)}, for which there are no rules: serve it with --generic"
        )
    return Cloud(store, clock, settings, AllTypes(ruled) if settings.generic else ruled, ruled.values())
