"""Replacing what moves to another region.

Azure moves nothing between regions: it refuses another location of a resource that exists. The provider knows that of the types
whose specifications say so, which leaves out networks, security groups and private endpoints [AN-LOCATION].
"""

import pulumi


def replaced_by_a_move(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Let another location replace a resource, the old one first, since both have one name; a transformation."""
    if "location" not in args.props:
        return None
    moved = pulumi.ResourceOptions(replace_on_changes=["location"], delete_before_replace=True)
    return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, moved))
