"""Connections of private endpoints that were removed, whatever service they lead to.

The service of a connection was deleted, or its owner deleted the connection. It stays Disconnected: no update brings it back, and
an endpoint made anew does [PE-GONE].
"""

from collections.abc import Collection, Mapping
from typing import Any

import pulumi

ENDPOINT = "azure-native:network:PrivateEndpoint"
"""Type token of private endpoints."""


class DisconnectedError(RuntimeError):
    """An update would leave an endpoint without its connection."""


def is_disconnected(outputs: Mapping[str, Any]) -> bool:
    """Return whether the connection of a private endpoint was removed, by what the endpoint puts out."""
    return any(
        (connection.get("privateLinkServiceConnectionState") or {}).get("status") == "Disconnected"
        for connection in outputs.get("privateLinkServiceConnections") or ()
    )


def replaced_when_disconnected(
    disconnected: Collection[str], hooks: pulumi.ResourceHookBinding | None = None
) -> pulumi.ResourceTransformation:
    """Return a transformation that replaces the private endpoints whose connection was removed.

    Args:
        disconnected: logical names of these endpoints, by the state before the run.
        hooks: what the engine calls before it updates any other endpoint, such as `refusal`.
    """

    def replaced(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != ENDPOINT:
            return None
        anew = ["privateLinkServiceConnections"] if args.name in disconnected else None
        options = pulumi.ResourceOptions(replace_on_changes=anew, hooks=hooks)
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, options))

    return replaced


def refusal(suffix: str = "") -> pulumi.ResourceHookBinding:
    """Return hooks that refuse to update a disconnected endpoint.

    A refresh in the same run finds the connection removed after the program has read the state. The update would only drop the
    finding from the state, and no later run would mend it.

    Args:
        suffix: end of the hook's name, which is unique in a program.
    """
    hook = pulumi.ResourceHook(f"refuse-disconnected{suffix}", _refuse, pulumi.ResourceHookOptions(on_dry_run=True))
    return pulumi.ResourceHookBinding(before_update=[hook])


def _refuse(args: pulumi.ResourceHookArgs) -> None:
    if is_disconnected(args.old_outputs or {}):
        raise DisconnectedError(
            f"the connection of private endpoint {args.name} was removed, and no update brings it back; run `pulumi refresh`, "
            "then `pulumi up`, which makes the endpoint anew [PE-GONE]"
        )
