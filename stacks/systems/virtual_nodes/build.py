"""Role assignments for virtual nodes; the chart itself is installed with Helm."""

from components.aks.reference import ClusterReference
from components.permissions import Permission, Permissions
from planning.aks import NETWORK_CONTRIBUTOR
from planning.roles import ROLES
from planning.virtual_nodes import CHART, CHART_REPOSITORY, CHART_VERSION
from stacks.context import BuildContext, Built, Report
from stacks.plan import Plan
from stacks.spec import StackSpec


def build(spec: StackSpec, plan: Plan, context: BuildContext) -> Built:
    """Assign the roles of section ``virtual_nodes``, and report the input of each cluster's Helm values.

    The kubelet identity creates container groups in the node resource group, and joins them to the subnet [VN-5].
    Clusters that share an identity and a subnet share the assignment, which must be unique.
    """
    permissions: dict[str, Permission] = {}
    reports: dict[str, Report] = {}
    for key, virtual in spec.virtual_nodes.items():
        cluster = spec.clusters[key]
        kubelet = context.identity(cluster.pulling_identity)
        subnet_id = context.subnet_id(cluster.network, virtual.subnet)
        group_id = context.resources.of(ClusterReference)[key].node_resource_group_id
        permissions[f"{key}-nodes"] = Permission(ROLES["Contributor"], group_id, kubelet.principal_id)
        permissions[f"{cluster.pulling_identity}-{cluster.network}-{virtual.subnet}"] = Permission(
            NETWORK_CONTRIBUTOR, subnet_id, kubelet.principal_id
        )
        reports[key] = {
            "chart": CHART,
            "chart_version": CHART_VERSION,
            "chart_repository": CHART_REPOSITORY,
            "subnet_id": subnet_id,
            "resource_group_id": group_id,
        }
        if virtual.identity:
            identity = context.identity(virtual.identity)
            reports[key] |= {"pull_identity_id": identity.id, "pull_principal_id": identity.principal_id}
    namespace = f"{spec.namespace}/virtual-nodes"
    Permissions(f"{context.name}-virtual-nodes", permissions, namespace=namespace, opts=context.options())
    return Built(reports)
