"""For every rule what fails, passes, does not apply and cannot be told yet; by family."""

from tests.policies.rules.cases import (
    clusters,
    compute,
    domain_access,
    domain_addresses,
    domain_firewalls,
    domain_registry,
    general,
    joined,
    networks,
    registries,
    registry_alerts,
    storage,
    vaults,
    zones_and_sizes,
)

CASES = [
    *registries.CASES,
    *registry_alerts.CASES,
    *clusters.CASES,
    *compute.CASES,
    *general.CASES,
    *networks.CASES,
    *joined.CASES,
    *vaults.CASES,
    *storage.CASES,
    *domain_registry.CASES,
    *domain_access.CASES,
    *domain_addresses.CASES,
    *domain_firewalls.CASES,
    *zones_and_sizes.CASES,
]
