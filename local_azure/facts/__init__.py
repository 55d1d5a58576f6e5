"""Facts of one resource provider each; a provider joins by its module and one entry here."""

from __future__ import annotations

from local_azure.arm_family import Family
from local_azure.facts import (
    agents,
    alerts,
    compute,
    container_apps,
    container_instance,
    container_registry,
    container_service,
    core,
    diagnostic_settings,
    durable_task,
    event_grid,
    insights,
    key_vault,
    managed_identity,
    monitor,
    network_security,
    operational_insights,
    sandboxes,
    security,
    service_networking,
    storage,
    web,
)

FAMILIES: tuple[Family, ...] = (
    core.FAMILY,
    operational_insights.FAMILY,
    container_apps.FAMILY,
    diagnostic_settings.FAMILY,
    managed_identity.FAMILY,
    container_service.FAMILY,
    sandboxes.FAMILY,
    agents.FAMILY,
    durable_task.FAMILY,
    container_instance.FAMILY,
    event_grid.FAMILY,
    insights.FAMILY,
    alerts.FAMILY,
    monitor.FAMILY,
    storage.FAMILY,
    service_networking.FAMILY,
    web.FAMILY,
    container_registry.FAMILY,
    key_vault.FAMILY,
    network_security.FAMILY,
    security.FAMILY,
    compute.FAMILY,
)
"""Every provider, in the order of the catalogue."""
