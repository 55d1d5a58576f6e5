"""The properties of a cluster beside its pools: network, identities, sign-in, upgrades, security and add-ons."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pulumi

from components.aks.spec import ClusterSpec


@dataclass(frozen=True)
class Acting:
    """An identity of a cluster.

    Attributes:
        id: its ARM id.
        client_id: its client id.
        principal_id: its principal id, for role assignments.
    """

    id: pulumi.Input[str]
    client_id: pulumi.Input[str]
    principal_id: pulumi.Input[str]


@dataclass(frozen=True)
class Wiring:
    """A cluster's spec with the ids of the resources that it uses.

    Attributes:
        spec: the cluster.
        cluster_name: physical name, also the DNS prefix.
        node_resource_group: name of the node resource group.
        subnet_ids: ids of the subnets that its pools name, by key.
        control_plane: identity of the control plane, which creates load balancers, joins subnets and assigns the
            kubelet identity.
        kubelet: identity with which its nodes pull.
        workspace_id: where logs go; None for nowhere.
        private_dns_zone: id of the private DNS zone of a private API server; None for what the spec says.
        separate_pools: names of the pools that the stack's state has as resources of their own.
    """

    spec: ClusterSpec
    cluster_name: str
    node_resource_group: str
    subnet_ids: Mapping[str, pulumi.Input[str]]
    control_plane: Acting
    kubelet: Acting
    workspace_id: pulumi.Input[str] | None = None
    private_dns_zone: pulumi.Input[str] | None = None
    separate_pools: Collection[str] = ()


def body(wiring: Wiring) -> dict[str, Any]:
    """Return the inputs of a managed cluster, without its name, place and pools."""
    spec = wiring.spec
    return {
        "sku": {"name": "Base", "tier": spec.tier},
        "support_plan": "AKSLongTermSupport" if spec.long_term_support else "KubernetesOfficial",
        "dns_prefix": spec.dns_prefix or wiring.cluster_name,
        "kubernetes_version": spec.kubernetes_version,
        "node_resource_group": wiring.node_resource_group,
        "identity": {"type": "UserAssigned", "user_assigned_identities": [wiring.control_plane.id]},
        "identity_profile": {
            "kubeletidentity": {
                "resource_id": wiring.kubelet.id,
                "client_id": wiring.kubelet.client_id,
                "object_id": wiring.kubelet.principal_id,
            }
        },
        "enable_rbac": True,
        "disable_local_accounts": not spec.local_accounts,
        "aad_profile": {
            "managed": True,
            "enable_azure_rbac": True,
            "admin_group_object_ids": spec.admin_groups or None,
        },
        "api_server_access_profile": _api_server(wiring),
        "network_profile": _network(spec),
        "oidc_issuer_profile": {"enabled": True},
        "security_profile": _security(wiring),
        "auto_upgrade_profile": {
            "upgrade_channel": spec.upgrade_channel,
            "node_os_upgrade_channel": spec.node_os_upgrade_channel,
        },
        "addon_profiles": _add_ons(spec),
        "azure_monitor_profile": {"metrics": {"enabled": spec.metrics_workspace is not None}},
    }


def _api_server(wiring: Wiring) -> dict[str, Any]:
    server = wiring.spec.api_server
    commands = {"disable_run_command": not server.run_command}
    if not server.private:
        return {"authorized_ip_ranges": [str(allowed) for allowed in server.authorized_ranges], **commands}
    return {
        "enable_private_cluster": True,
        "private_dns_zone": wiring.private_dns_zone or server.private_dns_zone,
        # Without a private zone only the public name exists; it resolves to the private address [AKS-9].
        "enable_private_cluster_public_fqdn": server.private_dns_zone == "none",
        **commands,
    }


def _network(spec: ClusterSpec) -> dict[str, Any]:
    azure = spec.network_plugin == "azure"
    return {
        "network_plugin": spec.network_plugin,
        "network_plugin_mode": "overlay" if azure and spec.mode == "overlay" else None,
        "network_dataplane": spec.dataplane if azure else None,
        "network_policy": spec.policy,
        "pod_cidr": str(spec.pod_range) if spec.pod_range else None,
        "service_cidr": str(spec.service_cidr),
        "dns_service_ip": str(spec.name_server),
        "outbound_type": spec.outbound_type,
        "load_balancer_sku": "standard",
    }


def _security(wiring: Wiring) -> dict[str, Any]:
    spec = wiring.spec
    profile: dict[str, Any] = {"workload_identity": {"enabled": True}}
    hours = spec.image_cleaner_hours
    profile["image_cleaner"] = {"enabled": True, "interval_hours": hours} if hours else {"enabled": False}
    if spec.watched:
        profile["defender"] = {
            "log_analytics_workspace_resource_id": wiring.workspace_id,
            "security_monitoring": {"enabled": True},
        }
    elif spec.defender is False:
        profile["defender"] = {"security_monitoring": {"enabled": False}}
    return profile


def _add_ons(spec: ClusterSpec) -> dict[str, Any]:
    """Every add-on states whether it is enabled, because Azure keeps the state of one that is omitted [AKS-18]."""
    rotation = {"config": {"enableSecretRotation": "true"}} if spec.key_vault_secrets else {}
    return {
        "azurepolicy": {"enabled": spec.azure_policy},
        "azureKeyvaultSecretsProvider": {"enabled": spec.key_vault_secrets, **rotation},
    }
