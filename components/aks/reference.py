"""What other systems use of a cluster, whoever makes it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_azure_native as azure_native

from components.elsewhere import name_of, parsed


class ClusterReference(pulumi.ComponentResource):
    """A cluster of this stack, or one made elsewhere."""

    id: pulumi.Output[str]
    name: pulumi.Output[str]
    fqdn: pulumi.Output[str | None]
    """Host name of the API server."""
    oidc_issuer_url: pulumi.Output[str]
    """Issuer URL for federated credentials of workload identities."""
    node_resource_group: pulumi.Output[str | None]
    """Resource group that AKS makes for the nodes."""
    node_images: pulumi.Output[Mapping[str, str | None]]
    """Version of the node image of each pool, by its key."""

    @property
    def node_resource_group_id(self) -> pulumi.Output[str]:
        """ARM id of the node resource group, in the cluster's own subscription."""
        return pulumi.Output.all(id=self.id, group=self.node_resource_group).apply(_group)

    def register(self) -> None:
        """Register the outputs."""
        self.register_outputs(
            {
                "id": self.id,
                "name": self.name,
                "fqdn": self.fqdn,
                "oidc_issuer_url": self.oidc_issuer_url,
                "node_resource_group": self.node_resource_group,
                "node_images": self.node_images,
            }
        )


class ExistingCluster(ClusterReference):
    """A cluster made elsewhere. Makes nothing; its issuer, node resource group and node images are read."""

    def __init__(self, name: str, cluster_id: str, opts: pulumi.ResourceOptions | None = None) -> None:
        """Read the cluster.

        Args:
            name: logical name.
            cluster_id: ARM id of the cluster.
            opts: options of the component, with the provider of the cluster's subscription.
        """
        super().__init__("moorings:aks:ExistingCluster", name, None, opts)
        there = parsed(cluster_id)
        found = azure_native.containerservice.get_managed_cluster_output(
            resource_group_name=there.resource_group if there else "",
            resource_name=name_of(cluster_id),
            opts=pulumi.InvokeOutputOptions(parent=self),
        )
        self.id = pulumi.Output.from_input(cluster_id)
        self.name = pulumi.Output.from_input(name_of(cluster_id))
        self.fqdn = pulumi.Output.all(found.private_fqdn, found.fqdn).apply(lambda names: names[0] or names[1])
        self.oidc_issuer_url = found.oidc_issuer_profile.apply(lambda profile: profile.issuer_url if profile else "")
        self.node_resource_group = found.node_resource_group
        self.node_images = found.agent_pool_profiles.apply(_images)
        self.register()


def _images(pools: Sequence[Any] | None) -> Mapping[str, str | None]:
    return {pool.name: pool.node_image_version for pool in pools or ()}


def _group(known: Mapping[str, Any]) -> str:
    """The id of the node resource group, in the cluster's own subscription."""
    return f"/subscriptions/{str(known['id']).split('/')[2]}/resourceGroups/{known['group']}"
