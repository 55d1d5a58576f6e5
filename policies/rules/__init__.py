"""All rules by family. The id of a rule is stable and never reused."""

from __future__ import annotations

from typing import Final

from policies.model import Rule
from policies.rules import (
    aks_access,
    aks_operations,
    aks_pools,
    container_apps,
    container_groups,
    domain_access,
    domain_addresses,
    domain_compute,
    domain_dns,
    domain_hosts,
    domain_kubernetes,
    domain_registry,
    environments,
    federation,
    general,
    joined,
    key_vault,
    monitoring,
    network,
    private_endpoints,
    registry,
    registry_context,
    role_assignments,
    security_groups,
    storage,
    zones_and_sizes,
)

FAMILIES: Final[dict[str, tuple[Rule, ...]]] = {
    "Container Registry": registry.RULES + registry_context.RULES,
    "AKS": aks_access.RULES + aks_operations.RULES + aks_pools.RULES,
    "Container Apps": container_apps.RULES + environments.RULES,
    "Networks": network.RULES + private_endpoints.RULES + security_groups.RULES + joined.RULES,
    "Key Vault": key_vault.RULES,
    "Monitoring": monitoring.RULES,
    "Container Instances": container_groups.RULES,
    "Storage": storage.RULES,
    "Identities": federation.RULES,
    "All resources": general.RULES + role_assignments.RULES,
    "Registry and related resources": domain_registry.RULES
    + domain_hosts.RULES
    + domain_access.RULES
    + domain_dns.RULES,
    "Addresses": domain_addresses.RULES + domain_kubernetes.RULES,
    "Compute and related resources": domain_compute.RULES + zones_and_sizes.RULES,
}
"""Rules by family, in the order of the coverage table."""

RULES: Final[tuple[Rule, ...]] = tuple(sorted((r for rules in FAMILIES.values() for r in rules), key=lambda r: r.id))
"""All rules, by id."""
