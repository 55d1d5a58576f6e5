"""Builds the clusters of a stack, with their role assignments and workload identities."""

from collections.abc import Mapping

import pulumi

from components.aks.cluster import Cluster
from components.aks.images import image_host
from components.aks.metrics import MetricsCollection
from components.aks.profiles import Acting, Wiring
from components.aks.reference import ClusterReference, ExistingCluster
from components.aks.service_account import ServiceAccount
from components.aks.spec import ClusterSpec
from components.dns.zone import Zone
from components.elsewhere import name_of
from components.images import reference
from components.monitoring.metrics_workspace import MetricsWorkspace
from components.network.network import Network
from components.permissions import Permission, Permissions
from components.workloads.spec import WorkloadSpec
from planning.aks import MANAGED_IDENTITY_OPERATOR, NETWORK_CONTRIBUTOR, subnets_of
from planning.regions import zones_of
from planning.roles import ZONE_CONTRIBUTOR
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Build section ``clusters``."""
    permissions = _permissions(spec, plan, context)
    clusters: dict[str, ClusterReference] = {
        key: _cluster(plan, context, key, cluster, permissions) for key, cluster in spec.own_clusters.items()
    }
    for key, cluster in spec.clusters.items():
        if cluster.id is not None:
            there = context.groups.options(plan.subscription_of(cluster.id))
            clusters[key] = ExistingCluster(f"{context.name}-cluster-{key}", cluster.id, there)
    _service_accounts(spec, plan, context, clusters)
    for key, cluster in clusters.items():
        _metrics(spec, plan, context, key, cluster)
    reports = {key: _report(plan, context, key, spec.clusters[key], cluster) for key, cluster in clusters.items()}
    return Built(reports, clusters, _pulls(spec, context, reports))


def _pulls(spec: StackSpec, context: BuildContext, reports: Mapping[str, Report]) -> list[Report]:
    """Images that the workloads of the clusters pull."""

    def host(workload: WorkloadSpec, cluster: str) -> pulumi.Output[str]:
        if spec.image_endpoint("workloads", workload.endpoint) == "global":
            return context.registry.login_server
        return pulumi.Output.from_input(reports[cluster]["image_host"]).apply(str)

    return [
        {
            "name": f"{key} in {cluster}",
            "from": reports[cluster]["id"],
            "image": reference(workload.image, host(workload, cluster)),
        }
        for key, workload in spec.workloads.items()
        for cluster in workload.clusters
    ]


def _permissions(spec: StackSpec, plan: Plan, context: BuildContext) -> Permissions:
    """One for each pair: Azure refuses a second assignment of a role to the same principal on the same scope."""
    found: dict[str, Permission] = {}
    for cluster in spec.own_clusters.values():
        identity, principal = name_of(cluster.control_identity), context.identity(cluster.control_identity).principal_id
        kubelet = context.identity(cluster.pulling_identity)
        found[f"{identity}-{name_of(cluster.pulling_identity)}"] = Permission(
            MANAGED_IDENTITY_OPERATOR, kubelet.id, principal
        )
        for subnet in subnets_of(cluster.node_subnet, cluster.pools.values()):
            scope = context.subnet_id(cluster.network, subnet)
            found[f"{identity}-{cluster.network}-{subnet}"] = Permission(NETWORK_CONTRIBUTOR, scope, principal)
        zone = cluster.api_server.private_dns_zone
        if zone in plan.zones:
            # The control plane writes its record into the zone and links the zone to the network of its nodes
            # [AKS-ZONE].
            network = context.resources.of(Network)[cluster.network].id
            scope = plan.zones[zone].id or context.resources.of(Zone)[zone].id
            found[f"{identity}-zone-{name_of(zone)}"] = Permission(ZONE_CONTRIBUTOR, scope, principal)
            found[f"{identity}-{cluster.network}"] = Permission(NETWORK_CONTRIBUTOR, network, principal)
    return Permissions(f"{context.name}-clusters-permissions", found, namespace=spec.namespace, opts=context.options())


def _cluster(plan: Plan, context: BuildContext, key: str, spec: ClusterSpec, permissions: Permissions) -> Cluster:
    site = plan.sites["clusters", key]
    available, zone = zones_of(site.location), spec.api_server.private_dns_zone
    return Cluster(
        f"{context.name}-cluster-{key}",
        Wiring(
            spec=spec,
            cluster_name=site.name,
            node_resource_group=plan.names.node_resource_group(key),
            subnet_ids={
                subnet: context.subnet_id(spec.network, subnet)
                for subnet in subnets_of(spec.node_subnet, spec.pools.values())
            },
            control_plane=_acting(context, spec.control_identity),
            kubelet=_acting(context, spec.pulling_identity),
            workspace_id=context.workspace(spec.workspace).id if spec.workspace else None,
            private_dns_zone=context.resources.of(Zone)[zone].id if zone in plan.zones else None,
            separate_pools=context.previous.keys("AgentPool", f"{context.name}-cluster-{key}-", "-pool").keys(),
        ),
        zones={name: available if pool.zones is None else [*pool.zones] for name, pool in spec.pools.items()},
        opts=context.options(after_pull_access=True, after=[permissions]),
        **context.placement(site),
    )


def _acting(context: BuildContext, identity: str) -> Acting:
    found = context.identity(identity)
    return Acting(found.id, found.client_id, found.principal_id)


def _service_accounts(
    spec: StackSpec, plan: Plan, context: BuildContext, clusters: Mapping[str, ClusterReference]
) -> None:
    """Sequentially for each identity, whatever their cluster [MSI-3]."""
    last: dict[str, pulumi.Resource] = {}
    for key, cluster in spec.clusters.items():
        for name, account in cluster.workload_identities.items():
            identity = context.identity(account.identity)
            site = plan.sites["clusters", key, "workload_identities", name]
            last[account.identity] = ServiceAccount(
                f"{context.name}-cluster-{key}-account-{name}",
                account,
                credential_name=site.name,
                issuer=clusters[key].oidc_issuer_url,
                identity_name=identity.name,
                resource_group_name=context.groups.name_of(site.group),
                opts=context.options(after=[last.get(account.identity, identity)]),
            )


def _metrics(spec: StackSpec, plan: Plan, context: BuildContext, key: str, cluster: ClusterReference) -> None:
    """Metrics collection of a cluster, in the region of its workspace."""
    workspace = spec.clusters[key].metrics_workspace
    if workspace is None:
        return
    region = plan.sites["monitoring", "metrics_workspaces", workspace].location
    MetricsCollection(
        f"{context.name}-cluster-{key}-metrics",
        endpoint_name=plan.names.metrics_endpoint(region, key),
        rule_name=plan.names.metrics_rule(region, key),
        location=region,
        resource_group_name=context.groups.name_of(plan.sites["clusters", key].group),
        cluster_id=cluster.id,
        workspace_id=context.resources.of(MetricsWorkspace)[workspace].id,
        tags=context.tags,
        opts=context.options(),
    )


def _report(plan: Plan, context: BuildContext, key: str, spec: ClusterSpec, cluster: ClusterReference) -> Report:
    location = plan.sites["clusters", key].location
    workspaces = context.resources.of(MetricsWorkspace)
    metrics = workspaces[spec.metrics_workspace] if spec.metrics_workspace else None
    return {
        "id": cluster.id,
        "name": cluster.name,
        "location": location,
        "fqdn": cluster.fqdn,
        "oidc_issuer_url": cluster.oidc_issuer_url,
        "node_resource_group": cluster.node_resource_group,
        **({"kubelet_client_id": context.identity(spec.kubelet_identity).client_id} if spec.kubelet_identity else {}),
        "image_host": image_host(
            key,
            spec,
            regional=context.image_host(location, "regional"),
            global_=context.registry.login_server,
            node_images=cluster.node_images,
        ),
        **({"metrics_query_endpoint": metrics.query_endpoint} if metrics else {}),
    }
