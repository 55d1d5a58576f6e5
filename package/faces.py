"""The components of the package.

Most are offered as they are. A function adapts one whose constructor takes what only a program in Python has.
"""

from __future__ import annotations

import pulumi

from components.aks.cluster import Cluster
from components.artifact_cache.artifact_cache import ArtifactCache
from components.container_groups.container_group import ContainerGroup
from components.dns.zone import Zone
from components.firewalls.firewall import Firewall
from components.gateways.gateway import Gateway
from components.identity.identity import UserAssignedIdentity
from components.key_vaults.vault import Vault
from components.monitoring.workspace import Workspace
from components.network.network import Network
from components.private_endpoint.private_endpoint import PrivateEndpoint
from components.registry.registry import Registry
from components.sandboxes.sandbox_group import SandboxGroup
from components.session_pools.session_pool import SessionPool
from package.compute import AppsEnvironment, cluster, container_group, gateway
from package.face import Face
from package.networks import firewall, network, private_endpoint


def _after_the_replicas(registry: Registry) -> pulumi.Output[str]:
    """The id of a registry once its replicas exist: an endpoint made while one is being created fails [PE-4]."""
    return pulumi.Output.all(registry.id, registry.replica_ids).apply(lambda known: str(known[0]))


FACES: tuple[Face, ...] = (
    Face(
        "moorings:registry:Registry",
        Registry,
        hidden=frozenset(
            {
                "private_endpoints",
                "headroom",
                "scope_maps",
                "tokens",
                "webhooks",
                "grants_for_both_modes",
                "drained",
                "fallbacks",
            }
        ),
        outputs_of={"id": _after_the_replicas},
    ),
    Face("moorings:artifact_cache:ArtifactCache", ArtifactCache, hidden=frozenset({"direct"})),
    Face("moorings:network:Network", network, Network, hidden=frozenset({"name", "peers", "peerings", "exclusive"})),
    Face(
        "moorings:private_endpoint:PrivateEndpoint",
        private_endpoint,
        PrivateEndpoint,
        hidden=frozenset({"name", "dns_zones"}),
    ),
    Face("moorings:dns:Zone", Zone),
    Face("moorings:firewalls:Firewall", firewall, Firewall, hidden=frozenset({"address"})),
    Face(
        "moorings:identity:UserAssignedIdentity",
        UserAssignedIdentity,
        hidden=frozenset({"name", "principal_id", "client_id"}),
    ),
    Face("moorings:key_vaults:Vault", Vault, hidden=frozenset({"private_endpoints"})),
    Face("moorings:monitoring:Workspace", Workspace, hidden=frozenset({"name"})),
    Face(
        "moorings:container_apps:Environment",
        AppsEnvironment,
        hidden=frozenset({"name", "diagnostics", "private_endpoints", "dns_links"}),
    ),
    Face("moorings:session_pools:SessionPool", SessionPool, hidden=frozenset({"name", "endpoint"})),
    Face(
        "moorings:sandboxes:SandboxGroup",
        SandboxGroup,
        hidden=frozenset({"name", "profile", "quota", "secrets", "endpoint"}),
    ),
    Face(
        "moorings:container_groups:ContainerGroup",
        container_group,
        ContainerGroup,
        hidden=frozenset({"workspace", "quota", "endpoint"}),
    ),
    Face(
        "moorings:aks:Cluster",
        cluster,
        Cluster,
        hidden=frozenset({"name", "workload_identities", "metrics_workspace", "node_image", "old_node_image"})
        | {"internal_load_balancers"},
        replaced=frozenset({"identity", "kubelet_identity"}),
    ),
    Face(
        "moorings:gateways:Gateway",
        gateway,
        Gateway,
        hidden=frozenset({"routes", "identity", "api", "namespace"}),
        replaced=frozenset({"cluster"}),
    ),
)
"""Every component that takes a spec."""
