"""Makes a whole component depend on resources.

The engine orders resources, not components: ``depends_on`` of a component does not reach its children.
"""

from collections.abc import Callable, Sequence

import pulumi

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def comes_after(resources: Sequence[pulumi.Resource]) -> Transformation:
    """Return a transformation that makes a component and all its children depend on resources.

    Args:
        resources: dependencies; a component stands for all its children.
    """
    first = list(resources)

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        later = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(depends_on=first))
        return pulumi.ResourceTransformationResult(args.props, later)

    return transform
