"""Make every cluster of a description, with what its control plane may do and who may act as whom."""

import pulumi

from components.aks.cluster import Cluster
from components.aks.images import image_host
from components.aks.metrics import MetricsCollection
from components.aks.profiles import Acting, Wiring
from components.aks.service_account import ServiceAccount
from components.aks.spec import ClusterSpec
from components.permissions import Permission, Permissions
from components.surroundings import Made, Surroundings
from planning.aks import MANAGED_IDENTITY_OPERATOR, NETWORK_CONTRIBUTOR, subnets_of
from planning.regions import zones_of
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Make the clusters of section ``clusters`` and return what each tells, by key."""
    if not spec.clusters:
        return {}
    permissions = _permissions(around, spec)
    clusters = {key: _cluster(around, key, its, permissions) for key, its in spec.clusters.items()}
    _service_accounts(around, spec, clusters)
    for key, cluster in clusters.items():
        _metrics(around, spec, key, cluster)
    return {key: _told(around, key, spec.clusters[key], cluster) for key, cluster in clusters.items()}


def _permissions(around: Surroundings, spec: StackSpec) -> Permissions:
    """Once for each pair: Azure refuses a second assignment of a role to the same principal at the same place."""
    found: dict[str, Permission] = {}
    for cluster in spec.clusters.values():
        principal = around.identities[cluster.identity].principal_id
        kubelet = around.identities[cluster.kubelet_identity]
        found[f"{cluster.identity}-{cluster.kubelet_identity}"] = Permission(
            MANAGED_IDENTITY_OPERATOR, kubelet.id, principal
        )
        for subnet in subnets_of(cluster.subnet, cluster.pools.values()):
            scope = around.subnet_id(cluster.network, subnet)
            found[f"{cluster.identity}-{cluster.network}-{subnet}"] = Permission(NETWORK_CONTRIBUTOR, scope, principal)
    return Permissions(
        f"{around.name}-clusters-permissions", found, namespace=around.registry.name, opts=around.options()
    )


def _cluster(around: Surroundings, key: str, spec: ClusterSpec, permissions: Permissions) -> Cluster:
    location = around.locations[spec.network]
    group = around.resource_group("clusters", location, key)
    return Cluster(
        f"{around.name}-cluster-{key}",
        Wiring(
            spec=spec,
            cluster_name=around.names.managed_cluster(key),
            node_resource_group=around.names.node_resource_group(key),
            subnet_ids={
                subnet: around.subnet_id(spec.network, subnet)
                for subnet in subnets_of(spec.subnet, spec.pools.values())
            },
            control_plane=_acting(around, spec.identity),
            kubelet=_acting(around, spec.kubelet_identity),
            workspace_id=around.workspaces[spec.workspace].id if spec.workspace else None,
        ),
        zones={name: zones_of(location) if pool.zones is None else [*pool.zones] for name, pool in spec.pools.items()},
        location=location,
        resource_group_name=group.name,
        tags=around.tags,
        opts=around.options(after_pull_access=True, after=[permissions]),
    )


def _acting(around: Surroundings, identity: str) -> Acting:
    found = around.identities[identity]
    return Acting(found.id, found.client_id, found.principal_id)


def _service_accounts(around: Surroundings, spec: StackSpec, clusters: dict[str, Cluster]) -> None:
    """One after the other below each identity, whichever cluster they are of [MSI-3]."""
    last: dict[str, pulumi.Resource] = {}
    for key, cluster in spec.clusters.items():
        for name, account in cluster.workload_identities.items():
            identity = around.identities[account.identity]
            last[account.identity] = ServiceAccount(
                f"{around.name}-cluster-{key}-account-{name}",
                account,
                credential_name=around.names.federated_credential(key, name),
                issuer=clusters[key].oidc_issuer_url,
                identity_name=identity.name,
                resource_group_name=around.resource_group("identity", around.location).name,
                opts=pulumi.ResourceOptions(parent=around.parent, depends_on=[last.get(account.identity, identity)]),
            )


def _metrics(around: Surroundings, spec: StackSpec, key: str, cluster: Cluster) -> None:
    """The way of a cluster's metrics to the workspace that it names, beside the cluster but in the workspace's region."""
    its = spec.clusters[key]
    if its.metrics_workspace is None:
        return
    region = spec.monitoring.metrics_workspaces[its.metrics_workspace].location or around.location
    MetricsCollection(
        f"{around.name}-cluster-{key}-metrics",
        endpoint_name=around.names.metrics_endpoint(region, key),
        rule_name=around.names.metrics_rule(region, key),
        location=region,
        resource_group_name=around.resource_group("clusters", around.locations[its.network], key).name,
        cluster_id=cluster.id,
        workspace_id=around.metrics_workspaces[its.metrics_workspace].id,
        tags=around.tags,
        opts=around.options(),
    )


def _told(around: Surroundings, key: str, spec: ClusterSpec, cluster: Cluster) -> Made:
    location = around.locations[spec.network]
    kubelet = around.identities[spec.kubelet_identity]
    metrics = around.metrics_workspaces[spec.metrics_workspace] if spec.metrics_workspace else None
    return {
        "id": cluster.id,
        "name": cluster.name,
        "location": location,
        "fqdn": cluster.fqdn,
        "oidc_issuer_url": cluster.oidc_issuer_url,
        "node_resource_group": cluster.node_resource_group,
        "kubelet_client_id": kubelet.client_id,
        "image_host": image_host(
            key,
            spec,
            regional=around.registry.host(location),
            global_=around.registry.global_host,
            node_images=cluster.node_images,
        ),
        **({"metrics_query_endpoint": metrics.query_endpoint} if metrics else {}),
    }
