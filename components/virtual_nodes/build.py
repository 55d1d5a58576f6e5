"""Let the virtual nodes of every cluster make container groups: the chart itself is installed by Helm."""

import pulumi

from components.permissions import Permission, Permissions
from components.surroundings import Made, Surroundings
from planning.aks import NETWORK_CONTRIBUTOR
from planning.roles import ROLES
from planning.virtual_nodes import CHART, CHART_REPOSITORY, CHART_VERSION
from stacks.spec import StackSpec


def build(around: Surroundings, spec: StackSpec) -> dict[str, Made]:
    """Grant what section ``virtual_nodes`` needs, and return what each cluster's values are made of.

    The kubelet identity makes container groups in the resource group of the cluster's nodes, and puts them into the subnet
    [VN-5]. Clusters that share an identity and a subnet share the grant: Azure takes an assignment once.
    """
    if not spec.virtual_nodes:
        return {}
    found: dict[str, Permission] = {}
    made: dict[str, Made] = {}
    for key, virtual in spec.virtual_nodes.items():
        cluster = spec.clusters[key]
        kubelet = around.identities[cluster.kubelet_identity]
        subnet_id = around.subnet_id(cluster.network, virtual.subnet)
        group_id = _node_resource_group_id(around, key)
        found[f"{key}-nodes"] = Permission(ROLES["Contributor"], group_id, kubelet.principal_id)
        found[f"{cluster.kubelet_identity}-{cluster.network}-{virtual.subnet}"] = Permission(
            NETWORK_CONTRIBUTOR, subnet_id, kubelet.principal_id
        )
        made[key] = {
            "chart": CHART,
            "chart_version": CHART_VERSION,
            "chart_repository": CHART_REPOSITORY,
            "subnet_id": subnet_id,
            "resource_group_id": group_id,
        }
        if virtual.identity:
            made[key] |= {"pull_identity_id": around.identities[virtual.identity].id}
            made[key] |= {"pull_principal_id": around.identities[virtual.identity].principal_id}
    Permissions(
        f"{around.name}-virtual-nodes", found, namespace=f"{around.registry.name}/virtual-nodes", opts=around.options()
    )
    return made


def _node_resource_group_id(around: Surroundings, cluster: str) -> pulumi.Output[str]:
    told = around.made["clusters"][cluster]
    both = pulumi.Output.all(id=told["id"], group=told["node_resource_group"])
    return both.apply(lambda its: f"/subscriptions/{str(its['id']).split('/')[2]}/resourceGroups/{its['group']}")
