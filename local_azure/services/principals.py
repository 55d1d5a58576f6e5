"""The directory of principals: current and former identities of resources.

Users, groups and applications of the tenant are unknown: a principal that never belonged to a resource counts as one of
them (chosen).
"""

from __future__ import annotations

import uuid

from local_azure.errors import bad_request
from local_azure.store import Resource, Store

IDENTITY = "ServicePrincipal"
"""Principal type of managed identities [RBAC-PRINCIPAL]."""

_SPACE = uuid.UUID("6f1a2f0e-5d0b-4d57-9d0c-3f6f9f5b7a10")


def made_up(resource_id: str, role: str = "principal") -> str:
    """Return a GUID that a service generates: deterministic for an id and a role (chosen)."""
    return str(uuid.uuid5(_SPACE, f"{resource_id.lower()}#{role}"))


def new_principal(store: Store, owner: str) -> str:
    """Return the principal of a new identity, which differs each time an identity is recreated [MSI-1]."""
    times = store.departures(owner)
    return made_up(owner, "principal" if not times else f"principal{times}")


def leave(store: Store, resource: Resource) -> None:
    """Record that the principals of a resource have left the directory."""
    identity = (resource.body.get("identity") or {}).get("principalId")
    own = (
        resource.body.get("properties", {}).get("principalId")
        if "clientId" in resource.body.get("properties", {})
        else None
    )
    for principal in filter(None, (identity, own)):
        store.depart(principal, resource.id)


def principal_type(store: Store, tenant: str, principal: str, stated: str | None) -> str:
    """Return the type of a principal that a role is assigned to [RBAC-PRINCIPAL].

    Args:
        store: holds the directory.
        tenant: id of the tenant, for messages.
        principal: object id.
        stated: `principalType` of the request, if any.

    Raises:
        ArmError: the principal has another type, has left the directory, or is unknown and its type is not stated.
    """
    if store.has_principal(principal):
        if stated and stated != IDENTITY:
            # "PrinciaplType" is how the service spells it.
            message = (
                f"The PrincipalId '{principal.replace('-', '')}' has type '{IDENTITY}' , which is different from specified "
                f"PrinciaplType '{stated}'."
            )
            raise bad_request("UnmatchedPrincipalType", message)
        return IDENTITY
    if stated and not store.departed(principal):
        return stated
    message = (
        f"Principal {principal.replace('-', '')} does not exist in the directory {tenant}. Check that you have "
        "the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might "
        "be related to a replication delay. In this case, set the role assignment principalType property to a value, such as "
        "ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype"
    )
    raise bad_request("PrincipalNotFound", message)
