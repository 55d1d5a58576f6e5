"""Every kind of entry that has interfaces, with its path in the stack file and its logical name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """Entries of one kind.

    Attributes:
        path: path of the entries; a `*` is a key.
        name: logical name of the component after the name of the stack, with `{}` for each key.
        token: type token of the component, or of the resource itself.
    """

    path: str
    name: str
    token: str


KINDS: Final[tuple[Kind, ...]] = (
    Kind("registry", "registry", "moorings:registry:Registry"),
    Kind("registry.private_endpoints.*", "endpoint-{}", "moorings:private_endpoint:PrivateEndpoint"),
    Kind("resource_groups.*", "rg-{}", "azure-native:resources:ResourceGroup"),
    Kind("networks.*", "network-{}", "moorings:network:Network"),
    Kind("route_tables.*", "route-table-{}", "moorings:routing:RouteTable"),
    Kind("nat_gateways.*", "nat-gateway-{}", "moorings:routing:NatGateway"),
    Kind("firewalls.*", "firewall-{}", "moorings:firewalls:Firewall"),
    Kind("bastion", "bastion", "moorings:bastion:Bastion"),
    Kind("dns.zones.*", "zone-{}", "moorings:dns:Zone"),
    Kind("identities.*", "identity-{}", "moorings:identity:UserAssignedIdentity"),
    Kind("monitoring.workspaces.*", "workspace-{}", "moorings:monitoring:Workspace"),
    Kind("monitoring.metrics_workspaces.*", "metrics-{}", "moorings:monitoring:MetricsWorkspace"),
    Kind("key_vaults.*", "key-vault-{}", "moorings:key_vaults:Vault"),
    Kind("key_vaults.*.private_endpoints.*", "key-vault-{}-endpoint-{}", "moorings:key_vaults:VaultEndpoint"),
    Kind("clusters.*", "cluster-{}", "moorings:aks:Cluster"),
    Kind("container_apps.*", "apps-{}", "moorings:container_apps:Environment"),
    Kind("container_apps.*.apps.*", "apps-{}-{}", "moorings:container_apps:App"),
    Kind("container_apps.*.jobs.*", "apps-{}-{}", "moorings:container_apps:Job"),
    Kind("container_apps.*.private_endpoints.*", "apps-{}-endpoint-{}", "moorings:container_apps:EnvironmentEndpoint"),
    Kind("session_pools.*", "sessions-{}", "moorings:session_pools:SessionPool"),
    Kind("sandbox_groups.*", "sandboxes-{}", "moorings:sandboxes:SandboxGroup"),
    Kind("container_groups.*", "container-group-{}", "moorings:container_groups:ContainerGroup"),
    Kind("agents.*", "agent-{}", "moorings:agents:Agent"),
    Kind("gateways.*", "gateway-{}", "moorings:gateways:Gateway"),
    Kind("task_schedulers.*", "tasks-{}", "moorings:durable_task:Scheduler"),
)
"""A test compares the table with the specs."""


def origins() -> tuple[tuple[str, str], ...]:
    """Return the start of the logical name of each interface and its path, as `stacks.origins` lists them."""
    return tuple(
        (f"{kind.name}-{start}", f"{kind.path}.{field}")
        for kind in KINDS
        for start, field in (
            ("lock", "lock"),
            ("interfaces-role-{}", "role_assignments.*"),
            ("interfaces-setting-{}", "diagnostic_settings.*"),
        )
    )
