"""All rules, by family; a rule's id is stable and is never given to another one."""

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
    general,
    key_vault,
    monitoring,
    network,
    private_endpoints,
    registry,
    registry_surroundings,
    security_groups,
)

FAMILIES: Final[dict[str, tuple[Rule, ...]]] = {
    "Container registry": registry.RULES + registry_surroundings.RULES,
    "AKS": aks_access.RULES + aks_operations.RULES + aks_pools.RULES,
    "Container Apps": container_apps.RULES + environments.RULES,
    "Networks": network.RULES + private_endpoints.RULES + security_groups.RULES,
    "Key vault": key_vault.RULES,
    "Monitoring": monitoring.RULES,
    "Container instances": container_groups.RULES,
    "Every resource": general.RULES,
    "Registry, deeper": domain_registry.RULES + domain_hosts.RULES + domain_access.RULES + domain_dns.RULES,
    "Addresses": domain_addresses.RULES + domain_kubernetes.RULES,
    "Compute, deeper": domain_compute.RULES,
}
"""Rules by family, in the order in which they are told."""

RULES: Final[tuple[Rule, ...]] = tuple(sorted((r for rules in FAMILIES.values() for r in rules), key=lambda r: r.id))
"""All rules, by id."""
