"""The directory of principals: the identities that resources have now, and those that they had.

Who else is in the tenant, people, groups and applications, is not known here: a principal that no resource ever had is
taken for one of them (chosen).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from local_azure.errors import bad_request

if TYPE_CHECKING:
    from local_azure.services.cloud import Cloud
    from local_azure.store import Resource

IDENTITY = "ServicePrincipal"
"""Type of principal that managed identities are [RBAC-PRINCIPAL]."""

_SPACE = uuid.UUID("6f1a2f0e-5d0b-4d57-9d0c-3f6f9f5b7a10")


def made_up(resource_id: str, role: str = "principal") -> str:
    """Return a GUID for something that a service makes up: always the same for one id and role (chosen)."""
    return str(uuid.uuid5(_SPACE, f"{resource_id.lower()}#{role}"))


def new_principal(cloud: Cloud, owner: str) -> str:
    """Return the principal of an identity that is made now: another one each time it is made [MSI-1]."""
    times = cloud.store.departures(owner)
    return made_up(owner, "principal" if not times else f"principal{times}")


def leave(cloud: Cloud, resource: Resource) -> None:
    """Note that the principals of a resource are gone from the directory."""
    identity = (resource.body.get("identity") or {}).get("principalId")
    own = (
        resource.body.get("properties", {}).get("principalId")
        if "clientId" in resource.body.get("properties", {})
        else None
    )
    for principal in filter(None, (identity, own)):
        cloud.store.depart(principal, resource.id)


def principal_type(cloud: Cloud, principal: str, stated: str | None) -> str:
    """Return the type of a principal that a role is assigned to [RBAC-PRINCIPAL].

    Args:
        cloud: whose directory is asked.
        principal: object id.
        stated: `principalType` of the request, if any.

    Raises:
        ArmError: the principal is of another type, is gone, or is unknown and its type is not stated.
    """
    if cloud.store.has_principal(principal):
        if stated and stated != IDENTITY:
            # "PrinciaplType" is how the service spells it.
            message = (
                f"The PrincipalId '{principal.replace('-', '')}' has type '{IDENTITY}' , which is different from specified "
                f"PrinciaplType '{stated}'."
            )
            raise bad_request("UnmatchedPrincipalType", message)
        return IDENTITY
    if stated and not cloud.store.departed(principal):
        return stated
    message = (
        f"Principal {principal.replace('-', '')} does not exist in the directory {cloud.settings.tenant}. Check that you have "
        "the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might "
        "be related to a replication delay. In this case, set the role assignment principalType property to a value, such as "
        "ServicePrincipal, User, or Group. See https://aka.ms/docs-principaltype"
    )
    raise bad_request("PrincipalNotFound", message)
