"""The registry host of a cluster's nodes: that of their region, if their node images are recent enough."""

from collections.abc import Mapping

import pulumi

from components.aks.spec import ClusterSpec
from planning.node_images import NODE_IMAGE_FLOOR, pulls_by_region


class NodeImageTooOldError(Exception):
    """Nodes cannot pull from a regional host with their identity, and the cluster must not use the global one."""


def image_host(
    cluster: str,
    spec: ClusterSpec,
    *,
    regional: pulumi.Input[str],
    global_: pulumi.Input[str],
    node_images: pulumi.Input[Mapping[str, str | None]],
) -> pulumi.Output[str]:
    """Return the registry host of image names; unknown in a preview until the node images are known [AKS-8].

    Args:
        cluster: key of the cluster, for messages.
        spec: the cluster, with its node image and the behaviour for older ones.
        regional: host of the co-located replica; the global one where the registry has no regional hosts.
        global_: host that Azure routes.
        node_images: pool to the version of its nodes' image.
    """

    def chosen(found: Mapping[str, object]) -> str:
        ours, others, images = str(found["regional"]), str(found["global_"]), found["images"]
        assert isinstance(images, Mapping)
        old = {pool: image for pool, image in images.items() if not pulls_by_region(str(image or ""))}
        if ours == others or not old:
            return ours
        images = ", ".join(f"{pool} has {image or 'an unknown one'}" for pool, image in sorted(old.items()))
        message = (
            f"cluster {cluster}: nodes need image {NODE_IMAGE_FLOOR} or later to pull from {ours}: {images} [AKS-8]"
        )
        if spec.old_node_image == "refuse":
            raise NodeImageTooOldError(f"{message}; upgrade the nodes' images, or write old_node_image: global")
        pulumi.log.warn(f"{message}; images are named with {others} instead")
        return others

    # A stated older image rules the regional host out, so that nothing has to be read from the pools.
    if not spec.images_are_recent:
        return pulumi.Output.from_input(global_)
    return pulumi.Output.all(regional=regional, global_=global_, images=node_images).apply(chosen)
