"""Protection of every resource of a program against deletion and replacement."""

import pulumi


def protected(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
    """Protect a resource: the engine refuses to delete or replace it."""
    options = pulumi.ResourceOptions.merge(args.opts, pulumi.ResourceOptions(protect=True))
    return pulumi.ResourceTransformationResult(args.props, options)
