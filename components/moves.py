"""Replaces resources whose region changes.

Azure refuses another location for an existing resource. The provider knows that for the types whose specifications
say so, which excludes networks, security groups and private endpoints [AN-LOCATION].
"""

import pulumi


def replaced_by_a_move(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Replace a resource whose location changes, deleting the old one first, as both have the same name."""
    if "location" not in args.props:
        return None
    moved = pulumi.ResourceOptions(replace_on_changes=["location"], delete_before_replace=True)
    return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, moved))
