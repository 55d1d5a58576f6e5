"""What a caller may do: the actions of its roles at a scope, and the refusal of what they do not cover [RBAC-DENIED].

A caller is the principal of the bearer token that a request carries. One that no role is assigned to here is the owner of
every subscription, so that clients need no grants of their own before they start (chosen).
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from local_azure.errors import ArmError
from local_azure.resource_id import ResourceId
from local_azure.services.cloud import Answer, Cloud, Json, Request
from local_azure.services.role_definitions import BUILT_IN
from local_azure.store import Resource

ASSIGNMENTS: Final = "Microsoft.Authorization/roleAssignments"

_VERBS: Final = {"GET": "read", "HEAD": "read", "PUT": "write", "PATCH": "write", "DELETE": "delete"}
_GROUPS: Final = "Microsoft.Resources/subscriptions/resourceGroups"
"""How actions on resource groups call their type [RBAC-ACTIONS]."""


class Permissions(NamedTuple):
    """Actions of a role on the control plane; ``*`` stands for any text."""

    actions: tuple[str, ...]
    not_actions: tuple[str, ...] = ()

    def allow(self, action: str) -> bool:
        """Tell whether the role allows an action; letter case does not count."""
        return _any(self.actions, action) and not _any(self.not_actions, action)

    def shown(self) -> Json:
        """Return the entry of the list of permissions."""
        return {
            "actions": list(self.actions),
            "notActions": list(self.not_actions),
            "dataActions": [],
            "notDataActions": [],
        }


OWNER: Final = Permissions(("*",))

ROLES: Final = {
    "Owner": OWNER,
    "Contributor": Permissions(
        ("*",),
        (
            "Microsoft.Authorization/*/Delete",
            "Microsoft.Authorization/*/Write",
            "Microsoft.Authorization/elevateAccess/Action",
            "Microsoft.Blueprint/blueprintAssignments/write",
            "Microsoft.Blueprint/blueprintAssignments/delete",
            "Microsoft.Compute/galleries/share/action",
            "Microsoft.Purview/consents/write",
            "Microsoft.Purview/consents/delete",
        ),
    ),
    "Reader": Permissions(("*/read",)),
    "User Access Administrator": Permissions(("*/read", "Microsoft.Authorization/*", "Microsoft.Support/*")),
    "Role Based Access Control Administrator": Permissions(
        (
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Authorization/roleAssignments/delete",
            "*/read",
            "Microsoft.Support/*",
        )
    ),
    "Network Contributor": Permissions(
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.Network/*",
            "Microsoft.Resources/deployments/*",
            f"{_GROUPS}/read",
            "Microsoft.Support/*",
        )
    ),
    "Private DNS Zone Contributor": Permissions(
        (
            "Microsoft.Authorization/*/read",
            "Microsoft.Network/privateDnsZones/*",
            "Microsoft.Network/virtualNetworks/read",
            "Microsoft.Network/virtualNetworks/join/action",
            "Microsoft.Resources/deployments/*",
            f"{_GROUPS}/read",
            "Microsoft.Support/*",
        )
    ),
}
"""Roles by which people deploy; every other built-in role allows nothing on the control plane here [RBAC-ACTIONS]."""


def caller(authorization: str) -> str:
    """Return the object id in a bearer token, which nobody has to have signed; empty where there is none."""
    scheme, _, token = authorization.partition(" ")
    parts = token.split(".")
    if scheme.lower() != "bearer" or len(parts) != 3:
        return ""
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return ""
    return str(claims.get("oid", "")).lower() if isinstance(claims, dict) else ""


def at(cloud: Cloud, principal: str, scope: str) -> list[Permissions]:
    """Return the permissions of a caller at a scope, one for each of its roles there or above."""
    every: list[Resource] = cloud.store.of_type(ASSIGNMENTS)
    own = [each for each in every if each.properties["principalId"].lower() == principal]
    if not principal or not own:
        return [OWNER]
    place = f"{scope.lower()}/"
    held = (each for each in own if place.startswith(f"{each.properties['scope'].lower().rstrip('/')}/"))
    names = (BUILT_IN.get(each.properties["roleDefinitionId"].rpartition("/")[2], "") for each in held)
    return [ROLES[name] for name in names if name in ROLES]


def refuse(cloud: Cloud, principal: str, method: str, address: ResourceId) -> None:
    """Raise ArmError 403 where the roles of the caller do not cover a request [RBAC-DENIED]."""
    action, scope = _action(method, address), _scope(address)
    if any(each.allow(action) for each in at(cloud, principal, scope)):
        return
    message = (
        f"The client '{principal}' with object id '{principal}' does not have authorization to perform action '{action}' over "
        f"scope '{scope or '/'}' or the scope is invalid. If access was recently granted, please refresh your credentials."
    )
    raise ArmError(403, "AuthorizationFailed", message)


def list_permissions(cloud: Cloud, request: Request) -> Answer:
    """List the permissions of the caller at a scope [RBAC-PERMISSIONS]."""
    return Answer(200, {"value": [each.shown() for each in at(cloud, request.caller, request.id.scope)]})


def _action(method: str, address: ResourceId) -> str:
    kind = address.type
    if kind.lower() == "microsoft.resources/resourcegroups":
        kind = _GROUPS
    if kind.lower().endswith("/checknameavailability"):
        # A question by POST, which its providers' lists of operations call a read [RBAC-NAMES].
        return f"{kind}/read"
    return f"{kind}/action" if method == "POST" else f"{kind}/{_VERBS[method]}"


def _scope(address: ResourceId) -> str:
    """Where a caller needs the action: the resource; of a list, what it belongs to."""
    if not address.is_collection:
        return str(address)
    return str(address.parent) if address.parent else address.scope


def _any(patterns: Iterable[str], action: str) -> bool:
    return any(re.fullmatch(re.escape(each).replace(r"\*", ".*"), action, re.IGNORECASE) for each in patterns)
