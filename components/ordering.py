"""Making a whole component come after something.

The engine orders resources, not components: what a component is told to come after does not reach its children.
"""

from collections.abc import Callable, Sequence

import pulumi

Transformation = Callable[[pulumi.ResourceTransformationArgs], pulumi.ResourceTransformationResult | None]


def comes_after(resources: Sequence[pulumi.Resource]) -> Transformation:
    """Return a transformation by which a component and everything below it come after some resources.

    Args:
        resources: what has to be there first; a component stands for everything below it.
    """
    first = list(resources)

    def transform(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        later = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(depends_on=first))
        return pulumi.ResourceTransformationResult(args.props, later)

    return transform
