"""Image references of resources: with the host of the registry, unless they name another one."""

import pulumi

from planning.images import host_of


def reference(image: str, host: pulumi.Input[str]) -> pulumi.Output[str]:
    """Return an image with the host of the registry before it; as it is if it states the host of another registry.

    Args:
        image: as the description states it.
        host: registry host of the co-located replica.
    """
    return pulumi.Output.from_input(image) if host_of(image) else pulumi.Output.concat(host, "/", image)
