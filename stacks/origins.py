"""The part of a stack file that makes a resource, found by the logical name of the resource.

A logical name consists of the stack's name, the section and the key; the name of a child starts with the name of its
parent. Therefore the start of a logical name determines the path that makes the resource, and a policy can report its
line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from planning.problems import Path
from stacks.document import Document, value_at
from stacks.interfaces import kinds as interfaces

ROOT: Final = ("config", "moorings:stack")
"""Path of the description in a stack file."""

ORIGINS: Final[tuple[tuple[str, str], ...]] = (
    ("rg-registry", "registry"),
    ("registry", "registry"),
    ("registry-replica-{}", "registry.replicas.*"),
    ("registry-content-scope-map-{}", "registry.scope_maps.*"),
    ("registry-content-token-{}", "registry.tokens.*"),
    ("registry-content-webhook-{}", "registry.webhooks.*"),
    ("registry-content-agent-pool-{}", "registry.agent_pools.*"),
    ("registry-content-task-{}", "registry.tasks.*"),
    ("registry-content-grants-{}", "registry.tasks.*"),
    ("endpoint-{}", "registry.private_endpoints.*"),
    ("zone-{}", "registry.private_endpoints.*"),
    ("zone-{}", "dns.zones.*"),
    ("rg-named", "resource_groups"),
    ("rg-routing", "nat_gateways"),
    ("rg-routing", "route_tables"),
    ("route-table-{}", "route_tables.*"),
    ("nat-gateway-{}", "nat_gateways.*"),
    ("rg-firewall-{}", "firewalls.*"),
    ("firewall-{}", "firewalls.*"),
    ("firewall-{}-rules-admissions", "firewalls.*.admissions"),
    ("rg-bastion", "bastion"),
    ("bastion", "bastion"),
    ("bastion-jump", "bastion.jump_box"),
    ("rg-network-{}", "networks.*"),
    ("network-{}", "networks.*"),
    ("network-{}-nsg-{}", "networks.*.subnets.*"),
    ("peering-{}", "networks.*"),
    ("rg-identity", "identities"),
    ("identity-{}", "identities.*"),
    ("identity-{}-credential-{}", "identities.*.federated_credentials.*"),
    ("access", "access"),
    ("access-{}", "access.*"),
    ("access-pull-{}", "identities.*"),
    ("artifact-cache", "artifact_cache"),
    ("artifact-cache-rule-{}", "artifact_cache.rules.*"),
    ("artifact-cache-upstream", "artifact_cache.rules"),
    ("artifact-cache-credentials-{}", "artifact_cache.credential_sets.*"),
    ("key-vaults", "key_vaults"),
    ("key-vaults-{}", "key_vaults.*"),
    ("rg-key-vaults", "key_vaults"),
    ("key-vault-{}", "key_vaults.*"),
    ("key-vault-{}-key-{}", "key_vaults.*.keys.*"),
    ("key-vault-{}-endpoint-{}", "key_vaults.*.private_endpoints.*"),
    ("registry-encryption", "registry.customer_managed_key"),
    ("rg-monitoring", "monitoring"),
    ("registry-events", "registry_events"),
    ("registry-events-subscription-{}", "registry_events.subscriptions.*"),
    ("rg-monitoring", "alerts"),
    ("action-group-{}", "alerts.action_groups.*"),
    ("alerts", "alerts"),
    ("alerts-critical", "alerts.service_health.critical"),
    ("alerts-maintenance", "alerts.service_health.maintenance"),
    ("alerts-comprehensive", "alerts.service_health.comprehensive"),
    ("alerts-resource-health", "alerts.resource_health"),
    ("alerts-metric-{}", "alerts.metrics.*"),
    ("workspace-{}", "monitoring.workspaces.*"),
    ("metrics-{}", "monitoring.metrics_workspaces.*"),
    ("rg-clusters-{}", "clusters.*"),
    ("clusters-permissions", "clusters"),
    ("cluster-{}", "clusters.*"),
    ("cluster-{}-{}", "clusters.*.pools.*"),
    ("cluster-{}-account-{}", "clusters.*.workload_identities.*"),
    ("rg-apps-dns", "container_apps"),
    ("apps-zone", "container_apps"),
    ("rg-apps-{}", "container_apps.*"),
    ("apps-{}", "container_apps.*"),
    ("apps-{}-{}", "container_apps.*.apps.*"),
    ("apps-{}-{}", "container_apps.*.jobs.*"),
    ("apps-{}-{}", "container_apps.*.routes.*"),
    ("apps-{}-dns", "container_apps.*"),
    ("apps-{}-endpoint-{}", "container_apps.*.private_endpoints.*"),
    ("rg-sessions-{}", "session_pools.*"),
    ("sessions-{}", "session_pools.*"),
    ("rg-sandboxes-{}", "sandbox_groups.*"),
    ("sandboxes-{}", "sandbox_groups.*"),
    ("rg-agents-{}", "agents.*"),
    ("agent-{}", "agents.*"),
    ("rg-tasks-{}", "task_schedulers.*"),
    ("tasks-{}", "task_schedulers.*"),
    ("tasks-{}-hub-{}", "task_schedulers.*.task_hubs.*"),
    ("rg-gateway-{}", "gateways.*"),
    ("gateway-{}", "gateways.*"),
    ("gateways-nodes", "gateways"),
    ("rg-containers", "container_groups"),
    ("container-group-{}", "container_groups.*"),
    ("virtual-nodes", "virtual_nodes"),
    ("virtual-nodes-{}", "virtual_nodes.*"),
    ("rg-address-drift", "address_drift"),
    ("address-drift", "address_drift"),
    *interfaces.origins(),
)
"""Start of a logical name after the name of the stack, and the path that makes it; each `*` is the key at the next
`{}`."""

PROPERTIES: Final[Mapping[str, str]] = {
    "addressPrefix": "prefix",
    "agentPoolProfiles": "pools",
    "orchestratorVersion": "kubernetes_version",
}
"""Properties of ARM whose key in a stack file is not the same name in snake_case."""


def origins(document: Document) -> dict[str, Path]:
    """Return the path in a stack file by prefix of its logical names; empty for the file of another program.

    The longest start that matches a logical name applies; a start matches up to the end of the name or up to a hyphen.
    """
    spec = value_at(document.data, ROOT)
    if not isinstance(spec, dict) or "name" not in spec or "environment" not in spec:
        return {}
    stack = f"{spec['name']}-{spec['environment']}"
    found: dict[str, Path] = {stack: ROOT}
    for start, pattern in ORIGINS:
        for keys, path in _expanded(spec, pattern.split(".")):
            found["-".join((stack, start.format(*keys)))] = (*ROOT, *path)
    return found


def _expanded(value: Any, pattern: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Path]]:
    """Yield, for each match of a pattern in a description, the keys that its stars match, and the whole path."""
    if not pattern:
        yield (), ()
        return
    if not isinstance(value, dict):
        return
    first, *rest = pattern
    for key in value if first == "*" else [first] if first in value else []:
        for keys, path in _expanded(value[key], rest):
            yield ((str(key), *keys) if first == "*" else keys), (str(key), *path)
