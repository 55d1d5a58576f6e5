"""Which part of a stack file each resource comes from, told by its logical name.

Every builder names what it makes after the stack, its section and its key, and every child's name starts with its parent's.
So the start of a logical name leads to the path that made the resource, and a policy can name the line to change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from planning.problems import Path
from stacks.document import Document

ROOT: Final = ("config", "moorings:stack")
"""Path of the description within a stack file."""

ORIGINS: Final[tuple[tuple[str, str], ...]] = (
    ("rg-registry", "registry"),
    ("registry", "registry"),
    ("registry-replica-{}", "registry.replicas.*"),
    ("endpoint-{}", "registry.private_endpoints.*"),
    ("zone-{}", "registry.private_endpoints.*"),
    ("zone-{}", "dns.zones.*"),
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
    ("rg-monitoring", "monitoring"),
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
    ("rg-containers", "container_groups"),
    ("container-group-{}", "container_groups.*"),
    ("virtual-nodes", "virtual_nodes"),
    ("virtual-nodes-{}", "virtual_nodes.*"),
    ("rg-address-drift", "address_drift"),
    ("address-drift", "address_drift"),
)
"""Start of a logical name after the stack's own, and the path that makes it; each `*` is the key in the name's next `{}`."""

PROPERTIES: Final[Mapping[str, str]] = {
    "addressPrefix": "prefix",
    "agentPoolProfiles": "pools",
    "orchestratorVersion": "kubernetes_version",
}
"""Properties of ARM whose key in a stack file is not simply the same words in snake_case."""


def origins(document: Document) -> dict[str, Path]:
    """Return the path in a stack file by the start of the logical names that it makes; empty for another program's file.

    Of two starts that fit a logical name, the longer one counts; each ends where the name ends or goes on with a hyphen.
    """
    spec: Any = document.data
    for key in ROOT:
        spec = spec.get(key) if isinstance(spec, dict) else None
    if not isinstance(spec, dict) or "name" not in spec or "environment" not in spec:
        return {}
    stack = f"{spec['name']}-{spec['environment']}"
    found: dict[str, Path] = {stack: ROOT}
    for start, pattern in ORIGINS:
        for keys, path in _expanded(spec, pattern.split(".")):
            found["-".join((stack, start.format(*keys)))] = (*ROOT, *path)
    return found


def _expanded(value: Any, pattern: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Path]]:
    """Yield the keys that the stars of a pattern stand for in a description, and the whole path."""
    if not pattern:
        yield (), ()
        return
    if not isinstance(value, dict):
        return
    first, *rest = pattern
    for key in value if first == "*" else [first] if first in value else []:
        for keys, path in _expanded(value[key], rest):
            yield ((str(key), *keys) if first == "*" else keys), (str(key), *path)
