"""Aliases: dropping the version aliases that pulumi-azure-native adds to each resource, and stating former URNs.

Every class carries an alias per API version of its type, 60 on a virtual network, and the engine's client resolves
each one for each resource: most of a preview's time. They serve stacks created with a type token of another version,
which does not apply here. Aliases that a component states, for a rename or a move, are kept.
"""

from collections.abc import Mapping

import pulumi


def drop_version_aliases(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    """Drop the aliases that differ in the API version of the type token only; a stack transformation."""
    aliases = args.opts.aliases
    if not aliases or not args.type_.startswith("azure-native:"):
        return None
    kind = args.type_.rsplit(":", 1)[-1]
    args.opts.aliases = [alias for alias in aliases if not _changes_version_only(alias, kind)]
    return pulumi.ResourceTransformationResult(args.props, args.opts)


def _changes_version_only(alias: "pulumi.Input[str | pulumi.Alias]", kind: str) -> bool:
    """Whether an alias is the same kind of resource under another version, or under its former module."""
    if not isinstance(alias, pulumi.Alias) or not isinstance(alias.type_, str):
        return False
    stated = {name for name in ("name", "parent", "stack", "project") if getattr(alias, name) is not ...}
    return not stated and alias.type_.startswith("azure-native:") and alias.type_.endswith(f":{kind}")


def formerly(urns: Mapping[str, str]) -> pulumi.ResourceTransformation:
    """Return a transformation that gives resources the URN that they had once as an alias.

    Args:
        urns: former URN by logical name.
    """

    def renamed(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.name not in urns:
            return None
        options = pulumi.ResourceOptions(aliases=[urns[args.name]])
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, options))

    return renamed
